use super::{Planner, Type, Typed};
use datafusion::functions_aggregate::first_last::first_value;
use datafusion::logical_expr::SortExpr;
use datafusion::prelude::Expr;
use mynah_dialect::column;

/// What a grouping `SELECT` has to compute: its groups and its aggregates, each once.
pub(super) struct Aggregation {
    /// The key of the expression, the value before grouping, and the column that holds it afterwards.
    pub groups: Vec<(String, Typed, String)>,
    /// The aggregates, and the columns that hold them.
    pub aggregates: Vec<(Expr, String)>,
    /// The order in which the events of a group stand: what FIRST is the first of.
    pub order: Vec<SortExpr>,
}

impl Aggregation {
    pub fn new(order: Vec<SortExpr>) -> Aggregation {
        Aggregation { groups: Vec::new(), aggregates: Vec::new(), order }
    }

    /// The column of a group, if the expression with this key is one.
    pub fn group(&self, key: &str) -> Option<Typed> {
        self.groups.iter().find(|(known, ..)| known == key).map(|(_, value, name)| Typed::new(column(name), value.ty))
    }

    /// Adds an aggregate, unless it is there already.
    pub fn add(&mut self, planner: &mut Planner<'_>, aggregate: Expr, ty: Type) -> Typed {
        let name = match self.aggregates.iter().find(|(known, _)| *known == aggregate) {
            Some((_, name)) => name.clone(),
            None => {
                let name = planner.fresh("aggregate");
                self.aggregates.push((aggregate, name.clone()));
                name
            }
        };
        Typed::new(column(&name), ty)
    }

    /// The value of the group's first event.
    pub fn first(&mut self, planner: &mut Planner<'_>, value: Typed) -> Typed {
        let aggregate = first_value(value.expr, self.order.clone());
        self.add(planner, aggregate, value.ty)
    }
}
