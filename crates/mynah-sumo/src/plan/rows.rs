//! Rows in and out of plans, for the operators whose columns or rows depend on the data.
use super::{Draft, Kind};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::utils::get_row_at_idx;
use datafusion::common::{DFSchema, Result as PlanResult, ScalarValue};
use datafusion::functions_aggregate::expr_fn::{max, min};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, lit};
use datafusion::prelude::Expr;
use mynah_dialect::{clock, column};
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
        let plan = self.derived(|builder| {
            let ends = [min(column("time")).alias("first"), max(column("time")).alias("last")];
            builder.project([time.alias("time")])?.aggregate(Vec::<Expr>::new(), ends)
        })?;
        Ok(match self.first_row(&plan)?.as_slice() {
            [ScalarValue::Int64(Some(first)), ScalarValue::Int64(Some(last))] => Some((*first, *last)),
            _ => None,
        })
    }

    /// The query's time range: from the oldest event of all to the clock; `None` without data.
    pub fn query_range(&mut self) -> Result<Option<(i64, i64)>, Diagnostic> {
        let time = self.context.view.resolve("_messageTime").column;
        let ends = |scan| {
            let first = LogicalPlanBuilder::from(scan)
                .aggregate(Vec::<Expr>::new(), [min(column("_messageTime")).alias("first")])?;
            first.project([column("first"), clock::now().alias("last")])?.build()
        };
        let plan = EventScan::new([time]).into_plan().and_then(ends).map_err(|error| self.refused(&error))?;
        Ok(match self.first_row(&plan)?.as_slice() {
            [ScalarValue::Int64(Some(first)), ScalarValue::Int64(Some(last))] => Some((*first, *last)),
            _ => None,
        })
    }

    /// The time of the oldest event of all; `None` without data.
    pub fn oldest_event(&mut self) -> Result<Option<i64>, Diagnostic> {
        let time = self.context.view.resolve("_messageTime").column;
        let first =
            |scan| LogicalPlanBuilder::from(scan).aggregate(Vec::<Expr>::new(), [min(column("_messageTime"))])?.build();
        let plan = EventScan::new([time]).into_plan().and_then(first).map_err(|error| self.refused(&error))?;
        Ok(match self.first_row(&plan)?.as_slice() {
            [ScalarValue::Int64(first)] => *first,
            _ => None,
        })
    }

    fn first_row(&mut self, plan: &LogicalPlan) -> Result<Vec<ScalarValue>, Diagnostic> {
        let batches = self.rows(plan)?.unwrap_or_default();
        let mut rows = rows_of(&batches).map_err(|error| self.refused(&error))?.into_iter();
        Ok(rows.next().unwrap_or_default())
    }
}

/// The rows of batches, each value as a scalar.
pub(crate) fn rows_of(batches: &[RecordBatch]) -> PlanResult<Vec<Vec<ScalarValue>>> {
    let rows = batches.iter().flat_map(|batch| (0..batch.num_rows()).map(move |row| (batch, row)));
    rows.map(|(batch, row)| get_row_at_idx(batch.columns(), row)).collect()
}

/// A plan that yields these rows.
pub(crate) fn values_plan(columns: &[(String, DataType)], rows: Vec<Vec<ScalarValue>>) -> PlanResult<LogicalPlan> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, data_type)| Field::new(name, data_type.clone(), true)).collect();
    let schema = DFSchema::from_unqualified_fields(Schema::new(fields).fields, HashMap::new())?;
    let rows = rows.into_iter().map(|row| row.into_iter().map(lit).collect()).collect();
    // The rows have the types of the schema, but names of their own.
    let names =
        columns.iter().enumerate().map(|(index, (name, _))| column(&format!("column{}", index + 1)).alias(name));
    LogicalPlanBuilder::values_with_schema(rows, &Arc::new(schema))?.project(names)?.build()
}
