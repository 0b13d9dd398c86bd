//! Expressions applied to each value of a field: the core of `mvmap` and `mvfilter`.

use super::prelude::*;
use crate::expression::{Expression, lower};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, ListArray, UInt32Array, new_empty_array};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use datafusion::arrow::compute::{filter as keep, take};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::arrow::record_batch::{RecordBatch, RecordBatchOptions};
use datafusion::common::{DFSchema, Result, exec_err};
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use datafusion::physical_expr::create_physical_expr;
use datafusion::prelude::Expr;
use mynah_dialect::column;
use std::sync::Arc;

/// What `body` gives for each value of `field`.
pub(super) fn map(call: &Call<'_>, field: &str, body: &Expression) -> Lowered {
    build(call, field, body, false)
}

/// The values of `field` for which `condition` is true.
pub(super) fn filter(call: &Call<'_>, field: &str, condition: &Expression) -> Lowered {
    build(call, field, condition, true)
}

fn build(call: &Call<'_>, field: &str, body: &Expression, is_filter: bool) -> Lowered {
    if call.scope.get(field).is_none_or(|ty| ty == Type::Null) {
        return Ok(Typed::null());
    }
    let values = if is_filter {
        Typed::new(column(field), call.scope.get(field).unwrap_or(Type::Null))
    } else {
        call.argument(0)?
    };
    // Inside, the field is one of its values.
    let inner = call.scope.clone().with(field, Type::Text);
    let lowered = lower(body, &inner, call.context)?;
    let body_expr = if is_filter { lowered.into_condition(body.span)? } else { lowered.into_text() };
    let others: Vec<(String, Type)> = body
        .names()
        .into_iter()
        .filter(|name| name != field)
        .filter_map(|name| call.scope.get(&name).map(|ty| (name, ty)))
        .collect();
    let mut arguments = vec![values.into_multi()];
    arguments.extend(others.iter().map(|(name, _)| column(name)));
    let function = Elementwise {
        name: format!("spl_{}({field}: {body})", call.name.node.to_ascii_lowercase()),
        field: field.to_owned(),
        body: body_expr,
        others: others.iter().map(|(name, ty)| (name.clone(), ty.data_type())).collect(),
        is_filter,
        signature: Signature::variadic_any(Volatility::Immutable),
    };
    Ok(Typed::new(ScalarUDF::new_from_impl(function).call(arguments), Type::Multi))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Elementwise {
    name: String,
    field: String,
    body: Expr,
    others: Vec<(String, DataType)>,
    is_filter: bool,
    signature: Signature,
}

impl ScalarUDFImpl for Elementwise {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(Type::Multi.data_type())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = args.args.iter().map(|arg| arg.to_array(args.number_rows)).collect::<Result<Vec<ArrayRef>>>()?;
        let Some((lists, others)) = columns.split_first() else { return exec_err!("{} has no argument", self.name) };
        let Some(lists) = lists.as_list_opt::<i32>() else { return exec_err!("{} wants a list", self.name) };

        // One row for each value; `rows` says which row of the input it belongs to.
        let mut rows: Vec<u32> = Vec::new();
        let mut places: Vec<u32> = Vec::new();
        for row in 0..lists.len() {
            if lists.is_null(row) {
                continue;
            }
            let offsets = lists.value_offsets();
            let (start, end) = (offsets.get(row).copied().unwrap_or(0), offsets.get(row + 1).copied().unwrap_or(0));
            for place in start..end {
                rows.push(row as u32);
                places.push(place as u32);
            }
        }
        let values = take(lists.values().as_ref(), &UInt32Array::from(places), None)?;
        let indices = UInt32Array::from(rows.clone());
        let mut fields = vec![Field::new(&self.field, DataType::Utf8, true)];
        let mut arrays = vec![Arc::clone(&values)];
        for ((name, data_type), array) in self.others.iter().zip(others) {
            fields.push(Field::new(name, data_type.clone(), true));
            arrays.push(take(array.as_ref(), &indices, None)?);
        }
        let schema = Arc::new(Schema::new(fields));
        let results = if rows.is_empty() {
            new_empty_array(&if self.is_filter { DataType::Boolean } else { DataType::Utf8 })
        } else {
            let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
            let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), arrays, &options)?;
            let body = create_physical_expr(
                &self.body,
                &DFSchema::try_from(schema.as_ref().clone())?,
                &ExecutionProps::new(),
                &PhysicalPlanningContext::default(),
            )?;
            body.evaluate(&batch)?.into_array(rows.len())?
        };

        // Back to lists: what the condition or the result keeps, and how many values of each row that are.
        let kept = match self.is_filter {
            // An unknown truth value keeps nothing.
            true => results.as_boolean().iter().map(|kept| Some(kept == Some(true))).collect::<BooleanArray>(),
            false => datafusion::arrow::compute::is_not_null(results.as_ref())?,
        };
        let source = if self.is_filter { &values } else { &results };
        let elements = keep(source.as_ref(), &kept)?;
        let mut counts = vec![0usize; lists.len()];
        for (place, row) in rows.iter().enumerate() {
            if kept.value(place)
                && let Some(count) = counts.get_mut(*row as usize)
            {
                *count += 1;
            }
        }
        let mut offsets = Vec::with_capacity(counts.len() + 1);
        let mut end = 0i32;
        offsets.push(end);
        for count in &counts {
            end += *count as i32;
            offsets.push(end);
        }
        let nulls = NullBuffer::from_iter(counts.iter().map(|count| *count > 0));
        let field = Arc::new(Field::new_list_field(DataType::Utf8, true));
        let list = ListArray::try_new(field, OffsetBuffer::new(ScalarBuffer::from(offsets)), elements, Some(nulls))?;
        Ok(ColumnarValue::Array(Arc::new(list)))
    }
}
