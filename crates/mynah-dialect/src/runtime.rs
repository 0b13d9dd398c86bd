use datafusion::arrow::array::RecordBatch;
use datafusion::logical_expr::LogicalPlan;
use mynah_event::Timestamp;

/// What can go wrong when rows are fetched for planning.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RuntimeError(pub String);

/// The query's clock, and rows for the few commands that need them to be planned (a subsearch whose
/// result becomes part of the search; a table whose columns are values of the data).
pub trait Runtime: Send + Sync {
    /// The moment that `now()` means: the clock of the run, or, over files, just after the newest event.
    fn now(&self) -> Timestamp;

    /// The rows of a plan; `None` where there is no data to run it on (`mynah check`).
    ///
    /// # Errors
    /// Where the plan does not run.
    fn rows(&self, plan: &LogicalPlan) -> Result<Option<Vec<RecordBatch>>, RuntimeError>;
}

/// The runtime of `mynah check`: the real clock, and no data.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoData;

impl Runtime for NoData {
    fn now(&self) -> Timestamp {
        Timestamp::wall()
    }

    fn rows(&self, _plan: &LogicalPlan) -> Result<Option<Vec<RecordBatch>>, RuntimeError> {
        Ok(None)
    }
}
