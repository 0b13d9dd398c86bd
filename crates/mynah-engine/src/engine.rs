use crate::builtin;
use crate::census::{self, Inspection};
use crate::clock;
use crate::error::EngineError;
use crate::event_table::EventTable;
use crate::execution::{Execution, Query};
use crate::gathered;
use crate::held::{self, HoldLargeColumns};
use crate::progress::Progress;
use crate::raw_events::{self, RawEvent};
use crate::repeated_projections::RepeatedProjections;
use crate::scan::Data;
use crate::several::Several;
use crate::store::{Store, Stored};
use crate::threads::STACK;
use crate::unmarked::Unmarked;
use crate::why;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::default_table_source::DefaultTableSource;
use datafusion::common::tree_node::{Transformed, TreeNodeRecursion};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::{Expr, SessionConfig, SessionContext};
use futures::StreamExt;
use mynah_dialect::{Frontend, Mode, PlanContext, Planned, Site, Stages};
use mynah_event::{EventId, LogSource, Platform, Timestamp};
use mynah_kernels::WholeRowsPlanner;
use mynah_source::{DataProblem, InputFile, Reader, Recogniser, SourceError};
use mynah_syntax::{Diagnostic, Span};
use mynah_view::{Catalog, EventScan, PlatformView, ScanColumn};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
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
    /// What keeps records that were read before, which are read beside the files.
    pub stores: Vec<Arc<dyn Store>>,
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
            stores: Vec::new(),
        }
    }
}

/// How many bytes of rows are held back until the clock that they were made for is proven.
const MOST_HELD: usize = 64 << 20;

/// Runs queries over one set of logs.
pub struct Engine {
    catalog: Catalog,
    site: Site,
    data: Data,
    found: Vec<DataProblem>,
    now: OnceLock<(Timestamp, bool)>,
    several: Several,
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
    pub fn over(options: Options, mut files: Vec<InputFile>, found: Vec<DataProblem>) -> Result<Engine, EngineError> {
        let catalog = match options.views {
            Some(catalog) => catalog,
            None => Catalog::built_in()?,
        };
        let recogniser = match &options.sources {
            Some(folder) => Arc::new(Recogniser::with_folder(folder)?),
            None => Recogniser::built_in()?,
        };
        let stored = Stored::place(&options.stores, &mut files);
        let named = files.iter().filter_map(|file| file.source.clone());
        for log_source in named.chain(stored.log_sources()) {
            if recogniser.index(&log_source).is_none() {
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
        let state = builtin::session()
            .with_config(config)
            .with_runtime_env(environment)
            .with_query_planner(Arc::new(WholeRowsPlanner))
            .with_optimizer_rules(held::optimizer_rules())
            .with_analyzer_rule(Arc::new(Unmarked))
            .with_analyzer_rule(Arc::new(HoldLargeColumns))
            .with_analyzer_rule(Arc::new(RepeatedProjections))
            .build();
        let context = SessionContext::new_with_state(state);
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let tokio = runtime.worker_threads(threads).thread_stack_size(STACK).enable_all().build()?;
        let now = OnceLock::new();
        if let Some(at) = options.now {
            let _ = now.set((at, true));
        }
        let data = Data {
            files: files.into(),
            stored,
            recogniser,
            progress: Arc::new(Progress::default()),
            prefilter: options.prefilter,
            newest: None,
        };
        let several = Several::default();
        Ok(Engine { catalog, site: options.site, data, found, now, several, context, tokio, threads, memory })
    }

    /// What was wrong with the paths that the user named.
    pub fn problems(&self) -> &[DataProblem] {
        &self.found
    }

    /// The files that its events come from: those it reads, and those whose records are in its stores.
    pub fn files(&self) -> &[InputFile] {
        &self.data.files
    }

    /// Those of its files that it reads itself.
    pub fn files_read(&self) -> &[InputFile] {
        self.data.read()
    }

    /// How many bytes it reads, as they are stored.
    pub fn bytes(&self) -> u64 {
        self.data.units().map(|unit| unit.file.size).sum()
    }

    /// The log sources that it tells records' apart by.
    pub fn recogniser(&self) -> &Recogniser {
        &self.data.recogniser
    }

    /// A reader of one of its files, as its own scans read it.
    ///
    /// # Errors
    /// Where the file cannot be opened, or is no log.
    pub fn reader(&self, file: &InputFile) -> Result<Reader, SourceError> {
        Reader::open(file, self.data.recogniser.texts())
    }

    /// How many threads it uses.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// What it has read so far.
    pub fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.data.progress)
    }

    /// The clock of queries that are not given another: the one that was set, or just after the newest event.
    ///
    /// # Errors
    /// Where the newest event cannot be found.
    pub fn now(&self) -> Result<Timestamp, EngineError> {
        if let Some((at, _)) = self.now.get() {
            return Ok(*at);
        }
        let data = Data { progress: Arc::default(), ..self.data.clone() };
        let at = clock::after_newest(&data, self.threads)?.unwrap_or_else(Timestamp::wall);
        Ok(self.now.get_or_init(|| (at, false)).0)
    }

    /// Reads all data, and says of each file which log sources its records are of, how many there are of each, and which time
    /// they span; and of each log source how its records are spread over time and hosts.
    ///
    /// ```
    /// use mynah_engine::{Engine, Options};
    ///
    /// let engine = Engine::new(Options::default(), &["../../examples/logs".to_owned()])?;
    /// let inspection = engine.inspect()?;
    /// let trail = inspection.sources.iter().find(|(source, _)| source.as_str() == "aws.cloudtrail");
    /// assert!(trail.is_some_and(|(_, overview)| overview.times.days().count() > 0));
    /// # Ok::<(), mynah_engine::EngineError>(())
    /// ```
    ///
    /// # Errors
    /// Where a thread that reads breaks down, or the view that tells hosts is broken.
    pub fn inspect(&self) -> Result<Inspection, EngineError> {
        // The schema has one name for it in all log sources: of firewalls it is the observer.
        let view = self.view(Platform::Elastic)?;
        let hosts = ["host.name", "host.hostname", "observer.hostname"].map(|field| view.resolve(field).column);
        census::inspect(&self.data, self.threads, hosts.into())
    }

    /// The query's clock, if it was derived from the newest event because a query asked for it.
    pub fn derived_now(&self) -> Option<Timestamp> {
        self.now.get().filter(|(_, given)| !given).map(|(at, _)| *at)
    }

    /// Parses, lints and plans a query; runs nothing.
    pub fn plan(&self, frontend: &dyn Frontend, text: &str, mode: Mode) -> Planned {
        let stages = match mode {
            Mode::Check => Stages::without_data(),
            Mode::Run => Stages::default(),
        };
        self.plan_with(frontend, text, mode, &stages)
    }

    /// The same with the rows of the query's first stages.
    pub(crate) fn plan_with(&self, frontend: &dyn Frontend, text: &str, mode: Mode, stages: &Stages) -> Planned {
        match self.catalog.platform(frontend.dialect().platform()) {
            Ok(view) => {
                let view = &*self.several.view(view);
                frontend.plan(text, &PlanContext { mode, view, site: &self.site, stages })
            }
            Err(error) => Planned::refused(vec![Diagnostic::error("site/view", error.to_string(), Span::at(0))]),
        }
    }

    /// How many fields are known to have several values although their types say one.
    pub(crate) fn several(&self) -> usize {
        self.several.count()
    }

    /// Remembers which fields a run found to be so, and tells whether one of them is new.
    pub(crate) fn learn(&self, names: impl IntoIterator<Item = String>) -> bool {
        let mut names = names.into_iter().peekable();
        // Most runs find none, and have no need of the view.
        if names.peek().is_none() {
            return false;
        }
        let Ok(view) = self.catalog.platform(Platform::Elastic) else { return false };
        self.several.learn(names.filter(|name| view.resolve(name).known))
    }

    /// Executes a query, or any plan: what is returned says at which moment, over what, and gives rows or events.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), mynah_engine::EngineError> {
    /// # let engine = mynah_engine::Engine::new(Default::default(), &[])?;
    /// # let plan: datafusion::logical_expr::LogicalPlan = unimplemented!();
    /// let events = engine.execute(plan).at(mynah_event::Timestamp::from_milliseconds(0)).events()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn execute<'e>(&'e self, query: impl Into<Query<'e>>) -> Execution<'e> {
        Execution::new(self, query.into())
    }

    /// A platform's view, as the queries of this engine see it.
    ///
    /// # Errors
    /// Where the view is broken.
    pub fn view(&self, platform: Platform) -> Result<Arc<PlatformView>, EngineError> {
        Ok(self.catalog.platform(platform)?)
    }

    /// The plan as it will be executed, for people to read.
    ///
    /// # Errors
    /// Where DataFusion refuses the plan.
    pub fn explain(&self, plan: LogicalPlan) -> Result<String, EngineError> {
        let plan = self.context.state().optimize(&with_tables(plan, &self.data)?)?;
        let readable = plan.transform_with_subqueries(|node| {
            node.map_expressions(|expression| Ok(Transformed::yes(why::readable(expression)?)))
        })?;
        Ok(readable.data.display_indent().to_string())
    }

    /// What is looked for in the bytes of records before they are parsed, for each scan of a plan: nothing where a scan has
    /// to parse every record, no literals where no record can pass.
    ///
    /// # Errors
    /// Where DataFusion refuses the plan.
    pub fn literals(&self, plan: LogicalPlan) -> Result<Vec<Option<Vec<String>>>, EngineError> {
        let mut literals = Vec::new();
        self.each_scan(plan, &mut |table, filters| {
            let prefilter = table.prefilter(filters);
            literals.push(prefilter.literals().map(|all| all.map(str::to_owned).collect()));
        })?;
        Ok(literals)
    }

    /// Those of these log sources whose events a plan can be made of, as far as its filters tell: by what they ask of columns that
    /// are the same for all events of a log source, or that it does not have.
    ///
    /// # Errors
    /// Where DataFusion refuses the plan.
    pub fn log_sources_of(
        &self,
        plan: LogicalPlan,
        among: &BTreeSet<LogSource>,
    ) -> Result<BTreeSet<LogSource>, EngineError> {
        let mut reached = BTreeSet::new();
        self.each_scan(plan, &mut |table, filters| {
            let prefilter = table.prefilter(filters);
            reached.extend(among.iter().filter(|source| !prefilter.rules_out(source)).cloned());
        })?;
        Ok(reached)
    }

    /// Whether a plan reads events, and all of its scans have filters that tell, times aside, which events it can be made of.
    ///
    /// # Errors
    /// Where DataFusion refuses the plan.
    pub fn is_selective(&self, plan: LogicalPlan) -> Result<bool, EngineError> {
        let (mut any, mut all) = (false, true);
        self.each_scan(plan, &mut |table, filters| {
            any = true;
            all &= gathered::is_selective(table.events(), filters);
        })?;
        Ok(any && all)
    }

    /// Shows each scan of a plan, as it will be executed, with the filters that reach it.
    fn each_scan(&self, plan: LogicalPlan, each: &mut dyn FnMut(&EventTable, &[Expr])) -> Result<(), EngineError> {
        let plan = self.context.state().optimize(&with_tables(plan, &self.data)?)?;
        plan.apply_with_subqueries(|node| {
            if let LogicalPlan::TableScan(scan) = node {
                let source: &dyn std::any::Any = scan.source.as_ref();
                let source = source.downcast_ref::<DefaultTableSource>();
                if let Some(table) = source.and_then(|source| EventTable::of(&source.table_provider)) {
                    each(table, &scan.filters);
                }
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        Ok(())
    }

    /// Executes a plan in which nothing is left to bind: gives each batch of its rows to `each`.
    pub(crate) fn run(
        &self,
        plan: LogicalPlan,
        mut each: impl FnMut(RecordBatch) -> Result<(), EngineError>,
    ) -> Result<SchemaRef, EngineError> {
        self.run_over(&self.data, plan, &mut each)
    }

    /// The same where the plan is made again and its data has been read before: what is read does not count.
    pub(crate) fn run_again(
        &self,
        plan: LogicalPlan,
        each: &mut dyn FnMut(RecordBatch) -> Result<(), EngineError>,
    ) -> Result<SchemaRef, EngineError> {
        let data = Data { progress: Arc::default(), ..self.data.clone() };
        self.run_over(&data, plan, each)
    }

    /// Executes a plan, made for the engine's clock, without reading the data for the clock alone: the plan is made for a
    /// guess, which its own scan proves. Rows are held back until then; where the guess was wrong, the plan is made again.
    pub(crate) fn run_at_newest(
        &self,
        plan_at: impl Fn(Timestamp) -> Result<LogicalPlan, EngineError>,
        each: &mut dyn FnMut(RecordBatch) -> Result<(), EngineError>,
    ) -> Result<SchemaRef, EngineError> {
        let newest = if self.now.get().is_none() { Some(Arc::new(clock::guess(&self.data))) } else { None };
        let Some((newest, guess)) = newest.and_then(|newest| newest.clock().map(|guess| (newest, guess))) else {
            return self.run(plan_at(self.now()?)?, each);
        };
        let data = Data { newest: Some(Arc::clone(&newest)), ..self.data.clone() };
        let (mut held, mut size) = (Vec::new(), 0);
        let schema = self.run_over(&data, plan_at(guess)?, &mut |batch| {
            size += batch.get_array_memory_size();
            held.push(batch);
            // Rather than to hold more, the rest of the data is read for the clock; a wrong guess ends the run here.
            if size <= MOST_HELD {
                return Ok(());
            }
            if self.now()? != guess {
                return Err(EngineError::Execution("the clock was guessed wrong".to_owned()));
            }
            held.drain(..).try_for_each(&mut *each)
        });
        if newest.verified()
            && let Some(at) = newest.clock()
        {
            let _ = self.now.set((at, false));
        }
        if self.now()? == guess {
            let schema = schema?;
            held.into_iter().try_for_each(each)?;
            return Ok(schema);
        }
        // What was read, and what is wrong with it, has been counted.
        let data = Data { progress: Arc::default(), ..self.data.clone() };
        self.run_over(&data, plan_at(self.now()?)?, each)
    }

    fn run_over(
        &self,
        data: &Data,
        plan: LogicalPlan,
        each: &mut dyn FnMut(RecordBatch) -> Result<(), EngineError>,
    ) -> Result<SchemaRef, EngineError> {
        let plan = with_tables(plan, data)?;
        self.tokio.block_on(async {
            let frame = self.context.execute_logical_plan(plan).await?;
            let schema = Arc::clone(frame.schema().inner());
            let mut stream = frame.execute_stream().await?;
            let mut first = true;
            while let Some(batch) = stream.next().await {
                let batch = batch?;
                // What sorts its rows has read everything before its first batch.
                if std::mem::take(&mut first) {
                    self.learn(data.progress.left_out());
                }
                each(batch)?;
            }
            self.learn(data.progress.left_out());
            Ok(schema)
        })
    }

    /// What is optimized of a plan before it is executed.
    pub(crate) fn optimized(&self, plan: &LogicalPlan) -> Result<LogicalPlan, EngineError> {
        Ok(self.context.state().optimize(plan)?)
    }

    pub(crate) fn data(&self) -> &Data {
        &self.data
    }

    /// How many bytes may be held in memory.
    pub(crate) fn memory(&self) -> usize {
        self.memory
    }

    /// The column of events' times.
    pub(crate) fn time_column(&self) -> ScanColumn {
        raw_events::time_column(&self.data)
    }

    /// Executes a plan in which nothing is left to bind, as far as `each` wants; what it reads does not count.
    pub(crate) fn look(
        &self,
        plan: LogicalPlan,
        each: &mut dyn FnMut(RecordBatch) -> Result<ControlFlow<()>, EngineError>,
    ) -> Result<(), EngineError> {
        let data = Data { progress: Arc::default(), ..self.data.clone() };
        let mut ended = false;
        let run = self.run_over(&data, plan, &mut |batch| {
            ended = each(batch)?.is_break();
            if ended { Err(EngineError::Execution("what was looked for is found".to_owned())) } else { Ok(()) }
        });
        if ended { Ok(()) } else { run.map(|_| ()) }
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

    /// The plan with this engine's data behind its scans, so that whoever reads it in another process reads the same files.
    ///
    /// # Errors
    /// Where DataFusion refuses the plan.
    pub fn with_tables(&self, plan: LogicalPlan) -> Result<LogicalPlan, EngineError> {
        with_tables(plan, &self.data)
    }
}

/// The plan with this data behind its scans.
fn with_tables(plan: LogicalPlan, data: &Data) -> Result<LogicalPlan, EngineError> {
    let placed = plan.transform_up_with_subqueries(|node| match node {
        LogicalPlan::TableScan(mut scan) => {
            let source: &dyn std::any::Any = scan.source.as_ref();
            match source.downcast_ref::<EventScan>() {
                Some(events) => {
                    let table = EventTable::new(Arc::new(events.clone()), Some(data.clone()));
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
