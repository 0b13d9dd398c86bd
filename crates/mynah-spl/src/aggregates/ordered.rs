//! Aggregates that depend on the order of the rows: the first value of all, or the first so many.

use crate::expression::{Type, Typed};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, BinaryArray};
use datafusion::arrow::compute::SortOptions;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::arrow::row::{RowConverter, SortField};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{Accumulator, SortExpr};
use datafusion::prelude::Expr;
use mynah_kernels::{Aggregate, aggregate};
use mynah_syntax::Diagnostic;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::Arc;

/// The first value of a column, nulls left aside, of rows in this order.
pub(super) fn first(value: Typed, order: &[SortExpr]) -> std::result::Result<super::Aggregate, Diagnostic> {
    let ty = if value.ty == Type::Null { Type::Text } else { value.ty };
    Ok(super::Aggregate::plain(call(value.into_type(ty), ty, order, 1), ty))
}

/// The first so many values of a column (single or several), nulls left aside, of rows in this order.
pub(super) fn list(values: Expr, order: &[SortExpr], most: usize) -> Expr {
    call(values, Type::Multi, order, most)
}

/// The same order backwards.
pub(super) fn reversed(order: &[SortExpr]) -> Vec<SortExpr> {
    order.iter().map(SortExpr::reverse).collect()
}

fn call(value: Expr, ty: Type, order: &[SortExpr], most: usize) -> Expr {
    let keys = order.iter().map(|key| OrderKey { descending: !key.asc, nulls_first: key.nulls_first }).collect();
    let arguments = [value].into_iter().chain(order.iter().map(|key| key.expr.clone()));
    aggregate(Ordered { ty, most, keys }, arguments.collect())
}

/// The first values in an order, whose keys are arguments.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Ordered {
    ty: Type,
    most: usize,
    keys: Vec<OrderKey>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct OrderKey {
    descending: bool,
    nulls_first: bool,
}

impl Ordered {
    /// An accumulator over arguments of these types.
    fn over(&self, arguments: &[FieldRef]) -> Result<OrderedAccumulator> {
        let options = |key: &OrderKey| SortOptions { descending: key.descending, nulls_first: key.nulls_first };
        let fields = arguments.iter().skip(1).zip(&self.keys);
        let fields = fields.map(|(field, key)| SortField::new_with_options(field.data_type().clone(), options(key)));
        let keys = RowConverter::new(fields.collect())?;
        Ok(OrderedAccumulator { keys, ty: self.ty, most: self.most, entries: Vec::new() })
    }
}

impl Aggregate for Ordered {
    const NAME: &'static str = "spl.first";

    fn returns(&self) -> DataType {
        self.ty.data_type()
    }

    fn state(&self) -> Vec<DataType> {
        let list = |item| DataType::List(Arc::new(Field::new_list_field(item, true)));
        vec![list(self.ty.data_type()), list(DataType::Binary)]
    }

    fn accumulator(&self, arguments: &[FieldRef]) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(self.over(arguments)?))
    }

    fn sliding_accumulator(&self, arguments: &[FieldRef]) -> Result<Box<dyn Accumulator>> {
        let (function, fields) = (self.clone(), arguments.to_vec());
        Ok(Box::new(SlidingOrdered { function, fields, columns: VecDeque::new() }))
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
