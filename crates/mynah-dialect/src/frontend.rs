use crate::analysis::completions;
use crate::constants::misspelt_constants;
use crate::{Analysis, Completion, Expected, FunctionDoc, PlanContext};
use datafusion::common::Column;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::Expr;
use mynah_event::Dialect;
use mynah_kernels::Registry;
use mynah_syntax::{Diagnostic, Rule};

/// A query language.
pub trait Frontend: Send + Sync {
    /// Which one.
    fn dialect(&self) -> Dialect;

    /// Parses, lints and plans a query. Never fails: what is wrong is among the diagnostics.
    fn plan(&self, text: &str, context: &PlanContext<'_>) -> Planned;

    /// Its lint rules.
    fn rules(&self) -> &'static [Rule];

    /// Its functions, operators and aggregates, for people to look up.
    fn functions(&self) -> Vec<&'static FunctionDoc>;

    /// Adds the functions that its plans are made of, so that plans can be read from bytes.
    fn register(&self, _registry: &mut Registry) {}

    /// What is left of a text without the parts that these errors refuse, where its parts are queries of their own. None where
    /// nothing is left.
    fn remaining(&self, _text: &str, _diagnostics: &[Diagnostic]) -> Option<Remaining> {
        None
    }

    /// What an editor wants to know of a text, broken or not: it goes on behind an error.
    fn analyse(&self, text: &str, context: &PlanContext<'_>) -> Analysis {
        Analysis { diagnostics: self.plan(text, context).diagnostics, ..Analysis::default() }
    }

    /// What may stand at a byte of a text.
    fn expected(&self, _text: &str, _at: usize) -> Expected {
        Expected::default()
    }

    /// What could stand at a byte of a text, for an editor to offer.
    fn complete(&self, text: &str, at: usize, context: &PlanContext<'_>) -> Vec<Completion> {
        completions(text, at, self.expected(text, at), &self.functions(), context.view)
    }
}

/// A text without the parts that are refused.
#[derive(Debug, Clone)]
pub struct Remaining {
    /// The text. Each part that is left stands where it stood.
    pub text: String,
    /// What is to be said of parts that are refused for want of others.
    pub diagnostics: Vec<Diagnostic>,
}

/// What is executed.
#[derive(Debug, Clone)]
pub enum Plan {
    /// The whole query.
    Whole(LogicalPlan),
    /// Its first part: with its rows as an answer ([`crate::Stages`]), the query can be planned further.
    Stage(LogicalPlan),
}

impl Plan {
    /// The plan to execute first.
    pub fn first(&self) -> &LogicalPlan {
        match self {
            Plan::Whole(plan) | Plan::Stage(plan) => plan,
        }
    }

    /// The same with another plan.
    ///
    /// # Errors
    /// Those of the change.
    pub fn try_map<E>(self, change: impl FnOnce(LogicalPlan) -> Result<LogicalPlan, E>) -> Result<Self, E> {
        Ok(match self {
            Plan::Whole(plan) => Plan::Whole(change(plan)?),
            Plan::Stage(plan) => Plan::Stage(change(plan)?),
        })
    }

    /// The plan, if it is that of the whole query.
    pub fn into_whole(self) -> Option<LogicalPlan> {
        match self {
            Plan::Whole(plan) => Some(plan),
            Plan::Stage(_) => None,
        }
    }
}

/// What became of a query.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The plan; there is one exactly if no diagnostic is an error. In [`crate::Mode::Check`] there may
    /// be none although nothing is wrong, where planning needs data.
    pub plan: Option<Plan>,
    /// Diagnostics, in source order.
    pub diagnostics: Vec<Diagnostic>,
    /// How the platform writes numbers.
    pub numbers: NumberStyle,
}

impl Planned {
    /// A query that did not get as far as a plan.
    pub fn refused(diagnostics: Vec<Diagnostic>) -> Self {
        Planned { plan: None, diagnostics, numbers: NumberStyle::Plain }
    }

    /// What became of a query that was read: its plan if there are no errors; or its next stage, if planning stopped because
    /// rows are needed, whatever was said on the way.
    pub fn new(
        plan: Option<LogicalPlan>,
        mut diagnostics: Vec<Diagnostic>,
        numbers: NumberStyle,
        context: &PlanContext<'_>,
    ) -> Self {
        let plan = match context.stages.asked() {
            Some(stage) => {
                diagnostics.retain(|diagnostic| diagnostic.code != ROWS_NEEDED);
                Some(Plan::Stage(stage))
            }
            None => plan.map(Plan::Whole),
        };
        let plan = plan.filter(|_| !diagnostics.iter().any(Diagnostic::is_error));
        if let Some(Plan::Whole(plan)) = &plan {
            // Where the language itself says something of the same words, that is enough.
            let mut misspelt = misspelt_constants(plan);
            misspelt.retain(|found| diagnostics.iter().all(|known| known.span != found.span));
            diagnostics.extend(misspelt);
        }
        diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
        diagnostics.dedup();
        Planned { plan, diagnostics, numbers }
    }
}

/// The code of the error with which a language stops where rows are needed ([`crate::RowsNeeded`]); nobody sees it.
pub const ROWS_NEEDED: &str = "plan/rows-needed";

/// How a platform writes numbers that have a fraction in principle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberStyle {
    /// Without `.0` where the number is whole: `3`, `3.5`.
    Plain,
    /// Always with a fraction: `3.0`, `3.5`.
    Decimal,
}

/// The column of exactly this name: no qualifier, no folding of case, dots are part of the name.
///
/// ```
/// let column = mynah_dialect::column("properties.status.errorCode");
/// assert_eq!(column.to_string(), r#""properties.status.errorCode""#.trim_matches('"'));
/// ```
pub fn column(name: &str) -> Expr {
    Expr::Column(Column::from_name(name))
}
