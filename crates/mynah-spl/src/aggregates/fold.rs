//! Aggregates written as a fold over one row's values after the other.

use crate::expression::Type;
use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{Accumulator, AggregateUDF, AggregateUDFImpl, Signature, Volatility};
use datafusion::prelude::Expr;
use mynah_kernels::{Cell, cell};
use std::collections::VecDeque;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// What a fold has seen so far.
///
/// Its value may be asked for at any time, and more rows may come behind: windows do that.
pub(super) trait Fold: fmt::Debug + Send + Sync + 'static {
    /// Takes one row's arguments in.
    fn add(&mut self, row: &[Cell<'_>]);
    /// What another fold of the same kind needs to take this one in: one value for each of the state's types.
    fn state(&self) -> Vec<ScalarValue>;
    /// Takes another fold in, by its state.
    fn merge(&mut self, state: &[Cell<'_>]);
    /// The result.
    fn value(&self) -> ScalarValue;
    /// The bytes it holds.
    fn size(&self) -> usize;
}

/// A call of a fold.
///
/// `name` tells apart any two folds that give different results. `state` are the types of [`Fold::state`].
pub(super) fn fold<F: Fold>(
    name: impl Into<String>,
    output: Type,
    state: Vec<DataType>,
    arguments: Vec<Expr>,
    new: impl Fn() -> F + Send + Sync + 'static,
) -> Expr {
    let function = FoldFunction {
        name: name.into(),
        output,
        state,
        signature: Signature::variadic_any(Volatility::Immutable),
        new: Arc::new(move || Box::new(new())),
    };
    AggregateUDF::new_from_impl(function).call(arguments)
}

/// A list of texts as a state or result; none at all is null.
pub(super) fn texts(values: impl IntoIterator<Item = String>) -> ScalarValue {
    let values: Vec<ScalarValue> = values.into_iter().map(|value| ScalarValue::Utf8(Some(value))).collect();
    if values.is_empty() {
        return ScalarValue::try_new_null(&Type::Multi.data_type()).unwrap_or(ScalarValue::Null);
    }
    ScalarValue::List(ScalarValue::new_list_nullable(&values, &DataType::Utf8))
}

#[derive(Debug)]
struct Folding(Box<dyn Fold>);

impl Accumulator for Folding {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let rows = values.first().map_or(0, |column| column.len());
        let mut row = Vec::with_capacity(values.len());
        for index in 0..rows {
            row.clear();
            for column in values {
                row.push(cell(column.as_ref(), index)?);
            }
            self.0.add(&row);
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(self.0.value())
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.0.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(self.0.state())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let rows = states.first().map_or(0, |column| column.len());
        let mut row = Vec::with_capacity(states.len());
        for index in 0..rows {
            row.clear();
            for column in states {
                row.push(cell(column.as_ref(), index)?);
            }
            self.0.merge(&row);
        }
        Ok(())
    }
}

/// A fold over a window that moves on: it keeps the window's rows and folds them anew, since what a fold
/// has taken in cannot be taken out again.
struct SlidingFold {
    new: NewFold,
    rows: VecDeque<Vec<Cell<'static>>>,
}

impl Accumulator for SlidingFold {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let rows = values.first().map_or(0, |column| column.len());
        for index in 0..rows {
            let row = values.iter().map(|column| Ok(owned(cell(column.as_ref(), index)?)));
            self.rows.push_back(row.collect::<Result<_>>()?);
        }
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let rows = values.first().map_or(0, |column| column.len());
        self.rows.drain(..rows.min(self.rows.len()));
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let mut fold = (self.new)();
        self.rows.iter().for_each(|row| fold.add(row));
        Ok(fold.value())
    }

    fn size(&self) -> usize {
        let cells: usize =
            self.rows.iter().flatten().map(|cell| size_of_val(cell) + cell.as_text().map_or(0, str::len)).sum();
        size_of::<Self>() + cells
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        exec_err!("a window's aggregate is not merged with others")
    }

    fn merge_batch(&mut self, _: &[ArrayRef]) -> Result<()> {
        exec_err!("a window's aggregate is not merged with others")
    }
}

impl fmt::Debug for SlidingFold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SlidingFold({} rows)", self.rows.len())
    }
}

fn owned(cell: Cell<'_>) -> Cell<'static> {
    match cell {
        Cell::Null => Cell::Null,
        Cell::Boolean(truth) => Cell::Boolean(truth),
        Cell::Integer(number) => Cell::Integer(number),
        Cell::Float(number) => Cell::Float(number),
        Cell::Text(text) => Cell::text(text),
        Cell::List(cells) => Cell::List(cells.into_iter().map(owned).collect()),
    }
}

type NewFold = Arc<dyn Fn() -> Box<dyn Fold> + Send + Sync>;

struct FoldFunction {
    name: String,
    output: Type,
    state: Vec<DataType>,
    signature: Signature,
    new: NewFold,
}

impl AggregateUDFImpl for FoldFunction {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.output.data_type())
    }

    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Folding((self.new)())))
    }

    fn create_sliding_accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(SlidingFold { new: Arc::clone(&self.new), rows: VecDeque::new() }))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let field = |(index, data_type): (usize, &DataType)| {
            Arc::new(Field::new(format!("{}[{index}]", args.name), data_type.clone(), true))
        };
        Ok(self.state.iter().enumerate().map(field).collect())
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }
}

impl fmt::Debug for FoldFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(..) -> {:?}", self.name, self.output)
    }
}

impl PartialEq for FoldFunction {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.output == other.output
    }
}

impl Eq for FoldFunction {}

impl Hash for FoldFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.output.hash(state);
    }
}
