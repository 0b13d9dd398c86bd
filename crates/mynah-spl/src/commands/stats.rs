use super::{Arguments, Command, aggregation, by};
use crate::aggregates::AggregateCall;
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `stats` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "stats",
    usage: "stats FUNCTION(FIELD) [AS NAME], ... [BY FIELD, ...]",
    summary: "Calculates over all rows, or over each group; sorted by the groups. Rows that lack a BY field do not count.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/stats",
    examples: &[],
};

#[derive(Debug)]
struct Stats {
    calls: Vec<AggregateCall>,
    by: Vec<Spanned<String>>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    options(arguments)?;
    let calls = aggregation::calls(arguments, &["by", "groupby"])?;
    if calls.is_empty() {
        return Err(arguments.wrong(arguments.rest(), "a function such as `count` or `values(field)`"));
    }
    let by = by::by(arguments, &[])?;
    Ok(Box::new(Stats { calls, by }))
}

/// Options that say how Splunk should go about it, and change no result.
pub(super) fn options(arguments: &mut Arguments<'_>) -> Result<(), Diagnostic> {
    while arguments.option(&["allnum", "delim", "partitions"])?.is_some() {}
    if let Some((name, value)) = arguments.option(&["dedup_splitvals"])?
        && super::arguments::truth(&value)?
    {
        return Err(Diagnostic::error("spl/unsupported-option", format!("`{name}=true` is not supported"), value.span));
    }
    Ok(())
}

impl Command for Stats {
    fn needs(&self) -> Needs {
        aggregation::reads(&self.calls, Needs::default()).read_all(self.by.iter().cloned()).close()
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        aggregation::aggregate(rows, &by::names(&self.by), &self.calls, planner)
    }
}
