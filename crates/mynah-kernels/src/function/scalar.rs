use super::cell::{Builder, Cell, cell};
use super::{FunctionId, Resources};
use crate::{Matcher, Regex};
use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result, ScalarValue};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use datafusion::prelude::Expr;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

type RowCode = dyn for<'a> Fn(&[Cell<'a>]) -> Result<Cell<'a>> + Send + Sync;
type ColumnCode = dyn Fn(ScalarFunctionArgs) -> Result<ColumnarValue> + Send + Sync;

/// What runs when a [`Function`] is called: made once for each plan that is executed.
pub enum Code {
    /// Over the values of one row.
    Row(Box<RowCode>),
    /// Over whole columns.
    Columns(Box<ColumnCode>),
}

impl Code {
    /// Over the values of one row.
    pub fn row(code: impl for<'a> Fn(&[Cell<'a>]) -> Cell<'a> + Send + Sync + 'static) -> Code {
        Code::Row(Box::new(move |row| Ok(code(row))))
    }

    /// Over the values of one row, where it can fail.
    pub fn try_row(code: impl for<'a> Fn(&[Cell<'a>]) -> Result<Cell<'a>> + Send + Sync + 'static) -> Code {
        Code::Row(Box::new(code))
    }

    /// Over whole columns.
    pub fn columns(code: impl Fn(ScalarFunctionArgs) -> Result<ColumnarValue> + Send + Sync + 'static) -> Code {
        Code::Columns(Box::new(code))
    }
}

/// A function of an event's values, as a plan holds it: the type is the function, its fields are the parameters.
///
/// Two calls are the same expression exactly if name, parameters and arguments are, whatever the code does: so every
/// thing that the result depends on is a parameter or an argument. Parameters are written as JSON: numbers must be finite,
/// and the order of sets and maps defined (`BTreeMap`).
///
/// Arguments of any number and type are taken as they come: the dialect coerces them first.
///
/// ```
/// use datafusion::arrow::datatypes::DataType;
/// use datafusion::common::Result;
/// use datafusion::prelude::col;
/// use mynah_kernels::{Cell, Code, Function, Resources, call};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Debug, Serialize, Deserialize)]
/// struct Repeat {
///     times: usize,
/// }
///
/// impl Function for Repeat {
///     const NAME: &'static str = "example.repeat";
///
///     fn returns(&self) -> DataType {
///         DataType::Utf8
///     }
///
///     fn code(&self, _: &Resources) -> Result<Code> {
///         let times = self.times;
///         Ok(Code::row(move |row| match row {
///             [Cell::Text(text)] => Cell::text(text.repeat(times)),
///             _ => Cell::Null,
///         }))
///     }
/// }
///
/// let (two, three) = (call(Repeat { times: 2 }, vec![col("a")]), call(Repeat { times: 3 }, vec![col("a")]));
/// assert_eq!(two.schema_name().to_string(), r#"example.repeat{"times":2}(a)"#);
/// assert!(two == call(Repeat { times: 2 }, vec![col("a")]) && two != three);
/// ```
pub trait Function: Serialize + DeserializeOwned + fmt::Debug + Send + Sync + 'static {
    /// Its language and its name, `spl.replace`; no other function has it.
    const NAME: &'static str;

    /// What it gives: Utf8, Int64, UInt64, Float64, Boolean or a list of one of these.
    fn returns(&self) -> DataType;

    /// Whether it gives the same value each time.
    fn volatility(&self) -> Volatility {
        Volatility::Immutable
    }

    /// Its code.
    ///
    /// # Errors
    /// Where a parameter makes no sense (it may come from another process), or a resource is missing.
    fn code(&self, resources: &Resources) -> Result<Code>;

    /// What one of a call's arguments must hold for the call to be true, as it stands or as JSON writes it; nothing where that
    /// cannot be told. A scan looks for it in a record before it takes anything out of it.
    fn needs(&self) -> Option<Needed<'_>> {
        None
    }

    /// How a call of it is shown to people; by its name and parameters where this gives nothing. Nothing else depends on it.
    fn display(&self, _arguments: &[Expr]) -> Option<String> {
        None
    }
}

/// What a text is tried against.
#[derive(Debug, Clone, Copy)]
pub enum Needed<'f> {
    /// One of some texts with wildcards.
    Text(&'f Matcher),
    /// A regular expression.
    Regex(&'f Regex),
}

/// A [`Function`] whose type is not known.
pub(super) trait AnyFunction: fmt::Debug + Send + Sync {
    fn id(&self) -> FunctionId;
    fn returns(&self) -> DataType;
    fn volatility(&self) -> Volatility;
    fn code(&self, resources: &Resources) -> Result<Code>;
    fn needs(&self) -> Option<Needed<'_>>;
    fn display(&self, arguments: &[Expr]) -> Option<String>;
    fn as_any(&self) -> &dyn Any;
}

impl<F: Function> AnyFunction for F {
    fn id(&self) -> FunctionId {
        FunctionId::new(F::NAME, self)
    }

    fn returns(&self) -> DataType {
        Function::returns(self)
    }

    fn volatility(&self) -> Volatility {
        Function::volatility(self)
    }

    fn code(&self, resources: &Resources) -> Result<Code> {
        Function::code(self, resources)
    }

    fn needs(&self) -> Option<Needed<'_>> {
        Function::needs(self)
    }

    fn display(&self, arguments: &[Expr]) -> Option<String> {
        Function::display(self, arguments)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A call of a function that needs no resources.
pub fn call(function: impl Function, arguments: Vec<Expr>) -> Expr {
    call_with(function, arguments, &Resources::default())
}

/// A call of a function that may need resources.
pub fn call_with(function: impl Function, arguments: Vec<Expr>, resources: &Resources) -> Expr {
    udf(Arc::new(function), resources.clone()).call(arguments)
}

/// The function of a plan, if it is of this type.
///
/// ```
/// use datafusion::prelude::{Expr, col};
/// use mynah_kernels::{Case, Matcher, TextMatch, WildcardSyntax, function_of, text_match};
///
/// let Expr::ScalarFunction(called) = text_match(Matcher::equal(["a"], Case::Exact), col("x")) else { unreachable!() };
/// assert!(function_of::<TextMatch>(&called.func).is_some());
/// ```
pub fn function_of<F: Function>(udf: &ScalarUDF) -> Option<&F> {
    value_of(udf)?.function.as_any().downcast_ref()
}

/// What one of a call's arguments must hold for it to be true, as [`Function::needs`] says.
///
/// ```
/// use datafusion::prelude::{Expr, col};
/// use mynah_kernels::{Case, Matcher, Needed, needed_by, text_match};
///
/// let Expr::ScalarFunction(called) = text_match(Matcher::equal(["a"], Case::Exact), col("x")) else { unreachable!() };
/// assert!(matches!(needed_by(&called.func), Some(Needed::Text(matcher)) if matcher.matches("a")));
/// ```
pub fn needed_by(udf: &ScalarUDF) -> Option<Needed<'_>> {
    value_of(udf)?.function.needs()
}

/// How a call is shown to people, if it is one of a [`Function`]: as [`Function::display`] says, or else by its name and its
/// parameters.
///
/// ```
/// use datafusion::prelude::{Expr, col};
/// use mynah_kernels::{Case, Matcher, shown, text_match};
/// let Expr::ScalarFunction(call) = text_match(Matcher::equal(["a"], Case::Exact), col("x")) else { unreachable!() };
/// assert_eq!(shown(&call.func, &call.args).as_deref(), Some(r#"x = ["a"]"#));
/// ```
pub fn shown(udf: &ScalarUDF, arguments: &[Expr]) -> Option<String> {
    let value = value_of(udf)?;
    Some(value.function.display(arguments).unwrap_or_else(|| {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        // A function without further parameters says which of its kind it is by a word.
        let word = value.id.parameters.strip_prefix('"').and_then(|word| word.strip_suffix('"'));
        format!("{}({})", word.map_or_else(|| value.id.to_string(), str::to_owned), arguments.join(", "))
    }))
}

/// The name and the parameters of a function; none of one of DataFusion's own.
pub(super) fn id_of(udf: &ScalarUDF) -> Option<&FunctionId> {
    Some(&value_of(udf)?.id)
}

fn value_of(udf: &ScalarUDF) -> Option<&FunctionValue> {
    let function: &dyn Any = udf.inner().as_ref();
    function.downcast_ref()
}

pub(super) fn udf(function: Arc<dyn AnyFunction>, resources: Resources) -> ScalarUDF {
    ScalarUDF::new_from_impl(FunctionValue {
        id: function.id(),
        signature: Signature::variadic_any(function.volatility()),
        function,
        resources,
        code: OnceLock::new(),
    })
}

/// A function in a plan.
struct FunctionValue {
    id: FunctionId,
    function: Arc<dyn AnyFunction>,
    resources: Resources,
    signature: Signature,
    /// Made when it is called first: most plans are made to be looked at, or to travel.
    code: OnceLock<std::result::Result<Code, String>>,
}

impl FunctionValue {
    fn code(&self) -> Result<&Code> {
        let made =
            self.code.get_or_init(|| self.function.code(&self.resources).map_err(|error| error.strip_backtrace()));
        made.as_ref().map_err(|error| DataFusionError::Execution(format!("{}: {error}", self.id.name)))
    }
}

impl ScalarUDFImpl for FunctionValue {
    fn name(&self) -> &str {
        self.id.name
    }

    fn display_name(&self, args: &[Expr]) -> Result<String> {
        match self.function.display(args) {
            Some(text) => Ok(text),
            None => self.schema_name(args),
        }
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let arguments: Vec<String> = args.iter().map(|arg| arg.schema_name().to_string()).collect();
        Ok(format!("{}({})", self.id, arguments.join(",")))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.function.returns())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        match self.code()? {
            Code::Columns(code) => code(args),
            Code::Row(code) => self.invoke_rows(code, &args),
        }
    }
}

impl FunctionValue {
    fn invoke_rows(&self, code: &RowCode, args: &ScalarFunctionArgs) -> Result<ColumnarValue> {
        // All arguments constant: so is the result.
        let constant = args.args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_))) && !args.args.is_empty();
        let rows = if constant { 1 } else { args.number_rows };
        let columns = args.args.iter().map(|arg| arg.to_array(rows)).collect::<Result<Vec<ArrayRef>>>()?;
        let mut row: Vec<Cell<'_>> = Vec::with_capacity(columns.len());
        let mut out = Builder::new(&self.function.returns(), rows)?;
        for index in 0..rows {
            row.clear();
            for column in &columns {
                row.push(cell(column.as_ref(), index)?);
            }
            out.push(code(&row)?, self.id.name)?;
        }
        let array = out.finish();
        if constant {
            Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&array, 0)?))
        } else {
            Ok(ColumnarValue::Array(array))
        }
    }
}

impl fmt::Debug for FunctionValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.id, f)
    }
}

impl PartialEq for FunctionValue {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for FunctionValue {}

impl Hash for FunctionValue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}
