//! A tree to a plan: [`Draft`] is the plan so far, which every operator changes in its turn.
mod aggregate;
mod compare;
mod draft;
mod expressions;
mod extract;
mod extraction;
mod fillmissing;
mod join;
mod json_filter;
mod json_path;
mod lookup;
mod names;
mod opened;
mod output;
mod predict;
mod rows;
mod scope;
mod series;
mod sessionize;
mod steps;
mod subquery;
mod timeslice;
mod trace;
mod transactionize;
mod transactions;
mod transpose;
mod typed;
mod values;
mod window;
mod xml_path;

pub(crate) use aggregate::{Aggregated, aggregate};
pub(crate) use draft::Draft;
pub(crate) use expressions::{choice, compile, lower};
pub(crate) use lookup::contains as lookup_contains;
pub(crate) use typed::{Kind, Typed};
pub(crate) use values::{ValueFunction, read_number};

use draft::{Level, Order, PlanColumn, Role, Stretch, TIME};
use json_path::JsonPath;
use opened::{Form, Opened};
use xml_path::XmlPath;

use crate::ast::{Operator, Query, Scope, Step};
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
    let mut draft = match Draft::new(context, names::bind(query, context.view, &[])) {
        Ok(draft) => draft,
        Err(diagnostic) => return Lowered { diagnostics: vec![diagnostic], ..Lowered::default() },
    };
    run(&mut draft, query);
    let plan = finish(&mut draft).unwrap_or_else(|diagnostic| {
        draft.diagnostics.push(diagnostic);
        None
    });
    Lowered { plan, names: draft.names, diagnostics: draft.diagnostics }
}

/// Makes a query's scope and operators part of the plan; what is wrong is among the diagnostics.
fn run(draft: &mut Draft<'_>, query: &Query) {
    if let Err(diagnostic) = scope::lower(draft, &query.scope) {
        draft.diagnostics.push(diagnostic);
    }
    steps(draft, &query.scope, &query.steps);
}

/// Makes operators part of the plan. What stands before each is known to `compare`, which asks the same of another time.
fn steps(draft: &mut Draft<'_>, scope: &Scope, steps: &[Step]) {
    for (index, step) in steps.iter().enumerate() {
        draft.at = step.span();
        let lowered = match &step.operator {
            Operator::Compare(compare) => compare::lower(draft, compare, scope, steps.get(..index).unwrap_or_default()),
            operator => steps::lower(draft, operator),
        };
        if let Err(diagnostic) = lowered {
            draft.diagnostics.push(diagnostic);
            // What follows would complain of fields that this operator should have made.
            draft.broken = true;
        }
        if let (Operator::Save { .. }, Some(next)) = (&step.operator, steps.get(index + 1)) {
            // Source: https://www.sumologic.com/help/docs/search/search-query-language/search-operators/save/
            let message = "Sumo Logic does not process what follows `save`";
            draft.diagnostics.push(Diagnostic::warning("sumo/behind-save", message, next.span()));
            return;
        }
    }
}

/// Makes operators inside another part of the plan, in which `compare` has no place.
fn inner_steps(draft: &mut Draft<'_>, steps: &[Step]) {
    for step in steps {
        draft.at = step.span();
        if let Err(diagnostic) = steps::lower(draft, &step.operator) {
            draft.diagnostics.push(diagnostic);
            draft.broken = true;
        }
    }
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
    use crate::functions::{Call, Date, Decode, Format, Hash, Replace};
    registry.function::<ValueFunction>().function::<extraction::Extract>().function::<lookup::LookupRow>();
    registry.operator::<transactionize::Transactions>().operator::<trace::Chain>();
    registry.function::<Call>().function::<Date>().function::<Format>().function::<Replace>();
    registry.function::<Decode>().function::<Hash>();
}
