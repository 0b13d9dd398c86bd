use super::{Arguments, Command};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

/// What `noop` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "noop",
    usage: "noop",
    summary: "Changes no result; nor does highlight, which colours words on a page.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/noop",
    examples: &[],
};

#[derive(Debug)]
struct Passing;

pub(crate) fn parse(
    _arguments: &mut Arguments<'_>,
    _parsing: &mut Parsing<'_>,
) -> Result<Box<dyn Command>, Diagnostic> {
    Ok(Box::new(Passing))
}

impl Command for Passing {
    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, _planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        Ok(rows)
    }
}
