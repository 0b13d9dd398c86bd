//! Expressions that are true or false.
//!
//! Elasticsearch runs each comparison as a search of its own, which an event fits or does not: without a value it does
//! not, so `not` holds for it. In the plan a comparison with null is null, which a filter takes for false;
//! so only `not` has to mind the difference.
use super::Lowering;
use super::value::Kind;
use crate::ast::{Expr, ExprKind};
use datafusion::common::ScalarValue;
use datafusion::prelude::{Expr as Plan, lit};
use mynah_syntax::Diagnostic;

impl Lowering<'_> {
    /// Plans a condition; `None` if it is none, which has been said.
    pub(crate) fn condition(&mut self, expression: &Expr) -> Option<Plan> {
        match &expression.kind {
            ExprKind::And(parts) => self.conditions(parts, Plan::and),
            ExprKind::Or(parts) => self.conditions(parts, Plan::or),
            ExprKind::Not(inner) => Some(negated(self.condition(inner)?)),
            ExprKind::Compare(left, operator, right) => self.compare(left, *operator, right),
            ExprKind::In(found) => self.found_in(found),
            ExprKind::Match(found) => self.matches(found),
            _ => {
                let value = self.value(expression)?;
                match value.kind {
                    // Any value of a field that has several.
                    Kind::Boolean if value.many => Some(super::equality::equal_cells(value.plan, lit(true))),
                    Kind::Boolean => Some(value.plan),
                    Kind::Null => Some(unknown()),
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

    fn conditions(&mut self, parts: &[Expr], join: fn(Plan, Plan) -> Plan) -> Option<Plan> {
        let parts: Vec<Option<Plan>> = parts.iter().map(|part| self.condition(part)).collect();
        let parts: Vec<Plan> = parts.into_iter().collect::<Option<_>>()?;
        Some(joined(parts, join).unwrap_or_else(|| lit(true)))
    }
}

/// True for whatever the condition is not true for.
pub(super) fn negated(condition: Plan) -> Plan {
    condition.is_not_true()
}

/// Neither true nor false.
pub(super) fn unknown() -> Plan {
    Plan::Literal(ScalarValue::Boolean(None), None)
}

/// Joins conditions in pairs of pairs, so that a thousand of them make a tree ten levels deep.
pub(super) fn joined(mut parts: Vec<Plan>, join: fn(Plan, Plan) -> Plan) -> Option<Plan> {
    while parts.len() > 1 {
        let mut pairs = Vec::with_capacity(parts.len().div_ceil(2));
        let mut rest = parts.into_iter();
        while let Some(first) = rest.next() {
            pairs.push(match rest.next() {
                Some(second) => join(first, second),
                None => first,
            });
        }
        parts = pairs;
    }
    parts.pop()
}
