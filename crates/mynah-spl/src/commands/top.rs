use super::arguments::{truth, whole};
use super::{Arguments, Command};
use super::{aggregation, by};
use crate::aggregates::AggregateCall;
use crate::expression::{Type, Typed};
use crate::pipeline::Parsing;
use crate::plan::{Key, Needs, Planner, Rows, Wanted};
use datafusion::functions_aggregate::expr_fn::sum;
use datafusion::logical_expr::ExprFunctionExt;
use datafusion::prelude::lit;
use mynah_dialect::FunctionDoc;
use mynah_dialect::column;
use mynah_syntax::{Diagnostic, Spanned};

/// What `top` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "top",
    usage: "top [limit=N] FIELD, ... [BY FIELD, ...]",
    summary: "The most common combinations of values (rare: the least common), with count and percent; 10 if not said, 0 for all.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/top",
    examples: &[],
};

#[derive(Debug)]
struct Top {
    rare: bool,
    limit: usize,
    fields: Vec<Spanned<String>>,
    by: Vec<Spanned<String>>,
    count_field: Option<String>,
    percent_field: Option<String>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let mut top = Top {
        rare: arguments.name.node.eq_ignore_ascii_case("rare"),
        limit: 10,
        fields: Vec::new(),
        by: Vec::new(),
        count_field: Some("count".into()),
        percent_field: Some("percent".into()),
    };
    let (mut show_count, mut show_percent) = (true, true);
    while !arguments.is_empty() && !arguments.at_keyword("by") {
        let options = ["limit", "countfield", "percentfield", "showcount", "showperc", "useother", "otherstr"];
        if let Some((name, value)) = arguments.option(&options)? {
            match name {
                "limit" => top.limit = whole(&value)?,
                "countfield" => top.count_field = Some(value.node),
                "percentfield" => top.percent_field = Some(value.node),
                "showcount" => show_count = truth(&value)?,
                "showperc" => show_percent = truth(&value)?,
                "useother" if truth(&value)? => {
                    return Err(Diagnostic::error(
                        "spl/unsupported-option",
                        "`useother=true` is not supported",
                        value.span,
                    ));
                }
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
            Ok(limit) if top.fields.is_empty() => top.limit = limit,
            _ => top.fields.push(field),
        }
    }
    if top.fields.is_empty() {
        return Err(arguments.wrong(arguments.name.span, "the names of fields"));
    }
    top.by = by::by(arguments, &[])?;
    top.count_field = top.count_field.filter(|_| show_count);
    top.percent_field = top.percent_field.filter(|_| show_percent);
    Ok(Box::new(top))
}

impl Command for Top {
    fn needs(&self) -> Needs {
        Needs::default().read_all(self.by.iter().chain(&self.fields).cloned()).close()
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let groups = by::names(&self.by);
        let mut all = groups.clone();
        all.extend(by::names(&self.fields).into_iter().filter(|name| !groups.contains(name)));
        let (count, total) = (planner.fresh("count"), planner.fresh("total"));
        let (call, _) = AggregateCall::parse_prefix(&format!("count as {count}"), 0)?;
        let rows = aggregation::aggregate(rows, &all, &[call], planner)?;
        let within: Vec<_> = groups.iter().map(|name| column(name)).collect();
        let sum = window_sum(column(&count), within.clone()).map_err(|error| planner.failed(&error))?;
        let rows = rows.map_plan(planner, |plan| plan.window([sum.alias(&total)]))?;
        let percent = column(&count) * lit(100.0) / column(&total);
        let mut columns: Vec<(String, Typed)> = all.iter().map(|name| (name.clone(), rows.column(name))).collect();
        let of_count = Typed { expr: column(&count), ty: Type::Number };
        columns.push((count.clone(), of_count.clone()));
        if let Some(name) = &self.count_field {
            columns.push((name.clone(), of_count));
        }
        if let Some(name) = &self.percent_field {
            let percent = super::derived::rounded(percent, 6);
            columns.push((name.clone(), Typed { expr: percent, ty: Type::Number }));
        }
        let mut order: Vec<Key> = groups.iter().map(Key::ascending).collect();
        order.push(if self.rare { Key::ascending(count.clone()) } else { Key::descending(count.clone()) });
        order.extend(all.iter().filter(|name| !groups.contains(name)).map(Key::ascending));
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
fn window_sum(
    value: datafusion::prelude::Expr,
    groups: Vec<datafusion::prelude::Expr>,
) -> datafusion::common::Result<datafusion::prelude::Expr> {
    let datafusion::prelude::Expr::AggregateFunction(call) = sum(value) else {
        return datafusion::common::plan_err!("a sum is no aggregate");
    };
    let window = datafusion::logical_expr::expr::WindowFunction::new(
        datafusion::logical_expr::WindowFunctionDefinition::AggregateUDF(call.func),
        call.params.args,
    );
    datafusion::prelude::Expr::from(window).partition_by(groups).build()
}
