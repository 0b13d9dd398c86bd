//! Plans that travel: the plan of every case is written to bytes, read back by another process and run there, and must give
//! the same rows and events.
use crate::evaluate::{events_of, table_of};
use mynah_dialect::{Frontend, Mode, NumberStyle};
use mynah_engine::codec::Codec;
use mynah_engine::{Engine, Options, Query};
use mynah_event::Timestamp;
use mynah_kernels::{Registry, Resources};
use mynah_source::InputFile;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The variable that names the folder with the plans to the other process, which is this test program once more.
const FOLDER: &str = "MYNAH_GOLDEN_PLANS";

fn codec(frontends: &[&dyn Frontend]) -> Codec {
    let mut registry = Registry::built_in();
    frontends.iter().for_each(|frontend| frontend.register(&mut registry));
    assert!(registry.twice().is_empty(), "functions of one name: {:?}", registry.twice());
    Codec::new(registry, Resources::default())
}

/// Runs the plans of the folder that the other process has named, and writes beside each what it gives.
fn run_plans(folder: &Path, codec: &Codec) {
    for number in 0.. {
        let Ok(bytes) = std::fs::read(file(folder, number, "plan")) else { break };
        let told = std::fs::read_to_string(file(folder, number, "moment")).unwrap();
        let (now, style) = told.split_once(' ').unwrap();
        let now = Timestamp::from_milliseconds(now.parse().unwrap());
        let options = Options { now: Some(now), threads: Some(1), ..Options::default() };
        let engine = Engine::over(options, Vec::new(), Vec::new()).unwrap();
        let given = match codec.read(&bytes) {
            Ok(plan) => given(&engine, Query::from(plan), style == "decimal"),
            Err(error) => format!("error: {error}\n"),
        };
        std::fs::write(file(folder, number, "given"), given).unwrap();
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

/// Plans on their way to another process, which runs them.
///
/// The other process is the same test once more: where it begins a journey, it runs the plans that are there instead.
pub struct Journey {
    codec: Codec,
    folder: TempDir,
    /// The title of each query and what its plan gives here, with its logs, which are there as long as these are.
    queries: Vec<(String, String, Vec<InputFile>)>,
    failures: Vec<String>,
}

impl Journey {
    /// A journey of plans of these languages; none in the other process, which has now run them.
    pub fn begin(frontends: &[&dyn Frontend]) -> Option<Journey> {
        let codec = codec(frontends);
        if let Some(folder) = std::env::var_os(FOLDER) {
            run_plans(&PathBuf::from(folder), &codec);
            return None;
        }
        Some(Journey { codec, folder: tempfile::tempdir().unwrap(), queries: Vec::new(), failures: Vec::new() })
    }

    /// Writes the plan of a query over an engine's logs, if it has one that runs; gives its rows and events here as text.
    pub fn add(&mut self, frontend: &dyn Frontend, query: &str, title: String, engine: Engine) -> Option<String> {
        let planned = engine.plan(frontend, query, Mode::Run);
        let execution = engine.execute(Query::new(frontend, query, planned.plan?));
        let plan = execution.last_stage().ok()?;
        drop(execution);
        let decimal = planned.numbers == NumberStyle::Decimal;
        let here = given(&engine, Query::from(plan.clone()), decimal);
        let placed = engine.with_tables(plan).unwrap();
        match self.codec.write(&placed) {
            Ok(bytes) => {
                let (folder, number) = (self.folder.path(), self.queries.len());
                let now = engine.now().unwrap().milliseconds();
                let style = if decimal { "decimal" } else { "plain" };
                std::fs::write(file(folder, number, "plan"), bytes).unwrap();
                std::fs::write(file(folder, number, "moment"), format!("{now} {style}")).unwrap();
                self.queries.push((title, here.clone(), engine.files().to_vec()));
            }
            Err(error) => self.failures.push(format!("{title}: the plan cannot be written: {error}")),
        }
        Some(here)
    }

    /// Has the other process run the plans, by this `test` of the same program; gives what went wrong.
    pub fn finish(self, test: &str) -> Vec<String> {
        let Journey { folder, queries, mut failures, .. } = self;
        if queries.is_empty() && failures.is_empty() {
            failures.push("no query has a plan that could be read by another process".to_owned());
        }
        let program = std::env::current_exe().unwrap();
        let ran = Command::new(program).args([test, "--exact"]).env(FOLDER, folder.path()).output().unwrap();
        if !ran.status.success() {
            failures.push(format!("the process that reads the plans: {}", String::from_utf8_lossy(&ran.stdout)));
        }
        for (number, (title, here, _)) in queries.iter().enumerate() {
            let there = std::fs::read_to_string(file(folder.path(), number, "given")).unwrap_or_default();
            if there != *here {
                failures.push(format!("{title}: the plan gives in another process\n{there}  and here\n{here}"));
            }
        }
        failures
    }
}
