//! Expressions that are true or false.
//!
//! Elasticsearch runs each comparison as a search of its own, which an event fits or does not: without a value it does
//! not, so `not` holds for it. In the plan a comparison with null is null, which a filter takes for false;
//! so only `not` has to mind the difference.
use super::Lowering;
use super::value::ValueType;
use crate::ast::{self, ExprKind};
use datafusion::common::ScalarValue;
use datafusion::prelude::{Expr, lit};
use mynah_dialect::{Clause, balanced};
use mynah_kernels::Case;
use mynah_syntax::Diagnostic;

impl Lowering<'_> {
    /// Plans a condition; `None` if it is none, which has been said.
    pub(crate) fn condition(&mut self, expression: &ast::Expr) -> Option<Expr> {
        match &expression.kind {
            ExprKind::And(parts) => self.conditions(parts, Expr::and, Self::condition),
            ExprKind::Or(parts) => self.conditions(parts, Expr::or, Self::condition),
            ExprKind::Not(inner) => Some(negated(self.condition(inner)?)),
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
                    kind => {
                        let message = format!("a condition is true or false, and this is a {kind}");
                        let diagnostic = Diagnostic::error("eql/type", message, expression.span());
                        self.report(
                            diagnostic.with_help("compare it with something; `!= null` asks whether it is there"),
                        )
                    }
                }
            }
        }
    }

    /// Plans a condition on events, and records the smallest conditions that it is put together from.
    pub(super) fn clauses(&mut self, expression: &ast::Expr) -> Option<Expr> {
        match &expression.kind {
            ExprKind::And(parts) => self.conditions(parts, Expr::and, Self::clauses),
            ExprKind::Or(parts) => self.conditions(parts, Expr::or, Self::clauses),
            ExprKind::Not(inner) => Some(negated(self.clauses(inner)?)),
            _ => {
                let predicate = self.condition(expression)?;
                self.clauses.push(Clause { span: expression.span(), predicate: predicate.clone() });
                Some(predicate)
            }
        }
    }

    fn conditions(
        &mut self,
        parts: &[ast::Expr],
        join: fn(Expr, Expr) -> Expr,
        plan: impl Fn(&mut Self, &ast::Expr) -> Option<Expr>,
    ) -> Option<Expr> {
        let parts: Vec<Option<Expr>> = parts.iter().map(|part| plan(self, part)).collect();
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
