//! What a gauge shows.
use super::prelude::*;
use crate::expression::parse_number;

pub(super) static COMMANDS: [Entry; 1] = [command(
    "gauge VALUE [RANGE, ...]",
    "The value and the ranges of a gauge, x and y1, y2, ...: numbers, or fields of the first row. Without two ranges at least they are 0 and 100.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/gauge",
    gauge,
)];

fn gauge(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let parts = arguments.fields_until(&[])?;
    let mut parts = arguments.some(parts, "a number or the name of a field")?;
    if parts.len() < 3 {
        parts.truncate(1);
        parts.extend(["0", "100"].map(|end| Spanned::new(end.to_owned(), arguments.name.span)));
    }
    let needs = Needs::of(parts.iter().filter(|part| parse_number(&part.node).is_none())).close();
    on_rows(needs, parts, |parts, rows, _, planner| {
        let mut rows = rows.first(1, planner)?;
        rows.events = false;
        let number = |part: &Spanned<String>| match parse_number(&part.node) {
            Some(number) => Typed::number(number),
            None => Typed::new(rows.column(&part.node).into_number(), Type::Number),
        };
        let named = parts.iter().enumerate().map(|(place, part)| {
            let name = if place == 0 { "x".to_owned() } else { format!("y{place}") };
            (name, number(part))
        });
        let columns = named.collect();
        rows.project(columns, planner)
    })
}
