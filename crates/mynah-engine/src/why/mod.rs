//! Why a query finds nothing: how far the nearest events came, and which conditions stopped them.
//!
//! The filters of a plan are gone through from the scan up to the first whose result is empty. Over the rows that come to a
//! filter, each of its conditions is a column of its own; the rows that fulfil most of them are the nearest. What is said of
//! an operator other than a filter is only that nothing comes out of it.
mod condition;
mod tally;

use crate::engine::Engine;
use crate::error::EngineError;
pub(crate) use condition::readable;
use condition::{Evaluated, Wanted};
use datafusion::common::JoinType;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use mynah_syntax::Span;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};
use tally::Tally;

/// How far the events of a query came. Made by [`Execution::why`](crate::Execution::why).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The plan's filters, and operators that nothing came out of, in the order in which events come to them, up to the first
    /// whose result is empty.
    pub steps: Vec<Step>,
    /// Whether reading was given up after some time, so that the numbers are of the first events only.
    pub is_partial: bool,
}

/// What one operator did to the rows that came to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The operator: `filter`, `join`, `sequence`, …
    pub operator: String,
    /// How many rows came to it. Of an operator that is no filter it is not counted: 0.
    pub rows: u64,
    /// How many came out of it.
    pub passed: u64,
    /// The conditions of a filter, all of which must hold.
    pub conditions: Vec<Condition>,
    /// The rows that fulfil most of the conditions, where none fulfils all.
    pub nearest: Option<Nearest>,
}

/// One condition of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Where it stands in the query's text; nothing of a condition that the language added, such as a range of time.
    pub span: Option<Span>,
    /// Whether it is the opposite of what stands there.
    pub negated: bool,
    /// The condition as the plan has it.
    pub shown: String,
    /// How many of the rows fulfil it.
    pub holds: u64,
    /// How parts make up the condition, where it has some.
    pub parts: Option<Parts>,
    /// Texts that it looks for.
    pub literals: Vec<String>,
}

/// What a condition is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// Whether one of them is enough.
    pub any: bool,
    /// The parts.
    pub conditions: Vec<Condition>,
}

/// The rows that came nearest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    /// How many of the filter's conditions they fulfil.
    pub fulfilled: usize,
    /// How many rows fulfil so many.
    pub rows: u64,
    /// The conditions that most of these rows fail, by their numbers in [`Step::conditions`], with the values that these rows
    /// have in the fields that the conditions look at.
    pub failed: Vec<Failed>,
}

/// A condition that the nearest rows fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Its number.
    pub condition: usize,
    /// The fields that it looks at.
    pub fields: Vec<FieldValues>,
}

/// The values of a field in the nearest rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldValues {
    /// The field; nothing where it is a column that the language added.
    pub field: Option<String>,
    /// The most frequent values, and how many rows have each; nothing stands for no value.
    pub values: Vec<(Option<String>, u64)>,
    /// How many other values there are.
    pub others: u64,
}

/// Of more operators than this nothing is said.
const MOST_STEPS: usize = 32;

/// Looks at the plan's operators for no longer than `time`.
pub(crate) fn why(engine: &Engine, plan: &LogicalPlan, time: Duration) -> Result<Why, EngineError> {
    let why = Why { steps: Vec::new(), is_partial: false };
    let mut look = Look { engine, until: Instant::now() + time, why };
    look.comes_out(plan)?;
    Ok(look.why)
}

struct Look<'e> {
    engine: &'e Engine,
    until: Instant,
    why: Why,
}

impl Look<'_> {
    /// Whether any row comes out of an operator, as far as its filters tell.
    fn comes_out(&mut self, node: &LogicalPlan) -> Result<bool, EngineError> {
        let mut inputs = Vec::new();
        for input in node.inputs() {
            inputs.push(self.comes_out(input)?);
        }
        if self.why.steps.len() >= MOST_STEPS || self.until <= Instant::now() {
            self.why.is_partial = true;
            return Ok(true);
        }
        let all = inputs.iter().all(|any| *any);
        let first = inputs.first().is_none_or(|any| *any);
        match node {
            LogicalPlan::Filter(filter) if all && !condition::is_large(&filter.predicate) => {
                let step = self.filter(&filter.input, Wanted::of(&filter.predicate, filter.input.schema()))?;
                let any = step.passed > 0;
                self.why.steps.push(step);
                Ok(any)
            }
            LogicalPlan::Filter(_) => Ok(all && self.operator("conditions, which are too many to tell apart", node)?),
            LogicalPlan::Union(_) => Ok(inputs.contains(&true)),
            LogicalPlan::Aggregate(aggregate) if aggregate.group_expr.is_empty() => Ok(true),
            LogicalPlan::Join(join) => {
                let may = match join.join_type {
                    JoinType::Inner | JoinType::LeftSemi | JoinType::RightSemi => all,
                    JoinType::Full => inputs.contains(&true),
                    JoinType::Right | JoinType::RightAnti | JoinType::RightMark => inputs.last().is_none_or(|any| *any),
                    JoinType::Left | JoinType::LeftAnti | JoinType::LeftMark => first,
                };
                Ok(may && self.operator("join", node)?)
            }
            LogicalPlan::Extension(extension) => {
                Ok(inputs.contains(&true) && self.operator(extension.node.name(), node)?)
            }
            _ => Ok(all),
        }
    }

    /// Whether any row comes out of an operator that is no filter.
    fn operator(&mut self, name: &str, node: &LogicalPlan) -> Result<bool, EngineError> {
        let one = LogicalPlanBuilder::from(node.clone()).limit(0, Some(1))?.build()?;
        let mut passed = 0;
        self.engine.look(one, &mut |batch| {
            passed += batch.num_rows() as u64;
            Ok(ControlFlow::Continue(()))
        })?;
        if passed == 0 {
            let operator = name.to_lowercase();
            self.why.steps.push(Step { operator, rows: 0, passed, conditions: Vec::new(), nearest: None });
        }
        Ok(passed > 0)
    }

    fn filter(&mut self, input: &LogicalPlan, wanted: Wanted) -> Result<Step, EngineError> {
        let plan = LogicalPlanBuilder::from(input.clone()).project(wanted.columns()?)?.build()?;
        let mut tally = Tally::new(&wanted);
        let (until, mut is_partial) = (self.until, false);
        self.engine.look(plan, &mut |batch| {
            tally.add(&Evaluated::of(&wanted, &batch)?);
            is_partial = until <= Instant::now();
            Ok(if is_partial { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        self.why.is_partial |= is_partial;
        Ok(tally.step(wanted))
    }
}
