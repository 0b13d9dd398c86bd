//! Columns that are values of the data: `chart ... over x by y`, `timechart by`, `xyseries`; and the reverse, `untable`.
use super::by;
use super::prelude::*;
use super::series::Names;
use crate::functions::Internal;
use crate::plan::{Key, finish};
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::functions::expr_fn::coalesce;
use datafusion::functions_aggregate::expr_fn::{avg, count, first_value, max, min, sum};
use datafusion::logical_expr::ExprFunctionExt;
use datafusion::prelude::{cast, lit};
use mynah_dialect::column;
use mynah_kernels::Cell;

pub(super) static COMMANDS: [Entry; 2] = [
    command(
        "untable ROW NAME VALUE",
        "A row for each field of each row: its name and its value. The reverse of xyseries.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/untable",
        untable,
    ),
    aliased(
        &["maketable"],
        command(
            "xyseries ROW SPLIT VALUE, ...",
            "A row for each value of the first field and a column for each value of the second, which holds the third.",
            "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/xyseries",
            xyseries,
        ),
    ),
];

fn untable(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut field = || {
        while arguments.symbol(',') {}
        arguments.field()
    };
    let (row, name, value) = (field()?, field()?, field()?);
    arguments.end()?;
    let names = [row.node.clone(), name.node, value.node];
    on_rows(Needs::of([&row]), names, |[row, name, value], rows, _, planner| {
        let others: Vec<String> =
            rows.names().into_iter().filter(|name| name != row && !name.starts_with('_')).collect();
        if others.is_empty() {
            return Err(Diagnostic::error("spl/syntax", "there is no other field to turn into rows", planner.at));
        }
        // Row by row, in each the fields in their order.
        let pairs = others.iter().flat_map(|other| [lit(other.as_str()), rows.column(other).into_text()]);
        let pairs = NAMED_VALUES.typed(pairs.collect());
        let pair = planner.fresh("pair");
        let columns = vec![(row.clone(), rows.column(row)), (pair.clone(), pairs)];
        let rows = rows.project(columns, planner)?;
        let mut rows = super::multivalue::expand(rows, &pair, None, planner)?;
        rows = rows.filter(column(&pair).is_not_null(), planner)?;
        rows.events = false;
        let part = |part: &str| NAME_OR_VALUE.typed(vec![rows.column(&pair).into_text(), lit(part)]);
        let columns =
            vec![(row.clone(), rows.column(row)), (name.clone(), part("name")), (value.clone(), part("value"))];
        rows.project(columns, planner)
    })
}

/// What stands between a name and a value, and in neither.
const BETWEEN: char = '\u{0}';

/// Names and values, of those that there are, each pair as one text.
pub(crate) static NAMED_VALUES: Internal = Internal {
    name: "named values",
    returns: Type::Multi,
    code: |row| {
        let pairs = (0..row.len() / 2).filter_map(|pair| {
            let (name, value) = (row.text(2 * pair)?, row.text(2 * pair + 1)?);
            Some(format!("{name}{BETWEEN}{value}"))
        });
        let pairs: Vec<String> = pairs.collect();
        if pairs.is_empty() { Cell::Null } else { Cell::texts(pairs) }
    },
};

/// The name or the value of such a text.
pub(crate) static NAME_OR_VALUE: Internal = Internal {
    name: "part of a named value",
    returns: Type::Text,
    code: |row| {
        let (Some(pair), Some(part)) = (row.text(0), row.text(1)) else { return Cell::Null };
        let Some((name, value)) = pair.split_once(BETWEEN) else { return Cell::Null };
        Cell::text(if part == "name" { name } else { value }.to_owned())
    },
};

fn xyseries(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut shown = Names::default();
    while let Some((name, value)) = arguments.option(&["grouped", "sep", "format"])? {
        match name {
            "sep" => shown.separator = value.node,
            "format" => shown.format = Some(value.node),
            _ => {}
        }
    }
    let row = arguments.field()?;
    while arguments.symbol(',') {}
    let split = arguments.field()?;
    let values = arguments.fields_until(&[])?;
    if values.is_empty() {
        return Err(arguments.wrong(arguments.rest(), "the field that holds the values"));
    }
    let needs = Needs::of([&row, &split].into_iter().chain(&values)).close();
    let arguments = (row.node, split.node, by::names(&values), shown);
    on_rows(needs, arguments, |(row, split, values, shown), rows, _, planner| {
        let mut rows = rows;
        // The rows need all the columns, set or not.
        for field in [row, split].into_iter().chain(values) {
            if rows.scope().get(field).is_none() {
                let text = Typed::new(rows.column(field).into_text(), Type::Text);
                rows = rows.with(vec![(field.clone(), text)], planner)?;
            }
        }
        pivot(rows, row, split, values, shown, planner)
    })
}

/// How many values become columns; more would make a table that nobody reads.
pub(super) const MAX_COLUMNS: usize = 1_000;

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
    shown: &Names,
    planner: &mut Planner<'_>,
) -> Result<Rows, Diagnostic> {
    let key = Typed::new(rows.column(split).into_text(), Type::Text);
    let rows = rows.with(vec![(split.to_owned(), key)], planner)?;
    let key = Typed::new(column(split), Type::Text);
    let Some(found) = distinct(&rows, split, key, planner)? else {
        let columns = vec![(row.to_owned(), rows.column(row))];
        return Ok(rows.project(columns, planner)?.opened());
    };
    pivot_to(rows, row, split, values, (split, &found), shown, planner)
}

/// The same with these values of `split`, a text, which are those of a field.
///
/// # Errors
/// Where they would make too many columns.
pub(super) fn pivot_to(
    rows: Rows,
    row: &str,
    split: &str,
    values: &[String],
    (field, found): (&str, &[String]),
    shown: &Names,
    planner: &mut Planner<'_>,
) -> Result<Rows, Diagnostic> {
    if found.len() * values.len() > MAX_COLUMNS {
        return Err(Diagnostic::error(
            "spl/too-many-columns",
            format!("`{field}` has {} values, which would make as many columns", found.len()),
            planner.at,
        ));
    }
    let mut names = vec![row.to_owned()];
    let mut aggregates = Vec::new();
    let mut columns = vec![(row.to_owned(), rows.column(row))];
    for value in values {
        let typed = rows.column(value);
        for text in found {
            let name = shown.of(value, text, values.len() == 1);
            if names.contains(&name) {
                continue;
            }
            let hidden = planner.fresh("cell");
            let chosen = first_value(typed.expr.clone(), Vec::new())
                .filter(column(split).eq(lit(text.clone())))
                .build()
                .map_err(|error| planner.failed(&error))?;
            aggregates.push(chosen.alias(&hidden));
            columns.push((name.clone(), Typed::new(column(&hidden), typed.ty)));
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

/// The values of a column by a figure of another one, the greatest first; `None` without data.
///
/// # Errors
/// Where they must be fetched first.
pub(super) fn ranked(
    rows: &Rows,
    name: &str,
    of: &str,
    figure: &str,
    planner: &mut Planner<'_>,
) -> Result<Option<Vec<(String, f64)>>, Diagnostic> {
    let score = planner.fresh("score");
    let number = rows.column(of).into_number();
    let number = match figure {
        "avg" | "mean" => avg(number),
        "max" => max(number),
        "min" => min(number),
        "count" => cast(count(number), DataType::Float64),
        _ => sum(number),
    };
    let plan = rows
        .clone()
        .with_order(Vec::new())
        .with_one_name(planner)?
        .filter(column(name).is_not_null(), planner)?
        .map_plan(planner, |plan| {
            plan.aggregate([column(name)], [number.alias(&score)])?
                .sort([column(&score).sort(false, false), column(name).sort(true, false)])?
                .project([column(name), column(&score)])
        })?;
    let batches = planner.context.rows(plan.plan()).map_err(|needed| needed.at(planner.at))?;
    Ok(batches.map(|batches| {
        let scores = batches.iter().filter_map(|batch| batch.columns().get(1)?.as_primitive_opt::<Float64Type>());
        let scores = scores.flat_map(|scores| scores.iter().map(|score| score.unwrap_or(f64::NEG_INFINITY)));
        texts(&batches).into_iter().zip(scores).collect()
    }))
}

/// The values of a column, sorted; `None` without data.
///
/// # Errors
/// Where they must be fetched first.
pub(super) fn distinct(
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
    match typed.ty {
        Type::Number => Typed::new(coalesce(vec![typed.expr, lit(0.0)]), Type::Number),
        _ => typed,
    }
}
