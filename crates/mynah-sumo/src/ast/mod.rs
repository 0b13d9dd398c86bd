//! What a query is made of. Printing any of it gives text that parses to the same again.
mod expression;
mod name;
mod place;
mod query;
mod scope;
mod text;

pub(crate) use expression::{BinaryOperator, Expression, Pattern};
pub(crate) use name::Name;
pub(crate) use place::Place;
pub(crate) use query::{Query, Step};
pub(crate) use scope::{Comparison, Scope};
pub(crate) use text::{Regex, Text, fill_parameters};

use std::fmt::{self, Display};

/// Prints things with commas between them.
pub(crate) fn commas<T: Display>(f: &mut fmt::Formatter<'_>, things: &[T]) -> fmt::Result {
    for (index, thing) in things.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{thing}")?;
    }
    Ok(())
}
