//! Queries as a whole, UNION ALL, and what a query gives the one around it.
use super::coerce::to_type;
use super::scope::{Column, Scope};
use super::{Planner, Type, Typed};
use crate::ast::{At, Item, Query, Select, TimeFrame};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_kernels::Cell;
use mynah_syntax::Diagnostic;
use mynah_view::EVENT_ID;

/// The column in which every relation carries the time of its rows: `starttime`, or of a group the latest.
pub(super) const TIME: &str = "__time";

/// A plan, and what can be named of it. Besides the columns it has [`TIME`] and [`EVENT_ID`], for the order.
pub(super) struct Relation {
    pub plan: LogicalPlan,
    pub columns: Vec<Column>,
}

impl Planner<'_> {
    /// A query that stands by itself: in order, and with its columns only.
    pub(super) fn whole(&mut self, query: &Query) -> Option<LogicalPlan> {
        let relation = self.relation(query, true, None)?;
        let columns: Vec<Expr> = relation.columns.iter().map(|c| column(&c.plan_name).alias(&c.name)).collect();
        let built = LogicalPlanBuilder::new(relation.plan).project(columns).and_then(LogicalPlanBuilder::build);
        self.accept(built, query.at.0)
    }

    /// A query in the place of a table, or a whole one; `ordered` if the order of its rows matters. `time`
    /// bounds those of its events that it does not bound itself.
    pub(super) fn relation(&mut self, query: &Query, ordered: bool, time: Option<&TimeFrame>) -> Option<Relation> {
        let [first_branches @ .., last] = query.selects.as_slice() else { return None };
        if first_branches.is_empty() {
            return self.select(last, ordered, time);
        }
        // ORDER BY, LIMIT and the time at the end belong to the union, not to its last branch.
        let time = last.time.as_ref().or(time);
        let own = Select { order_by: Vec::new(), limit: None, offset: None, ..last.clone() };
        let mut branches = Vec::new();
        for select in first_branches.iter().chain(std::iter::once(&own)) {
            branches.push(self.select(select, false, time));
        }
        let branches = branches.into_iter().collect::<Option<Vec<Relation>>>()?;
        let union = self.union(query, branches)?;
        let items = vec![Item::Star(At(query.at.0))];
        let order_by = last.order_by.clone();
        let Select { limit, offset, keyword, at, .. } = *last;
        let whole = Select { items, order_by, limit, offset, keyword, at, ..Select::default() };
        let Relation { plan, columns } = union;
        self.select_from(&whole, &Scope::Relation(columns), Some(plan), None, None, ordered)
    }

    /// The rows of all branches, which must have as many columns each; the first one's names count.
    fn union(&mut self, query: &Query, branches: Vec<Relation>) -> Option<Relation> {
        let width = branches.first()?.columns.len();
        for (branch, select) in branches.iter().zip(&query.selects) {
            if branch.columns.len() != width {
                let message = format!(
                    "this SELECT gives {} columns, the first one {width}: UNION ALL needs as many",
                    branch.columns.len()
                );
                return self.refuse(Diagnostic::error("aql/union-columns", message, select.keyword.0));
            }
        }
        let mut columns: Vec<Column> = Vec::new();
        for index in 0..width {
            let all: Vec<&Column> = branches.iter().filter_map(|branch| branch.columns.get(index)).collect();
            let first = *all.first()?;
            let ty = all.iter().fold(Type::Null, |ty, column| ty.unify(column.ty));
            let mut companions: Vec<(String, String)> = Vec::new();
            for (name, _) in all.iter().flat_map(|column| &column.companions) {
                if !companions.iter().any(|(known, _)| known == name) {
                    companions.push((name.clone(), self.fresh("companion")));
                }
            }
            let field = all
                .iter()
                .find_map(|column| column.field.clone())
                .filter(|field| all.iter().all(|c| c.field.as_deref().is_none_or(|f| f == field)));
            columns.push(Column {
                name: first.name.clone(),
                plan_name: first.plan_name.clone(),
                ty,
                field,
                companions,
            });
        }
        let mut union: Option<LogicalPlanBuilder> = None;
        for branch in branches {
            let mut outputs: Vec<Expr> = Vec::new();
            for (own, common) in branch.columns.iter().zip(&columns) {
                outputs.push(to_type(&Typed::new(column(&own.plan_name), own.ty), common.ty).alias(&common.plan_name));
                for (name, plan_name) in &common.companions {
                    let value = match own.companions.iter().find(|(known, _)| known == name) {
                        Some((_, own_name)) => column(own_name),
                        None => Typed::constant(Cell::Null).expr,
                    };
                    outputs.push(value.alias(plan_name));
                }
            }
            outputs.push(column(TIME));
            outputs.push(column(EVENT_ID));
            let projected = LogicalPlanBuilder::new(branch.plan).project(outputs).and_then(LogicalPlanBuilder::build);
            let projected = self.accept(projected, query.at.0)?;
            let joined = match union {
                None => Ok(LogicalPlanBuilder::new(projected)),
                Some(so_far) => so_far.union(projected),
            };
            union = Some(self.accept(joined, query.at.0)?);
        }
        let built = union?.build();
        Some(Relation { plan: self.accept(built, query.at.0)?, columns })
    }
}
