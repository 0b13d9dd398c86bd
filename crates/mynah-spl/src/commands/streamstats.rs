use super::arguments::{truth, whole};
use super::{Arguments, Command, aggregation, by, windowed};
use crate::aggregates::AggregateCall;
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{WindowFrame, WindowFrameBound, WindowFrameUnits};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `streamstats` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "streamstats",
    usage: "streamstats [current=BOOL] [window=N] FUNCTION(FIELD) [AS NAME], ... [BY FIELD, ...]",
    summary: "Calculates over the rows up to each row, in their order, and adds the results to it.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/streamstats",
    examples: &[],
};

#[derive(Debug)]
struct StreamStats {
    calls: Vec<AggregateCall>,
    by: Vec<Spanned<String>>,
    current: bool,
    /// How many rows count; 0 for all so far.
    window: usize,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let (mut current, mut window) = (true, 0);
    while let Some((name, value)) = arguments.option(&[
        "current",
        "window",
        "global",
        "allnum",
        "time_window",
        "reset_on_change",
        "reset_before",
        "reset_after",
    ])? {
        match name {
            "current" => current = truth(&value)?,
            "window" => window = whole(&value)?,
            "global" | "allnum" => {
                truth(&value)?;
            }
            _ => {
                return Err(Diagnostic::error(
                    "spl/unsupported-option",
                    format!("`{name}` is not supported"),
                    value.span,
                ));
            }
        }
    }
    let calls = aggregation::calls(arguments, &["by", "groupby"])?;
    if calls.is_empty() {
        return Err(arguments.wrong(arguments.rest(), "a function such as `count` or `sum(field)`"));
    }
    // Options may stand behind the calls as well.
    let by = by::by(arguments, &[])?;
    Ok(Box::new(StreamStats { calls, by, current, window }))
}

impl StreamStats {
    fn frame(&self) -> WindowFrame {
        let rows = |count: usize| WindowFrameBound::Preceding(ScalarValue::UInt64(Some(count as u64)));
        let (start, end) = match (self.window, self.current) {
            (0, true) => (WindowFrameBound::Preceding(ScalarValue::UInt64(None)), WindowFrameBound::CurrentRow),
            (0, false) => (WindowFrameBound::Preceding(ScalarValue::UInt64(None)), rows(1)),
            (window, true) => (rows(window - 1), WindowFrameBound::CurrentRow),
            (window, false) => (rows(window), rows(1)),
        };
        WindowFrame::new_bounds(WindowFrameUnits::Rows, start, end)
    }
}

impl Command for StreamStats {
    fn needs(&self) -> Needs {
        let needs = aggregation::reads(&self.calls, Needs::default()).read_all(self.by.iter().cloned());
        self.calls.iter().fold(needs, |needs, call| needs.make(call.output_name()))
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let order = rows.sort_exprs();
        windowed::with_aggregates(rows, &by::names(&self.by), &self.calls, &order, self.frame(), planner)
    }
}
