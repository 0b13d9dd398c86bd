use super::Parser;
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
        let (mut first, mut last) = match time.take() {
            Some(TimeFrame::Between { start, stop, .. }) => (start, stop),
            _ => (None, None),
        };
        if is_start {
            first = Some(moment);
        } else {
            last = Some(moment);
        }
        *time = Some(TimeFrame::Between { start: first, stop: last, at: At(Span::new(start.start, self.last_end())) });
    }

    /// `LAST n UNIT`.
    pub(super) fn last(&mut self) -> Option<(u64, Unit)> {
        self.position += 1;
        let Some(number) = self.peek().filter(|token| token.kind == LexemeKind::Whole) else {
            self.expected("a whole number after LAST");
            return None;
        };
        let Ok(count) = number.span.of(self.text).parse() else {
            self.error(Diagnostic::error(SYNTAX, "this number is too large", number.span));
            return None;
        };
        self.position += 1;
        let unit = self
            .peek()
            .filter(|token| token.kind == LexemeKind::Word)
            .and_then(|token| Unit::parse(token.span.of(self.text)));
        match unit {
            Some(unit) => {
                self.position += 1;
                Some((count, unit))
            }
            None => {
                self.expected("MINUTES, HOURS or DAYS");
                None
            }
        }
    }
}
