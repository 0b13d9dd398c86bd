//! `compare`: what the query gives of earlier times, beside its rows.
//!
//! An earlier time is the same query over messages that are taken to be later than they were, up to the query's clock.
//! Its rows are joined on the fields that rows are grouped by.
use super::{Draft, Kind, Order, Role, Stretch, Typed, ValueFunction, names, scope as lower_scope, steps};
use crate::ast::{Compare, Count, Over, Query, Scope, Shift, Step, interval};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Column, JoinType};
use datafusion::functions::core::expr_fn::coalesce;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, cast, lit, when};
use mynah_dialect::{clock, column};
use mynah_kernels::call;
use mynah_syntax::{Diagnostic, Span};
use std::collections::HashSet;

/// As many earlier times as Sumo Logic looks at.
pub(crate) const MOST: u64 = 7;

/// The field of the rows that says which of them belong together.
const KEY: &str = "__compared";

/// An earlier time, and the fields that it makes.
struct Past {
    later: i64,
    /// What the names of its fields end in.
    suffix: String,
}

pub(super) fn lower(
    draft: &mut Draft<'_>,
    compare: &Compare,
    scope: &Scope,
    before: &[Step],
) -> Result<(), Diagnostic> {
    let at = draft.at;
    let values: Vec<(String, Kind)> = draft
        .fields()
        .filter(|field| !is_key(draft, &field.name, field.kind))
        .map(|f| (f.name.clone(), f.kind))
        .collect();
    let keys: Vec<(String, Kind)> = draft
        .fields()
        .filter(|field| is_key(draft, &field.name, field.kind))
        .map(|f| (f.name.clone(), f.kind))
        .collect();
    if values.is_empty() && !draft.dynamic && !draft.broken {
        let message = "`compare` needs values of an aggregate before it";
        return Err(Diagnostic::error("sumo/compare", message, at));
    }
    if draft.columns.iter().any(|known| known.name == KEY) {
        return Err(Diagnostic::error("sumo/compare", "`compare` can only be used once in a query", at));
    }
    let shifts = compare.shifts.iter().map(|shift| Ok((shift, pasts(draft, shift)?)));
    let shifts = shifts.collect::<Result<Vec<_>, Diagnostic>>()?;
    check(&shifts, at)?;
    let mut made: Vec<(String, Typed)> = Vec::new();
    let mut number = 0;
    let mut rows = Rows::start(draft, &keys)?;
    for (shift, pasts) in shifts {
        let mut columns: Vec<Vec<Expr>> = vec![Vec::new(); values.len()];
        for past in &pasts {
            let earlier = earlier(draft, past.later, scope, before)?;
            rows.join(draft, earlier, number, &keys, &values)?;
            for (index, ((value, kind), all)) in values.iter().zip(&mut columns).enumerate() {
                let read = column(&past_name(number, index));
                if shift.aggregate.is_none() {
                    made.push((format!("{value}_{}", past.suffix), Typed::new(read.clone(), *kind)));
                }
                all.push(read);
            }
            number += 1;
        }
        if let (Some(over), Some(last)) = (shift.aggregate, pasts.last()) {
            let suffix = match &shift.name {
                Some(name) => name.text.clone(),
                None => format!("{}_{}", last.suffix, over.name()),
            };
            for ((value, _), all) in values.iter().zip(columns) {
                made.push((format!("{value}_{suffix}"), aggregated(draft, over, all)?));
            }
        }
    }
    rows.finish(draft, made)
}

/// The limits that the page names: as many queries as it allows, each with a name of its own. A time that two comparisons
/// look at is one query: the vendor's own apps have `timeshift 1d, timeshift 1d 7 avg`.
fn check(shifts: &[(&Shift, Vec<Past>)], at: Span) -> Result<(), Diagnostic> {
    let times = shifts.iter().flat_map(|(_, pasts)| pasts).map(|past| past.later).collect::<HashSet<i64>>().len();
    if times as u64 > MOST {
        let message = format!("{times} earlier times: `compare` looks at one to {MOST} in all");
        return Err(Diagnostic::error("sumo/compare", message, at));
    }
    let mut names = HashSet::new();
    let twice = shifts.iter().filter_map(|(shift, _)| shift.name.as_ref()).find(|name| !names.insert(name.key()));
    match twice {
        Some(name) => {
            let message = format!("the name `{}` is given twice", name.text);
            Err(Diagnostic::error("sumo/compare", message, name.span()))
        }
        None => Ok(()),
    }
}

/// Whether a field says which rows belong together: what they are grouped by, and texts.
fn is_key(draft: &Draft<'_>, name: &str, kind: Kind) -> bool {
    // Without groups there is one row of each time, and all that is in it is a value.
    (!kind.is_number() && !draft.keys.is_empty()) || draft.keys.iter().any(|key| key.eq_ignore_ascii_case(name))
}

fn past_name(number: usize, value: usize) -> String {
    format!("__past{number}_{value}")
}

/// The earlier times of a shift, the nearest first.
fn pasts(draft: &mut Draft<'_>, shift: &Shift) -> Result<Vec<Past>, Diagnostic> {
    let parameter = shift.by.strip_prefix("{{").and_then(|rest| rest.split_once("}}"));
    let by = match parameter {
        Some((name, _)) => {
            draft.without_parameter(name, "the query is compared with the day before (`1d`)", shift.place.0);
            "1d"
        }
        None => shift.by.as_str(),
    };
    let Some(step) = interval(by) else {
        let message = format!("`{by}` is no interval");
        return Err(Diagnostic::error("sumo/interval", message, shift.place.0)
            .with_help("an interval is a number and w, d, h, m or s: `1d`"));
    };
    let times = match &shift.times {
        Some(Count::Number(times, _)) => *times,
        Some(parameter) => draft.number(parameter)? as u64,
        None => 1,
    };
    if times == 0 || times > MOST {
        let message = format!("{times} earlier times: `compare` looks at one to {MOST}");
        return Err(Diagnostic::error("sumo/compare", message, shift.place.0));
    }
    let digits = by.trim_end_matches(|c: char| c.is_alphabetic());
    let unit = by.get(digits.len()..).unwrap_or("");
    let number: u64 = digits.parse().unwrap_or(1);
    let past = |time: u64| {
        let own = format!("{}{unit}", number.saturating_mul(time));
        let suffix = match &shift.name {
            Some(name) if times == 1 || shift.aggregate.is_some() => name.text.clone(),
            Some(name) => format!("{}_{own}", name.text),
            None => own,
        };
        Past { later: step.saturating_mul(time as i64), suffix }
    };
    Ok((1..=times).map(past).collect())
}

/// The same query at an earlier time.
fn earlier<'c>(draft: &mut Draft<'c>, later: i64, scope: &Scope, before: &[Step]) -> Result<Draft<'c>, Diagnostic> {
    let query = Query { scope: scope.clone(), steps: before.to_vec() };
    let stretch = Stretch { later, from: None, to: Some(clock::now()) };
    let mut child = Draft::over(draft.context, names::bind(&query, draft.context.view, &[]), stretch)?;
    lower_scope::lower(&mut child, scope)?;
    steps(&mut child, scope, before);
    // Whatever it says, the query at its own time has said.
    let asked = child.diagnostics.iter().position(|diagnostic| diagnostic.code == mynah_dialect::ROWS_NEEDED);
    match asked {
        Some(asked) => Err(child.diagnostics.swap_remove(asked)),
        None => Ok(child),
    }
}

/// One value of several times; those without a value do not count.
fn aggregated(draft: &Draft<'_>, over: Over, values: Vec<Expr>) -> Result<Typed, Diagnostic> {
    let numbers: Vec<Expr> = values.into_iter().map(|value| cast(value, DataType::Float64)).collect();
    let value = match over {
        Over::Avg => {
            let one = |value: &Expr| when(value.clone().is_null(), lit(0.0)).otherwise(lit(1.0));
            let zero = |value: &Expr| coalesce(vec![value.clone(), lit(0.0)]);
            let count =
                numbers.iter().map(one).collect::<Result<Vec<_>, _>>().map_err(|error| draft.refused(&error))?;
            let count = count.into_iter().reduce(|a, b| a + b).unwrap_or_else(|| lit(0.0));
            let sum = numbers.iter().map(zero).reduce(|a, b| a + b).unwrap_or_else(|| lit(0.0));
            when(count.clone().gt(lit(0.0)), sum / count).end().map_err(|error| draft.refused(&error))?
        }
        Over::Min | Over::Max => {
            let mut numbers = numbers.into_iter();
            let mut best = numbers.next().unwrap_or_else(|| lit(0.0));
            for number in numbers {
                let better =
                    if over == Over::Min { number.clone().lt(best.clone()) } else { number.clone().gt(best.clone()) };
                let takes = number.clone().is_not_null().and(best.clone().is_null().or(better));
                best = when(takes, number).otherwise(best).map_err(|error| draft.refused(&error))?;
            }
            best
        }
    };
    Ok(Typed::new(value, Kind::Number))
}

/// The rows of several times, joined.
struct Rows {
    plan: LogicalPlan,
    columns: Vec<String>,
    keys: Vec<String>,
    tie: String,
}

impl Rows {
    fn start(draft: &mut Draft<'_>, keys: &[(String, Kind)]) -> Result<Rows, Diagnostic> {
        let columns: Vec<String> = draft.columns.iter().map(|column| column.name.clone()).collect();
        let (key, tie) = (key(keys), draft.tie.clone());
        let absent = lit(false).alias("__absent");
        let shown: Vec<Expr> = columns.iter().map(|name| column(name)).chain([key.alias(KEY), absent]).collect();
        let plan = draft.derived(|builder| builder.project(shown))?;
        let columns = columns.into_iter().chain(["__absent".to_owned()]).collect();
        Ok(Rows { plan, columns, keys: keys.iter().map(|(name, _)| name.clone()).collect(), tie })
    }

    fn join(
        &mut self,
        draft: &Draft<'_>,
        mut earlier: Draft<'_>,
        number: usize,
        keys: &[(String, Kind)],
        values: &[(String, Kind)],
    ) -> Result<(), Diagnostic> {
        let own = |kind: Kind, name: &str, earlier: &Draft<'_>| match earlier.field(name) {
            Some(field) => Typed::new(column(&field.name), field.kind).to(kind).expr,
            // A column that is a value of the data, and was not there at that time.
            None => Typed::null().to(kind).expr,
        };
        let (past, tie) = (format!("__past{number}"), earlier.tie.clone());
        let keyed: Vec<(String, Kind)> = keys
            .iter()
            .map(|(name, kind)| (earlier.field(name).map_or(name.clone(), |field| field.name.clone()), *kind))
            .collect();
        let mut shown = vec![key(&keyed).alias(past.as_str()), column(&tie).alias(format!("{past}_tie"))];
        for (index, (name, kind)) in keys.iter().enumerate() {
            shown.push(own(*kind, name, &earlier).alias(format!("{past}_key{index}")));
        }
        for (index, (name, kind)) in values.iter().enumerate() {
            shown.push(own(*kind, name, &earlier).alias(past_name(number, index)));
        }
        let right = earlier.derived(|builder| builder.project(shown))?;
        let on = (vec![Column::from_name(KEY)], vec![Column::from_name(past.as_str())]);
        let mut after: Vec<Expr> = Vec::new();
        for name in &self.columns {
            let value = match self.keys.iter().position(|key| key == name) {
                Some(index) => coalesce(vec![column(name), column(&format!("{past}_key{index}"))]),
                None if *name == self.tie => coalesce(vec![column(name), column(&format!("{past}_tie"))]),
                None if name == "__absent" => column(&self.tie).is_null().or(column("__absent").is_true()),
                None => column(name),
            };
            after.push(value.alias(name.as_str()));
        }
        after.push(coalesce(vec![column(KEY), column(&past)]).alias(KEY));
        let added = (0..values.len()).map(|index| past_name(number, index));
        after.extend(added.clone().map(|name| column(&name)));
        let joined = LogicalPlanBuilder::from(self.plan.clone())
            .join(right, JoinType::Full, on, None)
            .and_then(|builder| builder.project(after)?.build());
        self.plan = joined.map_err(|error| draft.refused(&error))?;
        self.columns.extend(added);
        Ok(())
    }

    /// Goes on with the joined rows, those of earlier times alone behind the others.
    fn finish(self, draft: &mut Draft<'_>, made: Vec<(String, Typed)>) -> Result<(), Diagnostic> {
        let mut columns = draft.columns.clone();
        let hidden = |name: String| super::PlanColumn { name, kind: Kind::Number, role: Role::Hidden, many: false };
        let known = |name: &String| columns.iter().any(|column| column.name == *name);
        let added: Vec<_> = self.columns.iter().filter(|name| !known(name)).cloned().map(hidden).collect();
        columns.extend(added);
        columns.push(hidden(KEY.into()));
        draft.plan = self.plan;
        draft.columns = columns;
        draft.order.insert(0, Order { column: "__absent".into(), ascending: true });
        draft.add(made.into_iter().map(|(name, value)| (name, Role::Field, value)).collect())
    }
}

/// The values of the keys as one text.
fn key(keys: &[(String, Kind)]) -> Expr {
    let texts = keys.iter().map(|(name, kind)| Typed::new(column(name), *kind).to(Kind::Text).expr);
    let texts: Vec<Expr> = texts.collect();
    if texts.is_empty() { lit("") } else { call(ValueFunction::Tuple, texts) }
}
