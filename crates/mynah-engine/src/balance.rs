//! Long conditions become broad rather than deep.
//!
//! DataFusion takes a filter apart into the conditions that it joins, and puts those that stay one behind the other: of three
//! thousand that is a tree three thousand levels deep, which is followed by recursion for every batch.
use datafusion::common::Result;
use datafusion::common::tree_node::Transformed;
use datafusion::logical_expr::{BinaryExpr, Filter, LogicalPlan, Operator};
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};
use datafusion::prelude::Expr;
use mynah_dialect::balanced;

/// Chains of fewer conditions are left as they are.
const LONG: usize = 64;

/// Joins the conditions of long filters in pairs, and the pairs in pairs.
#[derive(Debug, Default)]
pub(crate) struct BalanceConditions;

impl OptimizerRule for BalanceConditions {
    fn name(&self) -> &str {
        "balance_conditions"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::TopDown)
    }

    fn rewrite(&self, plan: LogicalPlan, _: &dyn OptimizerConfig) -> Result<Transformed<LogicalPlan>> {
        let LogicalPlan::Filter(filter) = plan else { return Ok(Transformed::no(plan)) };
        let Some(operator) = long_chain(&filter.predicate) else {
            return Ok(Transformed::no(LogicalPlan::Filter(filter)));
        };
        let parts = taken_apart(filter.predicate, operator);
        let joined =
            balanced(parts, |left, right| Expr::BinaryExpr(BinaryExpr::new(Box::new(left), operator, Box::new(right))));
        match joined {
            // Whether this changes something must not depend on itself: what is balanced is no long chain.
            Some(predicate) => Ok(Transformed::yes(LogicalPlan::Filter(Filter::try_new(predicate, filter.input)?))),
            None => datafusion::common::plan_err!("a filter without a condition"),
        }
    }
}

/// The operator of a chain that leans to one side over many levels.
fn long_chain(condition: &Expr) -> Option<Operator> {
    let Expr::BinaryExpr(BinaryExpr { op: operator @ (Operator::And | Operator::Or), .. }) = condition else {
        return None;
    };
    let depth = |side: fn(&BinaryExpr) -> &Expr| {
        let mut at = condition;
        let mut depth = 0;
        while let Expr::BinaryExpr(binary) = at
            && binary.op == *operator
        {
            at = side(binary);
            depth += 1;
        }
        depth
    };
    let deepest = depth(|binary| &binary.left).max(depth(|binary| &binary.right));
    (deepest > LONG).then_some(*operator)
}

/// The conditions that an operator joins, in their order.
fn taken_apart(condition: Expr, operator: Operator) -> Vec<Expr> {
    let mut parts = Vec::new();
    let mut rest = vec![condition];
    while let Some(next) = rest.pop() {
        match next {
            Expr::BinaryExpr(BinaryExpr { left, op, right }) if op == operator => rest.extend([*right, *left]),
            part => parts.push(part),
        }
    }
    parts
}
