//! Commands that are eval expressions by another name: the expressions they stand for.
use crate::expression::{Expression, ExpressionKind, Type, Typed, lower};
use crate::functions::Internal;
use crate::plan::Rows;
use datafusion::prelude::{Expr, lit};
use mynah_kernels::Cell;
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
pub(super) fn lowered(expression: &Expression, rows: &Rows) -> Result<Typed, Diagnostic> {
    lower(expression, rows.scope())
}

/// A number, rounded to so many decimals.
pub(crate) static ROUNDED: Internal = Internal {
    name: "rounded number",
    returns: Type::Number,
    code: |row| {
        let rounded = |(number, factor): (f64, f64)| (number * factor).round() / factor;
        row.number(0).zip(row.number(1)).map(|pair| Cell::Float(rounded(pair))).into()
    },
};

/// The number rounded to so many decimals.
pub(super) fn rounded(number: Expr, decimals: i32) -> Expr {
    ROUNDED.call(vec![number, lit(10f64.powi(decimals))])
}

/// All values of several fields, each once.
pub(crate) static TOGETHER: Internal = Internal {
    name: "values together",
    returns: Type::Multi,
    code: |row| {
        let mut all: Vec<String> = Vec::new();
        for index in 0..row.len() {
            for value in row.values(index) {
                if !all.iter().any(|known| *known == value) {
                    all.push(value.into_owned());
                }
            }
        }
        if all.is_empty() { Cell::Null } else { Cell::texts(all) }
    },
};
