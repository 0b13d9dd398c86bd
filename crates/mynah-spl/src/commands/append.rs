use super::{Arguments, Command};
use crate::pipeline::{self, Parsing, Part, Pipeline};

use crate::plan::{Needs, Planner, Rows, Wanted, append};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

/// What `append` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "append",
    usage: "append [SUBSEARCH]",
    summary: "The subsearch's rows behind the others.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/append",
    examples: &[],
};

#[derive(Debug)]
struct Append {
    pipeline: Pipeline,
}

/// Options of subsearches that only bound what Splunk spends on them.
pub(super) const BOUNDS: &[&str] = &["extendtimerange", "maxtime", "maxout", "timeout"];

pub(crate) fn parse(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    while arguments.option(BOUNDS)?.is_some() {}
    let Some(inner) = arguments.brackets()? else {
        return Err(arguments.wrong(arguments.rest(), "a subsearch in brackets"));
    };
    arguments.end()?;
    Ok(Box::new(Append { pipeline: pipeline::parse(parsing, inner)? }))
}

impl Command for Append {
    fn parts(&self) -> Vec<Part<'_>> {
        vec![Part::Pipeline(&self.pipeline)]
    }

    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn lower(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let more = planner.pipeline(&self.pipeline, wanted)?;
        append(vec![rows, more], planner)
    }
}
