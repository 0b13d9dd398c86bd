use super::{Key, Planner, Rows};
use crate::expression::{Scope, Type, Typed};
use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::LogicalPlanBuilder;
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_kernels::{Cell, row_function, row_function_volatile};
use mynah_syntax::Diagnostic;
use mynah_view::EVENT_ID;

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
            .chain([
                opaque(&format!("spl_part {i}"), DataType::Int64, Cell::Integer(i as i64), &side).alias(part.clone())
            ])
            .collect();
        for (of, side_keys) in keys.iter().enumerate() {
            exprs.extend(side_keys.iter().map(|(hidden, expr, ty)| {
                if of == i {
                    let copy = row_function("spl_key", ty.clone(), |row| row.first().cloned().into());
                    copy.call(vec![expr.clone()]).alias(hidden.clone())
                } else {
                    opaque(&format!("spl_no_key {hidden}"), ty.clone(), Cell::Null, &side).alias(hidden.clone())
                }
            }));
        }
        plans.push(side.map_plan(planner, |plan| plan.project(exprs))?);
    }
    union(plans, columns, order, planner)
}

/// A value that DataFusion does not know to be constant. Its optimizer leaves out of the order that it asks of
/// each side of a union what is constant on that side, or equal to another column, and then misses it in the
/// order of the whole; so that a side's own keys are copied by a function, too.
fn opaque(name: &str, ty: DataType, value: Cell<'static>, side: &Rows) -> Expr {
    let any = side.plan().schema().fields().first().map(|field| column(field.name()));
    row_function_volatile(name, ty, move |_| value.clone()).call(any.into_iter().collect())
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
            let shared = columns.get(name).map_or(ty, |known| unify(known, ty));
            columns.set(name, shared);
        }
    }
    columns.open = sides.iter().any(|side| side.scope().open);
    columns
}

fn unify(a: Type, b: Type) -> Type {
    match (a, b) {
        (a, b) if a == b => a,
        (Type::Null, other) | (other, Type::Null) => other,
        (Type::Multi, _) | (_, Type::Multi) => Type::Multi,
        _ => Type::Text,
    }
}

/// A value as another type.
fn coerce(typed: Typed, ty: Type) -> Typed {
    if typed.ty == ty && typed.ty != Type::Null {
        return typed;
    }
    match ty {
        Type::Number => Typed { expr: typed.into_number(), ty },
        Type::Multi => Typed { expr: typed.into_multi(), ty },
        Type::Text => Typed { expr: typed.into_text(), ty },
        Type::Boolean | Type::Null => typed,
    }
}
