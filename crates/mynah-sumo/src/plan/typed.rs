use super::values::ValueFunction;
use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::{cast, lit};
use datafusion::prelude::Expr;
use mynah_view::ScanColumn;

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

    /// What a column of the scan holds.
    pub fn of(column: &ScanColumn) -> Kind {
        if column.field_type.many {
            return Kind::Text;
        }
        match column.field_type.data_type() {
            DataType::Int64 => Kind::Integer,
            DataType::Float64 => Kind::Number,
            DataType::Boolean => Kind::Boolean,
            _ => Kind::Text,
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
            (Kind::Number, Kind::Text) => ValueFunction::Text.of(self.expr),
            (Kind::Integer | Kind::Boolean, Kind::Text) => cast(self.expr, DataType::Utf8),
            (Kind::Text, Kind::Number) => ValueFunction::Number.of(self.expr),
            (Kind::Text, Kind::Integer) => ValueFunction::Whole.of(ValueFunction::Number.of(self.expr)),
            (Kind::Integer, Kind::Number) => cast(self.expr, DataType::Float64),
            (Kind::Number, Kind::Integer) => ValueFunction::Whole.of(self.expr),
            (Kind::Boolean, Kind::Number | Kind::Integer) => cast(self.expr, kind.data_type()),
            (Kind::Text, Kind::Boolean) => ValueFunction::Truth.of(self.expr),
            (Kind::Number | Kind::Integer, Kind::Boolean) => cast(self.expr, DataType::Float64).not_eq(lit(0.0)),
            (_, _) => self.expr,
        };
        Typed { expr, kind }
    }

    /// A scanned list of texts as the JSON text that the field shows.
    pub fn list(expr: Expr) -> Typed {
        Typed::new(ValueFunction::JsonArray.of(expr), Kind::Text)
    }
}
