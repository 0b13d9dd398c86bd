use super::aggregate::{self, Aggregate, AnyAggregate};
use super::scalar::{self, AnyFunction, Function};
use super::{FunctionId, Resources};
use crate::whole_rows::{self, WholeRows};
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::{AggregateUDF, LogicalPlan, ScalarUDF};
use datafusion::physical_plan::ExecutionPlan;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::whole_rows::AnyOperator;

/// Makes the functions of a plan from their names and parameters.
///
/// Every language has a function that adds its own; a program asks for those of the languages that it knows.
///
/// ```
/// use datafusion::prelude::col;
/// use datafusion::prelude::Expr;
/// use mynah_kernels::{Case, Matcher, Registry, Resources, text_match};
///
/// let registry = Registry::built_in();
/// let Expr::ScalarFunction(called) = text_match(Matcher::equal(["a"], Case::Exact), col("x")) else { unreachable!() };
/// let bytes = registry.write_function(&called.func)?.unwrap();
/// assert_eq!(registry.read_function(&bytes, &Resources::default())?, *called.func);
/// assert!(registry.read_function(b"{}", &Resources::default()).is_err());
/// # Ok::<(), datafusion::error::DataFusionError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Registry {
    functions: BTreeMap<&'static str, Read<dyn AnyFunction>>,
    aggregates: BTreeMap<&'static str, Read<dyn AnyAggregate>>,
    operators: BTreeMap<&'static str, Read<dyn AnyOperator>>,
    twice: Vec<&'static str>,
}

type Read<T> = fn(&str) -> std::result::Result<Arc<T>, serde_json::Error>;

/// Why something in a plan could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// Not a name and parameters at all.
    #[error("a function of the plan is not readable: {0}")]
    Malformed(serde_json::Error),
    /// A name that no language of this program has.
    #[error("the plan has a function `{0}`, which this version does not know")]
    Unknown(String),
    /// Parameters that the function does not take.
    #[error("the parameters of `{name}` are not readable: {error}")]
    Parameters {
        /// The function.
        name: String,
        /// Why not.
        error: serde_json::Error,
    },
}

impl From<RegistryError> for DataFusionError {
    fn from(error: RegistryError) -> Self {
        DataFusionError::Plan(error.to_string())
    }
}

/// A function as it is written.
#[derive(Serialize, Deserialize)]
struct Written {
    name: String,
    parameters: String,
}

impl Registry {
    /// A registry of the functions that all languages share.
    pub fn built_in() -> Registry {
        let mut registry = Registry::default();
        registry.function::<crate::TextMatch>().function::<crate::RegexMatch>().function::<crate::CidrMatch>();
        registry
    }

    /// Adds a function of a row's values.
    pub fn function<F: Function>(&mut self) -> &mut Self {
        let read: Read<dyn AnyFunction> = |text| Ok(Arc::new(serde_json::from_str::<F>(text)?));
        self.twice.extend(self.functions.insert(F::NAME, read).map(|_| F::NAME));
        self
    }

    /// Adds an aggregate.
    pub fn aggregate<A: Aggregate>(&mut self) -> &mut Self {
        let read: Read<dyn AnyAggregate> = |text| Ok(Arc::new(serde_json::from_str::<A>(text)?));
        self.twice.extend(self.aggregates.insert(A::NAME, read).map(|_| A::NAME));
        self
    }

    /// Adds an operator over all rows.
    pub fn operator<O: WholeRows>(&mut self) -> &mut Self {
        let read: Read<dyn AnyOperator> = |text| Ok(Arc::new(serde_json::from_str::<O>(text)?));
        self.twice.extend(self.operators.insert(O::NAME, read).map(|_| O::NAME));
        self
    }

    /// Names that were added more than once; there must be none.
    pub fn twice(&self) -> &[&'static str] {
        &self.twice
    }

    /// The names of all functions, aggregates and operators.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.functions.keys().chain(self.aggregates.keys()).chain(self.operators.keys()).copied()
    }

    /// A function's name and parameters as bytes; nothing for one of DataFusion's own.
    ///
    /// # Errors
    /// Where the function could not be read again, because nobody added it.
    pub fn write_function(&self, udf: &ScalarUDF) -> Result<Option<Vec<u8>>> {
        scalar::id_of(udf).map(|id| write(&self.functions, id)).transpose()
    }

    /// The function that [`Registry::write_function`] wrote.
    ///
    /// # Errors
    /// Where it is no function that this registry has, or its parameters are not what it takes.
    pub fn read_function(&self, bytes: &[u8], resources: &Resources) -> Result<ScalarUDF> {
        Ok(scalar::udf(read(&self.functions, bytes)?, resources.clone()))
    }

    /// An aggregate's name and parameters as bytes; nothing for one of DataFusion's own.
    ///
    /// # Errors
    /// As [`Registry::write_function`].
    pub fn write_aggregate(&self, udaf: &AggregateUDF) -> Result<Option<Vec<u8>>> {
        aggregate::id_of(udaf).map(|id| write(&self.aggregates, id)).transpose()
    }

    /// The aggregate that [`Registry::write_aggregate`] wrote.
    ///
    /// # Errors
    /// As [`Registry::read_function`].
    pub fn read_aggregate(&self, bytes: &[u8]) -> Result<AggregateUDF> {
        Ok(aggregate::udaf(read(&self.aggregates, bytes)?))
    }

    /// The name and parameters of a plan's outermost operator, if it is one over all rows.
    ///
    /// # Errors
    /// As [`Registry::write_function`].
    pub fn write_operator(&self, plan: &LogicalPlan) -> Result<Option<Vec<u8>>> {
        whole_rows::id_of(plan).map(|id| write(&self.operators, &id)).transpose()
    }

    /// The same of a physical operator.
    ///
    /// # Errors
    /// As [`Registry::write_function`].
    pub fn write_operator_exec(&self, plan: &Arc<dyn ExecutionPlan>) -> Result<Option<Vec<u8>>> {
        let exec = plan.downcast_ref::<whole_rows::WholeRowsExec>();
        exec.map(|exec| write(&self.operators, &exec.id())).transpose()
    }

    /// The operator that [`Registry::write_operator_exec`] wrote, over an input.
    ///
    /// # Errors
    /// As [`Registry::read_operator`].
    pub fn read_operator_exec(&self, bytes: &[u8], input: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(whole_rows::WholeRowsExec::over(read(&self.operators, bytes)?, input)))
    }

    /// The operator that [`Registry::write_operator`] wrote, over an input.
    ///
    /// # Errors
    /// As [`Registry::read_function`], and where the operator does not fit its input.
    pub fn read_operator(&self, bytes: &[u8], input: LogicalPlan) -> Result<LogicalPlan> {
        whole_rows::over(read(&self.operators, bytes)?, input)
    }
}

fn write<T: ?Sized>(known: &BTreeMap<&'static str, Read<T>>, id: &FunctionId) -> Result<Vec<u8>> {
    if !known.contains_key(id.name) {
        return Err(RegistryError::Unknown(id.name.to_owned()).into());
    }
    let written = Written { name: id.name.to_owned(), parameters: id.parameters.clone() };
    Ok(serde_json::to_vec(&written).map_err(RegistryError::Malformed)?)
}

fn read<T: ?Sized>(known: &BTreeMap<&'static str, Read<T>>, bytes: &[u8]) -> Result<Arc<T>> {
    let written: Written = serde_json::from_slice(bytes).map_err(RegistryError::Malformed)?;
    let Some(read) = known.get(written.name.as_str()) else { return Err(RegistryError::Unknown(written.name).into()) };
    Ok(read(&written.parameters).map_err(|error| RegistryError::Parameters { name: written.name, error })?)
}
