//! Which fields the events have that a pattern fits: those that Splunk takes from an event by itself, which no view lists,
//! and those that their log sources list.
use super::events::{Extra, scan};
use super::{Needs, Planner, Rows, Wanted, name_matches, pattern_means};
use crate::commands::search::{filter_all, reads};
use crate::expression::Typed;
use crate::functions::{Internal, xml_names};
use crate::search::Search;
use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::datatypes::Int64Type;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_event::LogSource;
use mynah_kernels::Cell;
use mynah_syntax::{Diagnostic, Spanned};
use serde_json::Value;
use std::collections::BTreeSet;

/// How many fields patterns may fit.
const MAX_FIELDS: usize = 2_000;

/// What the patterns among the wanted names fit.
pub(super) enum Fitting {
    /// There is no pattern.
    NotAsked,
    /// Nobody can tell without data.
    Unknown,
    /// These fields of the events that match.
    Names(Vec<Spanned<String>>),
}

/// The fields that the patterns among the wanted names fit, in the events that match some searches. A query without
/// patterns asks for nothing; one with patterns looks at its events first.
///
/// # Errors
/// Where the events must be looked at first, or too many fields fit.
pub(super) fn fitting(wanted: &Wanted, searches: &[&Search], planner: &mut Planner<'_>) -> Result<Fitting, Diagnostic> {
    let patterns: Vec<&Spanned<String>> = wanted.patterns().collect();
    if patterns.is_empty() {
        return Ok(Fitting::NotAsked);
    }
    let fits = |name: &str| {
        let fits = |pattern: &&&Spanned<String>| pattern_means(&pattern.node, name);
        patterns.iter().find(fits).map(|pattern| pattern.span).filter(|_| !name.contains('*'))
    };
    let Some((own, sources)) = of_events(searches, planner)? else { return Ok(Fitting::Unknown) };
    let mut names: Vec<String> = own.into_iter().filter(|name| fits(name).is_some()).collect();
    let view = planner.context.view;
    let sources: Vec<LogSource> = sources.iter().map(|source| LogSource::new(source.as_str())).collect();
    let mut listed = super::knowledge::made_names(&planner.context.site.knowledge);
    listed.extend(sources.iter().flat_map(|source| view.names_of(source)).map(str::to_owned));
    let listed: Vec<String> = listed.into_iter().filter(|name| fits(name).is_some()).collect();
    if !listed.is_empty() {
        let mut needs = searches.iter().fold(Needs::default(), |needs, search| reads(search, needs));
        needs.reads.extend(listed.iter().map(|name| Spanned::new(name.clone(), planner.at)));
        let rows = scan(&Wanted::default().before(&needs), Extra::default(), planner)?;
        let rows = filter_all(rows, searches, planner)?;
        let found = present(&rows, listed.clone(), planner)?;
        names.retain(|name| !listed.contains(name));
        names.extend(found);
    }
    names.sort();
    names.dedup();
    if names.len() > MAX_FIELDS {
        let message = format!("the patterns of this query fit {} fields, more than {MAX_FIELDS}", names.len());
        return Err(Diagnostic::error("spl/too-many-columns", message, planner.at));
    }
    let spanned = |name: String| fits(&name).map(|span| Spanned::new(name, span));
    Ok(Fitting::Names(names.into_iter().filter_map(spanned).collect()))
}

/// The names that events have of their own, and their log sources.
type Own = (BTreeSet<String>, BTreeSet<String>);

/// Those of the events that match; nothing without data.
fn of_events(searches: &[&Search], planner: &mut Planner<'_>) -> Result<Option<Own>, Diagnostic> {
    let needs = searches.iter().fold(Needs::default(), |needs, search| reads(search, needs));
    let (members, source) = (planner.fresh("members"), planner.fresh("source"));
    let view = planner.context.view;
    let extra = Extra(vec![view.members_column(&members), view.log_source_column(&source)]);
    let rows = scan(&Wanted::default().before(&needs), extra, planner)?;
    let rows = filter_all(rows, searches, planner)?;
    let columns = vec![
        ("names".to_owned(), FIELD_NAMES.typed(vec![column(&members)])),
        ("sources".to_owned(), rows.column(&source)),
    ];
    let rows = rows.with_order(Vec::new()).with_one_name(planner)?.project(columns, planner)?;
    let values = |name: &str| crate::aggregates::values(rows.column(name)).alias(name);
    let found = [values("names"), values("sources")];
    let none: Vec<Expr> = Vec::new();
    let rows = rows.map_plan(planner, |plan| plan.aggregate(none, found))?;
    let batches = planner.context.rows(rows.plan()).map_err(|needed| needed.at(planner.at))?;
    Ok(batches.map(|batches| (texts(&batches, 0), texts(&batches, 1))))
}

/// The names of the values of JSON texts in a column of some rows that the wanted patterns fit; none without data.
///
/// # Errors
/// Where the rows must be looked at first.
pub(crate) fn names_in(
    rows: &Rows,
    text: Typed,
    wanted: &Wanted,
    planner: &mut Planner<'_>,
) -> Result<Vec<String>, Diagnostic> {
    let patterns: Vec<&str> = wanted.patterns().map(|pattern| pattern.node.as_str()).collect();
    if patterns.is_empty() {
        return Ok(Vec::new());
    }
    let names = FIELD_NAMES.typed(vec![text.into_texts()]);
    let found = [crate::aggregates::values(names).alias("names")];
    let none: Vec<Expr> = Vec::new();
    let rows = rows.clone().with_order(Vec::new()).map_plan(planner, |plan| plan.aggregate(none, found))?;
    let batches = planner.context.rows(rows.plan()).map_err(|needed| needed.at(planner.at))?;
    let mut names: Vec<String> = batches.map(|batches| texts(&batches, 0)).unwrap_or_default().into_iter().collect();
    names.retain(|name| patterns.iter().any(|pattern| name_matches(pattern, name)));
    if names.len() > MAX_FIELDS {
        let message = format!("the patterns of this query fit {} fields, more than {MAX_FIELDS}", names.len());
        return Err(Diagnostic::error("spl/too-many-columns", message, planner.at));
    }
    Ok(names)
}

/// The texts in the lists of a column.
fn texts(batches: &[RecordBatch], place: usize) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    for lists in batches.iter().filter_map(|batch| batch.columns().get(place)?.as_list_opt::<i32>()) {
        for list in lists.iter().flatten() {
            texts.extend(list.as_string_opt::<i32>().into_iter().flatten().flatten().map(str::to_owned));
        }
    }
    texts
}

/// Those of some columns that have a value in some row; all of them without data.
///
/// # Errors
/// Where the rows must be looked at first.
pub(crate) fn present(rows: &Rows, names: Vec<String>, planner: &mut Planner<'_>) -> Result<Vec<String>, Diagnostic> {
    let counts: Vec<_> = names.iter().map(|name| count(column(name)).alias(name.as_str())).collect();
    let none: Vec<Expr> = Vec::new();
    let rows = rows.clone().with_order(Vec::new());
    let counted = rows.map_plan(planner, |plan| plan.aggregate(none, counts))?;
    let found = planner.context.rows(counted.plan());
    let Some(batches) = found.map_err(|needed| needed.at(planner.at))? else { return Ok(names) };
    let has_values = |name: &String| {
        batches.iter().any(|batch| {
            let counts = batch.column_by_name(name).and_then(|column| column.as_primitive_opt::<Int64Type>());
            counts.is_some_and(|counts| counts.iter().flatten().any(|count| count > 0))
        })
    };
    Ok(names.into_iter().filter(has_values).collect())
}

/// The names that Splunk gives the values of JSON objects: `a.b` for a member of a member, `a{}.b` through an array; and those of
/// XML texts.
pub(crate) static FIELD_NAMES: Internal = Internal {
    name: "names of fields",
    returns: crate::expression::Type::Multi,
    code: |row| {
        let mut names = BTreeSet::new();
        for text in row.values(0) {
            if text.trim_start().starts_with('<') {
                names.extend(xml_names(text.trim_start()));
            } else if let Ok(value) = serde_json::from_str::<Value>(&text) {
                collect(&value, &mut String::new(), &mut names);
            }
        }
        if names.is_empty() { Cell::Null } else { Cell::texts(names) }
    },
};

fn collect(value: &Value, name: &mut String, names: &mut BTreeSet<String>) {
    let length = name.len();
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(key);
                collect(member, name, names);
                name.truncate(length);
            }
        }
        Value::Array(elements) => {
            name.push_str("{}");
            for element in elements {
                collect(element, name, names);
            }
            name.truncate(length);
        }
        Value::Null => {}
        _ if name.is_empty() => {}
        _ => {
            names.insert(name.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_paths_with_braces_for_arrays() {
        let value = serde_json::json!({"a": {"b": 1, "c": null}, "d": [1, {"e": [{"f": 2}]}], "g.h": true});
        let mut names = BTreeSet::new();
        collect(&value, &mut String::new(), &mut names);
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["a.b", "d{}", "d{}.e{}.f", "g.h"]);
    }
}
