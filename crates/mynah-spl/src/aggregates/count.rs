use super::prelude::*;
use crate::expression::{case, null_of};
use datafusion::arrow::datatypes::DataType;
use datafusion::functions_aggregate;
use datafusion::prelude::lit;
use mynah_kernels::{Cell, row_function};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "count",
        usage: "count | count(field) | count(eval(condition))",
        summary: "The number of rows; of those in which the field has a value, each of several counted; or of those for which the condition is true.",
        page: super::page::AGGREGATE,
        examples: &[
            Example { query: "count", result: "4" },
            Example { query: "count(x)", result: "3" },
            Example { query: "count(eval(n>2))", result: "2" },
        ],
    },
    aliases: &["c"],
    argument_optional: true,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    match call.value.clone() {
        None => Ok(Aggregate::counting(functions_aggregate::count::count(lit(1i64)))),
        Some(Typed { expr, ty: Type::Boolean }) => {
            // True counts, false and null do not.
            let counted = case(vec![(expr, lit(1.0))], None, Type::Number);
            Ok(Aggregate::counting(functions_aggregate::count::count(counted)))
        }
        Some(Typed { ty: Type::Null, .. }) => {
            Ok(Aggregate::counting(functions_aggregate::count::count(null_of(Type::Number))))
        }
        Some(Typed { expr, ty: Type::Multi }) => {
            let counts = row_function("spl_count_values", DataType::Float64, |row| match row.first() {
                Some(Cell::List(cells)) => Cell::Float(cells.len() as f64),
                _ => Cell::Null,
            });
            Ok(Aggregate {
                call: functions_aggregate::sum::sum(counts.call(vec![expr])),
                ty: Type::Number,
                // No value at all is a count of 0, not no count.
                finish: |sum| case(vec![(sum.clone().is_null(), lit(0.0))], Some(sum), Type::Number),
                over_window: None,
            })
        }
        Some(value) => Ok(Aggregate::counting(functions_aggregate::count::count(value.expr))),
    }
}
