//! The rows of rules, put together as a file's result.
use super::dates;
use super::fields::TIME;
use super::rule::Matching;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, cast};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;
use mynah_view::EVENT_ID;

/// The column that tells several rules' rows apart.
const RULE: &str = "rule";

/// The result of one rule: a plan with [`TIME`] in milliseconds, [`EVENT_ID`], and columns `__0`, `__1`, … for what
/// is shown, so that no name of a field can be in the way of another.
pub(super) struct Rows {
    pub title: String,
    pub plan: LogicalPlan,
    /// What the columns are called, and their types.
    pub columns: Vec<(String, DataType)>,
}

/// The n-th column's name within the plan.
pub(super) fn slot(index: usize) -> String {
    format!("__{index}")
}

impl Rows {
    /// The rows of events.
    pub fn of_events(title: String, matching: Matching) -> Result<Rows> {
        let mut columns: Vec<(String, DataType)> = Vec::new();
        let mut shown = vec![column(TIME).alias(TIME), column(EVENT_ID).alias(EVENT_ID)];
        for field in &matching.fields {
            if field.name == TIME || columns.iter().any(|(name, _)| *name == field.name) {
                continue;
            }
            shown.push(column(&field.name).alias(slot(columns.len())));
            columns.push((field.name.clone(), field.field_type.data_type()));
        }
        let plan = LogicalPlanBuilder::from(matching.plan).project(shown)?.build()?;
        Ok(Rows { title, plan, columns })
    }
}

/// The rows of all rules in the order of their time. Of several rules each row says which one found it.
pub(super) fn united(tables: Vec<Rows>) -> Result<LogicalPlan> {
    let several = tables.len() > 1;
    let mut columns: Vec<(String, DataType)> = Vec::new();
    for (name, data_type) in tables.iter().flat_map(|table| &table.columns) {
        if !columns.iter().any(|(known, _)| known == name) {
            columns.push((name.clone(), data_type.clone()));
        }
    }
    let mut plan: Option<LogicalPlanBuilder> = None;
    for (index, table) in tables.into_iter().enumerate() {
        let mut shown: Vec<Expr> = vec![column(TIME).alias(TIME), column(EVENT_ID).alias(EVENT_ID)];
        shown.push(lit(index as i64).alias("__order"));
        shown.push(lit(table.title.as_str()).alias("__title"));
        for (index, (name, data_type)) in columns.iter().enumerate() {
            let own = table.columns.iter().position(|(known, _)| known == name);
            let value = match own {
                Some(own) => match table.columns.get(own) {
                    Some((_, own_type)) if own_type != data_type => cast(column(&slot(own)), data_type.clone()),
                    _ => column(&slot(own)),
                },
                None => Expr::Literal(ScalarValue::try_from(data_type)?, None),
            };
            shown.push(value.alias(slot(index)));
        }
        let rows = LogicalPlanBuilder::from(table.plan).project(shown)?.build()?;
        plan = Some(match plan {
            None => LogicalPlanBuilder::from(rows),
            Some(before) => before.union(rows)?,
        });
    }
    let plan = plan.unwrap_or_else(|| LogicalPlanBuilder::empty(false));
    let sorted = plan.sort(vec![
        column(TIME).sort(true, false),
        column(EVENT_ID).sort(true, false),
        column("__order").sort(true, false),
    ])?;
    let mut shown = Vec::new();
    // A field of that name keeps it.
    if several && !columns.iter().any(|(name, _)| name == RULE) {
        shown.push(column("__title").alias(RULE));
    }
    shown.push(dates::shown(column(TIME)).alias(TIME));
    shown.extend(columns.iter().enumerate().map(|(index, (name, _))| column(&slot(index)).alias(name)));
    sorted.project(shown)?.build()
}
