//! Functions as values: what a plan holds of a function is its name and its parameters, data that can be written and
//! read back; its code is made from them.
mod aggregate;
mod cell;
mod fold;
mod number;
mod registry;
mod resources;
mod scalar;

pub use aggregate::{Aggregate, aggregate};
pub use cell::{Cell, cell};
pub use fold::{Fold, fold_accumulator, folded, refolded};
pub use number::Number;
pub use registry::{Registry, RegistryError};
pub use resources::Resources;
pub use scalar::{Code, Function, Needed, call, call_with, function_of, needed_by, shown};

use serde::Serialize;
use std::fmt;

/// What a function in a plan is, and all that two functions are compared by: its name, which tells its language and the
/// function, and its parameters as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionId {
    /// `spl.replace`.
    pub name: &'static str,
    /// `{"pattern":"a+"}`; `null` of a function without parameters.
    pub parameters: String,
}

impl FunctionId {
    /// The id of a function with these parameters.
    ///
    /// Parameters are structures, enumerations, lists, texts, whole numbers and [`Number`]s, all of which JSON can hold; of
    /// others (maps whose keys are no texts) their debug text stands for them, which no codec reads back.
    pub fn new<P: Serialize + fmt::Debug>(name: &'static str, parameters: &P) -> FunctionId {
        let parameters = serde_json::to_string(parameters).unwrap_or_else(|_| format!("{parameters:?}"));
        FunctionId { name, parameters }
    }
}

impl fmt::Display for FunctionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parameters.as_str() {
            "null" => f.write_str(self.name),
            parameters => write!(f, "{}{parameters}", self.name),
        }
    }
}
