//! Expressions that give values.
use super::Lowering;
use crate::ast::{self, Arithmetic, ExprKind, Field};
use crate::functions::FUNCTIONS;
use crate::names::is_caseless;
use datafusion::arrow::datatypes::{DataType, Field as ArrowField};
use datafusion::common::ScalarValue;
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;
use mynah_kernels::Cell;
use mynah_syntax::{Diagnostic, Span};
use mynah_view::Kind;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ValueType {
    /// Nothing but null.
    Null,
    Boolean,
    Integer,
    Float,
    Text,
    /// An IP address, as text.
    Ip,
    /// Milliseconds since 1970.
    Date,
}

impl ValueType {
    pub(super) fn is_number(self) -> bool {
        matches!(self, ValueType::Integer | ValueType::Float)
    }

    /// The Arrow type of a column of such values.
    pub(crate) fn data_type(self, many: bool) -> DataType {
        let one = match self {
            ValueType::Null | ValueType::Text | ValueType::Ip => DataType::Utf8,
            ValueType::Boolean => DataType::Boolean,
            ValueType::Integer | ValueType::Date => DataType::Int64,
            ValueType::Float => DataType::Float64,
        };
        if many { DataType::List(Arc::new(ArrowField::new_list_field(one, true))) } else { one }
    }
}

impl From<Kind> for ValueType {
    fn from(kind: Kind) -> ValueType {
        match kind {
            Kind::Text => ValueType::Text,
            Kind::Integer => ValueType::Integer,
            Kind::Float | Kind::Seconds => ValueType::Float,
            Kind::Boolean => ValueType::Boolean,
            Kind::Ip => ValueType::Ip,
            Kind::Milliseconds => ValueType::Date,
        }
    }
}

/// As Elasticsearch calls its types.
impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ValueType::Null => "null",
            ValueType::Boolean => "boolean",
            ValueType::Integer => "whole number",
            ValueType::Float => "number",
            ValueType::Text => "text",
            ValueType::Ip => "IP address",
            ValueType::Date => "date",
        })
    }
}

/// An expression that gives values, planned.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) plan: Expr,
    pub(super) kind: ValueType,
    /// Whether an event can have several.
    pub(super) many: bool,
    /// The value, where it is the same for all events.
    pub(super) constant: Option<Cell<'static>>,
    /// Whether it is a field as it stands.
    pub(super) field: bool,
    /// Whether it is a field that no view lists, so that nobody has said what its values are.
    pub(super) guessed: bool,
    /// Whether it is compared in lower case.
    pub(super) caseless: bool,
    pub(super) span: Span,
}

impl Value {
    /// The same value for all events.
    pub(super) fn constant(cell: Cell<'static>, span: Span) -> Value {
        let (plan, kind) = match &cell {
            Cell::Boolean(truth) => (lit(*truth), ValueType::Boolean),
            Cell::Integer(number) => (lit(*number), ValueType::Integer),
            Cell::Float(number) => (lit(*number), ValueType::Float),
            Cell::Text(text) => (lit(text.as_ref()), ValueType::Text),
            Cell::Null | Cell::List(_) => (Expr::Literal(ScalarValue::Utf8(None), None), ValueType::Null),
        };
        Value { plan, kind, many: false, constant: Some(cell), field: false, guessed: false, caseless: false, span }
    }

    /// True or false for each event.
    pub(super) fn condition(plan: Expr, span: Span) -> Value {
        let kind = ValueType::Boolean;
        Value { plan, kind, many: false, constant: None, field: false, guessed: false, caseless: false, span }
    }

    /// The constant text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        self.constant.as_ref().and_then(Cell::as_text)
    }

    pub(super) fn is_null(&self) -> bool {
        self.kind == ValueType::Null
    }
}

impl Lowering<'_> {
    /// Plans an expression for its value; `None` if it has none, which has been said.
    pub(super) fn value(&mut self, expression: &ast::Expr) -> Option<Value> {
        let span = expression.span();
        let cell = match &expression.kind {
            ExprKind::Null => Cell::Null,
            ExprKind::Boolean(truth) => Cell::Boolean(*truth),
            ExprKind::Integer(number) => Cell::Integer(*number),
            ExprKind::Float(number) => Cell::Float(*number),
            ExprKind::Text(text) => Cell::text(text.clone()),
            ExprKind::Field(field) => return Some(self.field(field, span)),
            ExprKind::Call(call) => return self.call(call, span),
            ExprKind::Negative(inner) => {
                let zero = Value::constant(Cell::Integer(0), span);
                let inner = self.value(inner)?;
                return self.arithmetic(Arithmetic::Subtract, zero, inner, span);
            }
            ExprKind::Arithmetic(left, operator, right) => {
                let (left, right) = (self.value(left), self.value(right));
                return self.arithmetic(*operator, left?, right?, span);
            }
            // Whatever is left is true or false.
            _ => return Some(Value::condition(self.condition(expression)?, span)),
        };
        Some(Value::constant(cell, span))
    }

    fn field(&mut self, field: &Field, span: Span) -> Value {
        let found = self.resolved(&field.name);
        let (field_type, caseless, guessed) = (found.column.field_type, is_caseless(&found.column), !found.known);
        let (kind, many) = (field_type.kind.into(), field_type.many);
        Value { plan: column(&field.name), kind, many, constant: None, field: true, guessed, caseless, span }
    }

    fn arithmetic(&mut self, operator: Arithmetic, left: Value, right: Value, span: Span) -> Option<Value> {
        let function = FUNCTIONS.find(operator.function())?;
        for side in [&left, &right] {
            if !side.kind.is_number() && !matches!(side.kind, ValueType::Null | ValueType::Text) {
                let message = format!("`{}` is for numbers, not for a {}", operator.text(), side.kind);
                return self.report(Diagnostic::error("eql/type", message, side.span));
            }
        }
        self.apply(function, false, vec![left, right], span)
    }
}
