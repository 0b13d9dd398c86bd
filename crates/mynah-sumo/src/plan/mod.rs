//! A tree to a plan: [`Draft`] is the plan so far, which every operator changes in its turn.
mod aggregate;
mod draft;
mod expressions;
mod extract;
mod extraction;
mod fillmissing;
mod json_path;
mod lookup;
mod names;
mod output;
mod rows;
mod scope;
mod steps;
mod timeslice;
mod transpose;
mod typed;
mod values;
mod window;
mod xml_path;

pub(crate) use aggregate::{Aggregated, aggregate};
pub(crate) use draft::Draft;
pub(crate) use expressions::{choice, compile, lower};
pub(crate) use typed::{Kind, Typed};
pub(crate) use values::ValueFunction;

use draft::{Level, Order, PlanColumn, Role};
use json_path::JsonPath;
use xml_path::XmlPath;

use crate::ast::Query;
use datafusion::logical_expr::LogicalPlan;
use mynah_dialect::{Mode, Name as Named, PlanContext, column};
use mynah_kernels::Registry;
use mynah_syntax::Diagnostic;

/// What became of a query.
#[derive(Debug, Default)]
pub struct Lowered {
    /// The plan, unless something is wrong or the columns depend on data that there is not.
    pub plan: Option<LogicalPlan>,
    /// The names of fields that it reads, and what they mean.
    pub names: Vec<Named>,
    /// What there is to say.
    pub diagnostics: Vec<Diagnostic>,
}

/// Lowers a query over a scan of the fields of the logs that it names.
pub fn plan(query: &Query, context: &PlanContext<'_>) -> Lowered {
    let mut draft = match Draft::new(context, names::bind(query, context.view)) {
        Ok(draft) => draft,
        Err(diagnostic) => return Lowered { diagnostics: vec![diagnostic], ..Lowered::default() },
    };
    if let Err(diagnostic) = scope::lower(&mut draft, &query.scope) {
        draft.diagnostics.push(diagnostic);
    }
    for step in &query.steps {
        draft.at = step.span();
        if let Err(diagnostic) = steps::lower(&mut draft, &step.operator) {
            draft.diagnostics.push(diagnostic);
            // What follows would complain of fields that this operator should have made.
            draft.broken = true;
        }
    }
    let plan = finish(&mut draft).unwrap_or_else(|diagnostic| {
        draft.diagnostics.push(diagnostic);
        None
    });
    Lowered { plan, names: draft.names, diagnostics: draft.diagnostics }
}

/// Sorts the rows and keeps the columns that are shown.
fn finish(draft: &mut Draft<'_>) -> Result<Option<LogicalPlan>, Diagnostic> {
    let shown = draft.shown_columns()?;
    if draft.broken || (draft.dynamic && draft.context.mode == Mode::Check) {
        return Ok(None);
    }
    let order = draft.sort_keys();
    let shown = shown.iter().map(|(name, label)| column(name).alias(label.as_str()));
    draft.derived(|builder| builder.sort(order)?.project(shown)).map(Some)
}

/// Adds the functions that plans are made of.
pub(crate) fn register(registry: &mut Registry) {
    use crate::functions::{Call, Date, Format, Replace};
    registry.function::<ValueFunction>().function::<extraction::Extract>().function::<lookup::LookupRow>();
    registry.function::<Call>().function::<Date>().function::<Format>().function::<Replace>();
}
