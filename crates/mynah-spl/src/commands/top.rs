//! The most and the least common values.
use super::prelude::*;
use super::{aggregation, by};
use crate::aggregates::AggregateCall;
use crate::plan::Key;
use datafusion::common::plan_err;
use datafusion::functions_aggregate::expr_fn::sum;
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::{ExprFunctionExt, WindowFunctionDefinition};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;

pub(super) static COMMANDS: [Entry; 1] = [aliased(
    &["rare"],
    command(
        "top [limit=N] [useother=BOOL] FIELD, ... [BY FIELD, ...]",
        "The most common combinations of values (rare: the least common), with count and percent; 10 if not said, 0 for all.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/top",
        top,
    ),
)];

#[derive(Debug)]
struct Top {
    rare: bool,
    limit: usize,
    fields: Vec<String>,
    groups: Vec<String>,
    count_field: Option<String>,
    percent_field: Option<String>,
    /// What stands in the row for all the others, if there is one.
    other: Option<String>,
}

fn top(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut top = Top {
        rare: arguments.name.node.eq_ignore_ascii_case("rare"),
        limit: 10,
        fields: Vec::new(),
        groups: Vec::new(),
        count_field: Some("count".into()),
        percent_field: Some("percent".into()),
        other: Some("OTHER".into()),
    };
    let (mut fields, mut show_count, mut show_percent, mut show_other) = (Vec::new(), true, true, false);
    while !arguments.is_empty() && !arguments.at_keyword("by") {
        let options = ["limit", "countfield", "percentfield", "showcount", "showperc", "useother", "otherstr"];
        if let Some((name, value)) = arguments.option(&options)? {
            match name {
                "limit" => top.limit = whole(&value)?,
                "countfield" => top.count_field = Some(value.node),
                "percentfield" => top.percent_field = Some(value.node),
                "showcount" => show_count = truth(&value)?,
                "showperc" => show_percent = truth(&value)?,
                "useother" => show_other = truth(&value)?,
                _ => top.other = Some(value.node),
            }
            continue;
        }
        if arguments.symbol(',') {
            continue;
        }
        let field = arguments.field()?;
        // `top 5 user`: a number in front is the limit.
        match field.node.parse() {
            Ok(limit) if fields.is_empty() => top.limit = limit,
            _ => fields.push(field),
        }
    }
    let fields = arguments.some(fields, "the names of fields")?;
    let by = by::by(arguments, &[])?;
    let needs = Needs::of(by.iter().chain(&fields)).close();
    top.groups = by::names(&by);
    top.fields = by::names(&fields);
    top.count_field = top.count_field.filter(|_| show_count);
    top.percent_field = top.percent_field.filter(|_| show_percent);
    top.other = top.other.filter(|_| show_other);
    on_rows(needs, top, Top::counted)
}

impl Top {
    fn counted(&self, rows: Rows, _: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let groups = &self.groups;
        let fields: Vec<&String> = self.fields.iter().filter(|name| !groups.contains(name)).collect();
        let all: Vec<String> = groups.iter().chain(fields.iter().copied()).cloned().collect();
        let (count, total) = (planner.fresh("count"), planner.fresh("total"));
        let (call, _) = AggregateCall::parse_prefix(&format!("count as {count}"), 0)?;
        let rows = aggregation::aggregate(rows, &all, &[call], planner)?;
        let within: Vec<_> = groups.iter().map(|name| column(name)).collect();
        let sum = window_sum(column(&count), within.clone()).map_err(|error| planner.failed(&error))?;
        let rows = rows.map_plan(planner, |plan| plan.window([sum.alias(&total)]))?;
        let percent = column(&count) * lit(100.0) / column(&total);
        let mut columns: Vec<(String, Typed)> = all.iter().map(|name| (name.clone(), rows.column(name))).collect();
        let of_count = Typed::new(column(&count), Type::Number);
        columns.push((count.clone(), of_count.clone()));
        if let Some(name) = &self.count_field {
            columns.push((name.clone(), of_count));
        }
        if let Some(name) = &self.percent_field {
            columns.push((name.clone(), Typed::new(super::derived::rounded(percent, 6), Type::Number)));
        }
        let mut order: Vec<Key> = groups.iter().map(Key::ascending).collect();
        order.push(if self.rare { Key::ascending(count.clone()) } else { Key::descending(count.clone()) });
        // Of values that are equally common the last comes first.
        order.extend(fields.iter().map(|name| if self.rare { Key::ascending(*name) } else { Key::descending(*name) }));
        let all_rows = rows.project(columns, planner)?.with_order(order);
        if self.limit == 0 {
            return all_rows.without(&[count], planner);
        }
        let first = if within.is_empty() {
            all_rows.clone().first(self.limit, planner)?
        } else {
            all_rows.clone().first_of_each(within, self.limit, planner)?
        };
        let first = first.without(std::slice::from_ref(&count), planner)?;
        match &self.other {
            Some(label) => {
                let rest = self.rest(all_rows, label, &count, planner)?.without(&[count], planner)?;
                crate::plan::append(vec![first, rest], planner)
            }
            None => Ok(first),
        }
    }

    /// A row for all the values behind the limit, in each group one.
    fn rest(&self, all: Rows, label: &str, count: &str, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let place = planner.fresh("place");
        let number = row_number().partition_by(self.groups.iter().map(|name| column(name)).collect());
        let number = number.order_by(all.sort_exprs()).build().map_err(|error| planner.failed(&error))?.alias(&place);
        let names = all.names();
        let rest = all.map_plan(planner, |plan| plan.window([number]))?;
        let rest = rest.filter(column(&place).gt(lit(self.limit as u64)), planner)?;
        let mut calls = Vec::new();
        for name in [Some(count), self.count_field.as_deref(), self.percent_field.as_deref()].into_iter().flatten() {
            calls.push(AggregateCall::parse_prefix(&format!("sum(\"{name}\") as \"{name}\""), 0)?.0);
        }
        let sums = aggregation::aggregate(rest.with_order(Vec::new()), &self.groups, &calls, planner)?;
        // Without groups there is a row of sums even where nothing is left.
        let sums = sums.filter(column(count).is_not_null(), planner)?;
        let columns = names.into_iter().map(|name| match self.fields.contains(&name) && !self.groups.contains(&name) {
            true => (name, Typed::text(label)),
            false => (name.clone(), sums.column(&name)),
        });
        let columns = columns.collect();
        sums.project(columns, planner)
    }
}

/// The sum over each row's group.
fn window_sum(value: Expr, groups: Vec<Expr>) -> datafusion::common::Result<Expr> {
    let Expr::AggregateFunction(call) = sum(value) else { return plan_err!("a sum is no aggregate") };
    let window = WindowFunction::new(WindowFunctionDefinition::AggregateUDF(call.func), call.params.args);
    Expr::from(window).partition_by(groups).build()
}
