//! `==` and its like: which comparison is meant.
use super::Lowering;
use super::condition::{negated, unknown};
use super::equality::missing;
use crate::ast::{self, Comparison, ExprKind};
use datafusion::prelude::{Expr, lit};

impl Lowering<'_> {
    pub(super) fn compare(&mut self, left: &ast::Expr, operator: Comparison, right: &ast::Expr) -> Option<Expr> {
        let optional = |side: &ast::Expr| matches!(&side.kind, ExprKind::Field(field) if field.optional);
        let optional = (optional(left), optional(right));
        let (left, right) = (self.value(left), self.value(right));
        let (left, right) = (left?, right?);
        // An optional field that no index has is null to Elasticsearch, as if that stood in its place.
        let null = (optional.0 && left.guessed) || (optional.1 && right.guessed);
        if null && left.field && right.field && operator.is_equality() {
            let neither = missing(left.clone()).and(missing(right.clone()));
            let same = self.equal(left, right)?.or(neither);
            return Some(if operator == Comparison::Equal { same } else { negated(same) });
        }
        // A constant goes to the right.
        let (left, operator, right) = if left.constant.is_some() && right.constant.is_none() {
            (right, flipped(operator), left)
        } else {
            (left, operator, right)
        };
        if right.is_null() || left.is_null() {
            let other = if right.is_null() { left } else { right };
            return Some(match operator {
                Comparison::Equal if other.constant.is_some() => lit(other.is_null()),
                Comparison::NotEqual if other.constant.is_some() => lit(!other.is_null()),
                Comparison::Equal => missing(other),
                Comparison::NotEqual => negated(missing(other)),
                _ => unknown(),
            });
        }
        match operator {
            Comparison::Equal => self.equal(left, right),
            Comparison::NotEqual => self.equal(left, right).map(negated),
            _ => self.ordered(left, operator, right),
        }
    }
}

/// The operator for the two sides in each other's place.
fn flipped(operator: Comparison) -> Comparison {
    let swapped = operator.operator().swap();
    let is_swapped = |other: &Comparison| Some(other.operator()) == swapped;
    Comparison::ALL.into_iter().map(|(other, ..)| other).find(is_swapped).unwrap_or(operator)
}
