//! `most_recent`, `least_recent`, over what `withtime` made.
use super::{Aggregator, Call};
use crate::plan::{Aggregated, Kind, Stage, Typed};
use datafusion::functions_aggregate::expr_fn::first_value;
use datafusion::logical_expr::ExprFunctionExt;
use datafusion::logical_expr::expr::NullTreatment;
use mynah_dialect::FunctionDoc;
use mynah_kernels::{Cell, json, row_function};
use mynah_syntax::Diagnostic;
use serde_json::Value;

const PAGE: &str = "https://www.sumologic.com/help/docs/search/search-query-language/group-aggregate-operators/most-recent-least-recent/";

pub(super) const MOST_RECENT: Aggregator = Aggregator { doc: &MOST_DOC, name: "most_recent", lower: most };
pub(super) const LEAST_RECENT: Aggregator = Aggregator { doc: &LEAST_DOC, name: "least_recent", lower: least };

const MOST_DOC: FunctionDoc = FunctionDoc {
    name: "most_recent",
    usage: "| withtime field | most_recent(field_withtime) [as name] [by field, …]",
    summary: "The newest value of a field, `_mostrecent` if it is given no name.",
    page: PAGE,
    examples: &[],
};

const LEAST_DOC: FunctionDoc = FunctionDoc {
    name: "least_recent",
    usage: "| withtime field | least_recent(field_withtime) [as name] [by field, …]",
    summary: "The oldest value of a field, `_leastrecent` if it is given no name.",
    page: PAGE,
    examples: &[],
};

fn most(stage: &mut Stage<'_>, call: &Call) -> Result<Vec<Aggregated>, Diagnostic> {
    recent(stage, call, "_mostrecent", false)
}

fn least(stage: &mut Stage<'_>, call: &Call) -> Result<Vec<Aggregated>, Diagnostic> {
    recent(stage, call, "_leastrecent", true)
}

fn recent(stage: &mut Stage<'_>, call: &Call, default: &str, oldest: bool) -> Result<Vec<Aggregated>, Diagnostic> {
    let pair = call.argument(stage)?.to(Kind::Text).expr;
    let value = row_function("withtime value", Kind::Text.data_type(), |row| match row {
        [Cell::Text(text)] => member(text, "value").and_then(|value| json::show(&value)).map(Cell::text).into(),
        _ => Cell::Null,
    });
    let time = row_function("withtime time", Kind::Integer.data_type(), |row| match row {
        [Cell::Text(text)] => member(text, "timestamp").and_then(|time| time.as_i64()).map(Cell::Integer).into(),
        _ => Cell::Null,
    });
    Ok(vec![Aggregated {
        name: call.label(default),
        kind: Kind::Text,
        arguments: vec![
            Typed::new(value.call(vec![pair.clone()]), Kind::Text),
            Typed::new(time.call(vec![pair]), Kind::Integer),
        ],
        call: Box::new(move |arguments, order| {
            let mut arguments = arguments.into_iter();
            let (Some(value), Some(time)) = (arguments.next(), arguments.next()) else {
                return datafusion::common::plan_err!("an aggregate without its arguments");
            };
            let order = std::iter::once(time.sort(oldest, false)).chain(order).collect();
            first_value(value, order).null_treatment(NullTreatment::IgnoreNulls).build()
        }),
        after: None,
    }])
}

fn member(text: &str, key: &str) -> Option<Value> {
    serde_json::from_str::<Value>(text).ok()?.get_mut(key).map(Value::take)
}
