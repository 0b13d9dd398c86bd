use super::*;
use crate::event_table::EventTable;
use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::datatypes::UInt64Type;
use datafusion::catalog::TableProvider;
use datafusion::physical_plan::collect_partitioned;
use datafusion::prelude::{SessionConfig, SessionContext};
use mynah_event::{EventId, Path};
use mynah_source::{InputFile, Recogniser};
use mynah_view::{Binding, EventScan, FieldType};
use std::sync::LazyLock;
use tempfile::TempDir;

const FILES: u64 = 5;
const RECORDS: u64 = 40;

/// Files of some records, gone with the last test.
static LOGS: LazyLock<(TempDir, Vec<InputFile>)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let files = (0..FILES).map(|file| {
        let path = folder.path().join(format!("{file}.ndjson"));
        let records: String = (1..=RECORDS).map(|record| format!("{{\"a\":\"{file} {record}\"}}\n")).collect();
        std::fs::write(&path, records).unwrap();
        InputFile::new(path).unwrap()
    });
    let files = files.collect();
    (folder, files)
});

fn scan(partitions: usize, projection: Option<&Vec<usize>>, limit: Option<usize>) -> Arc<dyn ExecutionPlan> {
    let recogniser = Recogniser::built_in().unwrap();
    let binding: Arc<[Binding]> = Arc::new([Binding::document(Path::parse("a"))]);
    let sources = recogniser.sources().iter();
    let bindings = sources.map(|source| (source.log_source().clone(), Arc::clone(&binding))).collect();
    let column = ScanColumn { name: "a".into(), field_type: FieldType::TEXT, bindings };
    let data = Data {
        files: LOGS.1.clone().into(),
        stored: Default::default(),
        recogniser,
        progress: Arc::default(),
        prefilter: true,
        newest: None,
    };
    let table = EventTable::new(Arc::new(EventScan::new([column])), Some(data));
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(partitions));
    let state = context.state();
    futures::executor::block_on(table.scan(&state, projection, &[], limit)).unwrap()
}

fn ids(batches: &[RecordBatch]) -> Vec<u64> {
    let ids = batches.iter().flat_map(|batch| batch.columns().last().unwrap().as_primitive::<UInt64Type>().values());
    let mut ids: Vec<u64> = ids.copied().collect();
    ids.sort_unstable();
    ids
}

fn all() -> Vec<u64> {
    let file = |file| (1..=RECORDS).map(move |record| EventId::new(file, record).unwrap().0);
    (0..FILES as u32).flat_map(file).collect()
}

async fn execute(scan: &Arc<dyn ExecutionPlan>, partition: usize, task: &Arc<TaskContext>) -> Vec<RecordBatch> {
    scan.execute(partition, Arc::clone(task)).unwrap().try_collect().await.unwrap()
}

#[tokio::test]
async fn a_partition_alone_in_its_task_reads_its_own_files() {
    for partitions in [1, 2, 3, 8] {
        let scan = scan(partitions, None, None);
        let mut found = Vec::new();
        for partition in 0..partitions {
            let task = Arc::new(TaskContext::default());
            found.extend(ids(&execute(&scan, partition, &task).await));
        }
        found.sort_unstable();
        assert_eq!(found, all(), "{partitions} partitions");
    }
}

#[tokio::test]
async fn partitions_of_one_task_read_every_file_once() {
    for partitions in [1, 2, 3, 8] {
        let scan = scan(partitions, None, None);
        for _ in 0..2 {
            let task = Arc::new(TaskContext::default());
            let found = collect_partitioned(Arc::clone(&scan), task).await.unwrap();
            assert_eq!(ids(&found.concat()), all(), "{partitions} partitions");
        }
    }
}

#[tokio::test]
async fn a_partition_that_is_executed_again_reads_its_files_again() {
    let scan = scan(2, None, None);
    let task = Arc::new(TaskContext::default());
    let first = ids(&execute(&scan, 0, &task).await);
    let _cancelled = scan.execute(0, Arc::clone(&task)).unwrap();
    assert_eq!(ids(&execute(&scan, 0, &task).await), first);
    assert!(!first.is_empty());
}

#[tokio::test]
async fn columns_come_in_the_order_of_the_projection_and_no_more_than_the_limit() {
    let task = || Arc::new(TaskContext::default());
    let turned = execute(&scan(1, Some(&vec![1, 0]), Some(3)), 0, &task()).await;
    assert_eq!(turned.iter().map(RecordBatch::num_rows).sum::<usize>(), 3);
    assert_eq!(turned[0].schema().field(0).name(), EVENT_ID);
    assert_eq!(turned[0].column(1).as_string::<i32>().value(0), "0 1");
    let none = execute(&scan(1, Some(&Vec::new()), None), 0, &task()).await;
    assert_eq!(none.iter().map(RecordBatch::num_rows).sum::<usize>() as u64, FILES * RECORDS);
}
