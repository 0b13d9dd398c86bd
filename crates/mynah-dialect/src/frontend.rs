use crate::{FunctionDoc, PlanContext};
use datafusion::common::Column;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::Expr;
use mynah_event::Dialect;
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
}

/// What became of a query.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The plan; there is one exactly if no diagnostic is an error. In [`crate::Mode::Check`] there may
    /// be none although nothing is wrong, where planning needs data.
    pub plan: Option<LogicalPlan>,
    /// What there is to say about the query, in the order of its text.
    pub diagnostics: Vec<Diagnostic>,
    /// How the platform writes numbers.
    pub numbers: NumberStyle,
}

impl Planned {
    /// A query that did not get as far as a plan.
    pub fn refused(diagnostics: Vec<Diagnostic>) -> Self {
        Planned { plan: None, diagnostics, numbers: NumberStyle::Plain }
    }
}

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
