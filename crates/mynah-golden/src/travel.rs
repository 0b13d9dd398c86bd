//! Plans that travel: the plan of every case is written to bytes, read back by another process and run there, and must give
//! the same rows and events.
use crate::case::Case;
use crate::evaluate::{engine, events_of, table_of};
use mynah_dialect::{Frontend, Mode, NumberStyle};
use mynah_engine::codec::Codec;
use mynah_engine::{Engine, Options, Query};
use mynah_event::Timestamp;
use mynah_kernels::{Registry, Resources};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The variable that names the folder with the plans to the other process, which is this test program once more.
const FOLDER: &str = "MYNAH_GOLDEN_PLANS";

/// Whether this is the process that reads the plans.
pub(crate) fn is_other_process() -> bool {
    std::env::var_os(FOLDER).is_some()
}

fn codec(frontend: &dyn Frontend) -> Codec {
    let mut registry = Registry::built_in();
    frontend.register(&mut registry);
    assert!(registry.twice().is_empty(), "functions of one name: {:?}", registry.twice());
    Codec::new(registry, Resources::default())
}

/// Runs the plans of a folder, and writes beside each what it gives.
pub(crate) fn run_plans(frontend: &dyn Frontend) {
    let folder = PathBuf::from(std::env::var_os(FOLDER).unwrap_or_default());
    let codec = codec(frontend);
    for number in 0.. {
        let Ok(bytes) = std::fs::read(file(&folder, number, "plan")) else { break };
        let told = std::fs::read_to_string(file(&folder, number, "moment")).unwrap();
        let (now, style) = told.split_once(' ').unwrap();
        let now = Timestamp::from_milliseconds(now.parse().unwrap());
        let options = Options { now: Some(now), threads: Some(1), ..Options::default() };
        let engine = Engine::over(options, Vec::new(), Vec::new()).unwrap();
        let given = match codec.read(&bytes) {
            Ok(plan) => given(&engine, Query::from(plan), style == "decimal"),
            Err(error) => format!("error: {error}\n"),
        };
        std::fs::write(file(&folder, number, "given"), given).unwrap();
    }
}

fn given(engine: &Engine, query: Query<'_>, decimal: bool) -> String {
    let numbers = if decimal { NumberStyle::Decimal } else { NumberStyle::Plain };
    let execution = engine.execute(query);
    format!("{}{}", table_of(&execution, numbers), events_of(&execution))
}

fn file(folder: &Path, number: usize, extension: &str) -> PathBuf {
    folder.join(format!("{number}.{extension}"))
}

/// The plans of all cases, until the other process has run them.
pub(crate) struct Journey {
    folder: TempDir,
    /// The title of each case and what its plan gives here; the engine has the log.
    cases: Vec<(String, String, Engine)>,
    failures: Vec<String>,
}

impl Journey {
    pub fn new() -> Journey {
        Journey { folder: tempfile::tempdir().unwrap(), cases: Vec::new(), failures: Vec::new() }
    }

    /// Writes the plan of a case, if it has one that runs.
    pub fn add(&mut self, frontend: &dyn Frontend, case: &Case, file_name: &str) {
        let engine = engine(case.log.as_ref().map_or("", |log| log.text.as_str()), case.now.as_deref(), 1, true);
        let planned = engine.plan(frontend, &case.query, Mode::Run);
        let Some(plan) = planned.plan else { return };
        let execution = engine.execute(Query::new(frontend, &case.query, plan));
        let Ok(plan) = execution.last_stage() else { return };
        drop(execution);
        let title = format!("{file_name}: {}", case.title);
        let decimal = planned.numbers == NumberStyle::Decimal;
        let here = given(&engine, Query::from(plan.clone()), decimal);
        let placed = engine.with_tables(plan).unwrap();
        match codec(frontend).write(&placed) {
            Ok(bytes) => {
                let (folder, number) = (self.folder.path(), self.cases.len());
                let now = engine.now().unwrap().milliseconds();
                let style = if decimal { "decimal" } else { "plain" };
                std::fs::write(file(folder, number, "plan"), bytes).unwrap();
                std::fs::write(file(folder, number, "moment"), format!("{now} {style}")).unwrap();
                self.cases.push((title, here, engine));
            }
            Err(error) => self.failures.push(format!("{title}: the plan cannot be written: {error}")),
        }
    }

    /// Has the other process run the plans; gives what went wrong.
    pub fn finish(self) -> Vec<String> {
        let Journey { folder, cases, mut failures } = self;
        if cases.is_empty() && failures.is_empty() {
            failures.push("no case has a plan that could be read by another process".to_owned());
        }
        let program = std::env::current_exe().unwrap();
        let ran = Command::new(program).args(["golden", "--exact"]).env(FOLDER, folder.path()).output().unwrap();
        if !ran.status.success() {
            failures.push(format!("the process that reads the plans: {}", String::from_utf8_lossy(&ran.stdout)));
        }
        for (number, (title, here, _)) in cases.iter().enumerate() {
            let there = std::fs::read_to_string(file(folder.path(), number, "given")).unwrap_or_default();
            if there != *here {
                failures.push(format!("{title}: the plan gives in another process\n{there}  and here\n{here}"));
            }
        }
        failures
    }
}
