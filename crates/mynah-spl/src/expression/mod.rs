//! The expressions of `eval`, `where`, `fieldformat` and `stats ...(eval(...))`: parsing, printing,
//! and lowering to DataFusion with Splunk's types and coercions.
//!
//! Splunk decides at each row what a value is; here every expression has one [`Type`], and the rest is
//! coercion. What follows from that, and what the reference leaves open:
//!
//! - Text that looks like a number compares and calculates as one, unless the query itself has it in
//!   quotes on both sides: `code=7` and `code="7"` hold for `007`.
//! - `a.b` without quotes joins the fields `a` and `b`; the field of that name is `'a.b'`.
//! - A field of several values compares true if any of its values does, with `!=` too. Functions of a
//!   text go through all of them; Splunk documents that of `lower` and `upper` only.
//! - What compares with null is null, and so is its negation: `where NOT a=1` leaves out rows without `a`.
//! - `true`, `false` and `null` are literals where no column has such a name, as since Splunk 10.
//! - Calculations with a number that is written with a decimal point are rounded to the precision of their operands
//!   when `eval` assigns them; others keep all their digits. `round(3, 2)` is 3, not 3.00.
//! - Branches of `if`, `case` and `coalesce` that differ in type give text, or several values if any does.
//!
//! ```
//! use mynah_spl::expression::parse;
//! let (expression, diagnostics) = parse(r#"if(status=404, "missing", "there")"#, 0);
//! assert!(diagnostics.is_empty());
//! assert!(expression.is_some_and(|e| e.names().contains("status")));
//! ```

mod ast;
mod chain;
mod coerce;
mod compare;
mod lexer;
mod lower;
mod parser;
mod precision;
mod scope;
mod typed;

pub use ast::{BinaryOperator, Expression, ExpressionKind, UnaryOperator};
pub(crate) use chain::{CHAIN, CHAIN_OF_NUMBERS};
pub(crate) use coerce::{
    NUMBER_TO_TEXT, TEXT_TO_NUMBER, TEXT_TO_VALUES, VALUE_TO_NUMBER, VALUES_TO_TEXT, cell_number, cell_text,
    cell_values, null_of,
};
pub use coerce::{number_text, parse_number};
pub(crate) use compare::{Compare, LIKE, holds, like, mixed_order, native_operator, one_of, order};
pub(crate) use lower::{ADD, CONCATENATE};
pub use lower::{lower, lower_assignable, lower_condition};
pub use parser::{parse, parse_prefix};
pub(crate) use precision::{SIGNIFICANT, WRITTEN, significant};
pub use scope::{Scope, Type};
pub use typed::Typed;
pub(crate) use typed::{case, or_keep, unify};

#[cfg(test)]
mod tests;
