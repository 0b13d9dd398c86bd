//! What each row takes from the rows before it, in their order.
use super::prelude::*;
use super::windowed::{Over, over_rows, runs, so_far, with_aggregates, with_window};
use crate::aggregates::AggregateCall;
use datafusion::functions_aggregate::sum::sum_udaf;
use datafusion::functions_window::expr_fn::lag;
use datafusion::logical_expr::{Operator, binary_expr};
use mynah_dialect::column;

pub(super) static COMMANDS: [Entry; 5] = [
    command(
        "accum FIELD [AS NAME]",
        "The sum of a field's numbers so far.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/accum",
        accum,
    ),
    command(
        "autoregress FIELD [AS NAME] [p=N | p=N-M]",
        "The value that a field had so many rows before: FIELD_pN.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/autoregress",
        autoregress,
    ),
    command(
        "delta FIELD [AS NAME] [p=N]",
        "How much a number differs from that of the row before, or N rows before.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/delta",
        delta,
    ),
    command(
        "filldown [FIELD, ...]",
        "Puts the last value so far where these fields, or all, have none.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/filldown",
        filldown,
    ),
    command(
        "uniq",
        "Leaves out rows that are like the row before in every field.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/uniq",
        uniq,
    ),
];

fn accum(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let field = arguments.field()?;
    let name = arguments.alias()?.unwrap_or_else(|| field.clone()).node;
    arguments.end()?;
    on_rows(Needs::of([&field]).make(&name), (field.node, name), |(field, name), rows, _, planner| {
        let number = rows.column(field).into_number();
        let over = Over { frame: Some(so_far(true)), ..Over::default() };
        let (rows, sum) = with_window(rows, over_rows(sum_udaf(), number), over, planner)?;
        rows.with(vec![(name.clone(), Typed::new(column(&sum), Type::Number))], planner)
    })
}

fn autoregress(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let field = arguments.field()?;
    let name = arguments.alias()?;
    let (mut first, mut last) = (1, 1);
    if let Some((_, value)) = arguments.option(&["p"])? {
        let part = |text: &str| whole(&Spanned::new(text.to_owned(), value.span));
        match value.node.split_once('-') {
            Some((from, to)) => (first, last) = (part(from)?, part(to)?),
            None => (first, last) = (part(&value.node)?, part(&value.node)?),
        }
        if first == 0 || first > last || last > MOST_BEFORE {
            let message = format!("p goes from 1 to {MOST_BEFORE}");
            return Err(Diagnostic::error("spl/syntax", message, value.span));
        }
        if let Some(name) = name.as_ref().filter(|_| first != last) {
            return Err(arguments.wrong(name.span, "no name of its own for several values"));
        }
    }
    arguments.end()?;
    let of = |distance: usize| match &name {
        Some(name) => name.node.clone(),
        None => format!("{}_p{distance}", field.node),
    };
    let made: Vec<(String, usize)> = (first..=last).map(|distance| (of(distance), distance)).collect();
    let needs = Needs::of([&field]).make_all(made.iter().map(|(name, _)| name));
    on_rows(needs, (field.node, made), |(field, made), rows, _, planner| {
        let value = rows.column(field);
        let (mut rows, mut columns) = (rows, Vec::new());
        for (name, distance) in made {
            let (with, before) = lagged(rows, &value, *distance, planner)?;
            rows = with;
            columns.push((name.clone(), before));
        }
        rows.with(columns, planner)
    })
}

/// How many rows before are reached.
const MOST_BEFORE: usize = 1_000;

/// A value as it was so many rows before.
fn lagged(rows: Rows, value: &Typed, distance: usize, planner: &mut Planner<'_>) -> Result<(Rows, Typed), Diagnostic> {
    if value.ty == Type::Null {
        return Ok((rows, Typed::null()));
    }
    let window = lag(value.expr.clone(), i64::try_from(distance).ok(), None);
    let (rows, name) = with_window(rows, window, Over::default(), planner)?;
    Ok((rows, Typed::new(column(&name), value.ty)))
}

fn delta(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let field = arguments.field()?;
    let (mut name, mut distance) = (None, 1);
    while !arguments.is_empty() {
        if let Some((_, value)) = arguments.option(&["p"])? {
            distance = whole(&value)?;
            if distance == 0 || distance > MOST_BEFORE {
                let message = format!("p is from 1 to {MOST_BEFORE}");
                return Err(Diagnostic::error("spl/syntax", message, value.span));
            }
        } else if let Some(alias) = arguments.alias()? {
            name = Some(alias.node);
        } else {
            return Err(arguments.wrong(arguments.rest(), "AS and a name, or p="));
        }
    }
    let name = name.unwrap_or_else(|| format!("delta({})", field.node));
    on_rows(Needs::of([&field]).make(&name), (field.node, name, distance), |arguments, rows, _, planner| {
        let (field, name, distance) = arguments;
        let number = Typed::new(rows.column(field).into_number(), Type::Number);
        let (rows, before) = lagged(rows, &number, *distance, planner)?;
        let difference = binary_expr(number.expr, Operator::Minus, before.into_number());
        rows.with(vec![(name.clone(), Typed::new(difference, Type::Number))], planner)
    })
}

fn filldown(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let fields = arguments.fields_until(&[])?;
    on_rows(Needs::of(&fields), fields, |fields, rows, _, planner| {
        let names = super::field_list::chosen(fields, &rows);
        let known = names.into_iter().filter(|name| rows.scope().get(name).is_some_and(|ty| ty != Type::Null));
        let mut calls = Vec::new();
        for name in known {
            let (call, _) = AggregateCall::parse_prefix(&format!("last('{name}') as \"{name}\""), planner.at.start)?;
            calls.push(call);
        }
        let over = Over { order: rows.sort_exprs(), frame: Some(so_far(true)), ..Over::default() };
        if calls.is_empty() { Ok(rows) } else { with_aggregates(rows, &[], &calls, &over, planner) }
    })
}

fn uniq(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    arguments.end()?;
    on_rows(Needs::default(), (), |(), rows, _, planner| {
        let all = rows.all();
        let values: Vec<_> = all.iter().map(|(_, typed)| typed.clone().into_text()).collect();
        let (rows, run) = runs(rows, values, planner)?;
        rows.first_of_each(vec![run], 1, planner)?.project(all, planner)
    })
}
