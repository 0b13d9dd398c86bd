use super::{Key, Planner, Rows};
use crate::expression::{Scope, Type, Typed, unify};
use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::{LogicalPlanBuilder, Volatility, cast, when};
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_kernels::{Cell, Code, Function, Resources, call};
use mynah_syntax::Diagnostic;
use mynah_view::EVENT_ID;
use serde::{Deserialize, Serialize};

/// The rows of all sides. Where all of them are events still, they mix, newest first; else they follow
/// one another.
///
/// # Errors
/// Where DataFusion refuses the plan.
pub(crate) fn merge(sides: Vec<Rows>, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let by_time = [Key::descending("_time"), Key::ascending(EVENT_ID)];
    let sides = sides.into_iter().map(|side| side.with_one_name(planner)).collect::<Result<Vec<_>, _>>()?;
    if sides.iter().all(|side| side.order() == by_time) {
        let columns = shared_columns(&sides);
        let sides = sides.into_iter().map(|side| {
            let exprs = columns.columns().map(|(name, ty)| (name.to_owned(), coerce(side.column(name), ty))).collect();
            side.project(exprs, planner)
        });
        let sides = sides.collect::<Result<Vec<_>, _>>()?;
        return union(sides, columns, by_time.to_vec(), planner);
    }
    append(sides, planner)
}

/// The rows of all sides, one side after the other, each in its order. A field that one side lacks is
/// null there; one with different types becomes text, or several values if it is so on one side.
///
/// # Errors
/// Where DataFusion refuses the plan.
pub(crate) fn append(sides: Vec<Rows>, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let columns = shared_columns(&sides);
    let part = planner.fresh("part");
    let mut order = vec![Key::ascending(part.clone())];
    // Every side brings its own keys, which are null in the rows of the others.
    let mut keys: Vec<Vec<(String, Expr, DataType)>> = Vec::new();
    for side in &sides {
        let mut of_side = Vec::new();
        for key in side.order() {
            let hidden = planner.fresh("key");
            let field = side.plan().schema().field_with_unqualified_name(&key.column);
            let ty = field.map(|field| field.data_type().clone()).map_err(|error| planner.failed(&error))?;
            order.push(Key { column: hidden.clone(), ..key.clone() });
            of_side.push((hidden, column(&key.column), ty));
        }
        keys.push(of_side);
    }
    let mut plans = Vec::with_capacity(sides.len());
    for (i, side) in sides.into_iter().enumerate() {
        let mut exprs: Vec<Expr> = columns
            .columns()
            .map(|(name, ty)| coerce(side.column(name), ty).expr.alias(name))
            .chain([opaque(&part, Some(i as i64), &side).alias(part.clone())])
            .collect();
        for (of, side_keys) in keys.iter().enumerate() {
            exprs.extend(side_keys.iter().map(|(hidden, expr, ty)| {
                let key = match of == i {
                    true => {
                        when(opaque(hidden, Some(0), &side).is_not_null(), expr.clone()).end().unwrap_or(expr.clone())
                    }
                    false => cast(opaque(hidden, None, &side), ty.clone()),
                };
                key.alias(hidden.clone())
            }));
        }
        plans.push(side.map_plan(planner, |plan| plan.project(exprs))?);
    }
    union(plans, columns, order, planner)
}

/// A value that DataFusion does not know to be constant. Its optimizer leaves out of the order that it asks of
/// each side of a union what is constant on that side, or equal to another column, and then misses it in the
/// order of the whole; so that a side's own keys depend on such a value, too.
fn opaque(name: &str, value: Option<i64>, side: &Rows) -> Expr {
    let any = side.plan().schema().fields().first().map(|field| column(field.name()));
    call(Opaque { name: name.to_owned(), value }, any.into_iter().collect())
}

/// A constant that does not look like one.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Opaque {
    /// What it is for: two of them on one side of a union must not look equal either.
    name: String,
    value: Option<i64>,
}

impl Function for Opaque {
    const NAME: &'static str = "spl.opaque";

    fn returns(&self) -> DataType {
        DataType::Int64
    }

    fn volatility(&self) -> Volatility {
        Volatility::Volatile
    }

    fn code(&self, _: &Resources) -> datafusion::common::Result<Code> {
        let value = self.value;
        Ok(Code::row(move |_| value.map(Cell::Integer).into()))
    }
}

fn union(sides: Vec<Rows>, columns: Scope, order: Vec<Key>, planner: &Planner<'_>) -> Result<Rows, Diagnostic> {
    let events = sides.iter().all(|side| side.events);
    let mut sides = sides.into_iter();
    let Some(first) = sides.next() else {
        return Err(Diagnostic::error("spl/syntax", "there are no searches to put together", planner.at));
    };
    let plan = sides
        .try_fold(LogicalPlanBuilder::from(first.plan().clone()), |plan, side| plan.union(side.plan().clone()))
        .and_then(LogicalPlanBuilder::build)
        .map_err(|error| planner.failed(&error))?;
    Ok(Rows::new(plan, columns, order, events))
}

/// The columns of any side, with a type that all of them fit.
fn shared_columns(sides: &[Rows]) -> Scope {
    let mut columns = Scope::default();
    for side in sides {
        for (name, ty) in side.scope().columns() {
            let shared = columns.get(name).map_or(ty, |known| unify([known, ty]));
            columns.set(name, shared);
        }
    }
    columns.open = sides.iter().any(|side| side.scope().open);
    columns
}

/// A value as another type; what has none yet keeps it.
fn coerce(typed: Typed, ty: Type) -> Typed {
    match ty {
        Type::Number | Type::Multi | Type::Text if typed.ty != ty => Typed { expr: typed.into_type(ty), ty },
        _ => typed,
    }
}
