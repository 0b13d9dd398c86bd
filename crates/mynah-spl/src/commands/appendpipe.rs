use super::{Arguments, Command};
use crate::pipeline::{self, Parsing, Part, Pipeline};

use crate::plan::{Needs, Planner, Rows, Wanted, append};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

/// What `appendpipe` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "appendpipe",
    usage: "appendpipe [COMMANDS]",
    summary: "Behind the rows, what these commands make of them.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/appendpipe",
    examples: &[],
};

#[derive(Debug)]
struct AppendPipe {
    pipeline: Pipeline,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    while arguments.option(&["run_in_preview"])?.is_some() {}
    let Some(inner) = arguments.brackets()? else {
        return Err(arguments.wrong(arguments.rest(), "a subsearch in brackets"));
    };
    arguments.end()?;
    Ok(Box::new(AppendPipe { pipeline: pipeline::parse_commands(parsing, inner)? }))
}

impl Command for AppendPipe {
    fn parts(&self) -> Vec<Part<'_>> {
        vec![Part::Pipeline(&self.pipeline)]
    }

    fn needs(&self) -> Needs {
        // The commands read what the rows have, and the rows themselves go on.
        let needs = self.pipeline.steps.iter().flat_map(|step| step.command.needs().reads);
        Needs::default().read_all(needs.collect::<Vec<_>>())
    }

    fn lower(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let more = planner.steps(rows.clone(), &self.pipeline.steps, wanted)?;
        append(vec![rows, more], planner)
    }
}
