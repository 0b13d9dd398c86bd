use super::cell::{Builder, Cell, cell};
use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

type RowFunctionBody = dyn for<'a> Fn(&[Cell<'a>]) -> Cell<'a> + Send + Sync;

struct RowFunction {
    name: String,
    returns: DataType,
    body: Arc<RowFunctionBody>,
    signature: Signature,
}

/// A function of one row, from a closure over its arguments' values.
///
/// `name` must tell apart any two functions that give different results, so whatever the closure has
/// captured (a format, a regular expression, a clock) belongs in it: DataFusion takes calls with one name
/// and the same arguments for the same value. `returns` is Utf8, Int64, UInt64, Float64, Boolean or a list of one of these; a cell of
/// another kind than that is an error when the query runs.
///
/// Arguments of any number and type are taken as they come: the dialect coerces them first.
///
/// ```
/// use datafusion::arrow::datatypes::DataType;
/// use datafusion::prelude::col;
/// use mynah_kernels::{Cell, row_function};
///
/// let reverse = row_function("reverse", DataType::Utf8, |row| match row {
///     [Cell::Text(text)] => Cell::text(text.chars().rev().collect::<String>()),
///     _ => Cell::Null,
/// });
/// assert_eq!(reverse.call(vec![col("name")]).to_string(), "reverse(name)");
/// ```
pub fn row_function(
    name: impl Into<String>,
    returns: DataType,
    body: impl for<'a> Fn(&[Cell<'a>]) -> Cell<'a> + Send + Sync + 'static,
) -> ScalarUDF {
    new(name.into(), returns, Arc::new(body), Volatility::Immutable)
}

/// The same, for a function that gives another value each time (`random`).
pub fn row_function_volatile(
    name: impl Into<String>,
    returns: DataType,
    body: impl for<'a> Fn(&[Cell<'a>]) -> Cell<'a> + Send + Sync + 'static,
) -> ScalarUDF {
    new(name.into(), returns, Arc::new(body), Volatility::Volatile)
}

fn new(name: String, returns: DataType, body: Arc<RowFunctionBody>, volatility: Volatility) -> ScalarUDF {
    ScalarUDF::new_from_impl(RowFunction { name, returns, body, signature: Signature::variadic_any(volatility) })
}

impl ScalarUDFImpl for RowFunction {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.returns.clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        // All arguments constant: so is the result.
        let constant = args.args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_))) && !args.args.is_empty();
        let rows = if constant { 1 } else { args.number_rows };
        let columns = args.args.iter().map(|arg| arg.to_array(rows)).collect::<Result<Vec<ArrayRef>>>()?;
        let mut row: Vec<Cell<'_>> = Vec::with_capacity(columns.len());
        let mut out = Builder::new(&self.returns, rows)?;
        for index in 0..rows {
            row.clear();
            for column in &columns {
                row.push(cell(column.as_ref(), index)?);
            }
            out.push((self.body)(&row), &self.name)?;
        }
        let array = out.finish();
        if constant {
            Ok(ColumnarValue::Scalar(datafusion::common::ScalarValue::try_from_array(&array, 0)?))
        } else {
            Ok(ColumnarValue::Array(array))
        }
    }
}

impl fmt::Debug for RowFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(..) -> {}", self.name, self.returns)
    }
}

impl PartialEq for RowFunction {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.returns == other.returns
    }
}

impl Eq for RowFunction {}

impl Hash for RowFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.returns.hash(state);
    }
}
