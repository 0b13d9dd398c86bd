//! What a query is made of. Printing any of it gives text that parses to the same again.
mod expression;
mod names;
mod nested;
mod operator;
mod print;
mod scope;
mod text;

pub use expression::{BinaryOperator, Expression};
pub use nested::{
    Bin, Compare, Direction, Filter, Join, JoinField, JoinTable, MergeField, Outlier, Over, Predict, Results,
    SessionPart, Shift, State, StateText, Strategy, Subquery, Trace, Transaction, Transactionize,
};
pub use operator::{
    AggregateCall, AutoOptions, Extract, FillMissing, Generator, Key, KeyValueOptions, Lookup, Method, Operator, Slice,
    SortKey, Transpose, Window, WindowKind,
};
pub use scope::Scope;
pub use text::{Regex, Text};
pub(crate) use text::{fill_parameters, interval, number_value};

use mynah_syntax::Span;

/// A whole query: its scope and what is done with the messages.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What stands before the first pipe.
    pub scope: Scope,
    /// What stands between the pipes.
    pub steps: Vec<Step>,
}

/// One operator between two pipes.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What it does.
    pub operator: Operator,
    /// Where it stands.
    pub place: Place,
}

impl Step {
    /// Where it stands.
    pub fn span(&self) -> Span {
        self.place.0
    }
}

/// Where a part of the tree stands in the text. Two trees are the same wherever they stand, so any two
/// places are equal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place(
    /// From the first byte to the one after the last.
    pub Span,
);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

/// The name of a field. Names match in any case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name itself, without quoting.
    pub text: String,
    /// Whether it is written `%"…"`.
    pub quoted: bool,
    /// Where it stands.
    pub place: Place,
}

impl Name {
    /// A name that the query does not write itself, in place of one that could stand there.
    pub(crate) fn implied(text: impl Into<String>, place: Place) -> Name {
        Name { text: text.into(), quoted: true, place }
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        self.place.0
    }

    /// The form in which names are compared.
    pub fn key(&self) -> String {
        self.text.to_lowercase()
    }

    /// Whether it is the message's text.
    pub(crate) fn is_raw(&self) -> bool {
        self.text.eq_ignore_ascii_case("_raw")
    }
}

/// A whole number of a query, or the dashboard's parameter that gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Count {
    /// `10`.
    Number(u64, Place),
    /// `{{n}}`, as written.
    Parameter(String, Place),
}
