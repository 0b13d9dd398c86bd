use super::values::{number_of_text, text_of_float, text_of_list};
use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::{cast, lit};
use datafusion::prelude::Expr;

/// What the values of an expression are. Most data is text; arithmetic and most functions of numbers turn
/// text into numbers by themselves.
///
/// Source: <https://www.sumologic.com/help/docs/search/search-query-language/search-operators/manually-cast-data-string-number/>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `Utf8`.
    Text,
    /// `Float64`.
    Number,
    /// `Int64`: counts and times in milliseconds.
    Integer,
    /// `Boolean`.
    Boolean,
    /// No value at all, of any kind that is wanted.
    Null,
}

impl Kind {
    /// The Arrow type of its columns.
    pub fn data_type(self) -> DataType {
        match self {
            Kind::Text | Kind::Null => DataType::Utf8,
            Kind::Number => DataType::Float64,
            Kind::Integer => DataType::Int64,
            Kind::Boolean => DataType::Boolean,
        }
    }

    /// Whether it is a number of either kind.
    pub fn is_number(self) -> bool {
        matches!(self, Kind::Number | Kind::Integer)
    }

    /// The kind that holds both, for `if` and the like.
    pub fn unify(self, other: Kind) -> Kind {
        match (self, other) {
            (a, b) if a == b => a,
            (Kind::Null, kind) | (kind, Kind::Null) => kind,
            (a, b) if a.is_number() && b.is_number() => Kind::Number,
            _ => Kind::Text,
        }
    }
}

/// An expression and what its values are.
#[derive(Debug, Clone)]
pub(crate) struct Typed {
    pub expr: Expr,
    pub kind: Kind,
}

impl Typed {
    pub fn new(expr: Expr, kind: Kind) -> Self {
        Typed { expr, kind }
    }

    /// A constant text.
    pub fn text(text: impl Into<String>) -> Self {
        Typed::new(lit(text.into()), Kind::Text)
    }

    /// No value.
    pub fn null() -> Self {
        Typed::new(lit(datafusion::common::ScalarValue::Utf8(None)), Kind::Null)
    }

    /// The same values as another kind; what cannot be one becomes null.
    pub fn to(self, kind: Kind) -> Typed {
        let expr = match (self.kind, kind) {
            (a, b) if a == b => self.expr,
            (_, Kind::Null) => return self,
            (Kind::Null, kind) => cast(self.expr, kind.data_type()),
            (Kind::Number, Kind::Text) => text_of_float().call(vec![self.expr]),
            (Kind::Integer | Kind::Boolean, Kind::Text) => cast(self.expr, DataType::Utf8),
            (Kind::Text, Kind::Number) => number_of_text().call(vec![self.expr]),
            (Kind::Text, Kind::Integer) => {
                super::values::integer_of_float().call(vec![number_of_text().call(vec![self.expr])])
            }
            (Kind::Integer, Kind::Number) => cast(self.expr, DataType::Float64),
            (Kind::Number, Kind::Integer) => super::values::integer_of_float().call(vec![self.expr]),
            (Kind::Boolean, Kind::Number | Kind::Integer) => cast(self.expr, kind.data_type()),
            (Kind::Text, Kind::Boolean) => super::values::boolean_of_text().call(vec![self.expr]),
            (Kind::Number | Kind::Integer, Kind::Boolean) => cast(self.expr, DataType::Float64).not_eq(lit(0.0)),
            (_, _) => self.expr,
        };
        Typed { expr, kind }
    }

    /// A scanned list of texts as the JSON text that the field shows.
    pub fn list(expr: Expr) -> Typed {
        Typed::new(text_of_list().call(vec![expr]), Kind::Text)
    }
}
