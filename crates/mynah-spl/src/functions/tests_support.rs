//! What the tests of functions and aggregates share: a fixed clock, and values as text.

use crate::expression::number_text;
use datafusion::arrow::array::AsArray;
use datafusion::common::ScalarValue;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::prelude::{Expr, lit};
use mynah_event::Timestamp;

/// The expression at noon of 2026-03-14.
pub(crate) fn at_noon(expr: Expr) -> Expr {
    let noon = Timestamp::parse("2026-03-14T12:00:00Z").unwrap();
    let bound = expr.transform(|part| match part {
        Expr::Placeholder(_) => Ok(Transformed::yes(lit(noon.milliseconds()))),
        part => Ok(Transformed::no(part)),
    });
    bound.unwrap().data
}

/// A value as the examples write it.
pub(crate) fn show(value: &ScalarValue) -> String {
    match value {
        value if value.is_null() => "null".to_owned(),
        ScalarValue::Utf8(Some(text)) => text.clone(),
        ScalarValue::Float64(Some(number)) => number_text(*number),
        ScalarValue::Boolean(Some(truth)) => truth.to_string(),
        ScalarValue::List(list) => {
            let texts: Vec<String> = list.value(0).as_string::<i32>().iter().flatten().map(str::to_owned).collect();
            serde_json::to_string(&texts).unwrap()
        }
        other => format!("{other:?}"),
    }
}
