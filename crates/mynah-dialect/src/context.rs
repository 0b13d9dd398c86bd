use crate::{RowsNeeded, Site, Stages};
use datafusion::arrow::array::RecordBatch;
use datafusion::logical_expr::LogicalPlan;
use mynah_view::PlatformView;

/// What a query is planned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `mynah check`: there is no data. What parses and lints but cannot be run yet is no error, and a
    /// lookup or data model that the site does not have is a warning.
    Check,
    /// `mynah run`: whatever cannot be run is an error that names it.
    Run,
}

/// What a dialect may ask of the world while it plans.
#[derive(Clone, Copy)]
pub struct PlanContext<'a> {
    /// What the query is planned for.
    pub mode: Mode,
    /// The platform's view, in which names are resolved.
    pub view: &'a PlatformView,
    /// The settings of the site: macros, lookup tables, reference sets.
    pub site: &'a Site,
    /// The rows of the query's first stages.
    pub stages: &'a Stages,
}

impl PlanContext<'_> {
    /// The rows of a plan, for the few commands that need them to be planned; nothing where there is no data.
    ///
    /// # Errors
    /// Where they must be fetched first: planning stops here, with a diagnostic of the code [`crate::ROWS_NEEDED`].
    pub fn rows(&self, plan: &LogicalPlan) -> Result<Option<Vec<RecordBatch>>, RowsNeeded> {
        self.stages.rows(plan)
    }
}
