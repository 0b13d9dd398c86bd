use crate::value::{self, Style};
use crate::{Error, frontend};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNode;
use datafusion::logical_expr::LogicalPlan;
use mynah_dialect::{NumberStyle, Plan};
use mynah_engine::why::Why;
use mynah_engine::{self as engine, Engine, EngineError, RawEvent};
use mynah_event::Dialect;
use mynah_syntax::Diagnostic;
use mynah_view::EventScan;
use std::fmt;
use std::io;
use std::time::Duration;

/// A query that is ready to run over the data of a [`crate::Mynah`].
pub struct Query<'m> {
    engine: &'m Engine,
    plan: engine::Query<'static>,
    diagnostics: Vec<Diagnostic>,
    style: Style,
}

fn reads_events(plan: &LogicalPlan) -> bool {
    let reads = plan.exists(|node| {
        let LogicalPlan::TableScan(scan) = node else { return Ok(false) };
        let source: &dyn std::any::Any = scan.source.as_ref();
        Ok(source.is::<EventScan>())
    });
    reads.unwrap_or(true)
}

impl<'m> Query<'m> {
    pub(crate) fn new(
        engine: &'m Engine,
        text: &str,
        dialect: Dialect,
        plan: Plan,
        diagnostics: Vec<Diagnostic>,
        numbers: NumberStyle,
    ) -> Query<'m> {
        let plan = engine::Query::new(frontend(dialect), text.to_owned(), plan);
        Query { engine, plan, diagnostics, style: Style { numbers, lone_values: dialect == Dialect::Spl } }
    }

    pub(crate) fn engine(&self) -> &'m Engine {
        self.engine
    }

    /// What the engine executes.
    pub(crate) fn planned(&self) -> &engine::Query<'static> {
        &self.plan
    }

    /// Warnings and notes on the query.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Warnings and notes that could not be known before the query ran: on a part of it that depends on what another part finds.
    ///
    /// ```
    /// use mynah::{Dialect, Mynah};
    ///
    /// let mynah = Mynah::builder().data("../../examples/logs").build()?;
    /// let query = mynah.query("index=* [search eventName=NoSuchCall | return eventName]", Dialect::Spl)?;
    /// query.rows()?;
    /// assert_eq!(query.later_diagnostics()[0].code, "spl/empty-return");
    /// # Ok::<(), mynah::Error>(())
    /// ```
    pub fn later_diagnostics(&self) -> Vec<Diagnostic> {
        let mut later = self.plan.remarks();
        later.retain(|diagnostic| !self.diagnostics.contains(diagnostic));
        later
    }

    /// The plan, with the query's columns in its order; where the query needs rows before it can be planned to its end, its
    /// first stage.
    pub fn plan(&self) -> &LogicalPlan {
        self.plan.plan().first()
    }

    /// Whether the query reads events at all; `| makeresults` does not. Of a query in stages those are executed that come
    /// before the first one that does.
    pub fn reads_events(&self) -> bool {
        let in_stages = || {
            let last = self.engine.execute(self.plan.clone()).last_stage();
            last.is_ok_and(|plan| reads_events(&plan))
        };
        reads_events(self.plan()) || matches!(self.plan.plan(), Plan::Stage(_)) && in_stages()
    }

    /// How the platform writes values.
    pub fn style(&self) -> Style {
        self.style
    }

    /// Runs the query and collects its rows. [`Query::batches`] does not hold them in memory.
    ///
    /// # Errors
    /// If the query fails while it runs.
    pub fn rows(&self) -> Result<Rows, Error> {
        let mut batches = Vec::new();
        self.batches(|batch| {
            batches.push(batch);
            Ok(())
        })?;
        Ok(Rows { batches: batches.into_iter(), batch: None, style: self.style })
    }

    /// Runs the query and passes its rows to `each` as Arrow batches.
    ///
    /// # Errors
    /// If the query fails while it runs, or `each` fails.
    pub fn batches(&self, mut each: impl FnMut(RecordBatch) -> io::Result<()>) -> Result<SchemaRef, Error> {
        Ok(self.engine.execute(self.plan.clone()).rows(|batch| each(batch).map_err(EngineError::Io))?)
    }

    /// Runs the query and passes the raw events behind its rows to `each`, each event once, in the order of the files.
    /// For an aggregate, these are the events of the groups in the result. Returns the number of events.
    ///
    /// # Errors
    /// If the query fails while it runs, or `each` fails.
    pub fn events(&self, mut each: impl FnMut(RawEvent) -> io::Result<()>) -> Result<usize, Error> {
        let ids = self.engine.execute(self.plan.clone()).events()?;
        self.engine.raw_events(&ids, |event| each(event).map_err(EngineError::Io))?;
        Ok(ids.len())
    }

    /// Reads the data again, for no longer than about `time`, to tell how far its events come in the query: which conditions
    /// they fulfil, and which operator nothing comes out of.
    ///
    /// ```
    /// use mynah::{Dialect, Mynah};
    /// use std::time::Duration;
    ///
    /// let mynah = Mynah::builder().data("../../examples/logs").build()?;
    /// let query = mynah.query("any where event.action == \"StopLoging\"", Dialect::Eql)?;
    /// let why = query.why(Duration::from_secs(5))?;
    /// let Some(nearest) = &why.steps[0].nearest else { unreachable!() };
    /// assert_eq!(nearest.failed[0].fields[0].field.as_deref(), Some("event.action"));
    /// # Ok::<(), mynah::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the query fails while it runs.
    pub fn why(&self, time: Duration) -> Result<Why, Error> {
        Ok(self.engine.execute(self.plan.clone()).why(time)?)
    }
}

/// The rows of a result, in its order.
pub struct Rows {
    batches: std::vec::IntoIter<RecordBatch>,
    /// The batch in hand, and the next of its rows.
    batch: Option<(RecordBatch, usize)>,
    style: Style,
}

impl Iterator for Rows {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        loop {
            if let Some((batch, index)) = self.batch.as_mut().filter(|(batch, index)| *index < batch.num_rows()) {
                *index += 1;
                return Some(Row { batch: batch.clone(), index: *index - 1, style: self.style });
            }
            self.batch = Some((self.batches.next()?, 0));
        }
    }
}

/// One row of a result. It displays as a JSON object.
pub struct Row {
    batch: RecordBatch,
    index: usize,
    style: Style,
}

impl Row {
    /// The names of the columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.batch.schema_ref().fields().iter().map(|field| field.name().as_str())
    }

    /// The value of a column as text, several values one a line. None for null and for an unknown column.
    pub fn text(&self, column: &str) -> Option<String> {
        let array = self.batch.column_by_name(column).filter(|array| !array.is_null(self.index))?;
        let mut text = String::new();
        value::text(array, self.index, self.style, &mut text);
        Some(text)
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut object = Vec::new();
        value::Objects::new(&self.batch, self.style).write(self.index, &mut object);
        f.write_str(&String::from_utf8_lossy(&object))
    }
}
