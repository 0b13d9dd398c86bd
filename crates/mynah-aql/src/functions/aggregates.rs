//! Functions of the events of a group. Counts and numbers are given with a fraction, as QRadar's are.
use super::{Aggregated, FunctionCode, Grouped, name_of};
use crate::plan::{Type, Typed, to_float};
use datafusion::functions_aggregate::expr_fn;
use datafusion::functions_aggregate::first_last::{first_value, last_value};
use datafusion::logical_expr::SortExpr;
use datafusion::prelude::{Expr, lit};
use mynah_dialect::Arity::{self, Between, Exactly};
use mynah_dialect::{Entry, Example, example};

const fn aggregate(
    usage: &'static str,
    summary: &'static str,
    examples: &'static [Example],
    code: fn(Grouped<'_>) -> Result<Aggregated, String>,
) -> Entry<FunctionCode> {
    let page = "https://www.ibm.com/docs/SS42VS_7.4/com.ibm.qradar.doc/r_aql_aggregate_functions.html";
    Entry::new(name_of(usage), usage, summary, page, examples, Exactly(1), FunctionCode::Aggregate(code))
}

const fn with_arity(arity: Arity, mut function: Entry<FunctionCode>) -> Entry<FunctionCode> {
    function.arity = arity;
    function
}

pub(super) static FUNCTIONS: [Entry<FunctionCode>; 11] = [
    aggregate("AVG(number)", "The mean of the values.", &[example("AVG(4)", "4.0")], |grouped| {
        number(grouped, expr_fn::avg)
    }),
    with_arity(
        Between(0, 1),
        aggregate(
            "COUNT(*), COUNT(value), COUNT(DISTINCT value)",
            "How many events a group has, or how many of them have a value, or how many different values they have. A number with a fraction, as QRadar's aggregates are. `COUNT()` is `COUNT(*)`.",
            &[
                example("COUNT(*)", "1.0"),
                example("COUNT()", "1.0"),
                example("COUNT(NULL)", "0.0"),
                example("COUNT(DISTINCT username)", "1.0"),
            ],
            |grouped| match (grouped.argument, grouped.distinct) {
                (None, false) => Ok(count(expr_fn::count(lit(1_i64)))),
                (None, true) => Err("COUNT takes DISTINCT only with a value".into()),
                (Some(value), false) => Ok(count(expr_fn::count(value.expr))),
                (Some(value), true) => Ok(count(expr_fn::count_distinct(value.expr))),
            },
        ),
    ),
    aggregate(
        "DISTINCTCOUNT(value)",
        "How many different values the events of a group have. QRadar estimates the number; here it is exact.",
        &[example("DISTINCTCOUNT(sourceip)", "1.0")],
        different,
    ),
    aggregate(
        "FIRST(value)",
        "The value of a group's earliest event. What a grouping query selects without grouping or aggregating it is taken so too.",
        &[example("FIRST(username)", "alice")],
        |grouped| at_end(grouped, first_value),
    ),
    aggregate(
        "LAST(value)",
        "The value of a group's latest event.",
        &[example("LAST(username)", "alice")],
        |grouped| at_end(grouped, last_value),
    ),
    aggregate(
        "MAX(value)",
        "The greatest value: of numbers as a number with a fraction, of texts by their characters.",
        &[example("MAX(5)", "5.0"), example("MAX('b')", "b")],
        |grouped| extreme(grouped, expr_fn::max),
    ),
    aggregate(
        "MIN(value)",
        "The least value: of numbers as a number with a fraction, of texts by their characters.",
        &[example("MIN(5)", "5.0"), example("MIN('b')", "b")],
        |grouped| extreme(grouped, expr_fn::min),
    ),
    aggregate(
        "STDEV(number)",
        "The standard deviation of the values as a sample; no value for fewer than two.",
        &[example("STDEV(4)", "null")],
        |grouped| number(grouped, expr_fn::stddev),
    ),
    aggregate(
        "STDEVP(number)",
        "The standard deviation of the values as the whole population.",
        &[example("STDEVP(4)", "0.0")],
        |grouped| number(grouped, expr_fn::stddev_pop),
    ),
    aggregate(
        "SUM(number)",
        "The sum of the values. A text counts as the number it holds.",
        &[example("SUM(2 + 3)", "5.0"), example("SUM('4')", "4.0")],
        |grouped| number(grouped, expr_fn::sum),
    ),
    aggregate(
        "UNIQUECOUNT(value)",
        "How many different values the events of a group have.",
        &[example("UNIQUECOUNT(sourceip)", "1.0"), example("UNIQUECOUNT(NULL)", "0.0")],
        different,
    ),
];

/// The argument of an aggregate that cannot do without.
fn value(grouped: Grouped<'_>) -> Result<Typed, String> {
    if grouped.distinct {
        return Err("only COUNT takes DISTINCT".into());
    }
    grouped.argument.ok_or_else(|| "only COUNT takes `*`".into())
}

fn count(expr: Expr) -> Aggregated {
    Aggregated { expr, ty: Type::Integer, shown: Type::Float }
}

fn same(expr: Expr, ty: Type) -> Aggregated {
    Aggregated { expr, ty, shown: ty }
}

fn different(grouped: Grouped<'_>) -> Result<Aggregated, String> {
    Ok(count(expr_fn::count_distinct(value(grouped)?.expr)))
}

/// The value of a group's first or last event.
fn at_end(grouped: Grouped<'_>, of: fn(Expr, Vec<SortExpr>) -> Expr) -> Result<Aggregated, String> {
    let order = grouped.order.to_vec();
    value(grouped).map(|value| same(of(value.expr, order), value.ty))
}

fn number(grouped: Grouped<'_>, of: fn(Expr) -> Expr) -> Result<Aggregated, String> {
    Ok(same(of(to_float(&value(grouped)?)), Type::Float))
}

fn extreme(grouped: Grouped<'_>, of: fn(Expr) -> Expr) -> Result<Aggregated, String> {
    let value = value(grouped)?;
    match value.ty.is_number() {
        true => Ok(same(of(to_float(&value)), Type::Float)),
        false => Ok(same(of(value.expr), value.ty)),
    }
}
