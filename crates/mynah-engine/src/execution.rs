use crate::engine::Engine;
use crate::error::EngineError;
use crate::gathered::Gathered;
use crate::provenance;
use crate::why::{self, Why};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::logical_expr::LogicalPlan;
use mynah_dialect::{Frontend, Mode, Plan, Stages, clock};
use mynah_event::{EventId, Timestamp};
use mynah_syntax::Diagnostic;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What is executed: a query that was planned, or any plan.
#[derive(Clone)]
pub struct Query<'q> {
    plan: Plan,
    /// Who plans it further where it has stages.
    source: Option<(&'q dyn Frontend, Cow<'q, str>)>,
    /// What was said of stages that were planned while it ran.
    remarks: Arc<Mutex<Vec<Diagnostic>>>,
}

impl<'q> Query<'q> {
    /// A query of a language: its text, and the plan that the language made of it.
    pub fn new(frontend: &'q dyn Frontend, text: impl Into<Cow<'q, str>>, plan: Plan) -> Query<'q> {
        Query { plan, source: Some((frontend, text.into())), remarks: Arc::default() }
    }
}

impl Query<'_> {
    /// The plan that is executed first.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Warnings and notes on stages that could be planned only with the rows of those before them, each once: known when it, or
    /// a copy of it, has run.
    pub fn remarks(&self) -> Vec<Diagnostic> {
        self.remarks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl From<LogicalPlan> for Query<'_> {
    fn from(plan: LogicalPlan) -> Self {
        Query { plan: Plan::Whole(plan), source: None, remarks: Arc::default() }
    }
}

/// A change of every plan before it is executed.
type Rewrite<'e> = Box<dyn Fn(LogicalPlan) -> Result<LogicalPlan, EngineError> + 'e>;

/// How a query is executed, made by [`Engine::execute`]: at the engine's moment and over its files, unless told otherwise.
pub struct Execution<'e> {
    engine: &'e Engine,
    query: Query<'e>,
    now: Option<Timestamp>,
    over: Option<(&'e Gathered, Option<(Timestamp, Timestamp)>)>,
    rewrite: Option<Rewrite<'e>>,
}

impl<'e> Execution<'e> {
    pub(crate) fn new(engine: &'e Engine, query: Query<'e>) -> Self {
        Execution { engine, query, now: None, over: None, rewrite: None }
    }

    /// At this moment instead of the engine's: for schedules.
    pub fn at(self, now: Timestamp) -> Self {
        Execution { now: Some(now), ..self }
    }

    /// Over events that were gathered instead of the files; of a stretch of time only, from the first moment up to, not
    /// including, the second. Every stage of the query sees the same events.
    pub fn over(self, gathered: &'e Gathered, stretch: Option<(Timestamp, Timestamp)>) -> Self {
        Execution { over: Some((gathered, stretch)), ..self }
    }

    /// With every plan changed before it is executed, those of stages as well: for exceptions.
    pub fn rewritten(self, rewrite: impl Fn(LogicalPlan) -> Result<LogicalPlan, EngineError> + 'e) -> Self {
        Execution { rewrite: Some(Box::new(rewrite)), ..self }
    }

    /// Gives each batch of the rows to `each`; gives the columns.
    ///
    /// Must not be called from within an asynchronous task.
    ///
    /// # Errors
    /// Where the query does not run, or `each` fails.
    pub fn rows(&self, each: impl FnMut(RecordBatch) -> Result<(), EngineError>) -> Result<SchemaRef, EngineError> {
        self.run_whole(&Ok, each)
    }

    /// The events behind the rows: of an aggregate, those of the groups that survive to the result.
    ///
    /// # Errors
    /// Where the query does not run.
    pub fn events(&self) -> Result<BTreeSet<EventId>, EngineError> {
        let mut ids = BTreeSet::new();
        self.run_whole(&|plan| Ok(provenance::events_plan(plan)?), |batch| Ok(provenance::collect(&batch, &mut ids)?))?;
        Ok(ids)
    }

    /// Gives each batch of the rows to `each`, with the events behind each row.
    ///
    /// # Errors
    /// Where the query does not run, or `each` fails.
    pub fn rows_with_events(
        &self,
        mut each: impl FnMut(RecordBatch, Vec<BTreeSet<EventId>>) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        self.run_whole(&|plan| Ok(provenance::traced_plan(plan)?), |batch| {
            let (batch, events) = provenance::split(batch)?;
            each(batch, events)
        })?;
        Ok(())
    }

    /// The plans of all stages, the whole query's last: those before it are executed on the way.
    ///
    /// # Errors
    /// Where a stage does not run, or the query cannot be planned with its rows.
    pub fn stages(&self) -> Result<Vec<LogicalPlan>, EngineError> {
        let mut plan = self.planned()?;
        let (mut plans, mut answers) = (Vec::new(), Vec::new());
        loop {
            match plan {
                Plan::Whole(whole) => {
                    plans.push(whole);
                    return Ok(plans);
                }
                Plan::Stage(stage) => {
                    let mut rows = Vec::new();
                    self.run(stage.clone(), &Ok, |batch| {
                        rows.push(batch);
                        Ok(())
                    })?;
                    plans.push(stage);
                    answers.push(rows);
                    plan = self.next_stage(Stages::answered(answers.clone()))?;
                }
            }
        }
    }

    /// How far events come: through which conditions, up to the operator that nothing comes out of. Reads the data again, for
    /// no longer than about `time`.
    ///
    /// # Errors
    /// Where the query does not run.
    pub fn why(&self, time: Duration) -> Result<Why, EngineError> {
        why::why(self.engine, &self.placed(self.last_stage()?)?, time)
    }

    /// The plan of the whole query, whose stages have been executed.
    ///
    /// # Errors
    /// As [`Execution::stages`].
    pub fn last_stage(&self) -> Result<LogicalPlan, EngineError> {
        match self.planned()? {
            Plan::Whole(plan) => Ok(plan),
            Plan::Stage(_) => self.stages()?.pop().ok_or(EngineError::NoPlan),
        }
    }

    /// The query's plan; made again where its data is known to have several values in fields whose types say one. What was
    /// gathered has the columns of the plan as it was.
    fn planned(&self) -> Result<Plan, EngineError> {
        match self.query.source.is_some() && self.over.is_none() && self.engine.several() > 0 {
            true => self.next_stage(Stages::default()),
            false => Ok(self.query.plan.clone()),
        }
    }

    /// Executes the whole query. Where its events turn out to have more values than its plan has room for, before it gave any
    /// rows, the plan is made again and executed again.
    fn run_whole(
        &self,
        finish: &dyn Fn(LogicalPlan) -> Result<LogicalPlan, EngineError>,
        mut each: impl FnMut(RecordBatch) -> Result<(), EngineError>,
    ) -> Result<SchemaRef, EngineError> {
        let mut again = false;
        loop {
            let known = self.engine.several();
            let learnt = || self.query.source.is_some() && self.over.is_none() && self.engine.several() > known;
            let mut begun = false;
            let mut checked = |batch| {
                if !begun && learnt() {
                    return Err(EngineError::SeveralValues);
                }
                begun = true;
                each(batch)
            };
            let plan = self.last_stage()?;
            let ran = match again {
                true => self.placed(plan).and_then(finish).and_then(|plan| self.engine.run_again(plan, &mut checked)),
                false => self.run(plan, finish, &mut checked),
            };
            again = true;
            match ran {
                Ok(_) if !begun && learnt() => {}
                Err(EngineError::SeveralValues) => {}
                other => return other,
            }
        }
    }

    fn next_stage(&self, stages: Stages) -> Result<Plan, EngineError> {
        let (frontend, text) = self.query.source.as_ref().ok_or(EngineError::NoPlan)?;
        let planned = self.engine.plan_with(*frontend, text, Mode::Run, &stages);
        let mut remarks = self.query.remarks.lock().unwrap_or_else(PoisonError::into_inner);
        for diagnostic in planned.diagnostics.iter().filter(|diagnostic| !diagnostic.is_error()) {
            if !remarks.contains(diagnostic) {
                remarks.push(diagnostic.clone());
            }
        }
        drop(remarks);
        planned.plan.ok_or_else(|| EngineError::Refused {
            reasons: planned.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.message.clone()).collect(),
        })
    }

    /// Executes what `finish` makes of a plan of the query.
    fn run(
        &self,
        plan: LogicalPlan,
        finish: &dyn Fn(LogicalPlan) -> Result<LogicalPlan, EngineError>,
        mut each: impl FnMut(RecordBatch) -> Result<(), EngineError>,
    ) -> Result<SchemaRef, EngineError> {
        let rewritten = self.rewrite(plan.clone())?;
        if self.now.is_none() && self.over.is_none() && clock::is_asked(&rewritten) {
            let plan_at = |now| finish(clock::bind(rewritten.clone(), now)?);
            return self.engine.run_at_newest(plan_at, &mut each);
        }
        self.engine.run(finish(self.placed(plan)?)?, each)
    }

    /// A plan of the query with what [`Execution::rewritten`] changes.
    ///
    /// # Errors
    /// Where that fails.
    pub fn rewrite(&self, plan: LogicalPlan) -> Result<LogicalPlan, EngineError> {
        match &self.rewrite {
            Some(rewrite) => rewrite(plan),
            None => Ok(plan),
        }
    }

    /// A plan of the query as it is executed: rewritten, with its moment, over its events.
    ///
    /// # Errors
    /// Where a rewrite fails, or the plan reads what was not gathered.
    pub fn placed(&self, plan: LogicalPlan) -> Result<LogicalPlan, EngineError> {
        let plan = self.rewrite(plan)?;
        let plan = match clock::is_asked(&plan) {
            true => clock::bind(plan, self.now.map_or_else(|| self.engine.now(), Ok)?)?,
            false => plan,
        };
        match self.over {
            Some((gathered, stretch)) => gathered.place(plan, stretch),
            None => Ok(plan),
        }
    }
}
