use super::{Planner, projection};
use crate::expression::{Scope, Type, Typed};
use datafusion::common::DataFusionError;
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::{ExprFunctionExt, LogicalPlan, LogicalPlanBuilder, SortExpr};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;
use mynah_syntax::Diagnostic;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One key of the order that rows stand in: a column of the plan, possibly hidden.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Key {
    pub column: String,
    pub ascending: bool,
    pub nulls_first: bool,
}

impl Key {
    pub(crate) fn ascending(column: impl Into<String>) -> Key {
        Key { column: column.into(), ascending: true, nulls_first: false }
    }

    pub(crate) fn descending(column: impl Into<String>) -> Key {
        Key { column: column.into(), ascending: false, nulls_first: false }
    }

    pub(crate) fn reversed(&self) -> Key {
        Key { column: self.column.clone(), ascending: !self.ascending, nulls_first: !self.nulls_first }
    }

    pub(crate) fn sort(&self) -> SortExpr {
        column(&self.column).sort(self.ascending, self.nulls_first)
    }
}

/// What flows from one command to the next.
///
/// The order is kept as keys and not as a sorted plan, since DataFusion's operators do not keep the order
/// of their input: whoever needs it sorts, and the end of the query does. Keys may be hidden columns,
/// whose names begin with two underscores and which [`Rows::scope`] does not list.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    plan: LogicalPlan,
    scope: Scope,
    order: Vec<Key>,
    /// For a column that shows one of the names that an event answers to, the hidden column of them all.
    answers_to: BTreeMap<String, String>,
    /// Whether the rows are events still, which are shown with `_time` first and `_raw` last.
    pub events: bool,
    /// Whether each column that a pattern fits is known to have a value in some row.
    present: bool,
    /// What stands between the values of a field where they become one text, if the query has said so.
    delimiters: BTreeMap<String, String>,
}

impl Rows {
    /// Rows of a plan that has exactly these columns, and those of the keys.
    pub(crate) fn new(plan: LogicalPlan, scope: Scope, order: Vec<Key>, events: bool) -> Rows {
        Rows { plan, scope, order, answers_to: BTreeMap::new(), events, present: false, delimiters: BTreeMap::new() }
    }

    /// The same with these hidden columns of the plan, by the columns that they say more of.
    pub(crate) fn answering_to(self, answers_to: BTreeMap<String, String>) -> Rows {
        Rows { answers_to, ..self }
    }

    /// The column as a search compares it: all the names that the event answers to, where it is one of them.
    pub(crate) fn searched(&self, name: &str) -> Typed {
        match self.answers_to.get(name) {
            Some(hidden) => Typed { expr: column(hidden), ty: Type::Multi },
            None => self.column(name),
        }
    }

    /// Whether the column shows one of several names.
    pub(crate) fn is_name(&self, name: &str) -> bool {
        self.answers_to.contains_key(name)
    }

    /// The same without the hidden columns of names.
    pub(crate) fn with_one_name(self, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        if self.answers_to.is_empty() {
            return Ok(self);
        }
        let all = self.all();
        self.answering_to(BTreeMap::new()).project(all, planner)
    }

    pub(crate) fn plan(&self) -> &LogicalPlan {
        &self.plan
    }

    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    pub(crate) fn order(&self) -> &[Key] {
        &self.order
    }

    pub(crate) fn sort_exprs(&self) -> Vec<SortExpr> {
        self.order.iter().map(Key::sort).collect()
    }

    /// The same with a text that stands between the values of some fields where they become one.
    pub(crate) fn delimited(mut self, names: impl IntoIterator<Item = String>, by: &str) -> Rows {
        self.delimiters.extend(names.into_iter().map(|name| (name, by.to_owned())));
        self
    }

    /// What stands between the values of a field where they become one text.
    pub(crate) fn delimiter(&self, name: &str) -> Option<&str> {
        self.delimiters.get(name).map(String::as_str)
    }

    /// The same where the data was asked which fields there are.
    pub(crate) fn all_present(self) -> Rows {
        Rows { present: true, ..self }
    }

    /// Whether a pattern may fit columns that have no value in any row.
    pub(crate) fn may_lack_values(&self) -> bool {
        self.events && !self.present
    }

    /// Columns that are not listed may exist from here on.
    pub(crate) fn opened(mut self) -> Rows {
        self.scope.open = true;
        self
    }

    pub(crate) fn with_order(mut self, order: Vec<Key>) -> Rows {
        self.order = order;
        self
    }

    /// The column as an expression; null where there is none of that name.
    pub(crate) fn column(&self, name: &str) -> Typed {
        match self.scope.get(name) {
            Some(ty) => Typed { expr: column(name), ty },
            None => Typed { expr: lit(datafusion::common::ScalarValue::Null), ty: Type::Null },
        }
    }

    /// The names of all columns, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.scope.columns().map(|(name, _)| name.to_owned()).collect()
    }

    /// All columns as expressions of themselves.
    pub(crate) fn all(&self) -> Vec<(String, Typed)> {
        self.scope.columns().map(|(name, ty)| (name.to_owned(), Typed { expr: column(name), ty })).collect()
    }

    /// Another plan over the same columns.
    pub(crate) fn map_plan(
        mut self,
        planner: &Planner<'_>,
        change: impl FnOnce(LogicalPlanBuilder) -> Result<LogicalPlanBuilder, DataFusionError>,
    ) -> Result<Rows, Diagnostic> {
        planner.count_operator()?;
        self.plan = change(LogicalPlanBuilder::from(self.plan))
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| planner.failed(&error))?;
        planner.count_expressions(self.plan.schema().fields().len())?;
        Ok(self)
    }

    /// The rows for which a condition holds.
    pub(crate) fn filter(self, condition: Expr, planner: &Planner<'_>) -> Result<Rows, Diagnostic> {
        Rows { present: false, ..self }.map_plan(planner, |plan| plan.filter(condition))
    }

    /// The rows in their order, made so in the plan.
    pub(crate) fn sorted(self, planner: &Planner<'_>) -> Result<Rows, Diagnostic> {
        let keys = self.sort_exprs();
        if keys.is_empty() {
            return Ok(self);
        }
        self.map_plan(planner, |plan| plan.sort(keys))
    }

    /// Exactly these columns, in this order. The order of the rows stays, through hidden columns if need be.
    pub(crate) fn project(self, columns: Vec<(String, Typed)>, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut scope = Scope::default();
        scope.open = self.scope.open;
        let mut exprs: Vec<Expr> = Vec::with_capacity(columns.len());
        let mut kept: Vec<(String, String)> = Vec::new();
        for (name, typed) in columns {
            if scope.get(&name).is_some() {
                // Of two columns with one name the later counts.
                exprs.retain(|expr| !matches!(expr, Expr::Alias(alias) if alias.name == name));
                kept.retain(|(_, to)| *to != name);
            }
            if let Expr::Column(from) = &typed.expr {
                kept.push((from.name.clone(), name.clone()));
            }
            exprs.push(typed.expr.alias(name.clone()));
            scope.set(name, typed.ty);
        }
        let mut order: Vec<Key> = Vec::with_capacity(self.order.len());
        let mut hidden: Vec<(String, String)> = Vec::new();
        for key in &self.order {
            let known = kept.iter().chain(&hidden).find(|(from, _)| *from == key.column);
            let column_name = match known {
                Some((_, to)) => to.clone(),
                None => {
                    let to = if key.column.starts_with("__") { key.column.clone() } else { planner.fresh("order") };
                    exprs.push(column(&key.column).alias(to.clone()));
                    hidden.push((key.column.clone(), to.clone()));
                    to
                }
            };
            order.push(Key { column: column_name, ..key.clone() });
        }
        let mut answers_to = BTreeMap::new();
        for (from, to) in &kept {
            if let Some(hidden) = self.answers_to.get(from) {
                if !answers_to.values().any(|known| known == hidden) {
                    exprs.push(column(hidden).alias(hidden.clone()));
                }
                answers_to.insert(to.clone(), hidden.clone());
            }
        }
        // A scope keeps the place of a name that is set twice; the plan must agree.
        let names: Vec<String> = scope.columns().map(|(name, _)| name.to_owned()).collect();
        let places: HashMap<&str, usize> = names.iter().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
        let position = |expr: &Expr| match expr {
            Expr::Alias(alias) => places.get(alias.name.as_str()).copied().unwrap_or(usize::MAX),
            _ => usize::MAX,
        };
        exprs.sort_by_key(position);
        let columns = self.plan.schema().fields().len();
        let (input, exprs, merged) = projection::merged(self.plan, exprs).map_err(|error| planner.failed(&error))?;
        if merged {
            planner.forget_operator(columns);
        }
        let rows = Rows {
            plan: input,
            scope,
            order,
            answers_to,
            events: self.events,
            present: self.present,
            delimiters: self.delimiters,
        };
        rows.map_plan(planner, |plan| projection::projected(plan.build()?, exprs))
    }

    /// All columns, and these: in place where the name is there already, else behind the others.
    pub(crate) fn with(self, columns: Vec<(String, Typed)>, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut all = self.all();
        for (name, typed) in columns {
            match all.iter_mut().find(|(known, _)| *known == name) {
                Some(known) => known.1 = typed,
                None => all.push((name, typed)),
            }
        }
        self.project(all, planner)
    }

    /// All columns but these.
    pub(crate) fn without(self, names: &[String], planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let kept = self.all().into_iter().filter(|(name, _)| !names.contains(name)).collect();
        self.project(kept, planner)
    }

    /// The same with hidden columns, which stay as long as the order names them.
    pub(crate) fn with_hidden(self, hidden: Vec<(String, Expr)>, planner: &Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut exprs: Vec<Expr> = self.scope.columns().map(|(name, _)| column(name)).collect();
        let keys = self.order.iter().map(|key| key.column.clone()).filter(|key| self.scope.get(key).is_none());
        exprs.extend(keys.map(|key| column(&key)));
        let names: BTreeSet<&String> = self.answers_to.values().collect();
        exprs.extend(names.into_iter().map(|name| column(name)));
        exprs.extend(hidden.into_iter().map(|(name, expr)| expr.alias(name)));
        self.map_plan(planner, |plan| plan.project(exprs))
    }

    /// The first `count` rows.
    pub(crate) fn first(self, count: usize, planner: &Planner<'_>) -> Result<Rows, Diagnostic> {
        self.sorted(planner)?.map_plan(planner, |plan| plan.limit(0, Some(count)))
    }

    /// The rows that are among the first `count` of their group.
    pub(crate) fn first_of_each(
        self,
        groups: Vec<Expr>,
        count: usize,
        planner: &mut Planner<'_>,
    ) -> Result<Rows, Diagnostic> {
        let number = planner.fresh("row");
        let order = self.sort_exprs();
        let window = row_number().partition_by(groups);
        let window = if order.is_empty() { window } else { window.order_by(order) };
        let window = window.build().map_err(|error| planner.failed(&error))?.alias(&number);
        let rows = self.map_plan(planner, |plan| plan.window([window]))?;
        let all = rows.all();
        rows.filter(column(&number).lt_eq(lit(count as u64)), planner)?.project(all, planner)
    }
}
