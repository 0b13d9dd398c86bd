use super::aggregation;
use super::{Arguments, Command};
use crate::aggregates::AggregateCall;
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `mvcombine` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "mvcombine",
    usage: "mvcombine [delim=TEXT] FIELD",
    summary: "One row for rows that differ in one field only, which gets all their values.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/mvcombine",
    examples: &[],
};

#[derive(Debug)]
struct MvCombine {
    field: Spanned<String>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    while arguments.option(&["delim"])?.is_some() {}
    let field = arguments.field()?;
    arguments.end()?;
    Ok(Box::new(MvCombine { field }))
}

impl Command for MvCombine {
    fn needs(&self) -> Needs {
        Needs::default().read(self.field.node.clone(), self.field.span)
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let others: Vec<String> =
            rows.names().into_iter().filter(|name| *name != self.field.node && name != "_raw").collect();
        let columns = rows.all().into_iter().filter(|(name, _)| name != "_raw").collect();
        let rows = rows.project(columns, planner)?;
        let call = format!("list('{0}') as \"{0}\"", self.field.node);
        let (call, _) = AggregateCall::parse_prefix(&call, self.field.span.start)?;
        aggregation::aggregate(rows, &others, &[call], planner)
    }
}
