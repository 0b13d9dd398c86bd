use super::{Arguments, Command, aggregation, by, windowed};
use crate::aggregates::AggregateCall;
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{WindowFrame, WindowFrameBound, WindowFrameUnits};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `eventstats` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "eventstats",
    usage: "eventstats FUNCTION(FIELD) [AS NAME], ... [BY FIELD, ...]",
    summary: "Calculates as stats does, and adds the results to every row of the group.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/eventstats",
    examples: &[],
};

#[derive(Debug)]
struct EventStats {
    calls: Vec<AggregateCall>,
    by: Vec<Spanned<String>>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    super::stats::options(arguments)?;
    let calls = aggregation::calls(arguments, &["by", "groupby"])?;
    if calls.is_empty() {
        return Err(arguments.wrong(arguments.rest(), "a function such as `count` or `values(field)`"));
    }
    let by = by::by(arguments, &[])?;
    Ok(Box::new(EventStats { calls, by }))
}

/// All rows of a group.
fn whole_group() -> WindowFrame {
    let all = || ScalarValue::UInt64(None);
    WindowFrame::new_bounds(
        WindowFrameUnits::Rows,
        WindowFrameBound::Preceding(all()),
        WindowFrameBound::Following(all()),
    )
}

impl Command for EventStats {
    fn needs(&self) -> Needs {
        let needs = aggregation::reads(&self.calls, Needs::default()).read_all(self.by.iter().cloned());
        self.calls.iter().fold(needs, |needs, call| needs.make(call.output_name()))
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        windowed::with_aggregates(rows, &by::names(&self.by), &self.calls, &[], whole_group(), planner)
    }
}
