use super::exec::WholeRowsExec;
use super::node::WholeRowsNode;
use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::common::Result;
use datafusion::execution::context::QueryPlanner;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{LogicalPlan, UserDefinedLogicalNode};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_planner::{DefaultPhysicalPlanner, ExtensionPlanner, PhysicalPlanner};
use std::sync::Arc;

/// DataFusion's planner, and what it needs to know to run plans of [`whole_rows`](super::whole_rows). Given to a
/// session with [`SessionStateBuilder::with_query_planner`].
///
/// [`SessionStateBuilder::with_query_planner`]: datafusion::execution::SessionStateBuilder::with_query_planner
#[derive(Debug, Clone, Copy, Default)]
pub struct WholeRowsPlanner;

#[async_trait]
impl QueryPlanner for WholeRowsPlanner {
    async fn create_physical_plan(&self, plan: &LogicalPlan, session: &dyn Session) -> Result<Arc<dyn ExecutionPlan>> {
        DefaultPhysicalPlanner::with_extension_planners(vec![Arc::new(WholeRowsPlanner)])
            .create_physical_plan(plan, session)
            .await
    }
}

#[async_trait]
impl ExtensionPlanner for WholeRowsPlanner {
    async fn plan_extension(
        &self,
        _: &dyn PhysicalPlanner,
        node: &dyn UserDefinedLogicalNode,
        _: &[&LogicalPlan],
        inputs: &[Arc<dyn ExecutionPlan>],
        _: &dyn Session,
        _: &PhysicalPlanningContext,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let (Some(node), [input]) = (node.as_any().downcast_ref::<WholeRowsNode>(), inputs) else { return Ok(None) };
        let schema = Arc::clone(datafusion::logical_expr::UserDefinedLogicalNodeCore::schema(node).inner());
        Ok(Some(Arc::new(WholeRowsExec::new(Arc::clone(&node.operator), Arc::clone(input), schema))))
    }
}
