use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::logical_expr::LogicalPlan;
use datafusion::optimizer::AnalyzerRule;
use mynah_dialect::unmarked;

/// Takes the marks off conditions: the places that they stand at in the query are nothing to execute.
#[derive(Debug, Default)]
pub(crate) struct Unmarked;

impl AnalyzerRule for Unmarked {
    fn name(&self) -> &str {
        "unmarked"
    }

    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        unmarked(plan)
    }
}
