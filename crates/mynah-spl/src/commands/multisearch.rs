use super::{Arguments, Command};
use crate::pipeline::{self, Parsing, Part, Pipeline};
use crate::plan::{Needs, Planner, Rows, Wanted, merge};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

/// What `multisearch` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "multisearch",
    usage: "multisearch [SEARCH] [SEARCH] ...",
    summary: "The rows of several searches; events mix, newest first.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/multisearch",
    examples: &[],
};

#[derive(Debug)]
struct MultiSearch {
    searches: Vec<Pipeline>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    while arguments.option(super::append::BOUNDS)?.is_some() {}
    let mut searches = Vec::new();
    while !arguments.is_empty() {
        while arguments.symbol(',') {}
        let Some(inner) = arguments.brackets()? else {
            return Err(arguments.wrong(arguments.rest(), "a search in brackets"));
        };
        searches.push(pipeline::parse(parsing, inner)?);
    }
    if searches.is_empty() {
        return Err(arguments.wrong(arguments.name.span, "searches in brackets"));
    }
    Ok(Box::new(MultiSearch { searches }))
}

impl Command for MultiSearch {
    fn parts(&self) -> Vec<Part<'_>> {
        self.searches.iter().map(Part::Pipeline).collect()
    }

    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn lower(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut sides = vec![rows];
        for search in &self.searches {
            sides.push(planner.pipeline(search, wanted)?);
        }
        merge(sides, planner)
    }

    fn generate(&self, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Option<Rows>, Diagnostic> {
        let sides =
            self.searches.iter().map(|search| planner.pipeline(search, wanted)).collect::<Result<Vec<_>, _>>()?;
        merge(sides, planner).map(Some)
    }
}
