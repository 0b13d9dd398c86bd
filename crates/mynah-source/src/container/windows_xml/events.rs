use crate::ProblemKind;
use crate::container::{Cut, Cutter, newlines};
use memchr::memchr;
use memchr::memmem::find;

/// Cuts XML into its `Event` elements, with or without an element around them all.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// How many line breaks came before.
    lines: u64,
    discarding: bool,
}

const END: &[u8] = b"</Event>";

enum End {
    At(usize),
    More,
    /// Another event starts before this one ends.
    Unclosed(usize),
}

impl Cutter for Events {
    fn cut(&mut self, text: &[u8], at: usize, last: bool) -> Cut {
        let cut = self.look(text, at, last);
        self.lines += cut.lines(text, at);
        cut
    }

    fn overflow(&mut self, text: &[u8], at: usize) -> u64 {
        self.discarding = true;
        let line = self.lines + 1;
        self.lines += newlines(text.get(at..).unwrap_or(&[]));
        line
    }
}

impl Events {
    fn look(&mut self, text: &[u8], at: usize, last: bool) -> Cut {
        if self.discarding {
            let end = find(text.get(at..).unwrap_or(&[]), END).map(|length| at + length + END.len());
            self.discarding = end.is_none();
            // An end tag may be cut in two.
            let next = end.unwrap_or(if last { text.len() } else { text.len().saturating_sub(END.len()).max(at) });
            return if next == at && !last { Cut::More } else { Cut::Skip { next } };
        }
        let start = event_start(text, at);
        let gap = text.get(at..start.unwrap_or(text.len())).unwrap_or(&[]);
        if let Some(stray) = find(gap, END) {
            let line = self.lines + 1;
            let message = "the beginning of this event is missing".to_owned();
            return Cut::Problem { kind: ProblemKind::Malformed, line, message, next: at + stray + END.len() };
        }
        let Some(start) = start else {
            if last {
                return Cut::Skip { next: text.len() };
            }
            // A tag may be cut in two.
            let keep = text.len().saturating_sub(END.len()).max(at);
            return if keep > at { Cut::Skip { next: keep } } else { Cut::More };
        };
        let line = self.lines + 1 + newlines(text.get(at..start).unwrap_or(&[]));
        match event_end(text, start) {
            End::At(next) => Cut::Record { line, range: start..next, next },
            End::Unclosed(next) => {
                Cut::Problem { kind: ProblemKind::Malformed, line, message: "this event is not closed".into(), next }
            }
            End::More if last => Cut::Problem {
                kind: ProblemKind::Damaged,
                line,
                message: "this event breaks off".into(),
                next: text.len(),
            },
            End::More => Cut::More,
        }
    }
}

/// Whether an `Event` start tag is at `at`, which is none of `Events` and `EventData`.
fn is_event(text: &[u8], at: usize) -> bool {
    let rest = text.get(at..).unwrap_or(&[]);
    rest.strip_prefix(b"<Event")
        .and_then(<[u8]>::first)
        .is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'>'))
}

fn event_start(text: &[u8], at: usize) -> Option<usize> {
    let mut from = at;
    loop {
        let start = from + find(text.get(from..)?, b"<Event")?;
        if is_event(text, start) {
            return Some(start);
        }
        from = start + 1;
    }
}

/// The end of the event that starts at `start`. Providers may have elements named `Event` of their own
/// in it.
fn event_end(text: &[u8], start: usize) -> End {
    let skip_to = |from: usize, end: &[u8]| Some(from + find(text.get(from..)?, end)? + end.len());
    let mut depth = 0usize;
    let mut at = start;
    loop {
        let Some(length) = memchr(b'<', text.get(at..).unwrap_or(&[])) else { return End::More };
        let tag = at + length;
        let rest = text.get(tag..).unwrap_or(&[]);
        let next = if rest.starts_with(b"<!--") {
            skip_to(tag, b"-->")
        } else if rest.starts_with(b"<![CDATA[") {
            skip_to(tag, b"]]>")
        } else if rest.starts_with(END) {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return End::At(tag + END.len());
            }
            Some(tag + END.len())
        } else if is_event(text, tag) {
            let Some(close) = skip_to(tag, b">") else { return End::More };
            let inner = text.get(close..).unwrap_or(&[]).trim_ascii_start();
            if depth > 0 && inner.starts_with(b"<System") {
                return End::Unclosed(tag);
            }
            if text.get(close - 2) != Some(&b'/') {
                depth += 1;
            }
            Some(close)
        } else {
            Some(tag + 1)
        };
        match next {
            Some(next) => at = next,
            None => return End::More,
        }
    }
}
