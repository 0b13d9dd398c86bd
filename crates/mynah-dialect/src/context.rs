use crate::{Runtime, Site};
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
    /// The query's clock, and rows for commands that need them to be planned.
    pub runtime: &'a dyn Runtime,
}
