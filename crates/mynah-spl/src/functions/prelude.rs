//! What every function's file needs.

pub(super) use super::Function;
pub(super) use super::call::{Call, number, text};
pub(super) use crate::expression::{Type, Typed};
pub(super) use mynah_dialect::{Example, FunctionDoc};
pub(super) use mynah_kernels::Cell;
pub(super) use mynah_syntax::Diagnostic;

/// What lowering a call gives.
pub(super) type Lowered = Result<Typed, Diagnostic>;
