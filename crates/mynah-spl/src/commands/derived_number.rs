use datafusion::arrow::datatypes::DataType;
use datafusion::prelude::Expr;
use mynah_kernels::{Cell, row_function};

/// A number, rounded to so many decimals.
pub(super) fn rounded(number: Expr, decimals: i32) -> Expr {
    row_function(format!("spl_rounded {decimals}"), DataType::Float64, move |row| match row {
        [Cell::Float(number)] => Cell::Float((number * 10f64.powi(decimals)).round() / 10f64.powi(decimals)),
        _ => Cell::Null,
    })
    .call(vec![number])
}
