//! Searches: at the beginning of a query, and over rows.
use super::prelude::*;
use super::substitute::{subsearches, substituted};
use crate::lint;
use crate::pipeline::{Parsing, Part, Pipeline};
use crate::plan::{events, finish, merge};
use crate::search::{
    Search, has_subsearch_as_value, lower as lower_search, parse as parse_search, rows_as_search, time_range,
};
use mynah_syntax::Span;

pub(super) static COMMANDS: [Entry; 1] = [generating(bracketed(command(
    "search EXPRESSION",
    "Keeps the events that match: terms, field=value with wildcards in any case, IN, NOT, OR (which binds tighter than AND).",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/search",
    search,
)))];

/// `search a=1 (b OR c)`, at the beginning of a query with or without its name.
#[derive(Debug)]
pub(crate) struct SearchCommand {
    search: Search,
}

fn search(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    parse_implicit(parsing, arguments.rest())
}

/// Reads the search that a query begins with.
pub(crate) fn parse_implicit(parsing: &mut Parsing<'_>, range: Span) -> Parsed {
    // A subsearch in the place of a value gives its text.
    if has_subsearch_as_value(parsing.text, range)? {
        let name = Spanned::new("search", Span::at(range.start));
        return substituted(name, range, subsearches(parsing.text, range), parsing);
    }
    let search = parse_search(parsing, range)?;
    Ok(Box::new(SearchCommand { search }))
}

/// The fields a search reads.
pub(crate) fn reads(search: &Search, needs: Needs) -> Needs {
    let mut needs = needs;
    search.walk(&mut |part| match part {
        Search::Compare(comparison) => needs.reads.push(comparison.field.clone()),
        // A star alone is every event, whatever its text.
        Search::Term(value) if value.text.chars().any(|c| c != '*') => {
            needs.reads.push(mynah_syntax::Spanned::new("_raw".to_owned(), value.span))
        }
        Search::Time { moment, .. } => needs.reads.push(mynah_syntax::Spanned::new("_time".to_owned(), moment.span)),
        _ => {}
    });
    needs
}

/// Puts what its subsearches found in their place; `None` where it has none.
pub(crate) fn resolve(search: &Search, planner: &mut Planner<'_>) -> Result<Option<Search>, Diagnostic> {
    let mut has = false;
    search.walk(&mut |part| has |= matches!(part, Search::Subsearch { .. }));
    if has { replace(search, planner).map(Some) } else { Ok(None) }
}

fn replace_all(parts: &[Search], planner: &mut Planner<'_>) -> Result<Vec<Search>, Diagnostic> {
    parts.iter().map(|part| replace(part, planner)).collect()
}

fn replace(search: &Search, planner: &mut Planner<'_>) -> Result<Search, Diagnostic> {
    Ok(match search {
        Search::And(parts) => Search::And(replace_all(parts, planner)?),
        Search::Or(parts) => Search::Or(replace_all(parts, planner)?),
        Search::Not(part) => Search::Not(Box::new(replace(part, planner)?)),
        Search::Compare(comparison) => Search::Compare(comparison.clone()),
        Search::Term(value) => Search::Term(value.clone()),
        Search::Time { earliest, moment } => Search::Time { earliest: *earliest, moment: moment.clone() },
        Search::Unknown => Search::Unknown,
        Search::Subsearch { pipeline, span, .. } => run(pipeline, *span, planner)?,
        Search::Piped { span, .. } => {
            return Err(Diagnostic::error(
                "spl/subsearch",
                "a subsearch beside a pipeline in parentheses is not run",
                *span,
            ));
        }
    })
}

fn run(pipeline: &Pipeline, span: Span, planner: &mut Planner<'_>) -> Result<Search, Diagnostic> {
    let rows = planner.pipeline(pipeline, &Wanted::default())?;
    let open = rows.scope().open;
    let plan = finish(rows, planner)?;
    let found = planner.context.rows(&plan);
    match found.map_err(|needed| needed.at(span))? {
        Some(batches) => rows_as_search(&batches, span),
        None if planner.is_check() || open => Ok(Search::Unknown),
        None => Err(Diagnostic::error("spl/subsearch", "the subsearch has no data to run on", span)),
    }
}

/// A search whose parentheses hold pipelines.
struct Branches<'s> {
    /// What is asked of the events of every branch.
    common: Vec<&'s Search>,
    branches: Vec<&'s Search>,
}

impl SearchCommand {
    /// The pipelines in parentheses, where there are some: what is common to them, and each of them.
    fn branches(&self) -> Option<Result<Branches<'_>, Diagnostic>> {
        if !self.search.has_piped() {
            return None;
        }
        let terms: Vec<&Search> = match &self.search {
            Search::And(parts) => parts.iter().collect(),
            other => vec![other],
        };
        let (piped, common): (Vec<&Search>, Vec<&Search>) = terms.into_iter().partition(|term| term.has_piped());
        let branches: Vec<&Search> = match piped.as_slice() {
            [Search::Or(parts)] => parts.iter().collect(),
            [one] => vec![one],
            _ => Vec::new(),
        };
        let misplaced = branches.iter().find(|branch| !matches!(branch, Search::Piped { .. }) && branch.has_piped());
        Some(match (branches.is_empty(), misplaced) {
            (false, None) => Ok(Branches { common, branches }),
            _ => Err(lint::misplaced(&self.search)),
        })
    }

    fn wanted_by(&self, branch: &Search, common: &[&Search], wanted: &Wanted) -> Wanted {
        let needs = common.iter().fold(Needs::default(), |needs, search| reads(search, needs));
        wanted.before(&reads(branch, needs))
    }

    fn generate_branches(
        &self,
        common: &[&Search],
        branches: &[&Search],
        wanted: &Wanted,
        planner: &mut Planner<'_>,
    ) -> Result<Rows, Diagnostic> {
        let mut sides = Vec::with_capacity(branches.len());
        for branch in branches {
            let side = match branch {
                Search::Piped { pipeline, .. } => planner.branch(pipeline, wanted, Some(common))?,
                other => {
                    let before = self.wanted_by(other, common, wanted);
                    let searches: Vec<&Search> = common.iter().copied().chain([*other]).collect();
                    events(&before, &searches, planner)?
                }
            };
            sides.push(side);
        }
        merge(sides, planner)
    }
}

/// The rows that match a search.
pub(crate) fn filter(rows: Rows, search: &Search, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let condition = lower_search(search, &rows)?;
    rows.filter(condition, planner)
}

/// The rows that match all of some searches.
pub(crate) fn filter_all(rows: Rows, searches: &[&Search], planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let mut rows = rows;
    for search in searches {
        rows = filter(rows, search, planner)?;
    }
    Ok(rows)
}

impl Command for SearchCommand {
    fn parts(&self) -> Vec<Part<'_>> {
        vec![Part::Search(&self.search)]
    }

    fn needs(&self) -> Needs {
        reads(&self.search, Needs::default())
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        filter(rows, &self.search, planner)
    }

    fn generate(&self, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Option<Rows>, Diagnostic> {
        if let Some(branches) = self.branches() {
            let Branches { common, branches } = branches?;
            return self.generate_branches(&common, &branches, wanted, planner).map(Some);
        }
        planner.range = time_range(&self.search);
        events(&wanted.before(&self.needs()), &[&self.search], planner).map(Some)
    }

    fn prepare(&self, planner: &mut Planner<'_>) -> Result<Option<Box<dyn Command>>, Diagnostic> {
        Ok(resolve(&self.search, planner)?.map(|search| Box::new(SearchCommand { search }) as Box<dyn Command>))
    }
}
