use super::*;
use crate::{Engine, Options};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::common::Result;
use datafusion::datasource::MemTable;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::{LogicalPlanBuilder, lit};
use datafusion::physical_plan::collect_partitioned;
use datafusion::prelude::{Expr, SessionConfig};
use mynah_dialect::column;
use mynah_event::Platform;
use mynah_kernels::{Case, Cell, Code, Function, Matcher, Resources, WholeRows, call, text_match};
use mynah_kernels::{Picked, WildcardSyntax, whole_rows};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

/// Every row twice.
#[derive(Debug, Serialize, Deserialize)]
struct Twice;

impl WholeRows for Twice {
    const NAME: &'static str = "test.twice";

    fn title(&self) -> &str {
        "Twice"
    }

    fn added(&self) -> Vec<datafusion::arrow::datatypes::Field> {
        Vec::new()
    }

    fn pick(&self, rows: &RecordBatch) -> Result<Picked> {
        let numbers = 0..rows.num_rows() as u32;
        Ok(Picked { rows: numbers.clone().chain(numbers).collect(), added: Vec::new() })
    }
}

fn codec() -> Codec {
    let mut registry = Registry::built_in();
    registry.operator::<Twice>();
    Codec::new(registry, Resources::default())
}

/// An engine over some logs, which are gone with the folder.
fn engine() -> (TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    for file in 0..4 {
        let record = |number| {
            let name = ["ConsoleLogin", "DeleteTrail", "GetObject"][number as usize % 3];
            let time = format!("2026-03-14T12:00:{number:02}Z");
            format!(
                "{{\"eventVersion\":\"1.08\",\"eventSource\":\"s3.amazonaws.com\",\"eventTime\":\"{time}\",\
                 \"eventName\":\"{name}\",\"awsRegion\":\"us-east-{file}\"}}\n"
            )
        };
        let records: String = (0..40).map(record).collect();
        std::fs::write(folder.path().join(format!("{file}.ndjson")), records).unwrap();
    }
    let options = Options { threads: Some(2), ..Options::default() };
    let engine = Engine::new(options, &[folder.path().display().to_string()]).unwrap();
    (folder, engine)
}

fn events(engine: &Engine) -> LogicalPlanBuilder {
    let view = engine.view(Platform::Splunk).unwrap();
    let columns = ["eventName", "awsRegion", "_time"].map(|name| view.resolve(name).column);
    LogicalPlanBuilder::from(EventScan::new(columns).into_plan().unwrap())
}

fn deletes() -> Expr {
    text_match(Matcher::wildcards(["delete*", "console*"], WildcardSyntax::STARS, Case::Folded), column("eventName"))
}

fn plans(engine: &Engine) -> Vec<LogicalPlan> {
    let counted = || events(engine).filter(deletes()).unwrap();
    let by_region = counted().aggregate([column("awsRegion")], [count(lit(1)).alias("n")]).unwrap();
    let names = counted().project([column("eventName").alias("name"), column("_time")]).unwrap();
    let twice = whole_rows(Twice, by_region.clone().build().unwrap()).unwrap();
    vec![
        events(engine).build().unwrap(),
        by_region.sort([column("awsRegion").sort(true, true)]).unwrap().limit(1, Some(2)).unwrap().build().unwrap(),
        names.clone().union(names.clone().build().unwrap()).unwrap().build().unwrap(),
        names.distinct().unwrap().build().unwrap(),
        crate::provenance::traced_plan(twice.clone()).unwrap(),
        twice,
    ]
}

fn sorted(batches: &[RecordBatch]) -> String {
    let table = pretty_format_batches(batches).unwrap().to_string();
    let mut lines: Vec<&str> = table.lines().filter(|line| !line.starts_with('+')).collect();
    lines.sort_unstable();
    lines.join("\n")
}

fn rows(engine: &Engine, plan: LogicalPlan) -> String {
    let mut batches = Vec::new();
    let each = |batch| {
        batches.push(batch);
        Ok(())
    };
    engine.execute(plan).rows(each).unwrap();
    sorted(&batches)
}

#[test]
fn a_plan_without_data_is_the_same_after_it_was_written() {
    let (_folder, engine) = engine();
    for plan in plans(&engine) {
        let read = codec().read(&codec().write(&plan).unwrap()).unwrap();
        assert_eq!(read.display_indent_schema().to_string(), plan.display_indent_schema().to_string());
        assert_eq!(rows(&engine, read), rows(&engine, plan));
    }
}

#[test]
fn a_plan_with_data_reads_the_same_files_whoever_executes_it() {
    let (_folder, engine) = engine();
    let nowhere = Engine::new(Options::default(), &[]).unwrap();
    for plan in plans(&engine) {
        let bytes = codec().write(&engine.with_tables(plan.clone()).unwrap()).unwrap();
        let wanted = rows(&engine, plan);
        assert!(wanted.lines().count() > 1, "{wanted}");
        assert_eq!(rows(&nowhere, codec().read(&bytes).unwrap()), wanted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_physical_plan_gives_the_same_rows_after_it_was_written() {
    let (_folder, engine) = tokio::task::block_in_place(engine);
    let config = SessionConfig::new().with_target_partitions(2);
    let state = crate::builtin::session()
        .with_config(config)
        .with_query_planner(Arc::new(mynah_kernels::WholeRowsPlanner))
        .build();
    let context = SessionContext::new_with_state(state);
    for plan in plans(&engine) {
        let placed = engine.with_tables(plan).unwrap();
        let plan = context.state().create_physical_plan(&placed).await.unwrap();
        let read = codec().read_physical(&codec().write_physical(&plan).unwrap()).unwrap();
        let wanted = collect_partitioned(plan, context.task_ctx()).await.unwrap().concat();
        let found = collect_partitioned(read, context.task_ctx()).await.unwrap().concat();
        assert_eq!(sorted(&found), sorted(&wanted));
    }
    tokio::task::block_in_place(|| drop(engine));
}

#[test]
fn what_is_no_whole_plan_is_an_error() {
    let (_folder, engine) = engine();
    let plan = plans(&engine).remove(1);
    let bytes = codec().write(&plan).unwrap();
    let said = |bytes: &[u8]| codec().read(bytes).unwrap_err().to_string();
    for length in (0..60).chain((60..bytes.len()).step_by(101)) {
        codec().read(&bytes[..length]).unwrap_err();
        let mut changed = bytes.clone();
        changed[length] ^= 1;
        codec().read(&changed).unwrap_err();
    }
    assert_eq!(said(b"no plan"), "this is no plan that Mynah has written");
    let cut = format!("the plan has {} bytes where it says that it has {}", bytes.len() - 53, bytes.len() - 52);
    assert_eq!(said(&bytes[..bytes.len() - 1]), cut);
    assert_eq!(
        codec().read_physical(&bytes).unwrap_err().to_string(),
        "this is a logical plan where a physical one is wanted"
    );
    let mut newer = bytes.clone();
    newer[9] = 7;
    assert_eq!(said(&newer), "the plan is written in version 7 of its format, and this program reads version 1");
    let mut changed = bytes.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(said(&changed), "the plan was changed since it was written: its checksum is another");
    let other = Codec::new(Registry::default(), Resources::default());
    let unknown = other.read(&bytes).unwrap_err().to_string();
    assert!(unknown.contains("which this version does not know"), "{unknown}");
}

/// A function that no registry has.
#[derive(Debug, Serialize, Deserialize)]
struct Unregistered;

impl Function for Unregistered {
    const NAME: &'static str = "test.unregistered";

    fn returns(&self) -> DataType {
        DataType::Utf8
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        Ok(Code::row(|_| Cell::Null))
    }
}

#[test]
fn what_has_no_written_form_cannot_be_written() {
    let (_folder, engine) = engine();
    let rows = MemTable::try_new(Arc::new(datafusion::arrow::datatypes::Schema::empty()), vec![Vec::new()]).unwrap();
    let rows = LogicalPlanBuilder::scan("rows", provider_as_source(Arc::new(rows)), None).unwrap().build().unwrap();
    let unregistered = call(Unregistered, vec![column("eventName")]);
    let called = events(&engine).project([unregistered]).unwrap().build().unwrap();
    for (plan, why) in
        [(rows, "its rows are in memory"), (called, "`test.unregistered`, which this version does not know")]
    {
        let error = codec().write(&plan).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn a_plan_may_be_nested_deep_but_not_endlessly() {
    let (_folder, engine) = engine();
    let filters =
        |count: usize| (0..count).fold(events(&engine), |plan, _| plan.filter(deletes()).unwrap()).build().unwrap();
    let deep = filters(2000);
    let bytes = codec().write(&deep).unwrap();
    let read = std::thread::spawn(move || codec().read(&bytes).unwrap().display().to_string());
    assert_eq!(read.join().unwrap(), deep.display().to_string());
    let error = codec().write(&filters(3000)).unwrap_err();
    assert!(matches!(error, CodecError::TooDeep), "{error}");
}
