use datafusion::common::ScalarValue;
use datafusion::prelude::{Expr, lit};
use mynah_kernels::Cell;
use mynah_view::Kind;

/// What an AQL value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    /// An address, as text.
    Ip,
    /// The payload, as text.
    Bytes,
    Integer,
    Float,
    Boolean,
    /// NULL, which fits every type.
    Null,
}

impl Type {
    /// The type of a property.
    pub fn of(kind: Kind) -> Type {
        match kind {
            Kind::Text => Type::Text,
            Kind::Ip => Type::Ip,
            Kind::Integer | Kind::Milliseconds => Type::Integer,
            Kind::Float | Kind::Seconds => Type::Float,
            Kind::Boolean => Type::Boolean,
        }
    }

    /// How it is called in messages.
    pub fn shown(self) -> &'static str {
        match self {
            Type::Text | Type::Null => "text",
            Type::Ip => "an address",
            Type::Bytes => "the payload",
            Type::Integer | Type::Float => "a number",
            Type::Boolean => "a condition",
        }
    }

    pub fn is_textual(self) -> bool {
        matches!(self, Type::Text | Type::Ip | Type::Bytes)
    }

    pub fn is_number(self) -> bool {
        matches!(self, Type::Integer | Type::Float)
    }

    /// The type that holds values of both.
    pub fn unify(self, other: Type) -> Type {
        match (self, other) {
            (a, b) if a == b => a,
            (Type::Null, other) | (other, Type::Null) => other,
            (Type::Integer, Type::Float) | (Type::Float, Type::Integer) => Type::Float,
            _ => Type::Text,
        }
    }
}

/// An expression of the plan, and what it is in AQL.
#[derive(Debug, Clone)]
pub(crate) struct Typed {
    pub expr: Expr,
    pub ty: Type,
    /// Its value, if that is known already.
    pub constant: Option<Cell<'static>>,
    /// What it is the lower case of, where that is how it was made: comparing it can then be done by folding case.
    pub lower_of: Option<Box<Expr>>,
}

impl Typed {
    pub fn new(expr: Expr, ty: Type) -> Typed {
        Typed { expr, ty, constant: None, lower_of: None }
    }

    pub fn constant(constant: Cell<'static>) -> Typed {
        let (expr, ty) = match &constant {
            Cell::Text(text) => (lit(text.as_ref()), Type::Text),
            Cell::Integer(number) => (lit(*number), Type::Integer),
            Cell::Float(number) => (lit(*number), Type::Float),
            Cell::Boolean(truth) => (lit(*truth), Type::Boolean),
            Cell::Null | Cell::List(_) => (lit(ScalarValue::Utf8(None)), Type::Null),
        };
        Typed { expr, ty, constant: Some(constant), lower_of: None }
    }

    pub fn as_text(&self) -> Option<&str> {
        self.constant.as_ref()?.as_text()
    }

    /// Its value as one of this type, if it is known and one already.
    pub fn cell(&self, ty: Type) -> Option<Cell<'static>> {
        match (self.constant.as_ref()?, ty) {
            (Cell::Integer(number), Type::Float) => Some(Cell::Float(*number as f64)),
            (Cell::Text(_), Type::Text) | (Cell::Integer(_), Type::Integer) | (Cell::Float(_), Type::Float) => {
                self.constant.clone()
            }
            _ => None,
        }
    }
}
