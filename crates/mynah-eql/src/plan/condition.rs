//! Expressions that are true or false.
//!
//! Elasticsearch runs each comparison as a search of its own, which an event fits or does not: without a value it does
//! not, so `not` holds for it. In the plan a comparison with null is null, which a filter takes for false;
//! so only `not` has to mind the difference.
use super::Lowering;
use super::value::{Value, ValueType};
use crate::ast::{self, ExprKind};
use datafusion::common::ScalarValue;
use datafusion::prelude::{Expr, lit};
use mynah_dialect::{balanced, marked};
use mynah_kernels::{Case, Cell};
use mynah_syntax::Diagnostic;

impl Lowering<'_> {
    /// Plans a condition; `None` if it is none, which has been said. The smallest conditions that it is made of keep
    /// their places.
    pub(crate) fn condition(&mut self, expression: &ast::Expr) -> Option<Expr> {
        match &expression.kind {
            ExprKind::And(parts) => self.conditions(parts, Expr::and),
            ExprKind::Or(parts) => self.conditions(parts, Expr::or),
            ExprKind::Not(inner) => Some(negated(self.condition(inner)?)),
            _ => Some(marked(expression.span(), self.test(expression)?)),
        }
    }

    /// A condition that is made of no others.
    fn test(&mut self, expression: &ast::Expr) -> Option<Expr> {
        match &expression.kind {
            ExprKind::Compare(left, operator, right) => self.compare(left, *operator, right),
            ExprKind::In(found) => self.found_in(found),
            ExprKind::Match(found) => self.matches(found),
            _ => {
                let value = self.value(expression)?;
                match value.kind {
                    // Any value of a field that has several.
                    ValueType::Boolean if value.many => {
                        Some(super::equality::equal_cells(value.plan, lit(true), Case::Exact))
                    }
                    ValueType::Boolean => Some(value.plan),
                    ValueType::Null => Some(unknown()),
                    // A field that no view lists may well be true or false.
                    ValueType::Text if value.guessed => {
                        let truth = Value::constant(Cell::text("true"), expression.span());
                        self.equal(value, truth)
                    }
                    kind => {
                        let message = format!("a condition is true or false, and this is a {kind}");
                        let diagnostic = Diagnostic::error("eql/type", message, expression.span());
                        let help = "compare it with something; `!= null` asks whether it is there";
                        self.report(diagnostic.with_help(help))
                    }
                }
            }
        }
    }

    fn conditions(&mut self, parts: &[ast::Expr], join: fn(Expr, Expr) -> Expr) -> Option<Expr> {
        let parts: Vec<Option<Expr>> = parts.iter().map(|part| self.condition(part)).collect();
        let parts: Vec<Expr> = parts.into_iter().collect::<Option<_>>()?;
        Some(balanced(parts, join).unwrap_or_else(|| lit(true)))
    }
}

/// True for whatever the condition is not true for.
pub(super) fn negated(condition: Expr) -> Expr {
    condition.is_not_true()
}

/// Neither true nor false.
pub(super) fn unknown() -> Expr {
    Expr::Literal(ScalarValue::Boolean(None), None)
}
