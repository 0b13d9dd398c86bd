//! `transpose`.
use super::rows::rows_of;
use super::{Aggregated, Draft, Kind, Level, Typed, ValueFunction, aggregate};
use crate::ast::Transpose;
use datafusion::common::ScalarValue;
use datafusion::functions_aggregate::expr_fn::max;
use datafusion::logical_expr::{lit, when};
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_kernels::call;
use mynah_syntax::Diagnostic;

/// As many columns as Sumo Logic makes.
const MOST: usize = 300;

/// The cells: the field that is left, and the one that says in which column it stands.
struct Cells {
    value: String,
    kind: Kind,
    column: Expr,
}

pub(super) fn lower(draft: &mut Draft<'_>, transpose: &Transpose) -> Result<(), Diagnostic> {
    let mut keys = Vec::new();
    for name in &transpose.rows {
        let own = draft.field(&name.text).map_or(name.text.clone(), |field| field.name.clone());
        keys.push((own, draft.resolve(name)?));
    }
    let columns = transpose.columns.iter().map(|name| draft.resolve(name)).collect::<Result<Vec<_>, _>>()?;
    let is_named =
        |name: &str| transpose.rows.iter().chain(&transpose.columns).any(|other| other.text.eq_ignore_ascii_case(name));
    let values: Vec<(String, Kind)> =
        draft.fields().filter(|field| !is_named(&field.name)).map(|field| (field.name.clone(), field.kind)).collect();
    let [(value, kind)] = values.as_slice() else {
        let may_be_one = draft.dynamic || draft.level == Level::Messages;
        if !(may_be_one && values.is_empty()) {
            let what = format!("`transpose` with {} fields for its cells is not supported", values.len());
            draft.cannot_run("sumo/unsupported", what, draft.at)?;
        }
        draft.dynamic = true;
        return aggregate(draft, keys, Vec::new());
    };
    let mut texts: Vec<Expr> = columns.iter().map(|column| column.clone().to(Kind::Text).expr).collect();
    let column = match (texts.len(), texts.pop()) {
        (1, Some(column)) => column,
        (_, last) => call(ValueFunction::Label, texts.into_iter().chain(last).collect()),
    };
    let cells = Cells { value: value.clone(), kind: *kind, column };
    let mut names: Vec<String> = transpose.names.iter().map(|name| name.text.clone()).collect();
    if transpose.others {
        match found(draft, &cells.column)? {
            // Without data, only the columns that the query names itself are known.
            None => draft.dynamic = true,
            Some(found) => {
                for text in found {
                    if !names.iter().any(|name| name.eq_ignore_ascii_case(&text)) && !is_named(&text) {
                        names.push(text);
                    }
                }
            }
        }
    }
    if names.len() > MOST {
        let message = format!("`transpose` makes {MOST} columns at the most: {} are left out", names.len() - MOST);
        draft.diagnostics.push(Diagnostic::warning("sumo/transpose-limit", message, draft.at));
        names.truncate(MOST);
    }
    pivot(draft, keys, names, &cells)?;
    draft.transposed = true;
    Ok(())
}

/// The values of the column field, in the order of the alphabet; `None` without data.
fn found(draft: &mut Draft<'_>, values: &Expr) -> Result<Option<Vec<String>>, Diagnostic> {
    let distinct = draft.derived(|builder| builder.project([values.clone().alias("column")])?.distinct())?;
    let Some(batches) = draft.rows(&distinct)? else { return Ok(None) };
    let rows = rows_of(&batches).map_err(|error| draft.refused(&error))?;
    let text = |value: &ScalarValue| value.try_as_str().flatten().map(str::to_owned);
    let mut found: Vec<String> = rows.iter().flatten().filter_map(text).collect();
    found.sort();
    Ok(Some(found))
}

fn pivot(
    draft: &mut Draft<'_>,
    keys: Vec<(String, Typed)>,
    names: Vec<String>,
    cells: &Cells,
) -> Result<(), Diagnostic> {
    let mut calls = Vec::new();
    for name in names {
        let cell = when(cells.column.clone().eq(lit(name.clone())), column(&cells.value)).end();
        let cell = Typed::new(cell.map_err(|error| draft.refused(&error))?, cells.kind);
        calls.push(Aggregated::of_one(name, cells.kind, cell, |cell, _| Ok(max(cell))));
    }
    aggregate(draft, keys, calls)
}
