use super::{Parser, TOO_LARGE};
use crate::ast::{At, TimeFrame, Unit};
use crate::lexer::{LexemeKind, SYNTAX};
use mynah_syntax::{Diagnostic, Span};

impl Parser<'_> {
    /// `LAST n UNIT`, or `START moment` or `STOP moment`, of which each may follow the other.
    pub(super) fn time_frame(&mut self, time: &mut Option<TimeFrame>) {
        let start = self.here();
        if self.is_word("LAST") {
            if let Some((count, unit)) = self.last() {
                if time.is_some() {
                    self.error(Diagnostic::error(SYNTAX, "a second clause that bounds the time", start));
                    self.silent = false;
                }
                *time = Some(TimeFrame::Last { count, unit, at: self.since(start.start) });
            }
            return;
        }
        let is_start = self.is_word("START");
        self.position += 1;
        let moment = self.sum();
        let (mut start_moment, mut stop_moment) = match time.take() {
            Some(TimeFrame::Between { start, stop, .. }) => (start, stop),
            _ => (None, None),
        };
        *(if is_start { &mut start_moment } else { &mut stop_moment }) = Some(moment);
        let at = At(Span::new(start.start, self.last_end()));
        *time = Some(TimeFrame::Between { start: start_moment, stop: stop_moment, at });
    }

    /// `LAST n UNIT`.
    pub(super) fn last(&mut self) -> Option<(u64, Unit)> {
        self.position += 1;
        let (count, _) = self.whole("a whole number after LAST")?;
        let unit = self
            .peek()
            .filter(|token| token.kind == LexemeKind::Word)
            .and_then(|token| Unit::parse(token.span.of(self.text)));
        if unit.is_none() {
            self.expected("MINUTES, HOURS or DAYS");
        }
        self.position += usize::from(unit.is_some());
        Some((count, unit?))
    }

    /// A whole number, and where it stands.
    pub(super) fn whole(&mut self, expected: &str) -> Option<(u64, Span)> {
        let Some(token) = self.peek().filter(|token| token.kind == LexemeKind::Whole) else {
            self.expected(expected);
            return None;
        };
        let number = token.span.of(self.text).parse().ok();
        match number {
            Some(_) => self.position += 1,
            None => self.error(Diagnostic::error(SYNTAX, TOO_LARGE, token.span)),
        }
        Some((number?, token.span))
    }
}
