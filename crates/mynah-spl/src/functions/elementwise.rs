//! Expressions applied to each value of a field: `mvmap` and `mvfilter`.
use super::call::{Call, Lowered};
use crate::expression::{Expression, Scope, Type, Typed, lower, parse};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, ListArray, UInt32Array};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::compute::{filter as keep, is_not_null, take};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::record_batch::{RecordBatch, RecordBatchOptions};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{DFSchema, Result, plan_err};
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs};
use datafusion::physical_expr::{PhysicalExpr, create_physical_expr};
use datafusion::prelude::Expr;
use mynah_dialect::{clock, column};
use mynah_kernels::{Code, Function, Resources};
use mynah_syntax::Diagnostic;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// `mvmap(field, expression)`: what the expression gives for each value of the field.
pub(super) fn map(call: &Call<'_>) -> Lowered {
    let (Some(values), Some(body)) = (call.arguments.first(), call.arguments.get(1)) else { return Ok(Typed::null()) };
    // `mvmap(mvindex(x, 0, 1), x . "!")`: inside the expression the field is one of the values.
    let names: Vec<String> = values.names().into_iter().collect();
    let [field] = names.as_slice() else {
        return Err(call.error(0, "the first argument of `mvmap` names one field, which the expression can then name"));
    };
    build(call, field, body, false)
}

/// `mvfilter(condition)`: the values of the one field that the condition names for which it is true.
pub(super) fn filter(call: &Call<'_>) -> Lowered {
    let Some(condition) = call.arguments.first() else { return Ok(Typed::null()) };
    let names: Vec<String> = condition.names().into_iter().collect();
    let [field] = names.as_slice() else {
        let message = format!("the condition of `mvfilter` may name one field, and this names {}", names.len());
        return Err(call.error(0, message));
    };
    build(call, field, condition, true)
}

fn build(call: &Call<'_>, field: &str, body: &Expression, filters: bool) -> Lowered {
    let Some(ty) = call.scope.get(field).filter(|ty| *ty != Type::Null) else { return Ok(Typed::null()) };
    let values = if filters { Typed::new(column(field), ty) } else { call.argument(0)? };
    let others: Vec<(String, Type)> = body
        .names()
        .into_iter()
        .filter(|name| name != field)
        .filter_map(|name| call.scope.get(&name).map(|ty| (name, ty)))
        .collect();
    let function = Elementwise { field: field.to_owned(), body: body.to_string(), others, filters };
    // The clock is an argument, too: a placeholder in the body is bound by nobody.
    let (_, clocked) = function.lower(body)?;
    let mut arguments = vec![values.into_multi()];
    arguments.extend(function.others.iter().map(|(name, _)| column(name)));
    arguments.extend(clocked.then(clock::now));
    Ok(Typed::new(mynah_kernels::call(function, arguments), Type::Multi))
}

/// An expression over each value of a field: its text, and the columns that it names.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Elementwise {
    field: String,
    body: String,
    others: Vec<(String, Type)>,
    filters: bool,
}

/// The column of the clock within a body.
const NOW: &str = "now()";

impl Elementwise {
    /// The body over a value and the other columns, with the clock as one of them; and whether it asks for the clock.
    fn lower(&self, body: &Expression) -> std::result::Result<(Expr, bool), Diagnostic> {
        // Inside, the field is one of its values.
        let scope: Scope = self.others.iter().cloned().chain([(self.field.clone(), Type::Text)]).collect();
        let lowered = lower(body, &scope)?;
        let lowered = if self.filters { lowered.into_condition(body.span)? } else { lowered.into_text() };
        let clocked = lowered.transform(|part| match part {
            Expr::Placeholder(_) => Ok(Transformed::yes(column(NOW))),
            part => Ok(Transformed::no(part)),
        });
        let failed = |error: datafusion::common::DataFusionError| {
            Diagnostic::error("spl/plan", error.strip_backtrace(), body.span)
        };
        clocked.map(|clocked| (clocked.data, clocked.transformed)).map_err(failed)
    }

    fn schema(&self, clocked: bool) -> Schema {
        let others = self.others.iter().map(|(name, ty)| Field::new(name, ty.data_type(), true));
        let clock = clocked.then(|| Field::new(NOW, DataType::Int64, false));
        Schema::new(
            [Field::new(&self.field, DataType::Utf8, true)].into_iter().chain(others).chain(clock).collect::<Vec<_>>(),
        )
    }
}

impl Function for Elementwise {
    const NAME: &'static str = "spl.each";

    fn returns(&self) -> DataType {
        Type::Multi.data_type()
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        let Some(body) = parse(&self.body, 0).0 else { return plan_err!("`{}` is no expression of SPL", self.body) };
        let (body, clocked) = match self.lower(&body) {
            Ok(lowered) => lowered,
            Err(diagnostic) => return plan_err!("{}", diagnostic.message),
        };
        let schema = Arc::new(self.schema(clocked));
        let columns = DFSchema::try_from(schema.as_ref().clone())?;
        let body = create_physical_expr(&body, &columns, &ExecutionProps::new(), &PhysicalPlanningContext::default())?;
        let filters = self.filters;
        Ok(Code::columns(move |args| evaluate(&body, &schema, filters, args)))
    }
}

fn evaluate(
    body: &Arc<dyn PhysicalExpr>,
    schema: &SchemaRef,
    filters: bool,
    args: ScalarFunctionArgs,
) -> Result<ColumnarValue> {
    let columns = args.args.iter().map(|arg| arg.to_array(args.number_rows)).collect::<Result<Vec<ArrayRef>>>()?;
    let Some((lists, others)) = columns.split_first() else { return plan_err!("there are no values") };
    let Some(lists) = lists.as_list_opt::<i32>() else { return plan_err!("the values are no list") };
    // One row for each value; `rows` says which row of the input it belongs to.
    let (mut rows, mut places): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
    for row in (0..lists.len()).filter(|row| lists.is_valid(*row)) {
        let offsets = lists.value_offsets();
        let (start, end) = (offsets.get(row).copied().unwrap_or(0), offsets.get(row + 1).copied().unwrap_or(0));
        rows.extend((start..end).map(|_| row as u32));
        places.extend((start..end).map(|place| place as u32));
    }
    let values = take(lists.values().as_ref(), &UInt32Array::from(places), None)?;
    let indices = UInt32Array::from(rows.clone());
    let others = others.iter().map(|array| take(array.as_ref(), &indices, None));
    let arrays = [Ok(Arc::clone(&values))].into_iter().chain(others).collect::<std::result::Result<Vec<_>, _>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    let batch = RecordBatch::try_new_with_options(Arc::clone(schema), arrays, &options)?;
    let results = body.evaluate(&batch)?.into_array(rows.len())?;
    // Back to lists: what the condition or the result keeps, and how many values of each row that are.
    let kept = match filters {
        // An unknown truth value keeps nothing.
        true => results.as_boolean().iter().map(|kept| Some(kept == Some(true))).collect::<BooleanArray>(),
        false => is_not_null(results.as_ref())?,
    };
    let elements = keep(if filters { values.as_ref() } else { results.as_ref() }, &kept)?;
    let mut counts = vec![0usize; lists.len()];
    for (row, kept) in rows.iter().zip(kept.values().iter()) {
        if let Some(count) = counts.get_mut(*row as usize) {
            *count += usize::from(kept);
        }
    }
    let nulls = NullBuffer::from_iter(counts.iter().map(|count| *count > 0));
    let field = Arc::new(Field::new_list_field(DataType::Utf8, true));
    let list = ListArray::try_new(field, OffsetBuffer::<i32>::from_lengths(counts), elements, Some(nulls))?;
    Ok(ColumnarValue::Array(Arc::new(list)))
}
