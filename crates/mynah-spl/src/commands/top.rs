//! The most and the least common values.
use super::prelude::*;
use super::{aggregation, by};
use crate::aggregates::AggregateCall;
use crate::plan::Key;
use datafusion::common::plan_err;
use datafusion::functions_aggregate::expr_fn::sum;
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::{ExprFunctionExt, WindowFunctionDefinition};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;

pub(super) static COMMANDS: [Entry; 1] = [aliased(
    &["rare"],
    command(
        "top [limit=N] FIELD, ... [BY FIELD, ...]",
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
}

fn top(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut top = Top {
        rare: arguments.name.node.eq_ignore_ascii_case("rare"),
        limit: 10,
        fields: Vec::new(),
        groups: Vec::new(),
        count_field: Some("count".into()),
        percent_field: Some("percent".into()),
    };
    let (mut fields, mut show_count, mut show_percent) = (Vec::new(), true, true);
    while !arguments.is_empty() && !arguments.at_keyword("by") {
        let options = ["limit", "countfield", "percentfield", "showcount", "showperc", "useother", "otherstr"];
        if let Some((name, value)) = arguments.option(&options)? {
            match name {
                "limit" => top.limit = whole(&value)?,
                "countfield" => top.count_field = Some(value.node),
                "percentfield" => top.percent_field = Some(value.node),
                "showcount" => show_count = truth(&value)?,
                "showperc" => show_percent = truth(&value)?,
                "useother" if truth(&value)? => return Err(unsupported("`useother=true`", value.span)),
                _ => {}
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
        order.extend(fields.into_iter().map(Key::ascending));
        let mut rows = rows.project(columns, planner)?.with_order(order);
        if self.limit > 0 {
            rows = if within.is_empty() {
                rows.first(self.limit, planner)?
            } else {
                rows.first_of_each(within, self.limit, planner)?
            };
        }
        rows.without(&[count], planner)
    }
}

/// The sum over each row's group.
fn window_sum(value: Expr, groups: Vec<Expr>) -> datafusion::common::Result<Expr> {
    let Expr::AggregateFunction(call) = sum(value) else { return plan_err!("a sum is no aggregate") };
    let window = WindowFunction::new(WindowFunctionDefinition::AggregateUDF(call.func), call.params.args);
    Expr::from(window).partition_by(groups).build()
}
