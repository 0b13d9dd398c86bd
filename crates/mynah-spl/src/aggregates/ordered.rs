//! Aggregates that depend on the order of the rows: the first value of all, or the first so many.

use crate::expression::Type;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, BinaryArray};
use datafusion::arrow::compute::SortOptions;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::arrow::row::{RowConverter, SortField};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{Accumulator, AggregateUDF, AggregateUDFImpl, Signature, SortExpr, Volatility};
use datafusion::prelude::Expr;
use std::collections::VecDeque;
use std::sync::Arc;

/// The first value of a column, nulls left aside, of rows in this order.
pub(super) fn first(value: Expr, ty: Type, order: &[SortExpr]) -> Expr {
    call("spl_first", value, ty, order, 1)
}

/// The first so many values of a column (single or several), nulls left aside, of rows in this order.
pub(super) fn list(values: Expr, order: &[SortExpr], most: usize) -> Expr {
    call("spl_list", values, Type::Multi, order, most)
}

/// The same order backwards.
pub(super) fn reversed(order: &[SortExpr]) -> Vec<SortExpr> {
    order.iter().map(SortExpr::reverse).collect()
}

fn call(name: &'static str, value: Expr, ty: Type, order: &[SortExpr], most: usize) -> Expr {
    let function = Ordered {
        name,
        ty,
        most,
        options: order.iter().map(|key| SortOptions { descending: !key.asc, nulls_first: key.nulls_first }).collect(),
        signature: Signature::variadic_any(Volatility::Immutable),
    };
    let mut arguments = vec![value];
    arguments.extend(order.iter().map(|key| key.expr.clone()));
    AggregateUDF::new_from_impl(function).call(arguments)
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Ordered {
    name: &'static str,
    ty: Type,
    most: usize,
    options: Vec<SortOptions>,
    signature: Signature,
}

impl Ordered {
    /// An accumulator over arguments of these types.
    fn over(&self, arguments: &[FieldRef]) -> Result<OrderedAccumulator> {
        let fields = arguments
            .iter()
            .skip(1)
            .zip(&self.options)
            .map(|(field, options)| SortField::new_with_options(field.data_type().clone(), *options))
            .collect();
        Ok(OrderedAccumulator { keys: RowConverter::new(fields)?, ty: self.ty, most: self.most, entries: Vec::new() })
    }
}

impl AggregateUDFImpl for Ordered {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.ty.data_type())
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(self.over(args.expr_fields)?))
    }

    fn create_sliding_accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let new = Ordered { signature: self.signature.clone(), options: self.options.clone(), ..*self };
        let fields: Vec<FieldRef> = args.expr_fields.to_vec();
        Ok(Box::new(SlidingOrdered { function: new, fields, columns: VecDeque::new() }))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let list = |item: DataType| DataType::List(Arc::new(Field::new_list_field(item, true)));
        Ok(vec![
            Arc::new(Field::new(format!("{}[values]", args.name), list(self.ty.data_type()), true)),
            Arc::new(Field::new(format!("{}[keys]", args.name), list(DataType::Binary), true)),
        ])
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        // The keys are arguments: the rows may come in any order.
        AggregateOrderSensitivity::Insensitive
    }
}

/// The rows seen so far that can be among the first, with bytes that sort as the rows do.
#[derive(Debug)]
struct OrderedAccumulator {
    keys: RowConverter,
    ty: Type,
    most: usize,
    entries: Vec<(Box<[u8]>, ScalarValue)>,
}

impl OrderedAccumulator {
    fn offer(&mut self, key: &[u8], value: impl FnOnce() -> Result<ScalarValue>) -> Result<()> {
        if self.most == 1 {
            // The most common case by far keeps one row and nothing else.
            match self.entries.first_mut() {
                Some(best) if key < best.0.as_ref() => *best = (key.into(), value()?),
                Some(_) => {}
                None => self.entries.push((key.into(), value()?)),
            }
            return Ok(());
        }
        self.entries.push((key.into(), value()?));
        if self.entries.len() >= self.most.saturating_mul(4) {
            self.cut();
        }
        Ok(())
    }

    fn cut(&mut self) {
        // Stable, so that rows with equal keys stay as they came.
        self.entries.sort_by(|left, right| left.0.cmp(&right.0));
        self.entries.truncate(self.most);
    }

    fn null(&self) -> Result<ScalarValue> {
        ScalarValue::try_new_null(&self.ty.data_type())
    }
}

impl Accumulator for OrderedAccumulator {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let Some((column, keys)) = values.split_first() else {
            return exec_err!("an ordered aggregate has no argument");
        };
        // Without keys there are no rows to convert, and every row is as good as the others.
        let rows = if keys.is_empty() { None } else { Some(self.keys.convert_columns(keys)?) };
        for index in 0..column.len() {
            if column.is_null(index) || column.data_type() == &DataType::Null {
                continue;
            }
            match &rows {
                Some(rows) => self.offer(rows.row(index).as_ref(), || ScalarValue::try_from_array(column, index))?,
                None => self.offer(&[], || ScalarValue::try_from_array(column, index))?,
            }
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.cut();
        if self.ty != Type::Multi || self.most == 1 {
            return match self.entries.first() {
                Some((_, value)) => Ok(value.clone()),
                None => self.null(),
            };
        }
        let mut texts = Vec::new();
        for (_, value) in &self.entries {
            if let ScalarValue::List(list) = value {
                texts.extend(list.values().as_string::<i32>().iter().flatten().map(str::to_owned));
            }
        }
        texts.truncate(self.most);
        Ok(super::fold::texts(texts))
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.entries.iter().map(|(key, value)| key.len() + value.size() + 32).sum::<usize>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.cut();
        let values: Vec<ScalarValue> = self.entries.iter().map(|(_, value)| value.clone()).collect();
        let keys: Vec<ScalarValue> =
            self.entries.iter().map(|(key, _)| ScalarValue::Binary(Some(key.to_vec()))).collect();
        Ok(vec![
            ScalarValue::List(ScalarValue::new_list_nullable(&values, &self.ty.data_type())),
            ScalarValue::List(ScalarValue::new_list_nullable(&keys, &DataType::Binary)),
        ])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let [values, keys] = states else { return exec_err!("an ordered aggregate has a state of two parts") };
        let (values, keys) = (values.as_list::<i32>(), keys.as_list::<i32>());
        for state in 0..values.len() {
            if values.is_null(state) || keys.is_null(state) {
                continue;
            }
            let (values, keys) = (values.value(state), keys.value(state));
            let Some(keys) = keys.as_any().downcast_ref::<BinaryArray>() else {
                return exec_err!("the keys are no bytes");
            };
            for index in 0..values.len() {
                self.offer(keys.value(index), || ScalarValue::try_from_array(&values, index))?;
            }
        }
        Ok(())
    }
}

/// The same over a window that moves on: it keeps the window's rows and takes them all in anew.
#[derive(Debug)]
struct SlidingOrdered {
    function: Ordered,
    fields: Vec<FieldRef>,
    columns: VecDeque<Vec<ArrayRef>>,
}

impl Accumulator for SlidingOrdered {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.columns.push_back(values.to_vec());
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let mut rows = values.first().map_or(0, |column| column.len());
        // The oldest rows leave: whole batches, then the head of one.
        while let Some(batch) = self.columns.front_mut().filter(|_| rows > 0) {
            let length = batch.first().map_or(0, |column| column.len());
            if length <= rows {
                self.columns.pop_front();
                rows -= length;
            } else {
                for column in batch.iter_mut() {
                    *column = column.slice(rows, length - rows);
                }
                rows = 0;
            }
        }
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let mut accumulator = self.function.over(&self.fields)?;
        for batch in &self.columns {
            accumulator.update_batch(batch)?;
        }
        accumulator.evaluate()
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.columns.iter().flatten().map(|column| column.get_array_memory_size()).sum::<usize>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        exec_err!("a window's aggregate is not merged with others")
    }

    fn merge_batch(&mut self, _: &[ArrayRef]) -> Result<()> {
        exec_err!("a window's aggregate is not merged with others")
    }
}
