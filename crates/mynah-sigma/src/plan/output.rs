//! The rows of rules, put together as a file's result.
use super::fields::{self, TIME};
use super::functions::RowFunction;
use super::rule::Matching;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, Projection, Sort, cast};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::{balanced, column};
use mynah_kernels::call;
use mynah_view::EVENT_ID;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The column that tells several rules' rows apart.
const RULE: &str = "rule";
/// The number of a row's rule within the file, and its title.
pub(super) const ORDER: &str = "__order";
pub(super) const TITLE: &str = "__title";

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
            if field.name == TIME || columns.iter().any(|(name, _)| *name == fields::shown(&field.name)) {
                continue;
            }
            shown.push(column(&field.name).alias(slot(columns.len())));
            columns.push((fields::shown(&field.name), field.field_type.data_type()));
        }
        let plan = LogicalPlanBuilder::from(matching.plan).project(shown)?.build()?;
        Ok(Rows { title, plan, columns })
    }

    /// The rows with the number and the title of their rule.
    fn numbered(self, index: usize) -> Result<Rows> {
        let mut shown = vec![lit(index as i64).alias(ORDER), lit(self.title.as_str()).alias(TITLE)];
        shown.extend([column(TIME).alias(TIME), column(EVENT_ID).alias(EVENT_ID)]);
        shown.extend((0..self.columns.len()).map(|index| column(&slot(index)).alias(slot(index))));
        let plan = projected(self.plan, shown)?;
        Ok(Rows { plan, ..self })
    }

    /// The rows of two tables, with the columns of both. Of a column of two types the first counts, unless the second has
    /// several values.
    fn and(self, other: Rows) -> Result<Rows> {
        let mut columns = self.columns.clone();
        let others: HashMap<&str, &DataType> = other.columns.iter().map(|(name, of)| (name.as_str(), of)).collect();
        for (name, of) in &mut columns {
            if let Some(several @ DataType::List(_)) = others.get(name.as_str()) {
                of.clone_from(several);
            }
        }
        let known: HashSet<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        columns.extend(other.columns.iter().filter(|(name, _)| !known.contains(name.as_str())).cloned());
        let title = self.title.clone();
        let plan = LogicalPlanBuilder::from(self.widened(&columns)?).union(other.widened(&columns)?)?.build()?;
        Ok(Rows { title, plan, columns })
    }

    fn widened(self, columns: &[(String, DataType)]) -> Result<LogicalPlan> {
        let own: HashMap<&str, (usize, &DataType)> =
            self.columns.iter().enumerate().map(|(index, (name, of))| (name.as_str(), (index, of))).collect();
        let mut shown: Vec<Expr> =
            [ORDER, TITLE, TIME, EVENT_ID].iter().map(|name| column(name).alias(*name)).collect();
        for (index, (name, data_type)) in columns.iter().enumerate() {
            let value = match own.get(name.as_str()) {
                Some((own, own_type)) if *own_type == data_type => column(&slot(*own)),
                Some((own, _)) if matches!(data_type, DataType::List(_)) => {
                    call(RowFunction::AsText { many: true }, vec![column(&slot(*own))])
                }
                Some((own, _)) => cast(column(&slot(*own)), data_type.clone()),
                None => Expr::Literal(ScalarValue::try_from(data_type)?, None),
            };
            shown.push(value.alias(slot(index)));
        }
        projected(self.plan, shown)
    }
}

/// A projection of columns without qualifiers. A builder would look through the whole plan below for what their names mean.
pub(super) fn projected(plan: LogicalPlan, shown: Vec<Expr>) -> Result<LogicalPlan> {
    Ok(LogicalPlan::Projection(Projection::try_new(shown, Arc::new(plan))?))
}

/// The rows of all rules in the order of their time. Of several rules each row says which one found it. The tables come
/// with their numbers; `together` are rows of several that have theirs.
pub(super) fn united(tables: Vec<(usize, Rows)>, together: Option<Rows>) -> Result<LogicalPlan> {
    let several = tables.len() > 1 || together.is_some();
    let numbered = tables.into_iter().map(|(index, table)| table.numbered(index));
    let numbered = together.map(Ok).into_iter().chain(numbered);
    // Two by two, so that each is widened to the columns of all in as few steps as there are halvings.
    let joined = balanced(numbered.collect(), |left: Result<Rows>, right| left?.and(right?));
    let Some(Rows { plan, columns, .. }) = joined.transpose()? else {
        return LogicalPlanBuilder::empty(false).build();
    };
    let order = [TIME, EVENT_ID, ORDER].map(|name| column(name).sort(true, false)).to_vec();
    let sorted = LogicalPlan::Sort(Sort { expr: order, input: Arc::new(plan), fetch: None });
    let mut shown = Vec::new();
    // A field of that name keeps it.
    if several && !columns.iter().any(|(name, _)| name == RULE) {
        shown.push(column(TITLE).alias(RULE));
    }
    shown.push(call(RowFunction::ShownTime, vec![column(TIME)]).alias(TIME));
    shown.extend(columns.iter().enumerate().map(|(index, (name, _))| column(&slot(index)).alias(name)));
    projected(sorted, shown)
}
