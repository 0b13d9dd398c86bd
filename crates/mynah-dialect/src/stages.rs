use datafusion::arrow::array::RecordBatch;
use datafusion::logical_expr::LogicalPlan;
use std::cell::{Cell, RefCell};

/// The rows that a query needs before it can be planned to its end: a subsearch whose result becomes part of the search, a
/// table whose columns are values of the data.
///
/// Planning runs no query. Where a language needs rows, it asks for them with [`Stages::rows`]; if nobody has them yet, it
/// gives up with [`RowsNeeded`], and the plan of what it asked for is the query's first stage ([`crate::Plan::Stage`]). When
/// that has been executed, at the query's moment and over the query's data, the query is planned again with its rows as
/// an answer, and comes further.
///
/// ```
/// use datafusion::logical_expr::LogicalPlanBuilder;
/// use mynah_dialect::Stages;
///
/// let plan = LogicalPlanBuilder::empty(true).build()?;
/// let stages = Stages::default();
/// assert!(stages.rows(&plan).is_err());
/// assert!(stages.asked().is_some());
///
/// let stages = Stages::answered(vec![Vec::new()]);
/// assert_eq!(stages.rows(&plan), Ok(Some(Vec::new())));
/// # Ok::<(), datafusion::error::DataFusionError>(())
/// ```
#[derive(Debug)]
pub struct Stages {
    /// The rows of the first stages; none at all for `mynah check`, which has no data.
    answers: Option<Vec<Vec<RecordBatch>>>,
    given: Cell<usize>,
    asked: RefCell<Option<LogicalPlan>>,
}

/// Rows were asked for that are not there yet: planning stops here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the query needs rows before it can be planned further")]
pub struct RowsNeeded;

/// What a language says where it stops.
impl RowsNeeded {
    /// The error of [`crate::ROWS_NEEDED`], which nobody sees.
    pub fn at(self, span: mynah_syntax::Span) -> mynah_syntax::Diagnostic {
        mynah_syntax::Diagnostic::error(crate::ROWS_NEEDED, self.to_string(), span)
    }
}

impl Stages {
    /// With the rows of the first stages, in the order in which they were asked for.
    pub fn answered(answers: Vec<Vec<RecordBatch>>) -> Stages {
        Stages { answers: Some(answers), given: Cell::new(0), asked: RefCell::new(None) }
    }

    /// For `mynah check`: there are never any rows, and planning goes on without.
    pub fn without_data() -> Stages {
        Stages { answers: None, given: Cell::new(0), asked: RefCell::new(None) }
    }

    /// The rows of a plan; nothing where there is no data.
    ///
    /// # Errors
    /// Where they must be fetched first.
    pub fn rows(&self, plan: &LogicalPlan) -> Result<Option<Vec<RecordBatch>>, RowsNeeded> {
        let Some(answers) = &self.answers else { return Ok(None) };
        let number = self.given.replace(self.given.get() + 1);
        match answers.get(number) {
            Some(rows) => Ok(Some(rows.clone())),
            None => {
                self.asked.borrow_mut().get_or_insert_with(|| plan.clone());
                Err(RowsNeeded)
            }
        }
    }

    /// The first plan that was asked for in vain.
    pub fn asked(&self) -> Option<LogicalPlan> {
        self.asked.borrow().clone()
    }
}

/// No stage has been executed yet.
impl Default for Stages {
    fn default() -> Self {
        Stages::answered(Vec::new())
    }
}
