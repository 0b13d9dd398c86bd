//! Rows in and out of plans, for the operators whose columns or rows depend on the data.
use super::{Draft, Kind};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::{DFSchema, Result as PlanResult, ScalarValue};
use datafusion::functions_aggregate::expr_fn::{max, min};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, lit};
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_syntax::Diagnostic;
use mynah_view::EventScan;
use std::collections::HashMap;
use std::sync::Arc;

impl Draft<'_> {
    /// The rows of a plan; `None` where there is no data.
    pub fn rows(&mut self, plan: &LogicalPlan) -> Result<Option<Vec<RecordBatch>>, Diagnostic> {
        if self.broken || self.dynamic {
            return Ok(None);
        }
        self.context.rows(plan).map_err(|needed| needed.at(self.at))
    }

    /// The times of the first and the last message that has come so far; `None` without data.
    pub fn time_range(&mut self) -> Result<Option<(i64, i64)>, Diagnostic> {
        let time = self.scanned("_messageTime").to(Kind::Integer).expr;
        let plan = LogicalPlanBuilder::from(self.plan()?)
            .project([time.alias("time")])
            .and_then(|builder| {
                builder.aggregate(
                    Vec::<Expr>::new(),
                    [min(column("time")).alias("first"), max(column("time")).alias("last")],
                )
            })
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| self.refused(&error))?;
        let Some(batches) = self.rows(&plan)? else { return Ok(None) };
        let rows = rows_of(&batches, &[Kind::Integer, Kind::Integer]).map_err(|error| self.refused(&error))?;
        Ok(rows.first().and_then(|row| match row.as_slice() {
            [ScalarValue::Int64(Some(first)), ScalarValue::Int64(Some(last))] => Some((*first, *last)),
            _ => None,
        }))
    }

    /// The time of the oldest event of all; `None` without data.
    pub fn oldest_event(&mut self) -> Result<Option<i64>, Diagnostic> {
        let time = self.context.view.resolve("_messageTime").column;
        let plan = EventScan::new([time])
            .into_plan()
            .and_then(|plan| {
                LogicalPlanBuilder::from(plan)
                    .aggregate(Vec::<Expr>::new(), [min(column("_messageTime")).alias("first")])?
                    .build()
            })
            .map_err(|error| self.refused(&error))?;
        let Some(batches) = self.rows(&plan)? else { return Ok(None) };
        let rows = rows_of(&batches, &[Kind::Integer]).map_err(|error| self.refused(&error))?;
        Ok(rows.first().and_then(|row| match row.first() {
            Some(ScalarValue::Int64(first)) => *first,
            _ => None,
        }))
    }
}

/// The rows of batches, each value as a scalar of its column's kind.
pub(crate) fn rows_of(batches: &[RecordBatch], kinds: &[Kind]) -> PlanResult<Vec<Vec<ScalarValue>>> {
    let mut rows = Vec::new();
    for batch in batches {
        let columns = batch
            .columns()
            .iter()
            .zip(kinds)
            .map(|(column, kind)| Ok(cast(column, &kind.data_type())?))
            .collect::<PlanResult<Vec<_>>>()?;
        for row in 0..batch.num_rows() {
            rows.push(
                columns
                    .iter()
                    .map(|column| ScalarValue::try_from_array(column, row))
                    .collect::<PlanResult<Vec<_>>>()?,
            );
        }
    }
    Ok(rows)
}

/// A plan that yields these rows.
pub(crate) fn values_plan(columns: &[(String, DataType)], rows: Vec<Vec<ScalarValue>>) -> PlanResult<LogicalPlan> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, data_type)| Field::new(name, data_type.clone(), true)).collect();
    let schema = DFSchema::from_unqualified_fields(Schema::new(fields).fields, HashMap::new())?;
    let rows = rows.into_iter().map(|row| row.into_iter().map(lit).collect()).collect();
    LogicalPlanBuilder::values_with_schema(rows, &Arc::new(schema))?.build()
}
