//! What a plan has that is not DataFusion's own.
use super::Codec;
use crate::event_table::EventTable;
use crate::prefilter::Prefilter;
use crate::scan::Data;
use crate::scan_exec::{EventScanExec, ScanOutput};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::common::{DataFusionError, Result, TableReference, plan_datafusion_err, plan_err};
use datafusion::execution::{FunctionRegistry, TaskContext};
use datafusion::logical_expr::{AggregateUDF, Extension, LogicalPlan, ScalarUDF};
use datafusion::physical_plan::ExecutionPlan;
use datafusion_proto::logical_plan::LogicalExtensionCodec;
use datafusion_proto::physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension};
use mynah_source::{InputFile, Recogniser};
use mynah_view::{EventScan, ScanColumn};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A scan in a logical plan.
#[derive(Serialize, Deserialize)]
struct WrittenTable<E, D> {
    events: E,
    /// What it reads, if it has been placed over some data.
    data: Option<D>,
}

#[derive(Serialize)]
struct DataRef<'a> {
    files: &'a [InputFile],
    log_sources: &'a Recogniser,
    prefilter: bool,
}

#[derive(Deserialize)]
struct ReadData {
    files: Vec<InputFile>,
    log_sources: Recogniser,
    prefilter: bool,
}

/// What the bytes of an operator in a physical plan begin with: a scan's.
const SCAN: u8 = 1;
/// Those of an operator over all rows.
const WHOLE_ROWS: u8 = 2;

/// A scan in a physical plan; its files are the rows of its input.
#[derive(Serialize)]
struct ScanRef<'a> {
    columns: &'a [ScanColumn],
    keep_id: bool,
    order: &'a [usize],
    limit: Option<usize>,
    prefilter: &'a Prefilter,
    log_sources: &'a Recogniser,
}

#[derive(Deserialize)]
struct ReadScan {
    columns: Vec<ScanColumn>,
    keep_id: bool,
    order: Vec<usize>,
    limit: Option<usize>,
    prefilter: Prefilter,
    log_sources: Recogniser,
}

/// Whoever reads the plan must be able to read its data.
fn travels(data: &Data) -> Result<()> {
    match data.stored.parts.is_empty() {
        true => Ok(()),
        false => plan_err!("a plan over a lake has no written form; give it the lake where it is read"),
    }
}

fn write<T: Serialize>(what: &T, into: &mut Vec<u8>) -> Result<()> {
    serde_json::to_writer(into, what).map_err(|error| plan_datafusion_err!("{error}"))
}

fn read<T: DeserializeOwned>(bytes: &[u8], what: &str) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| plan_datafusion_err!("{what}: {error}"))
}

impl Codec {
    /// Notes what could not be written.
    fn noted<T>(&self, written: Result<T>) -> Result<T> {
        written.map_err(|error| {
            let said = error.find_root().to_string();
            let mut unwritable = self.unwritable.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            unwritable.get_or_insert(error);
            DataFusionError::Plan(said)
        })
    }

    fn write_function(&self, function: &ScalarUDF, into: &mut Vec<u8>) -> Result<()> {
        self.noted(match self.registry.write_function(function) {
            Ok(Some(bytes)) => {
                into.extend(bytes);
                Ok(())
            }
            Ok(None) if self.builtin.udf(function.name()).is_ok_and(|known| *known == *function) => Ok(()),
            Ok(None) => plan_err!("the function {} has no written form", function.name()),
            Err(error) => Err(error),
        })
    }

    fn read_function(&self, bytes: &[u8]) -> Result<Arc<ScalarUDF>> {
        Ok(Arc::new(self.registry.read_function(bytes, &self.resources)?))
    }

    fn write_aggregate(&self, function: &AggregateUDF, into: &mut Vec<u8>) -> Result<()> {
        self.noted(match self.registry.write_aggregate(function) {
            Ok(Some(bytes)) => {
                into.extend(bytes);
                Ok(())
            }
            Ok(None) if self.builtin.udaf(function.name()).is_ok_and(|known| *known == *function) => Ok(()),
            Ok(None) => plan_err!("the aggregate {} has no written form", function.name()),
            Err(error) => Err(error),
        })
    }

    fn read_aggregate(&self, bytes: &[u8]) -> Result<Arc<AggregateUDF>> {
        Ok(Arc::new(self.registry.read_aggregate(bytes)?))
    }

    fn data(&self, files: Vec<InputFile>, log_sources: Recogniser, prefilter: bool) -> Data {
        let progress = Arc::clone(&self.progress);
        let (files, stored) = (files.into(), Default::default());
        Data { files, stored, recogniser: Arc::new(log_sources), progress, prefilter, newest: None }
    }
}

impl LogicalExtensionCodec for Codec {
    fn try_encode(&self, node: &Extension, into: &mut Vec<u8>) -> Result<()> {
        match self.registry.write_operator(&LogicalPlan::Extension(node.clone()))? {
            Some(bytes) => into.extend(bytes),
            None => return plan_err!("the operator {} has no written form", node.node.name()),
        }
        Ok(())
    }

    fn try_decode(&self, bytes: &[u8], inputs: &[LogicalPlan], _: &TaskContext) -> Result<Extension> {
        let [input] = inputs else { return plan_err!("an operator over all rows has one input") };
        match self.registry.read_operator(bytes, input.clone())? {
            LogicalPlan::Extension(node) => Ok(node),
            _ => plan_err!("an operator over all rows is an extension"),
        }
    }

    fn try_encode_table_provider(
        &self,
        name: &TableReference,
        table: Arc<dyn TableProvider>,
        into: &mut Vec<u8>,
    ) -> Result<()> {
        let Some(table) = EventTable::of(&table) else {
            return plan_err!("the table {name} has no written form, since its rows are in memory");
        };
        table.data().map(travels).transpose()?;
        let data = table.data().map(|data| DataRef {
            files: &data.files,
            log_sources: &data.recogniser,
            prefilter: data.prefilter,
        });
        write(&WrittenTable { events: table.events().as_ref(), data }, into)
    }

    fn try_decode_table_provider(
        &self,
        bytes: &[u8],
        name: &TableReference,
        schema: SchemaRef,
        _: &TaskContext,
    ) -> Result<Arc<dyn TableProvider>> {
        let written: WrittenTable<EventScan, ReadData> = read(bytes, "a scan")?;
        let data = written.data.map(|data| self.data(data.files, data.log_sources, data.prefilter));
        let table = EventTable::new(Arc::new(written.events), data);
        if table.schema() != schema {
            return plan_err!("the columns of the table {name} are not those of its scan");
        }
        Ok(Arc::new(table))
    }

    fn try_encode_udf(&self, function: &ScalarUDF, into: &mut Vec<u8>) -> Result<()> {
        self.write_function(function, into)
    }

    fn try_decode_udf(&self, _: &str, bytes: &[u8]) -> Result<Arc<ScalarUDF>> {
        self.read_function(bytes)
    }

    fn try_encode_udaf(&self, function: &AggregateUDF, into: &mut Vec<u8>) -> Result<()> {
        self.write_aggregate(function, into)
    }

    fn try_decode_udaf(&self, _: &str, bytes: &[u8]) -> Result<Arc<AggregateUDF>> {
        self.read_aggregate(bytes)
    }
}

impl PhysicalExtensionCodec for Codec {
    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        into: &mut Vec<u8>,
        _: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        if let Some(scan) = node.downcast_ref::<EventScanExec>() {
            let ScanOutput { columns, keep_id, order, limit, prefilter } = scan.output();
            travels(scan.data())?;
            let log_sources = &scan.data().recogniser;
            let scan = ScanRef { columns, keep_id: *keep_id, order, limit: *limit, prefilter, log_sources };
            into.push(SCAN);
            return write(&scan, into);
        }
        match self.registry.write_operator_exec(&node)? {
            Some(bytes) => into.extend([WHOLE_ROWS].into_iter().chain(bytes)),
            None => return plan_err!("the operator {} has no written form", node.name()),
        }
        Ok(())
    }

    fn try_decode(
        &self,
        bytes: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        _: &TaskContext,
        _: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let [input] = inputs else { return plan_err!("a scan and an operator over all rows have one input") };
        let input = Arc::clone(input);
        match bytes.split_first() {
            Some((&SCAN, bytes)) => {
                let ReadScan { columns, keep_id, order, limit, prefilter, log_sources } = read(bytes, "a scan")?;
                let (columns, prefilter) = (columns.into(), Arc::new(prefilter));
                let output = ScanOutput { columns, keep_id, order, limit, prefilter };
                Ok(Arc::new(EventScanExec::new(output, self.data(Vec::new(), log_sources, true), input)?))
            }
            Some((&WHOLE_ROWS, bytes)) => self.registry.read_operator_exec(bytes, input),
            _ => plan_err!("an operator that this version does not know"),
        }
    }

    fn try_encode_udf(&self, function: &ScalarUDF, into: &mut Vec<u8>) -> Result<()> {
        self.write_function(function, into)
    }

    fn try_decode_udf(&self, _: &str, bytes: &[u8]) -> Result<Arc<ScalarUDF>> {
        self.read_function(bytes)
    }

    fn try_encode_udaf(&self, function: &AggregateUDF, into: &mut Vec<u8>) -> Result<()> {
        self.write_aggregate(function, into)
    }

    fn try_decode_udaf(&self, _: &str, bytes: &[u8]) -> Result<Arc<AggregateUDF>> {
        self.read_aggregate(bytes)
    }
}
