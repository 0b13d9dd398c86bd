use crate::plan::{Planner, Rows, name_matches};
use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::Int64Type;
use datafusion::functions_aggregate::expr_fn::count;
use mynah_dialect::column;
use mynah_syntax::{Diagnostic, Spanned};

/// The names of a list of fields, each once: a pattern is every column that fits it.
pub(crate) fn expand(fields: &[Spanned<String>], rows: &Rows) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for field in fields {
        if field.node.contains('*') {
            for name in rows.names().into_iter().filter(|name| name_matches(&field.node, name)) {
                // `*` does not mean the internal fields, which a pattern must name.
                if (!name.starts_with('_') || field.node.starts_with('_')) && !names.contains(&name) {
                    names.push(name);
                }
            }
        } else if !names.contains(&field.node) {
            names.push(field.node.clone());
        }
    }
    names
}

/// The same, and where none is named, all but the internal fields.
pub(super) fn chosen(fields: &[Spanned<String>], rows: &Rows) -> Vec<String> {
    match fields {
        [] => rows.names().into_iter().filter(|name| !name.starts_with('_')).collect(),
        fields => expand(fields, rows),
    }
}

/// As [`expand`], for commands that choose columns: of the fields of events that a pattern fits only those that some event has.
///
/// A pattern fits every name the view lists, of all log sources; Splunk shows those that the results have.
///
/// # Errors
/// Where the events cannot be looked at.
pub(super) fn expand_present(
    fields: &[Spanned<String>],
    rows: &Rows,
    planner: &Planner<'_>,
) -> Result<Vec<String>, Diagnostic> {
    let names = expand(fields, rows);
    let exact = |name: &String| fields.iter().any(|field| field.node == *name);
    let doubtful: Vec<&String> = names.iter().filter(|name| !exact(name)).collect();
    if !rows.events || doubtful.is_empty() {
        return Ok(names);
    }
    let counts: Vec<_> = doubtful.iter().map(|name| count(column(name)).alias(name.as_str())).collect();
    let none: Vec<datafusion::prelude::Expr> = Vec::new();
    let counted = rows.clone().with_order(Vec::new()).map_plan(planner, |plan| plan.aggregate(none, counts))?;
    let found = planner.context.rows(counted.plan());
    let Some(batches) = found.map_err(|needed| needed.at(planner.at))? else { return Ok(names) };
    let present = |name: &str| {
        batches.iter().any(|batch| {
            batch
                .column_by_name(name)
                .and_then(|column| column.as_primitive_opt::<Int64Type>())
                .is_some_and(|counts| counts.iter().flatten().any(|count| count > 0))
        })
    };
    Ok(names.iter().filter(|name| exact(name) || present(name)).cloned().collect())
}
