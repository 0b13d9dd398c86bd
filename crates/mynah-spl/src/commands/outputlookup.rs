use super::{Arguments, Command};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

/// What `outputlookup` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "outputlookup",
    usage: "outputlookup TABLE",
    summary: "Writes a lookup table in Splunk. Mynah writes nothing, says so, and passes the rows on.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/outputlookup",
    examples: &[],
};

#[derive(Debug)]
struct OutputLookup;

pub(crate) fn parse(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    parsing.diagnostics.push(
        Diagnostic::warning("spl/no-write", "Mynah writes no lookup table", arguments.name.span.to(arguments.rest()))
            .with_help("the rows are the query's result all the same"),
    );
    Ok(Box::new(OutputLookup))
}

impl Command for OutputLookup {
    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, _planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        Ok(rows)
    }
}
