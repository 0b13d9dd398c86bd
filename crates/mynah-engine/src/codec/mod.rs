//! Plans as bytes.
//!
//! A [`Codec`] writes a plan and reads it back, in whatever process: functions and operators by name and parameters,
//! scans with their columns' bindings, the definitions of the log sources and the files. What DataFusion has of its
//! own is written as all programs that run DataFusion plans write it, in protocol buffers; a codec is an extension
//! codec of DataFusion, too, for engines that write plans themselves.
//!
//! What is read is checked before anything is made of it: that it is a plan of this version, whole and undamaged, and
//! nested no deeper than the stack takes.
mod extensions;
mod frame;
mod nesting;
#[cfg(test)]
mod tests;

use crate::event_table::EventTable;
use crate::progress::Progress;
use crate::provenance::{MergeEvents, ToList};
use datafusion::catalog::default_table_source::{DefaultTableSource, provider_as_source};
use datafusion::common::tree_node::Transformed;
use datafusion::error::DataFusionError;
use datafusion::execution::TaskContext;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::prelude::SessionContext;
use datafusion_proto::logical_plan::AsLogicalPlan;
use datafusion_proto::physical_plan::AsExecutionPlan;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use frame::Kind;
use mynah_kernels::{Registry, Resources};
use mynah_view::EventScan;
use prost::Message;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

/// Writes plans to bytes, and reads them back.
#[derive(Debug)]
pub struct Codec {
    registry: Arc<Registry>,
    resources: Resources,
    progress: Arc<Progress>,
    /// DataFusion's own functions by name.
    builtin: Arc<TaskContext>,
    /// The first thing that could not be written, which DataFusion does not always pass on.
    unwritable: Mutex<Option<DataFusionError>>,
}

/// Why a plan could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// The bytes do not begin as a plan does.
    #[error("this is no plan that Mynah has written")]
    NoPlan,
    /// Another version of Mynah wrote it.
    #[error("the plan is written in version {found} of its format, and this program reads version {known}")]
    Version {
        /// The plan's version.
        found: u16,
        /// This program's.
        known: u16,
    },
    /// A physical plan in place of a logical one, or the other way round.
    #[error("this is a {found} plan where a {wanted} one is wanted")]
    Kind {
        /// What it is.
        found: &'static str,
        /// What was asked for.
        wanted: &'static str,
    },
    /// It breaks off, or goes on where it should end.
    #[error("the plan has {found} bytes where it says that it has {said}")]
    Length {
        /// The bytes that are there.
        found: usize,
        /// The bytes that should be.
        said: u64,
    },
    /// Its bytes are not those that were written.
    #[error("the plan was changed since it was written: its checksum is another")]
    Checksum,
    /// It is nested so deep that no stack would do.
    #[error("the plan is nested too deep")]
    TooDeep,
    /// The protocol buffers are no plan.
    #[error("the plan is not readable: {0}")]
    Malformed(#[from] prost::DecodeError),
    /// DataFusion, a function or a scan has no use for what is there.
    #[error("the plan is not readable: {0}")]
    Unreadable(String),
    /// Something in the plan has no written form.
    #[error("the plan cannot be written: {0}")]
    Unwritable(String),
}

impl Codec {
    /// A codec for plans with the functions of `registry`, which find their tables in `resources`.
    pub fn new(mut registry: Registry, resources: Resources) -> Codec {
        registry.function::<ToList>().aggregate::<MergeEvents>();
        let registry = Arc::new(registry);
        let session = SessionContext::new_with_state(crate::builtin::session().build());
        let (progress, builtin) = (Arc::default(), session.task_ctx());
        Codec { registry, resources, progress, builtin, unwritable: Mutex::default() }
    }

    /// The same codec, whose plans tell `progress` what they read when they run.
    pub fn with_progress(self, progress: Arc<Progress>) -> Codec {
        Codec { progress, ..self }
    }

    /// One that writes or reads a single plan.
    fn once(&self) -> Codec {
        Codec {
            registry: Arc::clone(&self.registry),
            resources: self.resources.clone(),
            progress: Arc::clone(&self.progress),
            builtin: Arc::clone(&self.builtin),
            unwritable: Mutex::default(),
        }
    }

    /// Writes a plan, with its data if it has been [placed](crate::Engine::with_tables) over some.
    ///
    /// # Errors
    /// Where something in it has no written form, as rows in memory have none.
    pub fn write(&self, plan: &LogicalPlan) -> Result<Vec<u8>, CodecError> {
        self.once().written(Kind::Logical, |codec| {
            LogicalPlanNode::try_from_logical_plan(&with_providers(plan.clone())?, codec)
        })
    }

    /// Reads what [`Codec::write`] wrote.
    ///
    /// # Errors
    /// Where the bytes are no such plan, or it has something that this program does not know.
    pub fn read(&self, bytes: &[u8]) -> Result<LogicalPlan, CodecError> {
        let body = frame::open(bytes, Kind::Logical)?;
        guarded(body, || {
            let node = LogicalPlanNode::decode(body)?;
            let plan = node.try_into_logical_plan(&self.builtin, self).and_then(with_scans);
            plan.map_err(|error| CodecError::Unreadable(error.find_root().to_string()))
        })
    }

    /// Writes a plan that is ready to be executed.
    ///
    /// # Errors
    /// As [`Codec::write`].
    pub fn write_physical(&self, plan: &Arc<dyn ExecutionPlan>) -> Result<Vec<u8>, CodecError> {
        self.once().written(Kind::Physical, |codec| PhysicalPlanNode::try_from_physical_plan(Arc::clone(plan), codec))
    }

    /// Reads what [`Codec::write_physical`] wrote.
    ///
    /// # Errors
    /// As [`Codec::read`].
    pub fn read_physical(&self, bytes: &[u8]) -> Result<Arc<dyn ExecutionPlan>, CodecError> {
        let body = frame::open(bytes, Kind::Physical)?;
        guarded(body, || {
            let node = PhysicalPlanNode::decode(body)?;
            let plan = node.try_into_physical_plan(&self.builtin, self);
            plan.map_err(|error| CodecError::Unreadable(error.find_root().to_string()))
        })
    }

    fn written<M: Message>(
        self,
        kind: Kind,
        write: impl FnOnce(&Codec) -> Result<M, DataFusionError>,
    ) -> Result<Vec<u8>, CodecError> {
        // Encoding goes down into messages as decoding does.
        stacker::grow(nesting::STACK_TO_WRITE, || {
            let written = write(&self);
            let unwritable = self.unwritable.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
            let node = unwritable.map_or(written, Err);
            let node = node.map_err(|error| CodecError::Unwritable(error.find_root().to_string()))?;
            let body = node.encode_to_vec();
            // Whoever reads the plan must be able to.
            nesting::depth(&body).ok_or(CodecError::TooDeep)?;
            Ok(frame::close(&body, kind))
        })
    }
}

/// Decodes a plan, however deep it is nested. DataFusion panics at some plans that it would not have written itself.
fn guarded<T>(body: &[u8], decode: impl FnOnce() -> Result<T, CodecError>) -> Result<T, CodecError> {
    let caught = || catch_unwind(AssertUnwindSafe(decode));
    nesting::within_bounds(body, || {
        caught().unwrap_or_else(|_| Err(CodecError::Unreadable("no plan can be made of what is there".to_owned())))
    })
}

/// The plan with table providers for its scans: DataFusion writes nothing else.
fn with_providers(plan: LogicalPlan) -> Result<LogicalPlan, DataFusionError> {
    let placed = plan.transform_up_with_subqueries(|node| {
        let LogicalPlan::TableScan(mut scan) = node else { return Ok(Transformed::no(node)) };
        let source: &dyn std::any::Any = scan.source.as_ref();
        let Some(events) = source.downcast_ref::<EventScan>() else {
            return Ok(Transformed::no(LogicalPlan::TableScan(scan)));
        };
        scan.source = provider_as_source(Arc::new(EventTable::new(Arc::new(events.clone()), None)));
        Ok(Transformed::yes(LogicalPlan::TableScan(scan)))
    })?;
    Ok(placed.data)
}

/// The plan with the scans that had no data, as whoever puts data behind them looks for them.
fn with_scans(plan: LogicalPlan) -> Result<LogicalPlan, DataFusionError> {
    let taken = plan.transform_up_with_subqueries(|node| {
        let LogicalPlan::TableScan(mut scan) = node else { return Ok(Transformed::no(node)) };
        let source: &dyn std::any::Any = scan.source.as_ref();
        let table =
            source.downcast_ref::<DefaultTableSource>().and_then(|source| EventTable::of(&source.table_provider));
        let Some(events) = table.filter(|table| table.data().is_none()).map(EventTable::events) else {
            return Ok(Transformed::no(LogicalPlan::TableScan(scan)));
        };
        scan.source = Arc::<EventScan>::clone(events);
        Ok(Transformed::yes(LogicalPlan::TableScan(scan)))
    })?;
    Ok(taken.data)
}
