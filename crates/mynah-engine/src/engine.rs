use crate::clock;
use crate::error::EngineError;
use crate::event_table::EventTable;
use crate::gathered::{self, Gathered};
use crate::progress::Progress;
use crate::provenance;
use crate::raw_events::{self, RawEvent};
use crate::scan::Data;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::default_table_source::DefaultTableSource;
use datafusion::common::tree_node::{Transformed, TreeNodeRecursion};
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::StreamExt;
use mynah_dialect::{Frontend, Mode, PlanContext, Planned, Runtime, RuntimeError, Site};
use mynah_event::{EventId, Platform, Timestamp};
use mynah_kernels::WholeRowsPlanner;
use mynah_source::{DataProblem, InputFile, Recogniser};
use mynah_syntax::{Diagnostic, Span};
use mynah_view::{Catalog, EventScan, PlatformView, ScanColumn};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// What an [`Engine`] can be told.
#[derive(Debug)]
pub struct Options {
    /// The query's clock; just after the newest event where there is none.
    pub now: Option<Timestamp>,
    /// The settings of the site.
    pub site: Site,
    /// The views; the built-in ones where there are none.
    pub views: Option<Catalog>,
    /// A folder with definitions of log sources of one's own, besides the built-in ones.
    pub sources: Option<PathBuf>,
    /// How many threads to use; as many as the machine has cores where there is no number.
    pub threads: Option<usize>,
    /// How many bytes operators may hold in memory before they spill to disk; 1 GiB where there is no number.
    pub memory: Option<usize>,
    /// Whether records that cannot be in a result are left out unparsed. Only tests and measurements have a
    /// reason to say no: results are the same.
    pub prefilter: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            now: None,
            site: Site::default(),
            views: None,
            sources: None,
            threads: None,
            memory: None,
            prefilter: true,
        }
    }
}

/// Runs queries over one set of logs.
pub struct Engine {
    catalog: Catalog,
    site: Site,
    data: Data,
    found: Vec<DataProblem>,
    now: OnceLock<(Timestamp, bool)>,
    context: SessionContext,
    tokio: tokio::runtime::Runtime,
    threads: usize,
    /// How many bytes may be held in memory.
    memory: usize,
}

impl Engine {
    /// An engine over what `data` names: files, folders, globs, `-`, each with `SOURCE=` before it if need be.
    ///
    /// # Errors
    /// Where views or definitions of log sources are broken. What is wrong with the data is among
    /// [`Engine::problems`].
    pub fn new(options: Options, data: &[String]) -> Result<Engine, EngineError> {
        let (files, found) = mynah_source::find(data);
        Engine::over(options, files, found)
    }

    /// An engine over files that were found already, with what was wrong with others.
    ///
    /// # Errors
    /// As [`Engine::new`].
    pub fn over(options: Options, files: Vec<InputFile>, found: Vec<DataProblem>) -> Result<Engine, EngineError> {
        let catalog = match options.views {
            Some(catalog) => catalog,
            None => Catalog::built_in()?,
        };
        let recogniser = match &options.sources {
            Some(folder) => Recogniser::with_folder(folder)?,
            None => Recogniser::built_in()?,
        };
        for file in &files {
            if let Some(log_source) = file.source.as_ref().filter(|log_source| recogniser.index(log_source).is_none()) {
                let known = recogniser.sources().iter().map(|source| source.log_source().as_str());
                let meant = mynah_syntax::nearest(log_source.as_str(), known).map(str::to_owned);
                return Err(EngineError::UnknownLogSource { log_source: log_source.to_string(), meant });
            }
        }
        let threads =
            options.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).max(1);
        let config = SessionConfig::new().with_target_partitions(threads).with_information_schema(false);
        let memory = options.memory.unwrap_or(1 << 30);
        let environment = RuntimeEnvBuilder::new().with_memory_limit(memory, 1.0).build_arc()?;
        let state = SessionStateBuilder::new()
            .with_config(config)
            .with_runtime_env(environment)
            .with_default_features()
            .with_query_planner(Arc::new(WholeRowsPlanner))
            .build();
        let context = SessionContext::new_with_state(state);
        let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
        let now = OnceLock::new();
        if let Some(at) = options.now {
            let _ = now.set((at, true));
        }
        let data = Data {
            files: files.into(),
            recogniser: Arc::new(recogniser),
            progress: Arc::new(Progress::default()),
            prefilter: options.prefilter,
        };
        Ok(Engine { catalog, site: options.site, data, found, now, context, tokio, threads, memory })
    }

    /// What was wrong with the paths that the user named.
    pub fn problems(&self) -> &[DataProblem] {
        &self.found
    }

    /// The files it reads.
    pub fn files(&self) -> &[InputFile] {
        &self.data.files
    }

    /// How many threads it uses.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// What it has read so far.
    pub fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.data.progress)
    }

    /// The query's clock, if it was derived from the newest event because a query asked for it.
    pub fn derived_now(&self) -> Option<Timestamp> {
        self.now.get().filter(|(_, given)| !given).map(|(at, _)| *at)
    }

    /// Parses, lints and plans a query.
    pub fn plan(&self, frontend: &dyn Frontend, text: &str, mode: Mode) -> Planned {
        self.plan_with(frontend, text, mode, self)
    }

    /// Parses, lints and plans a query as if it ran at another moment than the engine's own.
    pub fn plan_at(&self, frontend: &dyn Frontend, text: &str, now: Timestamp) -> Planned {
        self.plan_with(frontend, text, Mode::Run, &At { engine: self, now })
    }

    fn plan_with(&self, frontend: &dyn Frontend, text: &str, mode: Mode, runtime: &dyn Runtime) -> Planned {
        match self.catalog.platform(frontend.dialect().platform()) {
            Ok(view) => frontend.plan(text, &PlanContext { mode, view: &view, site: &self.site, runtime }),
            Err(error) => Planned::refused(vec![Diagnostic::error("site/view", error.to_string(), Span::at(0))]),
        }
    }

    /// A platform's view, as the queries of this engine see it.
    ///
    /// # Errors
    /// Where the view is broken.
    pub fn view(&self, platform: Platform) -> Result<Arc<PlatformView>, EngineError> {
        Ok(self.catalog.platform(platform)?)
    }

    /// Reads the data once for several plans: all events that they can be made of, whatever the time they ask for, with
    /// the columns that they and `also` need.
    ///
    /// # Errors
    /// Where a plan does not run.
    pub fn gather(&self, plans: &[LogicalPlan], also: &[ScanColumn]) -> Result<Gathered, EngineError> {
        let state = self.context.state();
        let plans = plans.iter().map(|plan| state.optimize(plan)).collect::<Result<Vec<_>, _>>()?;
        let time = gathered::time(raw_events::time_column(&self.data));
        let (plan, columns) = gathered::plan(&plans, also, time)?;
        let mut batches = Vec::new();
        let mut size = 0_usize;
        Engine::rows(self, plan, |batch| {
            size += batch.get_array_memory_size();
            if size > self.memory {
                return Err(EngineError::TooMuch { mebibytes: self.memory >> 20 });
            }
            batches.push(batch);
            Ok(())
        })?;
        Ok(columns.with(&batches)?)
    }

    /// The plan as it will be executed, for people to read.
    ///
    /// # Errors
    /// Where DataFusion refuses the plan.
    pub fn explain(&self, plan: LogicalPlan) -> Result<String, EngineError> {
        let plan = self.context.state().optimize(&self.with_tables(plan)?)?;
        Ok(plan.display_indent().to_string())
    }

    /// What is looked for in the bytes of records before they are parsed, for each scan of a plan; nothing where a
    /// scan has to parse every record.
    ///
    /// # Errors
    /// Where DataFusion refuses the plan.
    pub fn literals(&self, plan: LogicalPlan) -> Result<Vec<Vec<String>>, EngineError> {
        let plan = self.context.state().optimize(&self.with_tables(plan)?)?;
        let mut literals = Vec::new();
        plan.apply_with_subqueries(|node| {
            if let LogicalPlan::TableScan(scan) = node {
                let source: &dyn std::any::Any = scan.source.as_ref();
                let provider = source.downcast_ref::<DefaultTableSource>().map(|source| &source.table_provider);
                let table: Option<&dyn std::any::Any> = provider.map(|provider| provider.as_ref() as _);
                if let Some(table) = table.and_then(|table| table.downcast_ref::<EventTable>()) {
                    literals.push(table.prefilter(&scan.filters).literals().map(str::to_owned).collect());
                }
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        Ok(literals)
    }

    /// Executes a plan: gives each batch of its rows to `each`.
    ///
    /// Must not be called from within an asynchronous task.
    ///
    /// # Errors
    /// Where the plan does not run, or `each` fails.
    pub fn rows(
        &self,
        plan: LogicalPlan,
        mut each: impl FnMut(RecordBatch) -> Result<(), EngineError>,
    ) -> Result<SchemaRef, EngineError> {
        let plan = self.with_tables(plan)?;
        self.tokio.block_on(async {
            let frame = self.context.execute_logical_plan(plan).await?;
            let schema = Arc::clone(frame.schema().inner());
            let mut stream = frame.execute_stream().await?;
            while let Some(batch) = stream.next().await {
                each(batch?)?;
            }
            Ok(schema)
        })
    }

    /// The events behind a plan's rows: of an aggregate, those of the groups that survive to the result.
    ///
    /// # Errors
    /// Where the plan does not run.
    pub fn events(&self, plan: LogicalPlan) -> Result<BTreeSet<EventId>, EngineError> {
        let mut ids = BTreeSet::new();
        self.rows(provenance::events_plan(plan)?, |batch| Ok(provenance::collect(&batch, &mut ids)?))?;
        Ok(ids)
    }

    /// Executes a plan: gives each batch of its rows to `each`, with the events behind each row.
    ///
    /// # Errors
    /// Where the plan does not run, or `each` fails.
    pub fn rows_with_events(
        &self,
        plan: LogicalPlan,
        mut each: impl FnMut(RecordBatch, Vec<BTreeSet<EventId>>) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        self.rows(provenance::traced_plan(plan)?, |batch| {
            let (batch, events) = provenance::split(batch)?;
            each(batch, events)
        })?;
        Ok(())
    }

    /// Gives the events with these ids to `each`, in the order of the files.
    ///
    /// # Errors
    /// Where `each` fails.
    pub fn raw_events(
        &self,
        ids: &BTreeSet<EventId>,
        each: impl FnMut(RawEvent) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        // A second reading of the same files: it does not count.
        let data = Data { progress: Arc::default(), ..self.data.clone() };
        raw_events::fetch(&data, ids, each)
    }

    /// The plan with this engine's data behind its scans.
    fn with_tables(&self, plan: LogicalPlan) -> Result<LogicalPlan, EngineError> {
        let placed = plan.transform_up_with_subqueries(|node| match node {
            LogicalPlan::TableScan(mut scan) => {
                let source: &dyn std::any::Any = scan.source.as_ref();
                match source.downcast_ref::<EventScan>() {
                    Some(events) => {
                        let table = EventTable::new(Arc::new(events.clone()), self.data.clone());
                        scan.source = Arc::new(DefaultTableSource::new(Arc::new(table)));
                        Ok(Transformed::yes(LogicalPlan::TableScan(scan)))
                    }
                    None => Ok(Transformed::no(LogicalPlan::TableScan(scan))),
                }
            }
            other => Ok(Transformed::no(other)),
        })?;
        Ok(placed.data)
    }
}

impl Runtime for Engine {
    fn now(&self) -> Timestamp {
        let (at, _) = self.now.get_or_init(|| {
            let data = Data { progress: Arc::default(), ..self.data.clone() };
            (clock::after_newest(&data, self.threads).unwrap_or_else(Timestamp::wall), false)
        });
        *at
    }

    fn rows(&self, plan: &LogicalPlan) -> Result<Option<Vec<RecordBatch>>, RuntimeError> {
        let mut batches = Vec::new();
        Engine::rows(self, plan.clone(), |batch| {
            batches.push(batch);
            Ok(())
        })
        .map_err(|error| RuntimeError(error.to_string()))?;
        Ok(Some(batches))
    }
}

/// An engine at another moment.
struct At<'a> {
    engine: &'a Engine,
    now: Timestamp,
}

impl Runtime for At<'_> {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn rows(&self, plan: &LogicalPlan) -> Result<Option<Vec<RecordBatch>>, RuntimeError> {
        Runtime::rows(self.engine, plan)
    }
}
