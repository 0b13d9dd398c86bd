//! Several queries over one reading of the logs.
use crate::{Error, Mynah, Query};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::logical_expr::LogicalPlan;
use mynah_dialect::Plan;
use mynah_engine::{EngineError, Gathered, Wanted};
use std::collections::BTreeMap;
use std::io;

/// The events of several queries, read once. Queries of which there would be too many events, or that cannot be planned to their
/// end without rows, are not among these, and read the logs for themselves.
pub struct Together {
    gathered: Gathered,
    /// By the numbers of the queries.
    plans: BTreeMap<usize, LogicalPlan>,
}

/// How many queries it takes for one reading to be a gain: a few pass over most records each, without parsing them.
const FEWEST: usize = 4;

impl Mynah {
    /// Reads the logs once for these queries; nothing where that is no gain, since there are few of them that ask for some events only.
    ///
    /// ```
    /// use mynah::{Dialect, Mynah};
    ///
    /// let mynah = Mynah::builder().data("../../examples/logs").build()?;
    /// let names = ["StopLogging", "CreateUser", "CreateAccessKey", "ConsoleLogin"];
    /// let queries = names.map(|name| mynah.query(&format!("any where event.action == \"{name}\""), Dialect::Eql));
    /// let queries = queries.into_iter().collect::<Result<Vec<_>, _>>()?;
    /// let together = mynah.read_together(&queries.iter().collect::<Vec<_>>())?.expect("there are four, with conditions");
    /// let mut rows = 0;
    /// together.batches(0, &queries[0], |batch| Ok(rows += batch.num_rows()))?;
    /// assert_eq!(rows, queries[0].rows()?.count());
    /// # Ok::<(), mynah::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the data cannot be read.
    pub fn read_together(&self, queries: &[&Query<'_>]) -> Result<Option<Together>, Error> {
        let mut alone: Vec<usize> = Vec::new();
        loop {
            let mut plans = BTreeMap::new();
            for (number, query) in queries.iter().enumerate().filter(|(number, _)| !alone.contains(number)) {
                if let Some(plan) = self.selective_plan(query)? {
                    plans.insert(number, plan);
                }
            }
            if plans.len() < FEWEST {
                return Ok(None);
            }
            let wanted: Vec<Wanted> =
                plans.values().map(|plan| Wanted { plan: plan.clone(), filtered: true }).collect();
            match self.engine().gather(&wanted, &[]) {
                Ok(gathered) => return Ok(Some(Together { gathered, plans })),
                // Planned again, with room for all of them.
                Err(EngineError::SeveralValues) => {}
                Err(EngineError::TooMuch { plans: most, .. }) if !most.is_empty() => {
                    let numbers: Vec<usize> = plans.into_keys().collect();
                    alone.extend(most.into_iter().filter_map(|plan| numbers.get(plan)));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The plan of a query that is planned to its end and whose filters tell which events it reads.
    fn selective_plan(&self, query: &Query<'_>) -> Result<Option<LogicalPlan>, Error> {
        if matches!(query.planned().plan(), Plan::Stage(_)) {
            return Ok(None);
        }
        let plan = self.engine().execute(query.planned().clone()).last_stage()?;
        Ok(self.engine().is_selective(plan.clone())?.then_some(plan))
    }
}

impl Together {
    /// Runs one of the queries, by its number among those that were read together, and passes its rows to `each` as
    /// [`Query::batches`] does.
    ///
    /// # Errors
    /// If the query fails while it runs, or `each` fails.
    pub fn batches(
        &self,
        number: usize,
        query: &Query<'_>,
        mut each: impl FnMut(RecordBatch) -> io::Result<()>,
    ) -> Result<SchemaRef, Error> {
        let Some(plan) = self.plans.get(&number) else { return query.batches(each) };
        let execution = query.engine().execute(plan.clone()).over(&self.gathered, None);
        Ok(execution.rows(|batch| each(batch).map_err(EngineError::Io))?)
    }
}
