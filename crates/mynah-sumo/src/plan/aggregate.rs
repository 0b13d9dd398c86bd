//! Groups and what is computed of each.
use super::{Draft, Kind, Order, Role, Typed, ValueFunction};
use datafusion::common::plan_err;
use datafusion::functions_aggregate::expr_fn::min;
use datafusion::logical_expr::{Expr, SortExpr};
use mynah_dialect::column;
use mynah_syntax::Diagnostic;

/// Makes an aggregate of its arguments and the order of the rows.
pub(crate) type MakeCall = dyn FnOnce(Vec<Expr>, Vec<SortExpr>) -> datafusion::common::Result<Expr>;

/// One value of each group.
pub(crate) struct Aggregated {
    /// The field it becomes.
    pub name: String,
    pub kind: Kind,
    /// What it is computed from.
    pub arguments: Vec<Typed>,
    /// The aggregate over the arguments, given the order of the rows.
    pub call: Box<MakeCall>,
    /// What makes the value out of the aggregate's result.
    pub after: Option<ValueFunction>,
}

impl Aggregated {
    /// A value that is computed from one other.
    pub fn of_one(
        name: impl Into<String>,
        kind: Kind,
        argument: Typed,
        call: impl FnOnce(Expr, Vec<SortExpr>) -> datafusion::common::Result<Expr> + 'static,
    ) -> Aggregated {
        let call = |arguments: Vec<Expr>, order| match arguments.into_iter().next() {
            Some(argument) => call(argument, order),
            None => plan_err!("an aggregate without an argument"),
        };
        Aggregated { name: name.into(), kind, arguments: vec![argument], call: Box::new(call), after: None }
    }
}

/// The column that holds a number of each group's first event: groups have no order of their own.
const TIE: &str = "__order";

/// Groups the rows by `keys` and computes `calls`; the fields are the keys and then the values.
pub(crate) fn aggregate(
    draft: &mut Draft<'_>,
    keys: Vec<(String, Typed)>,
    calls: Vec<Aggregated>,
) -> Result<(), Diagnostic> {
    let mut before: Vec<Expr> = Vec::new();
    let mut columns: Vec<(String, Kind, Role)> = Vec::new();
    let mut groups: Vec<Expr> = Vec::new();
    for (name, key) in keys {
        if columns.iter().any(|(known, _, _)| known.eq_ignore_ascii_case(&name)) {
            continue;
        }
        before.push(key.expr.alias(name.as_str()));
        groups.push(column(&name));
        columns.push((name, if key.kind == Kind::Null { Kind::Text } else { key.kind }, Role::Field));
    }
    let group_count = groups.len();
    let mut values: Vec<Expr> = Vec::new();
    let mut after: Vec<Expr> = groups.clone();
    let order: Vec<(Order, String)> =
        draft.order.iter().enumerate().map(|(index, key)| (key.clone(), format!("__key{index}"))).collect();
    let sort: Vec<SortExpr> = order.iter().map(|(key, name)| column(name).sort(key.ascending, key.ascending)).collect();
    for (number, call) in calls.into_iter().enumerate() {
        // A value takes the place of a key of the same name: the rows stay grouped by it.
        if let Some(at) = columns.iter().position(|(known, _, _)| known.eq_ignore_ascii_case(&call.name))
            && at < groups.len()
        {
            let kept = format!("__group{at}");
            if let (Some(shown), Some(key)) = (after.get_mut(at), columns.get_mut(at)) {
                *shown = column(&key.0).alias(kept.as_str());
                *key = (kept, key.1, Role::Hidden);
            }
        }
        if columns.iter().any(|(known, _, _)| known.eq_ignore_ascii_case(&call.name)) {
            return Err(Diagnostic::error(
                "sumo/duplicate-field",
                format!("two fields of this aggregate are called `{}`", call.name),
                draft.at,
            )
            .with_help("give one of them another name with `as`"));
        }
        let arguments: Vec<String> =
            (0..call.arguments.len()).map(|index| format!("__argument{number}_{index}")).collect();
        for (argument, name) in call.arguments.into_iter().zip(&arguments) {
            before.push(argument.expr.alias(name.as_str()));
        }
        let value = (call.call)(arguments.iter().map(|name| column(name)).collect(), sort.clone())
            .map_err(|error| draft.refused(&error))?;
        let raw = format!("__value{number}");
        values.push(value.alias(raw.as_str()));
        let result = match call.after {
            Some(after) => after.of(column(&raw)),
            None => column(&raw),
        };
        after.push(result.alias(call.name.as_str()));
        columns.push((call.name, call.kind, Role::Field));
    }
    for (key, name) in &order {
        before.push(column(&key.column).alias(name.as_str()));
    }
    before.push(column(&draft.tie).alias("__tie"));
    values.push(min(column("__tie")).alias(TIE));
    after.push(column(TIE));
    columns.push((TIE.into(), Kind::Integer, Role::Hidden));
    let plan = draft.derived(|builder| builder.project(before)?.aggregate(groups, values)?.project(after))?;
    draft.keys = columns.iter().take(group_count).map(|(name, _, _)| name.clone()).collect();
    draft.regroup(plan, columns, vec![Order { column: TIE.into(), ascending: true }], TIE);
    Ok(())
}
