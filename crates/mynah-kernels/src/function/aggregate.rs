use super::FunctionId;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::Result;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{Accumulator, AggregateUDF, AggregateUDFImpl, Signature, Volatility};
use datafusion::prelude::Expr;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// An aggregate as a plan holds it: the type is the aggregate, its fields are the parameters. What [`super::Function`] says
/// of names and parameters holds here, too.
///
/// Where the result depends on an order, the keys of that order are arguments, so that rows may come in any.
pub trait Aggregate: Serialize + DeserializeOwned + fmt::Debug + Send + Sync + 'static {
    /// Its language and its name, `spl.list`.
    const NAME: &'static str;

    /// What it gives.
    fn returns(&self) -> DataType;

    /// The types of an accumulator's state.
    fn state(&self) -> Vec<DataType>;

    /// An accumulator over arguments of these types.
    ///
    /// # Errors
    /// Where a parameter makes no sense, or an argument's type.
    fn accumulator(&self, arguments: &[FieldRef]) -> Result<Box<dyn Accumulator>>;

    /// An accumulator over a window that moves on, and takes rows out again.
    ///
    /// # Errors
    /// As [`Aggregate::accumulator`].
    fn sliding_accumulator(&self, arguments: &[FieldRef]) -> Result<Box<dyn Accumulator>> {
        self.accumulator(arguments)
    }
}

/// An [`Aggregate`] whose type is not known.
pub(super) trait AnyAggregate: fmt::Debug + Send + Sync {
    fn id(&self) -> FunctionId;
    fn returns(&self) -> DataType;
    fn state(&self) -> Vec<DataType>;
    fn accumulator(&self, arguments: &[FieldRef]) -> Result<Box<dyn Accumulator>>;
    fn sliding_accumulator(&self, arguments: &[FieldRef]) -> Result<Box<dyn Accumulator>>;
}

impl<A: Aggregate> AnyAggregate for A {
    fn id(&self) -> FunctionId {
        FunctionId::new(A::NAME, self)
    }

    fn returns(&self) -> DataType {
        Aggregate::returns(self)
    }

    fn state(&self) -> Vec<DataType> {
        Aggregate::state(self)
    }

    fn accumulator(&self, arguments: &[FieldRef]) -> Result<Box<dyn Accumulator>> {
        Aggregate::accumulator(self, arguments)
    }

    fn sliding_accumulator(&self, arguments: &[FieldRef]) -> Result<Box<dyn Accumulator>> {
        Aggregate::sliding_accumulator(self, arguments)
    }
}

/// A call of an aggregate.
pub fn aggregate(function: impl Aggregate, arguments: Vec<Expr>) -> Expr {
    udaf(Arc::new(function)).call(arguments)
}

pub(super) fn udaf(function: Arc<dyn AnyAggregate>) -> AggregateUDF {
    let signature = Signature::variadic_any(Volatility::Immutable);
    AggregateUDF::new_from_impl(AggregateValue { id: function.id(), function, signature })
}

/// The name and the parameters of an aggregate; none of one of DataFusion's own.
pub(super) fn id_of(udaf: &AggregateUDF) -> Option<&FunctionId> {
    let function: &dyn Any = udaf.inner().as_ref();
    Some(&function.downcast_ref::<AggregateValue>()?.id)
}

struct AggregateValue {
    id: FunctionId,
    function: Arc<dyn AnyAggregate>,
    signature: Signature,
}

impl AggregateUDFImpl for AggregateValue {
    fn name(&self) -> &str {
        self.id.name
    }

    fn schema_name(&self, params: &datafusion::logical_expr::expr::AggregateFunctionParams) -> Result<String> {
        let arguments: Vec<String> = params.args.iter().map(|arg| arg.schema_name().to_string()).collect();
        let distinct = if params.distinct { "DISTINCT " } else { "" };
        let filter = params.filter.as_ref().map(|filter| format!(" FILTER ({filter})")).unwrap_or_default();
        let order: Vec<String> = params.order_by.iter().map(ToString::to_string).collect();
        let order = if order.is_empty() { String::new() } else { format!(" ORDER BY [{}]", order.join(", ")) };
        Ok(format!("{}({distinct}{}){filter}{order}", self.id, arguments.join(",")))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.function.returns())
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        self.function.accumulator(args.expr_fields)
    }

    fn create_sliding_accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        self.function.sliding_accumulator(args.expr_fields)
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let field = |(index, data_type)| Arc::new(Field::new(format!("{}[{index}]", args.name), data_type, true));
        Ok(self.function.state().into_iter().enumerate().map(field).collect())
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }
}

impl fmt::Debug for AggregateValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.id, f)
    }
}

impl PartialEq for AggregateValue {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for AggregateValue {}

impl Hash for AggregateValue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}
