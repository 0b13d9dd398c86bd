//! The expressions of `eval`, `where`, `fieldformat` and `stats ...(eval(...))`: parsing, printing,
//! and lowering to DataFusion with Splunk's types and coercions.
//!
//! ```
//! use mynah_spl::expression::parse;
//! let (expression, diagnostics) = parse(r#"if(status=404, "missing", "there")"#, 0);
//! assert!(diagnostics.is_empty());
//! assert!(expression.is_some_and(|e| e.names().contains("status")));
//! ```

mod ast;
mod coerce;
mod compare;
mod lexer;
mod lower;
mod parser;
mod scope;
mod typed;

pub use ast::{BinaryOperator, Expression, ExpressionKind, UnaryOperator};
pub(crate) use coerce::{cell_number, cell_text, cell_values, null_of};
pub use coerce::{number_text, parse_number};
pub(crate) use compare::{like, one_of};
pub use lower::{lower, lower_assignable, lower_condition};
pub use parser::{parse, parse_prefix};
pub use scope::{Scope, Type};
pub use typed::Typed;
pub(crate) use typed::{case, unify};

#[cfg(test)]
mod tests;
