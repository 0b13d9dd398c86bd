//! Rows joined with others of the same rows.
use super::prelude::*;
use super::windowed::{Over, over_rows, with_window};
use crate::expression::case;
use datafusion::common::ScalarValue;
use datafusion::functions_aggregate::count::count_udaf;
use datafusion::functions_window::expr_fn::lag;
use datafusion::logical_expr::{WindowFrame, WindowFrameBound, WindowFrameUnits};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;

pub(super) static COMMANDS: [Entry; 1] = [command(
    "selfjoin [overwrite=BOOL] [max=1] [keepsingle=BOOL] FIELD, ...",
    "Joins each row with the next one, by time, that has the same values in these fields: the later row with what it lacks from the earlier.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/selfjoin",
    selfjoin,
)];

#[derive(Debug)]
struct SelfJoin {
    fields: Vec<Spanned<String>>,
    overwrite: bool,
    keep_single: bool,
}

fn selfjoin(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut join = SelfJoin { fields: Vec::new(), overwrite: true, keep_single: false };
    while !arguments.is_empty() {
        match arguments.option(&["overwrite", "max", "keepsingle"])? {
            Some(("overwrite", value)) => join.overwrite = truth(&value)?,
            Some(("keepsingle", value)) => join.keep_single = truth(&value)?,
            Some((_, value)) if whole(&value)? == 1 => {}
            Some((_, value)) => return Err(unsupported("`max` of other than one", value.span)),
            None if arguments.symbol(',') => {}
            None => join.fields.push(arguments.field()?),
        }
    }
    let fields = arguments.some(std::mem::take(&mut join.fields), "the names of fields")?;
    let needs = Needs::of(&fields).maybe_read([Spanned::new("_time".to_owned(), arguments.name.span)]);
    on_rows(needs, SelfJoin { fields, ..join }, |join, rows, _, planner| join.rows(rows, planner))
}

impl SelfJoin {
    fn rows(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut rows = rows.with_one_name(planner)?;
        let all = rows.all();
        let keys: Vec<Expr> = self.fields.iter().map(|field| rows.column(&field.node).into_text()).collect();
        let over = |rows: &Rows| {
            let mut order = rows.sort_exprs();
            if rows.scope().get("_time").is_some() {
                order.insert(0, column("_time").sort(true, false));
            }
            Over { groups: keys.clone(), order, frame: None }
        };
        let mut before = Vec::with_capacity(all.len());
        for (_, typed) in &all {
            let over = over(&rows);
            let (with, name) = with_window(rows, lag(typed.expr.clone(), Some(1), None), over, planner)?;
            rows = with;
            before.push(name);
        }
        let order = over(&rows);
        let (with, joined) = with_window(rows, lag(lit(true), Some(1), None), order, planner)?;
        let alone = Over { groups: keys.clone(), ..Over::default() };
        let (rows, count) = with_all(with, alone, planner)?;
        let single = column(&count).eq(lit(1i64));
        let complete = keys.iter().map(|key| key.clone().is_not_null());
        let matched = complete.fold(column(&joined).is_not_null(), Expr::and);
        let kept = if self.keep_single { matched.clone().or(single) } else { matched.clone() };
        let columns = all.into_iter().zip(before).map(|((name, typed), before)| {
            let earlier = Typed::new(case(vec![(matched.clone(), column(&before))], None, typed.ty), typed.ty);
            let internal = name.starts_with('_') && name != "_raw";
            let value = match (typed.ty, self.overwrite || internal) {
                (Type::Null, _) => typed,
                (_, true) => or_keep(typed, earlier),
                (_, false) => or_keep(earlier, typed),
            };
            (name, value)
        });
        let columns = columns.collect();
        rows.filter(kept, planner)?.project(columns, planner)
    }
}

/// The rows with how many rows their group has.
fn with_all(rows: Rows, over: Over, planner: &mut Planner<'_>) -> Result<(Rows, String), Diagnostic> {
    let end = ScalarValue::UInt64(None);
    let (first, last) = (WindowFrameBound::Preceding(end.clone()), WindowFrameBound::Following(end));
    let frame = WindowFrame::new_bounds(WindowFrameUnits::Rows, first, last);
    with_window(rows, over_rows(count_udaf(), lit(1i64)), Over { frame: Some(frame), ..over }, planner)
}
