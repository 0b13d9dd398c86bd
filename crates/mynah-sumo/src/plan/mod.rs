//! A tree to a plan: [`Stage`] is the plan so far, which every operator changes in its turn.
mod aggregate;
pub(crate) mod balanced;
mod captures;
mod columns;
mod expressions;
mod json_path;
mod regexes;
mod scope;
mod stage;
mod typed;
mod values;
mod xml_path;

pub(crate) use aggregate::{Aggregated, aggregate};
pub(crate) use captures::{Captures, Source, item, keep, unless_missing};
pub(crate) use expressions::{boolean, choice, lower, parameter};
pub(crate) use json_path::JsonPath;
pub(crate) use regexes::{Finder, compile};
pub(crate) use stage::{Level, Order, Role, Stage, Wanted};
pub(crate) use typed::{Kind, Typed};
pub(crate) use values::{rows_of, values_plan};

pub(crate) use xml_path::XmlPath;

use crate::ast::Query;
use mynah_dialect::{Mode, PlanContext, column};
use mynah_syntax::Diagnostic;

use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};

/// Lowers a query. Names are bound late: a first pass finds out which fields of the logs it needs, the
/// second one plans a scan of just these.
pub(crate) fn plan(query: &Query, context: &PlanContext<'_>) -> (Option<LogicalPlan>, Vec<Diagnostic>) {
    let (_, _, wanted) = pass(query, context, Wanted::default(), true);
    let (plan, diagnostics, _) = pass(query, context, wanted, false);
    (plan, diagnostics)
}

fn pass(
    query: &Query,
    context: &PlanContext<'_>,
    wanted: Wanted,
    dry: bool,
) -> (Option<LogicalPlan>, Vec<Diagnostic>, Wanted) {
    let mut stage = match Stage::new(context, wanted, dry) {
        Ok(stage) => stage,
        Err(diagnostic) => return (None, vec![diagnostic], Wanted::default()),
    };
    if let Err(diagnostic) = scope::lower(&mut stage, &query.scope) {
        stage.diagnostics.push(diagnostic);
    }
    for step in &query.steps {
        stage.at = step.span();
        if let Err(diagnostic) = step.operator.lower(&mut stage) {
            stage.diagnostics.push(diagnostic);
            // What follows would complain of fields that this operator should have made.
            stage.broken = true;
        }
    }
    let plan = match finish(&mut stage) {
        Ok(plan) => plan,
        Err(diagnostic) => {
            stage.diagnostics.push(diagnostic);
            None
        }
    };
    (plan, stage.diagnostics, stage.wanted)
}

/// Sorts the rows and keeps the columns that are shown.
fn finish(stage: &mut Stage<'_>) -> Result<Option<LogicalPlan>, Diagnostic> {
    let shown = stage.shown_columns()?;
    if stage.broken || (stage.dynamic && stage.context.mode == Mode::Check) {
        return Ok(None);
    }
    let builder = LogicalPlanBuilder::from(stage.plan()?);
    let plan = builder
        .sort(stage.sort_keys())
        .and_then(|sorted| sorted.project(shown.iter().map(|(name, label)| column(name).alias(label.as_str()))))
        .and_then(LogicalPlanBuilder::build)
        .map_err(|error| stage.refused(&error))?;
    Ok(Some(plan))
}
