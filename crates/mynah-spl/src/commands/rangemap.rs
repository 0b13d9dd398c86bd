//! Names for ranges of numbers.
use super::derived::{call, field, lowered, text};
use super::prelude::*;
use crate::expression::{BinaryOperator, Expression, ExpressionKind};

pub(super) static COMMANDS: [Entry; 1] = [command(
    "rangemap field=FIELD NAME=FROM-TO ... [default=NAME]",
    "Puts into the field range the names of those ranges that a number is in, None if it is in none.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/rangemap",
    rangemap,
)];

fn rangemap(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let (mut of, mut default) = (None, "None".to_owned());
    let mut ranges: Vec<(String, f64, f64)> = Vec::new();
    while !arguments.is_empty() {
        while arguments.symbol(',') {}
        let name = arguments.field()?;
        arguments.expect('=')?;
        let value = arguments.field()?;
        match name.node.as_str() {
            "field" => of = Some(value),
            "default" => default = value.node,
            _ => {
                let (from, to) = bounds(&value.node).ok_or_else(|| {
                    let message = format!("`{}` is no range: two numbers with a dash between them", value.node);
                    Diagnostic::error("spl/syntax", message, value.span)
                })?;
                ranges.push((name.node, from, to));
            }
        }
    }
    let Some(of) = of else { return Err(arguments.wrong(arguments.name.span, "field= and the name of a field")) };
    let ranges = arguments.some(ranges, "NAME=FROM-TO")?;
    let at = arguments.name.span;
    let compare = |operator, number: f64| {
        let number = Expression { kind: ExpressionKind::Number { value: number, decimals: 0 }, span: at };
        let sides = (Box::new(field(&of.node, of.span)), Box::new(number));
        let kind = ExpressionKind::Binary { operator: Spanned::new(operator, at), left: sides.0, right: sides.1 };
        Expression { kind, span: at }
    };
    let mut names = ranges.iter().map(|(name, from, to)| {
        let operator = Spanned::new(BinaryOperator::And, at);
        let left = Box::new(compare(BinaryOperator::GreaterEqual, *from));
        let right = Box::new(compare(BinaryOperator::LessEqual, *to));
        let inside = Expression { kind: ExpressionKind::Binary { operator, left, right }, span: at };
        call("if", vec![inside, text(name, at), call("null", Vec::new(), at)], at)
    });
    let found = match ranges.len() {
        1 => names.next(),
        _ => Some(call("mvappend", names.collect(), at)),
    };
    let Some(found) = found else { return Err(arguments.wrong(at, "NAME=FROM-TO")) };
    on_rows(Needs::of([&of]).make("range"), (found, default), |(found, default), rows, _, planner| {
        let range = or_keep(lowered(found, &rows)?, Typed::text(default));
        rows.with(vec![("range".to_owned(), range)], planner)
    })
}

/// `1-30`, `-10--5`.
fn bounds(text: &str) -> Option<(f64, f64)> {
    let dash = text.get(1..)?.find('-')? + 1;
    let (from, to) = (text.get(..dash)?.parse().ok()?, text.get(dash + 1..)?.parse().ok()?);
    Some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_may_be_below_zero() {
        assert_eq!(bounds("1-30"), Some((1.0, 30.0)));
        assert_eq!(bounds("-10--5.5"), Some((-10.0, -5.5)));
        assert_eq!(bounds("5"), None);
    }
}
