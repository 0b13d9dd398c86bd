//! Values of dashboards' parameters, put into a query's text before it is read.
//!
//! A parameter stands for a piece of text: a value, an operator and a value, part of a keyword. So it is replaced as text,
//! and what is said of the result is led back to the query as it is written.
//!
//! Source: <https://www.sumologic.com/help/docs/search/get-started-with-search/build-search/search-templates/>
use mynah_dialect::{Planned, with_marks};
use mynah_syntax::{Diagnostic, Span};
use std::collections::BTreeMap;

/// A query with values in the place of its parameters.
#[derive(Debug, PartialEq)]
pub(crate) struct Filled {
    /// The text to read.
    pub text: String,
    /// Each value's place in it, and that of its `{{name}}` in the query as written.
    values: Vec<(Span, Span)>,
}

impl Filled {
    /// The query with the values that are known; `None` where it names none of them.
    pub fn of(written: &str, known: &BTreeMap<String, String>) -> Option<Self> {
        let mut filled = Filled { text: String::with_capacity(written.len()), values: Vec::new() };
        let (mut at, mut kept) = (0, 0);
        while let Some(start) = written.get(at..).and_then(|rest| rest.find("{{")).map(|offset| at + offset) {
            let Some(end) = written.get(start..).and_then(|rest| rest.find("}}")).map(|offset| start + offset) else {
                break;
            };
            at = end + 2;
            let Some(value) = written.get(start + 2..end).and_then(|name| known.get(name.trim())) else { continue };
            filled.text.push_str(written.get(kept..start).unwrap_or(""));
            let value_start = filled.text.len();
            filled.text.push_str(value);
            filled.values.push((Span::new(value_start, filled.text.len()), Span::new(start, at)));
            kept = at;
        }
        filled.text.push_str(written.get(kept..).unwrap_or(""));
        (!filled.values.is_empty()).then_some(filled)
    }

    /// The place of a byte in the query as written: of a byte of a value, the beginning of its `{{name}}`, or the end.
    fn offset(&self, at: usize, end: bool) -> usize {
        let before = self.values.partition_point(|(value, _)| value.start <= at);
        let Some((value, name)) = before.checked_sub(1).and_then(|index| self.values.get(index)) else { return at };
        if at >= value.end {
            name.end + (at - value.end)
        } else if at > value.start && end {
            name.end
        } else {
            name.start
        }
    }

    fn written(&self, span: Span) -> Span {
        Span::new(self.offset(span.start, false), self.offset(span.end, true))
    }

    fn is_written(&self, span: Span) -> bool {
        self.values.iter().all(|(value, _)| span.end <= value.start || span.start >= value.end)
    }

    /// What became of the query, with places in the query as written.
    pub fn located(&self, planned: Planned) -> Planned {
        let mut diagnostics: Vec<Diagnostic> = planned.diagnostics;
        for diagnostic in &mut diagnostics {
            // What stands in a value cannot be mended in the query.
            diagnostic.fix = diagnostic.fix.take().filter(|fix| self.is_written(fix.span));
            if let Some(fix) = &mut diagnostic.fix {
                fix.span = self.written(fix.span);
            }
            diagnostic.span = self.written(diagnostic.span);
            for label in &mut diagnostic.labels {
                label.span = self.written(label.span);
            }
        }
        let plan = planned.plan.map(|plan| plan.try_map(|plan| with_marks(plan, |span| Some(self.written(span)))));
        match plan.transpose() {
            Ok(plan) => Planned { plan, diagnostics, numbers: planned.numbers },
            Err(error) => {
                diagnostics.push(Diagnostic::error("sumo/plan", error.strip_backtrace(), Span::at(0)));
                Planned { plan: None, diagnostics, numbers: planned.numbers }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_the_places_of_names() {
        let known = [("n", "10"), ("cat", "prod/*")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let known = BTreeMap::from(known);
        let text = "_sourceCategory={{cat}} {{other}} | limit {{ n }} | count";
        let filled = Filled::of(text, &known).unwrap();
        assert_eq!(filled.text, "_sourceCategory=prod/* {{other}} | limit 10 | count");
        let place = |part: &str| {
            let start = filled.text.find(part).unwrap();
            filled.written(Span::new(start, start + part.len())).of(text)
        };
        assert_eq!(place("limit 10"), "limit {{ n }}");
        assert_eq!(place("10"), "{{ n }}");
        assert_eq!(place("prod"), "{{cat}}");
        assert_eq!(place("count"), "count");
        assert_eq!(place("_sourceCategory"), "_sourceCategory");
        assert_eq!(Filled::of("{{x}} | limit {{", &known), None);
    }
}
