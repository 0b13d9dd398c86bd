//! Commands that are eval expressions by another name: the expressions they stand for.
use crate::expression::{Expression, ExpressionKind, Typed, lower};
use crate::plan::{Planner, Rows};
use mynah_syntax::{Diagnostic, Span, Spanned};

pub(super) fn field(name: &str, span: Span) -> Expression {
    Expression { kind: ExpressionKind::Field(name.to_owned()), span }
}

pub(super) fn text(text: &str, span: Span) -> Expression {
    Expression { kind: ExpressionKind::Text(text.to_owned()), span }
}

pub(super) fn call(name: &str, arguments: Vec<Expression>, span: Span) -> Expression {
    Expression { kind: ExpressionKind::Call { name: Spanned::new(name.to_owned(), span), arguments }, span }
}

/// The expression over the rows' columns.
pub(super) fn lowered(expression: &Expression, rows: &Rows, planner: &Planner<'_>) -> Result<Typed, Diagnostic> {
    lower(expression, rows.scope(), &planner.context)
}
