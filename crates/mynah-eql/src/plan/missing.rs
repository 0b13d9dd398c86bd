use super::value::Value;
use datafusion::arrow::datatypes::DataType;
use datafusion::prelude::Expr as Plan;
use mynah_kernels::{Cell, row_function};

/// Whether an event has no such value. A field that can have several and has none is missing too.
pub(super) fn missing(value: Value) -> Plan {
    if !value.many {
        return value.plan.is_null();
    }
    let udf = row_function("eql_missing", DataType::Boolean, |row| {
        Cell::Boolean(match row {
            [Cell::List(values)] => values.is_empty(),
            [cell] => cell.is_null(),
            _ => true,
        })
    });
    udf.call(vec![value.plan])
}
