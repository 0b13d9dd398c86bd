//! What every function's file needs.

pub(super) use super::lower::{Aggregate, Call, Function};
pub(super) use crate::expression::{Type, Typed};
pub(super) use mynah_dialect::{Example, FunctionDoc};
use mynah_syntax::Diagnostic;

/// What lowering a call gives.
pub(super) type Lowered = Result<Aggregate, Diagnostic>;
