//! Columns that are values of the data: `chart ... over x by y`, `timechart by`, `xyseries`.
use crate::expression::{Type, Typed};
use crate::plan::{Key, Planner, Rows, finish};
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::DataType;
use datafusion::functions_aggregate::expr_fn::first_value;
use datafusion::logical_expr::ExprFunctionExt;
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;
use mynah_syntax::Diagnostic;

/// How many values become columns; more would make a table that nobody reads.
const MAX_COLUMNS: usize = 1_000;

/// One row for each value of `row`, and for each value of `split` the columns `values` of its rows. Names
/// are the values, with the column's name in front where there are several columns.
///
/// # Errors
/// Where the values cannot be fetched.
pub(super) fn pivot(
    rows: Rows,
    row: &str,
    split: &str,
    values: &[String],
    planner: &mut Planner<'_>,
) -> Result<Rows, Diagnostic> {
    let key = Typed { expr: rows.column(split).into_text(), ty: Type::Text };
    let rows = rows.with(vec![(split.to_owned(), key.clone())], planner)?;
    let key = Typed { expr: column(split), ty: Type::Text };
    let Some(found) = distinct(&rows, split, key, planner)? else {
        let columns = vec![(row.to_owned(), rows.column(row))];
        return Ok(rows.project(columns, planner)?.opened());
    };
    if found.len() * values.len() > MAX_COLUMNS {
        return Err(Diagnostic::error(
            "spl/too-many-columns",
            format!("`{split}` has {} values, which would make as many columns", found.len()),
            planner.at,
        ));
    }
    let mut names = vec![row.to_owned()];
    let mut aggregates = Vec::new();
    let mut columns = vec![(row.to_owned(), rows.column(row))];
    for value in values {
        let typed = rows.column(value);
        for text in &found {
            let name = if values.len() == 1 { text.clone() } else { format!("{value}: {text}") };
            if names.contains(&name) {
                continue;
            }
            let hidden = planner.fresh("cell");
            let chosen = first_value(typed.expr.clone(), Vec::new())
                .filter(column(split).eq(lit(text.clone())))
                .build()
                .map_err(|error| planner.failed(&error))?;
            aggregates.push(chosen.alias(&hidden));
            columns.push((name.clone(), Typed { expr: column(&hidden), ty: typed.ty }));
            names.push(name);
        }
    }
    let order = vec![Key::ascending(row)];
    if aggregates.is_empty() {
        return rows.with_order(order).project(columns, planner);
    }
    rows.with_one_name(planner)?
        .map_plan(planner, |plan| plan.aggregate([column(row)], aggregates))?
        .with_order(order)
        .project(columns, planner)
}

/// The values of a column, sorted; `None` without data.
fn distinct(
    rows: &Rows,
    name: &str,
    typed: Typed,
    planner: &mut Planner<'_>,
) -> Result<Option<Vec<String>>, Diagnostic> {
    let at = planner.at;
    let plan = rows
        .clone()
        .with_order(Vec::new())
        .project(vec![(name.to_owned(), typed)], planner)?
        .with_one_name(planner)?
        .filter(column(name).is_not_null(), planner)?
        .map_plan(planner, |plan| plan.distinct()?.sort([column(name).sort(true, false)]))?;
    let plan = finish(plan, planner)?;
    let batches = planner.context.rows(&plan);
    let batches = batches.map_err(|needed| needed.at(at))?;
    Ok(batches.map(|batches| texts(&batches)))
}

fn texts(batches: &[RecordBatch]) -> Vec<String> {
    let mut texts = Vec::new();
    for column in batches.iter().filter_map(|batch| batch.columns().first()) {
        if *column.data_type() == DataType::Utf8 {
            texts.extend(column.as_string::<i32>().iter().flatten().map(str::to_owned));
        }
    }
    texts
}

/// The same expression with zero for no value: a count of nothing is 0.
pub(super) fn or_zero(typed: Typed) -> Typed {
    let zero: Expr = lit(0.0);
    match typed.ty {
        Type::Number => {
            Typed { expr: datafusion::functions::expr_fn::coalesce(vec![typed.expr, zero]), ty: Type::Number }
        }
        _ => typed,
    }
}
