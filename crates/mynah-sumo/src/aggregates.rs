//! The aggregating functions: what each says of itself and how it is planned.
use crate::ast::{AggregateCall, Expression, number_value};
use crate::plan::{Aggregated, Draft, Kind, Typed, ValueFunction, lower};
use datafusion::common::plan_err;
use datafusion::functions_aggregate::expr_fn;
use datafusion::logical_expr::expr::NullTreatment;
use datafusion::logical_expr::{ExprFunctionExt, SortExpr, lit};
use datafusion::prelude::Expr;
use mynah_dialect::{Arity, Entry, FunctionTable};
use mynah_syntax::Diagnostic;

/// All aggregating functions.
pub(crate) static AGGREGATES: FunctionTable<Code> = FunctionTable(&[ENTRIES]);

/// How a call is planned.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Code {
    /// Of one field's numbers.
    Numbers(fn(Expr) -> Expr),
    /// Of one field's values in the order of the rows.
    Ordered(fn(Expr, Vec<SortExpr>) -> Expr),
    /// In its own way.
    Plan(fn(&mut Draft<'_>, &AggregateCall) -> Result<Vec<Aggregated>, Diagnostic>),
}

/// An aggregate of one argument.
const fn unary(
    name: &'static str,
    usage: &'static str,
    summary: &'static str,
    page: &'static str,
    code: Code,
) -> Entry<Code> {
    Entry::new(name, usage, summary, page, &[], Arity::Exactly(1), code)
}

const ENTRIES: &[Entry<Code>] = &[
    unary(
        "avg",
        "| avg(field) [as name] [by field, …]",
        "The mean of the numbers of a field, `_avg` if it is given no name. What is no number does not count.",
        page!("group-aggregate-operators/avg/"),
        Code::Numbers(expr_fn::avg),
    ),
    Entry::new(
        "count",
        "| count[(field)] [as name] [by field, …]; | count field, …",
        "How many rows there are, or how many with a value of a field; `_count` if it is given no name.",
        page!("group-aggregate-operators/count-count-distinct-and-count-frequent/"),
        &[],
        Arity::Between(0, 1),
        Code::Plan(count),
    ),
    Entry::new(
        "count_distinct",
        "| count_distinct(field [, field …]) [as name] [by field, …]",
        "How many different values (or combinations of values) there are, the empty text among them; \
         `_count_distinct` if it is given no name. Always exact.",
        page!("group-aggregate-operators/count-count-distinct-and-count-frequent/"),
        &[],
        Arity::AtLeast(1),
        Code::Plan(count_distinct),
    ),
    unary(
        "first",
        "| first(field) [as name] [by field, …]",
        "The first value of a field in the order of the rows, which for messages is the newest; `_first` if it is \
         given no name. Null is no value.",
        page!("group-aggregate-operators/first-last/"),
        Code::Ordered(expr_fn::first_value),
    ),
    unary(
        "last",
        "| last(field) [as name] [by field, …]",
        "The last value of a field in the order of the rows, which for messages is the oldest; `_last` if it is \
         given no name. Null is no value.",
        page!("group-aggregate-operators/first-last/"),
        Code::Ordered(expr_fn::last_value),
    ),
    unary(
        "median",
        "| median(field) [as name] [by field, …]",
        "The median of the numbers of a field, `_median` if it is given no name.",
        page!("group-aggregate-operators/median/"),
        Code::Plan(|draft, call| {
            let numbers = argument(draft, call)?.to(Kind::Number);
            Ok(vec![percentile(call.label("_median"), numbers, "50")])
        }),
    ),
    unary(
        "min",
        "| min(field) [as name] [by field, …]",
        "The least of the numbers of a field, `_min` if it is given no name. What is no number does not count.",
        page!("group-aggregate-operators/min-max/"),
        Code::Numbers(expr_fn::min),
    ),
    unary(
        "max",
        "| max(field) [as name] [by field, …]",
        "The greatest of the numbers of a field, `_max` if it is given no name. What is no number does not count.",
        page!("group-aggregate-operators/min-max/"),
        Code::Numbers(expr_fn::max),
    ),
    unary(
        "most_recent",
        "| withtime field | most_recent(field_withtime) [as name] [by field, …]",
        "The newest value of a field, `_mostrecent` if it is given no name.",
        page!("group-aggregate-operators/most-recent-least-recent/"),
        Code::Plan(|draft, call| recent(draft, call, "_mostrecent", false)),
    ),
    unary(
        "least_recent",
        "| withtime field | least_recent(field_withtime) [as name] [by field, …]",
        "The oldest value of a field, `_leastrecent` if it is given no name.",
        page!("group-aggregate-operators/most-recent-least-recent/"),
        Code::Plan(|draft, call| recent(draft, call, "_leastrecent", true)),
    ),
    Entry::new(
        "pct",
        "| pct(field [, percentile …]) [as name] [by field, …]",
        "Percentiles of the numbers of a field, between two of them where none is exactly there; \
         `_field_pct_percentile` if they are given no name. Always exact. Without a percentile, the median.",
        page!("group-aggregate-operators/pct-percentile/"),
        &[],
        Arity::AtLeast(1),
        Code::Plan(percentiles),
    ),
    Entry::new(
        "pct_sampling",
        "| pct_sampling(field [, percentile …]) [as name] [by field, …]",
        "The same as `pct`, of which it names its fields as well. Of all values, where Sumo Logic takes a sample.",
        page!("group-aggregate-operators/pct-sampling/"),
        &[],
        Arity::AtLeast(1),
        Code::Plan(percentiles),
    ),
    unary(
        "stddev",
        "| stddev(field) [as name] [by field, …]",
        "The standard deviation of the numbers of a field (of all of them, so that one number has 0); `_stddev` if \
         it is given no name.",
        page!("group-aggregate-operators/stddev/"),
        Code::Numbers(expr_fn::stddev_pop),
    ),
    unary(
        "sum",
        "| sum(field) [as name] [by field, …]",
        "The sum of the numbers of a field, `_sum` if it is given no name. What is no number does not count.",
        page!("group-aggregate-operators/sum/"),
        Code::Numbers(expr_fn::sum),
    ),
    unary(
        "values",
        "| values(field) [as name] [by field, …]",
        "The different values of a field, sorted, a line for each, of which the first 100 are given; `_values` if it \
         is given no name.",
        page!("group-aggregate-operators/values/"),
        Code::Plan(|draft, call| {
            let values = Aggregated::of_one(
                call.label("_values"),
                Kind::Text,
                argument(draft, call)?.to(Kind::Text),
                |text, _| expr_fn::array_agg(text).distinct().build(),
            );
            Ok(vec![Aggregated { after: Some(ValueFunction::Lines), ..values }])
        }),
    ),
];

/// The values of a call.
pub(crate) fn call_aggregate(draft: &mut Draft<'_>, call: &AggregateCall) -> Result<Vec<Aggregated>, Diagnostic> {
    let Some(entry) = AGGREGATES.find(&call.function.text) else {
        return Err(AGGREGATES.unknown("sumo/unknown-function", &call.function.text, call.function.span()));
    };
    entry.check("sumo/arguments", call.arguments.len(), call.place.0)?;
    let label = format!("_{}", entry.doc.name);
    match entry.code {
        Code::Plan(plan) => plan(draft, call),
        Code::Numbers(aggregate) => {
            let numbers = argument(draft, call)?.to(Kind::Number);
            Ok(vec![Aggregated::of_one(call.label(&label), Kind::Number, numbers, move |numbers, _| {
                Ok(aggregate(numbers))
            })])
        }
        Code::Ordered(aggregate) => {
            let value = argument(draft, call)?;
            Ok(vec![Aggregated::of_one(call.label(&label), value.kind, value, move |value, order| {
                // The order must be given here: what sets the treatment of nulls drops any other.
                aggregate(value, Vec::new()).order_by(order).null_treatment(NullTreatment::IgnoreNulls).build()
            })])
        }
    }
}

impl AggregateCall {
    /// The field it makes: its own name, or this one.
    fn label(&self, default: &str) -> String {
        self.name.as_ref().map_or_else(|| default.to_owned(), |name| name.text.clone())
    }
}

fn argument(draft: &mut Draft<'_>, call: &AggregateCall) -> Result<Typed, Diagnostic> {
    match call.arguments.first() {
        Some(argument) => lower(draft, argument),
        None => Err(Diagnostic::error("sumo/arguments", "an argument is missing", call.place.0)),
    }
}

/// The number of rows under a name.
pub(crate) fn count_rows(name: impl Into<String>) -> Aggregated {
    Aggregated {
        name: name.into(),
        kind: Kind::Integer,
        arguments: Vec::new(),
        call: Box::new(|_, _| Ok(expr_fn::count(lit(1i64)))),
        after: None,
    }
}

fn count(draft: &mut Draft<'_>, call: &AggregateCall) -> Result<Vec<Aggregated>, Diagnostic> {
    let name = call.label("_count");
    Ok(vec![match call.arguments.first() {
        None | Some(Expression::Number(..)) => count_rows(name),
        Some(Expression::Field(field)) if field.is_raw() => count_rows(name),
        Some(argument) => {
            Aggregated::of_one(name, Kind::Integer, lower(draft, argument)?, |value, _| Ok(expr_fn::count(value)))
        }
    }])
}

fn count_distinct(draft: &mut Draft<'_>, call: &AggregateCall) -> Result<Vec<Aggregated>, Diagnostic> {
    let values = call.arguments.iter().map(|argument| lower(draft, argument));
    let mut values = values.collect::<Result<Vec<_>, _>>()?;
    let value = match (values.len(), values.pop()) {
        (1, Some(value)) => value,
        (_, last) => {
            // Combinations as one text in which no value runs into the next.
            let texts = values.into_iter().chain(last).map(|value| value.to(Kind::Text).expr).collect();
            Typed::new(mynah_kernels::call(ValueFunction::Tuple, texts), Kind::Text)
        }
    };
    let name = call.label("_count_distinct");
    Ok(vec![Aggregated::of_one(name, Kind::Integer, value, |value, _| Ok(expr_fn::count_distinct(value)))])
}

/// The newest or oldest value of what `withtime` made.
fn recent(
    draft: &mut Draft<'_>,
    call: &AggregateCall,
    default: &str,
    oldest: bool,
) -> Result<Vec<Aggregated>, Diagnostic> {
    let pair = argument(draft, call)?.to(Kind::Text).expr;
    Ok(vec![Aggregated {
        name: call.label(default),
        kind: Kind::Text,
        arguments: vec![
            Typed::new(ValueFunction::Value.of(pair.clone()), Kind::Text),
            Typed::new(ValueFunction::Time.of(pair), Kind::Integer),
        ],
        call: Box::new(move |arguments, order| {
            let mut arguments = arguments.into_iter();
            let (Some(value), Some(time)) = (arguments.next(), arguments.next()) else {
                return plan_err!("an aggregate without its arguments");
            };
            let order = std::iter::once(time.sort(oldest, false)).chain(order).collect();
            expr_fn::first_value(value, Vec::new()).order_by(order).null_treatment(NullTreatment::IgnoreNulls).build()
        }),
        after: None,
    }])
}

/// One percentile, from 0 to 100. Of all numbers: DataFusion's own rounds what lies between two of them.
fn percentile(name: impl Into<String>, numbers: Typed, percent: &str) -> Aggregated {
    let all = Aggregated::of_one(name, Kind::Number, numbers, |numbers, _| Ok(expr_fn::array_agg(numbers)));
    Aggregated { after: Some(ValueFunction::Percentile(percent.to_owned())), ..all }
}

fn percentiles(draft: &mut Draft<'_>, call: &AggregateCall) -> Result<Vec<Aggregated>, Diagnostic> {
    let value = argument(draft, call)?.to(Kind::Number);
    let median = [Expression::Number("50".to_owned(), call.place)];
    let percents = match call.arguments.get(1..) {
        Some(percents) if !percents.is_empty() => percents,
        // Source: https://www.sumologic.com/help/docs/search/search-query-language/group-aggregate-operators/median/
        _ => median.as_slice(),
    };
    if let (Some(name), true) = (&call.name, percents.len() > 1) {
        let message = format!("`{}` names one percentile, here are {}: it is left aside", name.text, percents.len());
        let help = "each is called `_field_pct_percentile`; for names of one's own write a call for each";
        draft.diagnostics.push(Diagnostic::warning("sumo/percentile-name", message, name.span()).with_help(help));
    }
    let mut all = Vec::new();
    for percent in percents {
        let number = match percent {
            Expression::Number(text, _) if number_value(text).is_some_and(|n| (0.0..=100.0).contains(&n)) => Some(text),
            _ => None,
        };
        let Some(text) = number else {
            let message = "a percentile is a number from 0 to 100";
            return Err(Diagnostic::error("sumo/arguments", message, percent.span()));
        };
        let own = match call.arguments.first() {
            Some(Expression::Field(name)) => format!("_{}_pct_{text}", name.text),
            _ => format!("_pct_{text}"),
        };
        let name = if percents.len() == 1 { call.label(&own) } else { own };
        all.push(percentile(name, value.clone(), text));
    }
    Ok(all)
}
