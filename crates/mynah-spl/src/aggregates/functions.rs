//! The statistical functions, with documentation and examples beside the code.
use super::figures::Figure;
use super::fold::{Folding, Rank};
use super::lower::{Aggregate, Call};
use super::ordered::{first, list, reversed};
use crate::expression::{Type, Typed, case, null_of};
use crate::functions::Internal;
use crate::table::{aliased, name_of};
use datafusion::functions_aggregate::average::avg;
use datafusion::functions_aggregate::count::{count, count_distinct};
use datafusion::functions_aggregate::min_max::{max, min};
use datafusion::functions_aggregate::sum::sum;
use datafusion::prelude::{Expr, lit};
use mynah_dialect::{Arity, Entry, Example, FunctionTable, example};
use mynah_kernels::{Cell, Number};
use mynah_syntax::Diagnostic;

/// How a call is lowered.
pub(super) type Lower = fn(&Call<'_>) -> Result<Aggregate, Diagnostic>;

/// All functions.
pub(super) static FUNCTIONS: FunctionTable<Lower> = FunctionTable(&[&AGGREGATES]);

/// The name of the percentile, which stands with its percentage only.
pub(super) const PERCENTILE: &str = "perc";

macro_rules! page {
    ($page:literal) => {
        concat!("https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/", $page)
    };
}

const AGGREGATE: &str = page!("Aggregatefunctions");
const ORDER: &str = page!("Eventorderfunctions");
const MULTIVALUE: &str = page!("Multivaluefunctions");
const TIME: &str = page!("Timefunctions");

/// A function of one field.
const fn function(
    page: &'static str,
    usage: &'static str,
    summary: &'static str,
    examples: &'static [Example],
    code: Lower,
) -> Entry<Lower> {
    Entry::new(name_of(usage), usage, summary, page, examples, Arity::Exactly(1), code)
}

static AGGREGATES: [Entry<Lower>; 25] = [
    aliased(
        &["mean"],
        function(
            AGGREGATE,
            "avg(field)",
            "The mean of the values that are numbers; null if none is.",
            &[example("avg(n)", "2.5"), example("avg(x)", "null")],
            |call| sum_or_mean(call, avg, Figure::Mean),
        ),
    ),
    Entry {
        aliases: &["c"],
        arity: Arity::Between(0, 1),
        ..function(
            AGGREGATE,
            "count | count(field) | count(eval(condition))",
            "The number of rows; of those in which the field has a value, each of several counted; or of those for which the condition is true.",
            &[example("count", "4"), example("count(x)", "3"), example("count(eval(n>2))", "2")],
            count_values,
        )
    },
    aliased(
        &["distinct_count", "estdc"],
        function(
            AGGREGATE,
            "dc(field)",
            "The number of distinct values.",
            &[example("dc(x)", "2"), example("dc(n)", "4")],
            |call| match call.value()? {
                value @ Typed { ty: Type::Multi, .. } => Ok(Folding::Distinct.aggregate(vec![value.expr])),
                value => Ok(Aggregate {
                    over_window: Some(Folding::Distinct.aggregate(vec![value.expr.clone()]).call),
                    ..Aggregate::counting(count_distinct(value.expr))
                }),
            },
        ),
    ),
    function(
        TIME,
        "earliest(field)",
        "The value of the oldest event that has one, by `_time`.",
        &[example("earliest(n)", "1"), example("earliest(x)", "b")],
        |call| first(call.value()?, &call.earliest()),
    ),
    function(
        TIME,
        "earliest_time(field)",
        "The time, in seconds since 1970, of the oldest event in which the field has a value.",
        &[example("earliest_time(x)", "20")],
        |call| Ok(Aggregate::plain(min(time_of_value(call)?), Type::Number)),
    ),
    function(
        AGGREGATE,
        "estdc_error(field)",
        "By how much `estdc` may err, as a share of the count: 0, since it counts exactly.",
        &[example("estdc_error(x)", "0")],
        |call| Ok(Aggregate { finish: |_| lit(0.0), ..Aggregate::counting(count(call.value()?.expr)) }),
    ),
    function(
        ORDER,
        "first(field)",
        "The value of the first row that has one, in the order of the rows: of events the newest comes first.",
        &[example("first(n)", "4"), example("first(x)", "b")],
        |call| first(call.value()?, call.order),
    ),
    function(
        ORDER,
        "last(field)",
        "The value of the last row that has one, in the order of the rows: of events the newest comes first.",
        &[example("last(n)", "1"), example("last(x)", "b")],
        |call| first(call.value()?, &reversed(call.order)),
    ),
    function(
        TIME,
        "latest(field)",
        "The value of the newest event that has one, by `_time`.",
        &[example("latest(n)", "4"), example("latest(x)", "b")],
        |call| first(call.value()?, &call.latest()),
    ),
    function(
        TIME,
        "latest_time(field)",
        "The time, in seconds since 1970, of the newest event in which the field has a value.",
        &[example("latest_time(x)", "40")],
        |call| Ok(Aggregate::plain(max(time_of_value(call)?), Type::Number)),
    ),
    function(
        MULTIVALUE,
        "list(field)",
        "The values of all rows, in the order of the rows, the first 100 of them.",
        &[example("list(x)", r#"["b","a","b"]"#)],
        |call| Ok(Aggregate::plain(list(call.value()?.into_multi(), call.order, 100), Type::Multi)),
    ),
    function(
        AGGREGATE,
        "max(field)",
        "The greatest value: numbers by their value, and texts, which are greater, by their characters.",
        &[example("max(n)", "4"), example("max(x)", "b")],
        |call| extreme(call, max, Folding::Greatest),
    ),
    function(
        AGGREGATE,
        "median(field)",
        "The middle one of the values that are numbers; of an even number of them the higher of the two in the middle.",
        &[example("median(n)", "3")],
        |call| Ok(Folding::Rank(Rank::Median).aggregate(vec![call.value()?.expr])),
    ),
    function(
        AGGREGATE,
        "min(field)",
        "The least value: numbers by their value, and texts, which are greater, by their characters.",
        &[example("min(n)", "1"), example("min(x)", "a")],
        |call| extreme(call, min, Folding::Least),
    ),
    function(
        AGGREGATE,
        "mode(field)",
        "The most frequent value; of equally frequent ones the least.",
        &[example("mode(x)", "b")],
        |call| match call.value()? {
            value @ Typed { ty: Type::Number, .. } => Ok(Aggregate {
                ty: Type::Number,
                finish: |text| Typed::new(text, Type::Text).into_number(),
                ..Folding::Mode.aggregate(vec![value.into_text()])
            }),
            value => Ok(Folding::Mode.aggregate(vec![value.expr])),
        },
    ),
    aliased(
        &["p", "percentile", "exactperc", "upperperc"],
        Entry::new(
            PERCENTILE,
            "perc95(field) | p95(field) | exactperc95(field) | upperperc95(field)",
            "The percentile of the values that are numbers, between two of them by linear interpolation, as the reference's examples have it. All spellings give the exact one.",
            AGGREGATE,
            &[example("p50(n)", "2.5"), example("perc75(n)", "3.25"), example("upperperc100(n)", "4")],
            Arity::Exactly(1),
            |call| {
                let percent = call.percentile.unwrap_or(50.0);
                Ok(Folding::Rank(Rank::Share(Number(percent))).aggregate(vec![call.value()?.expr]))
            },
        ),
    ),
    function(
        AGGREGATE,
        "range(field)",
        "The difference between the greatest and the least of the values that are numbers.",
        &[example("range(n)", "3")],
        |call| figure(call, Figure::Range),
    ),
    function(
        TIME,
        "rate(field)",
        "How much the field grows in a second: its newest number less its oldest one, divided by the time between.",
        &[example("rate(n)", "0.1")],
        |call| Ok(Folding::Rate.aggregate(vec![call.value()?.into_number(), call.time()])),
    ),
    function(
        AGGREGATE,
        "stdev(field)",
        "The standard deviation of the values that are numbers, as of a sample; 0 of a single one.",
        &[example("stdev(n)", "1.2909944487358056")],
        |call| figure(call, Figure::SampleDeviation),
    ),
    function(
        AGGREGATE,
        "stdevp(field)",
        "The standard deviation of the values that are numbers, as of a whole population.",
        &[example("stdevp(n)", "1.118033988749895")],
        |call| figure(call, Figure::Deviation),
    ),
    function(
        AGGREGATE,
        "sum(field)",
        "The sum of the values that are numbers; null if none is.",
        &[example("sum(n)", "10"), example("sum(x)", "null")],
        |call| sum_or_mean(call, sum, Figure::Sum),
    ),
    function(
        AGGREGATE,
        "sumsq(field)",
        "The sum of the squares of the values that are numbers.",
        &[example("sumsq(n)", "30")],
        |call| figure(call, Figure::SumOfSquares),
    ),
    function(
        MULTIVALUE,
        "values(field)",
        "The distinct values, in the order of their characters.",
        &[example("values(x)", r#"["a","b"]"#), example("values(n)", r#"["1","2","3","4"]"#)],
        |call| Ok(Folding::Values.aggregate(vec![call.value()?.expr])),
    ),
    function(
        AGGREGATE,
        "var(field)",
        "The variance of the values that are numbers, as of a sample; 0 of a single one.",
        &[example("var(n)", "1.6666666666666667")],
        |call| figure(call, Figure::SampleVariance),
    ),
    function(
        AGGREGATE,
        "varp(field)",
        "The variance of the values that are numbers, as of a whole population.",
        &[example("varp(n)", "1.25")],
        |call| figure(call, Figure::Variance),
    ),
];

fn figure(call: &Call<'_>, figure: Figure) -> Result<Aggregate, Diagnostic> {
    Ok(Folding::Figure(figure).aggregate(vec![call.value()?.expr]))
}

/// DataFusion's own of single values, a figure of several.
fn sum_or_mean(call: &Call<'_>, own: fn(Expr) -> Expr, of_several: Figure) -> Result<Aggregate, Diagnostic> {
    match call.value()? {
        Typed { ty: Type::Multi, .. } => figure(call, of_several),
        value => Ok(Aggregate::plain(own(value.into_number()), Type::Number)),
    }
}

/// DataFusion's own of numbers, a fold of texts.
fn extreme(call: &Call<'_>, own: fn(Expr) -> Expr, of_texts: Folding) -> Result<Aggregate, Diagnostic> {
    match call.value()? {
        Typed { expr, ty: Type::Number } => Ok(Aggregate::plain(own(expr), Type::Number)),
        value => Ok(of_texts.aggregate(vec![value.expr])),
    }
}

/// The time of the rows in which the argument has a value.
fn time_of_value(call: &Call<'_>) -> Result<Expr, Diagnostic> {
    Ok(case(vec![(call.value()?.expr.is_not_null(), call.time())], None, Type::Number))
}

/// How many values there are.
pub(crate) static COUNT_VALUES: Internal = Internal {
    name: "count values",
    returns: Type::Number,
    code: |row| match row.cell(0) {
        Cell::List(cells) => Cell::Float(cells.len() as f64),
        _ => Cell::Null,
    },
};

fn count_values(call: &Call<'_>) -> Result<Aggregate, Diagnostic> {
    Ok(match call.value.clone() {
        None => Aggregate::counting(count(lit(1i64))),
        // True counts, false and null do not.
        Some(Typed { expr, ty: Type::Boolean }) => {
            Aggregate::counting(count(case(vec![(expr, lit(1.0))], None, Type::Number)))
        }
        Some(Typed { ty: Type::Null, .. }) => Aggregate::counting(count(null_of(Type::Number))),
        Some(Typed { expr, ty: Type::Multi }) => Aggregate {
            // No value at all is a count of 0, not no count.
            finish: |sum| case(vec![(sum.clone().is_null(), lit(0.0))], Some(sum), Type::Number),
            ..Aggregate::plain(sum(COUNT_VALUES.call(vec![expr])), Type::Number)
        },
        Some(value) => Aggregate::counting(count(value.expr)),
    })
}
