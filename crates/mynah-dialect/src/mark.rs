//! Conditions of a plan keep their place in the query's text.
//!
//! A language marks each smallest condition (a comparison, a search term, a detection item) with its span. A mark stays with
//! its condition wherever planning puts it, into a case or under another name, and changes no result: it is taken off
//! before a plan is executed ([`unmarked`]). By the marks it is told which words of a query decided on an event.
//!
//! ```
//! use datafusion::logical_expr::LogicalPlanBuilder;
//! use datafusion::prelude::lit;
//! use mynah_dialect::{mark_of, marked, unmarked};
//! use mynah_syntax::Span;
//!
//! let condition = marked(Span::new(4, 9), lit(5_i64).lt(lit(7_i64)));
//! assert_eq!(mark_of(&condition), Some(Span::new(4, 9)));
//! let plan = LogicalPlanBuilder::empty(true).filter(condition)?.build()?;
//! assert_eq!(unmarked(plan)?.to_string(), "Filter: Int64(5) < Int64(7)\n  EmptyRelation: rows=1");
//! # Ok::<(), datafusion::error::DataFusionError>(())
//! ```
use datafusion::common::Result;
use datafusion::common::metadata::FieldMetadata;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::Expr;
use mynah_syntax::Span;
use std::collections::{BTreeMap, BTreeSet};

const KEY: &str = "mynah.span";

/// A condition with the place in the query's text where it stands.
pub fn marked(span: Span, condition: Expr) -> Expr {
    // The name is what the condition has without the mark, so that columns are named the same.
    let name = condition.schema_name().to_string();
    named(name, span, condition)
}

fn named(name: String, span: Span, condition: Expr) -> Expr {
    let place = format!("{}..{}", span.start, span.end);
    let metadata = FieldMetadata::from(BTreeMap::from([(KEY.to_owned(), place)]));
    condition.alias_with_metadata(name, Some(metadata))
}

/// The place of a condition: where it is marked itself, that mark, or else what the marks of its parts cover.
pub fn mark_of(condition: &Expr) -> Option<Span> {
    own_mark(condition).or_else(|| {
        let mut covered: Option<Span> = None;
        let visited = condition.apply(|part| {
            let mark = own_mark(part);
            covered = [covered, mark].into_iter().flatten().reduce(Span::to);
            Ok(if mark.is_some() { TreeNodeRecursion::Jump } else { TreeNodeRecursion::Continue })
        });
        covered.filter(|_| visited.is_ok())
    })
}

pub(crate) fn own_mark(condition: &Expr) -> Option<Span> {
    let Expr::Alias(alias) = condition else { return None };
    let (start, end) = alias.metadata.as_ref()?.inner().get(KEY)?.split_once("..")?;
    Some(Span::new(start.parse().ok()?, end.parse().ok()?))
}

/// The places of all conditions of a plan that are marked, in source order.
pub fn marks(plan: &LogicalPlan) -> Vec<Span> {
    let mut places = BTreeSet::new();
    // Nothing in here fails.
    let _ = plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expression| {
            expression.apply(|part| {
                places.extend(own_mark(part).map(|span| (span.start, span.end)));
                Ok(TreeNodeRecursion::Continue)
            })
        })
    });
    places.into_iter().map(|(start, end)| Span::new(start, end)).collect()
}

/// The plan without marks, in subqueries as well.
///
/// # Errors
/// Where DataFusion refuses the plan.
pub fn unmarked(plan: LogicalPlan) -> Result<LogicalPlan> {
    with_marks(plan, |_| None)
}

/// The plan with other marks: `place` gives the span in place of one, or takes it off; for texts that macros have expanded.
///
/// # Errors
/// Where DataFusion refuses the plan.
pub fn with_marks(plan: LogicalPlan, place: impl Fn(Span) -> Option<Span>) -> Result<LogicalPlan> {
    let changed = plan.transform_up_with_subqueries(|node| node.map_expressions(|part| placed(part, &place)))?;
    Ok(changed.data)
}

/// The condition without the marks in it.
///
/// # Errors
/// Where DataFusion refuses the condition.
pub fn without_marks(condition: Expr) -> Result<Expr> {
    Ok(placed(condition, &|_| None)?.data)
}

fn placed(condition: Expr, place: &impl Fn(Span) -> Option<Span>) -> Result<Transformed<Expr>> {
    condition.transform_up(|part| match (own_mark(&part), part) {
        (Some(span), Expr::Alias(alias)) => Ok(Transformed::yes(match place(span) {
            Some(span) => named(alias.name, span, *alias.expr),
            None => *alias.expr,
        })),
        (_, part) => Ok(Transformed::no(part)),
    })
}
