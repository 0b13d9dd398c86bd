//! What every file of commands needs.
pub(super) use super::Command;
pub(super) use super::arguments::{Arguments, Token, truth, unsupported, whole};
pub(super) use super::registry::{Entry, Parsed, bracketed, command, generating, on_rows, on_rows_with_parts};
pub(super) use crate::expression::{Type, Typed, or_keep};
pub(super) use crate::pipeline::{Parsing, Part};
pub(super) use crate::plan::{Needs, Planner, Rows, Wanted};
pub(super) use crate::table::aliased;
pub(super) use mynah_syntax::{Diagnostic, Spanned};
