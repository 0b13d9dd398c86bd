//! The rows of other pipelines behind those so far, or mixed with them.
use super::prelude::*;
use crate::pipeline::{self, Pipeline};
use crate::plan::{append, merge};

pub(super) static COMMANDS: [Entry; 3] = [
    bracketed(command(
        "append [SUBSEARCH]",
        "The subsearch's rows behind the others.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/append",
        |arguments, parsing| {
            while arguments.option(BOUNDS)?.is_some() {}
            let inner = arguments.subsearch()?;
            arguments.end()?;
            let pipeline = pipeline::parse(parsing, inner)?;
            on_rows_with_parts(Needs::default(), pipeline, part, |pipeline, rows, wanted, planner| {
                let more = planner.pipeline(pipeline, wanted)?;
                append(vec![rows, more], planner)
            })
        },
    )),
    bracketed(command(
        "appendpipe [COMMANDS]",
        "Behind the rows, what these commands make of them.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/appendpipe",
        |arguments, parsing| {
            while arguments.option(&["run_in_preview"])?.is_some() {}
            let inner = arguments.subsearch()?;
            arguments.end()?;
            let pipeline = pipeline::parse_commands(parsing, inner)?;
            // The commands read what the rows have, and the rows themselves go on.
            let reads = pipeline.steps.iter().flat_map(|step| step.command.needs().reads);
            let needs = Needs::default().read_all(reads);
            on_rows_with_parts(needs, pipeline, part, |pipeline, rows, wanted, planner| {
                let more = planner.steps(rows.clone(), &pipeline.steps, wanted)?;
                append(vec![rows, more], planner)
            })
        },
    )),
    generating(aliased(
        &["union"],
        bracketed(command(
            "multisearch [SEARCH] [SEARCH] ...",
            "The rows of several searches; events mix, newest first.",
            "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/multisearch",
            multisearch,
        )),
    )),
];

/// Options of subsearches that only bound what Splunk spends on them.
const BOUNDS: &[&str] = &["extendtimerange", "maxtime", "maxout", "timeout"];

fn part(pipeline: &Pipeline) -> Vec<Part<'_>> {
    vec![Part::Pipeline(pipeline)]
}

#[derive(Debug)]
struct MultiSearch {
    searches: Vec<Pipeline>,
}

fn multisearch(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    while arguments.option(BOUNDS)?.is_some() {}
    let mut searches = Vec::new();
    while !arguments.is_empty() {
        while arguments.symbol(',') {}
        let Some(inner) = arguments.brackets()? else {
            return Err(arguments.wrong(arguments.rest(), "a search in brackets"));
        };
        searches.push(pipeline::parse(parsing, inner)?);
    }
    let searches = arguments.some(searches, "searches in brackets")?;
    Ok(Box::new(MultiSearch { searches }))
}

impl MultiSearch {
    /// The rows of all searches, behind those so far.
    fn merged(&self, so_far: Vec<Rows>, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut sides = so_far;
        for search in &self.searches {
            sides.push(planner.pipeline(search, wanted)?);
        }
        merge(sides, planner)
    }
}

impl Command for MultiSearch {
    fn parts(&self) -> Vec<Part<'_>> {
        self.searches.iter().map(Part::Pipeline).collect()
    }

    fn lower(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        self.merged(vec![rows], wanted, planner)
    }

    fn generate(&self, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Option<Rows>, Diagnostic> {
        self.merged(Vec::new(), wanted, planner).map(Some)
    }
}
