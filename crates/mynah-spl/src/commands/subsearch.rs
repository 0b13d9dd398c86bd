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
            let most = most_rows(arguments)?;
            let inner = arguments.subsearch()?;
            arguments.end()?;
            let pipeline = pipeline::parse(parsing, inner)?;
            on_rows_with_parts(
                Needs::default(),
                (pipeline, most),
                bounded_part,
                |(pipeline, most), rows, wanted, planner| {
                    let more = first_rows(planner.pipeline(pipeline, wanted)?, *most, planner)?;
                    append(vec![rows, more], planner)
                },
            )
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

/// Reads the options of subsearches: how many rows of each count, if that is said. The others bound what Splunk spends on them.
///
/// # Errors
/// Where the number is none.
pub(super) fn most_rows(arguments: &mut Arguments<'_>) -> Result<Option<usize>, Diagnostic> {
    let mut most = None;
    while let Some((name, value)) = arguments.option(&["extendtimerange", "maxtime", "maxout", "timeout"])? {
        if name == "maxout" {
            // 0 is no bound.
            most = Some(whole(&value)?).filter(|most| *most > 0);
        }
    }
    Ok(most)
}

/// The first rows of a subsearch, where their number is bounded.
///
/// # Errors
/// Where DataFusion refuses the plan.
pub(super) fn first_rows(rows: Rows, most: Option<usize>, planner: &Planner<'_>) -> Result<Rows, Diagnostic> {
    match most {
        Some(most) => rows.first(most, planner),
        None => Ok(rows),
    }
}

fn bounded_part((pipeline, _): &(Pipeline, Option<usize>)) -> Vec<Part<'_>> {
    part(pipeline)
}

fn part(pipeline: &Pipeline) -> Vec<Part<'_>> {
    vec![Part::Pipeline(pipeline)]
}

#[derive(Debug)]
struct MultiSearch {
    searches: Vec<Pipeline>,
    /// How many rows of each subsearch count.
    most: Option<usize>,
}

fn multisearch(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    let most = most_rows(arguments)?;
    let mut searches = Vec::new();
    while !arguments.is_empty() {
        while arguments.symbol(',') {}
        let Some(inner) = arguments.brackets()? else {
            return Err(arguments.wrong(arguments.rest(), "a search in brackets"));
        };
        searches.push(pipeline::parse(parsing, inner)?);
    }
    let searches = arguments.some(searches, "searches in brackets")?;
    Ok(Box::new(MultiSearch { searches, most }))
}

impl MultiSearch {
    /// The rows of all searches, behind those so far.
    fn merged(&self, so_far: Vec<Rows>, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut sides = so_far;
        for search in &self.searches {
            let side = planner.pipeline(search, wanted)?;
            sides.push(first_rows(side, self.most, planner)?);
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
