use super::{Arguments, Command};
use crate::pipeline::Parsing;
use crate::plan::{Key, Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

/// What `reverse` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "reverse",
    usage: "reverse",
    summary: "Turns the order of the rows around.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/reverse",
    examples: &[],
};

#[derive(Debug)]
struct Reverse;

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    arguments.end()?;
    Ok(Box::new(Reverse))
}

impl Command for Reverse {
    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, _planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let order = rows.order().iter().map(Key::reversed).collect();
        Ok(rows.with_order(order))
    }
}
