use super::Type;
use super::coerce::{self, null_of, number_text, parse_number};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, lit, when};
use mynah_syntax::{Diagnostic, Span};

/// An expression of DataFusion, and what its values are: its Arrow type is exactly that of `ty`.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    /// The expression.
    pub expr: Expr,
    /// What its values are.
    pub ty: Type,
}

impl Typed {
    /// Puts an expression and its type together.
    pub fn new(expr: Expr, ty: Type) -> Self {
        Typed { expr, ty }
    }

    /// No value.
    pub fn null() -> Self {
        Typed::new(Expr::Literal(ScalarValue::Null, None), Type::Null)
    }

    /// A constant text.
    pub fn text(text: &str) -> Self {
        Typed::new(lit(text), Type::Text)
    }

    /// A constant number.
    pub fn number(number: f64) -> Self {
        Typed::new(lit(number), Type::Number)
    }

    /// A truth value.
    pub fn boolean(expr: Expr) -> Self {
        Typed::new(expr, Type::Boolean)
    }

    /// The text, where this is a constant text.
    pub fn as_literal_text(&self) -> Option<&str> {
        match &self.expr {
            Expr::Literal(ScalarValue::Utf8(Some(text)), _) => Some(text),
            _ => None,
        }
    }

    /// The number, where this is a constant number.
    pub fn as_literal_number(&self) -> Option<f64> {
        match &self.expr {
            Expr::Literal(ScalarValue::Float64(number), _) => *number,
            _ => None,
        }
    }

    /// As text: numbers as Splunk writes them, truth values as `True` and `False`, several values one to a line.
    pub fn into_text(self) -> Expr {
        if let Some(number) = self.as_literal_number() {
            return lit(number_text(number));
        }
        match self.ty {
            Type::Text => self.expr,
            Type::Number => coerce::NUMBER_TO_TEXT.call(vec![self.expr]),
            Type::Boolean => {
                let no = self.expr.clone().is_false();
                // Three-valued: an unknown truth value has no text.
                case(vec![(self.expr, lit("True")), (no, lit("False"))], None, Type::Text)
            }
            Type::Multi => coerce::VALUES_TO_TEXT.call(vec![self.expr]),
            Type::Null => null_of(Type::Text),
        }
    }

    /// As a number: null where it is none.
    pub fn into_number(self) -> Expr {
        if let Some(text) = self.as_literal_text() {
            return Expr::Literal(ScalarValue::Float64(parse_number(text)), None);
        }
        match self.ty {
            Type::Number => self.expr,
            Type::Text => coerce::TEXT_TO_NUMBER.call(vec![self.expr]),
            Type::Multi => coerce::VALUE_TO_NUMBER.call(vec![self.expr]),
            Type::Boolean | Type::Null => null_of(Type::Number),
        }
    }

    /// As several values: a single value becomes a list of one.
    pub fn into_multi(self) -> Expr {
        match self.ty {
            Type::Multi => self.expr,
            Type::Null => null_of(Type::Multi),
            _ => coerce::TEXT_TO_VALUES.call(vec![self.into_text()]),
        }
    }

    /// As a text or several, whichever it is: for what matches either.
    pub fn into_texts(self) -> Expr {
        if self.ty == Type::Multi { self.expr } else { self.into_text() }
    }

    /// As a condition.
    ///
    /// # Errors
    /// Where it is no truth value, which Splunk refuses too.
    pub fn into_condition(self, span: Span) -> Result<Expr, Diagnostic> {
        match self.ty {
            Type::Boolean => Ok(self.expr),
            Type::Null => Ok(null_of(Type::Boolean)),
            Type::Text | Type::Number | Type::Multi => {
                Err(Diagnostic::error("spl/type", "a condition is wanted here, which is true or false", span)
                    .with_help("compare the value with something, for instance `field=1` or `isnotnull(field)`"))
            }
        }
    }

    /// As a value of that type.
    pub fn into_type(self, ty: Type) -> Expr {
        match ty {
            Type::Text => self.into_text(),
            Type::Number => self.into_number(),
            Type::Multi => self.into_multi(),
            Type::Boolean if self.ty == Type::Boolean => self.expr,
            Type::Boolean => null_of(Type::Boolean),
            Type::Null => Typed::null().expr,
        }
    }
}

/// The one type that can hold values of all of these: text where they differ, several values if any is.
pub(crate) fn unify(types: impl IntoIterator<Item = Type>) -> Type {
    types.into_iter().fold(Type::Null, |all, ty| match (all, ty) {
        (all, ty) if all == ty => all,
        (Type::Null, other) | (other, Type::Null) => other,
        (Type::Multi, _) | (_, Type::Multi) => Type::Multi,
        _ => Type::Text,
    })
}

/// `CASE WHEN .. THEN .. ELSE .. END` of values that all have the Arrow type of `ty`.
pub(crate) fn case(branches: Vec<(Expr, Expr)>, otherwise: Option<Expr>, ty: Type) -> Expr {
    let otherwise = otherwise.unwrap_or_else(|| null_of(ty));
    let mut branches = branches.into_iter();
    let Some((condition, value)) = branches.next() else { return otherwise };
    let mut builder = when(condition, value);
    for (condition, value) in branches {
        builder = builder.when(condition, value);
    }
    // The builder fails only where the branches' types differ, which they do not.
    builder.otherwise(otherwise).unwrap_or_else(|_| null_of(ty))
}

/// The new value, or the old one where there is none.
pub(crate) fn or_keep(new: Typed, old: Typed) -> Typed {
    match (new.ty, old.ty) {
        (_, Type::Null) => return new,
        (Type::Null, _) => return old,
        _ => {}
    }
    let ty = unify([new.ty, old.ty]);
    let (new, old) = (new.into_type(ty), old.into_type(ty));
    Typed::new(case(vec![(new.clone().is_not_null(), new)], Some(old), ty), ty)
}
