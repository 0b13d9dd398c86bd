//! `searchmatch("search")`: a search as a condition.
use super::call::{Call, Lowered};
use crate::expression::Typed;
use crate::pipeline::Parsing;
use crate::plan::Rows;
use crate::search::{self, Search};
use datafusion::logical_expr::LogicalPlanBuilder;
use mynah_dialect::without_marks;
use mynah_syntax::{Diagnostic, Span};

pub(super) fn searchmatch(call: &Call<'_>) -> Lowered {
    let Some(text) = call.literal_text(0)? else {
        return Err(call.error(0, "`searchmatch` takes a search in quotes"));
    };
    // Its places are those of a text of its own: what is wrong with it is wrong with the argument.
    let here = |mut diagnostic: Diagnostic| {
        diagnostic.span = call.span_of(0);
        diagnostic.labels.clear();
        diagnostic.fix = None;
        diagnostic
    };
    let search = parse(&text).map_err(here)?;
    let no_rows = LogicalPlanBuilder::empty(false).build().map_err(|error| call.error(0, error.to_string()))?;
    let rows = Rows::new(no_rows, call.scope.clone(), Vec::new(), true);
    let condition = search::lower(&search, &rows).map_err(here)?;
    // A search is never null: what it cannot tell does not match.
    let condition = without_marks(condition).map_err(|error| call.error(0, error.to_string()))?;
    Ok(Typed::boolean(condition.is_true()))
}

fn parse(text: &str) -> Result<Search, Diagnostic> {
    search::parse(&mut Parsing::new(text), Span::new(0, text.len()))
}

/// The fields that a search reads.
pub(crate) fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    if let Ok(search) = parse(text) {
        search.walk(&mut |part| match part {
            Search::Compare(comparison) => names.push(comparison.field.node.clone()),
            Search::Term(_) => names.push("_raw".to_owned()),
            Search::Time { .. } => names.push("_time".to_owned()),
            _ => {}
        });
    }
    names
}
