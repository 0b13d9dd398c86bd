//! Conditions and choices.
use super::prelude::*;
use super::searchmatch::searchmatch;
use crate::expression::{case, like, null_of, one_of, unify};
use datafusion::prelude::{Expr, lit};
use mynah_kernels::{Network, cidr_match, regex_match};

family!(function, "ConditionalFunctions");

pub(super) static CONDITIONAL: [Entry; 13] = [
    function(
        "case(condition, value, ...)",
        "The value behind the first condition that is true; null if none is.",
        &[example(r#"case(1=2, "a", 2=2, "b", true(), "c")"#, "b"), example(r#"case(1=2, "a")"#, "null")],
        AtLeast(2),
        Plan(|call| choice(call, |condition| condition)),
    ),
    function(
        "cidrmatch(network, address)",
        "Whether an IP address lies in a network, IPv4 or IPv6; of several addresses, whether any does. What is no address lies in none.",
        &[
            example(r#"cidrmatch("10.0.0.0/8", "10.1.2.3")"#, "true"),
            example(r#"cidrmatch("10.0.0.0/8", "11.1.2.3")"#, "false"),
            example(r#"cidrmatch("2001:db8::/32", "2001:db8::1")"#, "true"),
            example(r#"cidrmatch("10.0.0.0/8", "-")"#, "false"),
        ],
        Exactly(2),
        PlanRow(cidrmatch, |row| {
            let network = row.text(0).and_then(|network| network.parse::<Network>().ok());
            let addresses = row.values(1);
            match network {
                Some(network) if !addresses.is_empty() => Cell::Boolean(
                    addresses.iter().any(|address| address.parse().is_ok_and(|address| network.contains(address))),
                ),
                _ => Cell::Null,
            }
        }),
    ),
    function(
        "coalesce(value, ...)",
        "The first argument that is not null. An empty text is a value.",
        &[
            example(r#"coalesce(null(), "", "x")"#, ""),
            example("coalesce(null(), 3)", "3"),
            example("coalesce(null())", "null"),
        ],
        AtLeast(1),
        Plan(|call| {
            let values = call.all()?;
            let ty = unify(values.iter().map(|value| value.ty));
            let branches = values
                .into_iter()
                .filter(|value| value.ty != Type::Null)
                .map(|value| {
                    let value = value.into_type(ty);
                    (value.clone().is_not_null(), value)
                })
                .collect();
            Ok(Typed::new(case(branches, None, ty), ty))
        }),
    ),
    function(
        "false()",
        "The truth value false.",
        &[example("false()", "false")],
        Exactly(0),
        Plan(|_| Ok(Typed::boolean(lit(false)))),
    ),
    function(
        "if(condition, value, other)",
        "The second argument where the condition is true, else the third: where it is false or null.",
        &[
            example(r#"if(1=1, "yes", "no")"#, "yes"),
            example(r#"if(null()=1, "yes", "no")"#, "no"),
            example(r#"if(1=2, 1, "x")"#, "x"),
        ],
        Exactly(3),
        Plan(|call| {
            let (value, other) = (call.argument(1)?, call.argument(2)?);
            let ty = unify([value.ty, other.ty]);
            Ok(Typed::new(case(vec![(call.condition(0)?, value.into_type(ty))], Some(other.into_type(ty)), ty), ty))
        }),
    ),
    function(
        "in(value, item, ...)",
        "Whether the value equals one of the items: in their own case, without wildcards.",
        &[
            example(r#"in("b", "a", "b")"#, "true"),
            example(r#"in("B", "a", "b")"#, "false"),
            example(r#"in(404, "404", "500")"#, "true"),
        ],
        AtLeast(2),
        Plan(|call| {
            let mut list = Vec::new();
            for index in 1..call.arguments.len() {
                list.push((call.argument(index)?, call.span_of(index)));
            }
            one_of(call.argument(0)?, list, call.span)
        }),
    ),
    function(
        "like(text, pattern)",
        "Whether the whole text fits the pattern, in its own case: `%` stands for any characters, `_` for one.",
        &[
            example(r#"like("splunkd.exe", "%.exe")"#, "true"),
            example(r#"like("splunkd.EXE", "%.exe")"#, "false"),
            example(r#"like("abc", "a_c")"#, "true"),
        ],
        Exactly(2),
        Plan(|call| Ok(like(call.argument(0)?, call.argument(1)?))),
    ),
    function(
        "match(text, regex)",
        "Whether the regular expression is found anywhere in the text; in a field of several values, in any of them.",
        &[
            example(r#"match("10.1.2.3", "^\d{1,3}\.\d{1,3}")"#, "true"),
            example(r#"match("ABC", "b")"#, "false"),
            example(r#"match("ABC", "(?i)b")"#, "true"),
            example(r#"match(split("a,b", ","), "b")"#, "true"),
            example(r#"match(null(), "b")"#, "null"),
        ],
        Exactly(2),
        PlanRow(matches, |row| {
            let values = row.values(0);
            let found = row.regex(1, |regex| {
                for value in &values {
                    if regex.is_match(value)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            });
            if values.is_empty() { Cell::Null } else { found.map(Cell::Boolean).into() }
        }),
    ),
    function(
        "null()",
        "No value.",
        &[example("null()", "null"), example("isnull(null())", "true")],
        Exactly(0),
        Plan(|_| Ok(Typed::null())),
    ),
    function(
        "nullif(value, other)",
        "Null where the two are equal, else the first.",
        &[
            example(r#"nullif("a", "a")"#, "null"),
            example(r#"nullif("a", "b")"#, "a"),
            example("nullif(1, null())", "1"),
        ],
        Exactly(2),
        Plan(|call| {
            let (value, other) = (call.argument(0)?, call.argument(1)?);
            let ty = value.ty;
            let equal = one_of(value.clone(), vec![(other, call.span_of(1))], call.span)?.expr;
            Ok(Typed::new(case(vec![(equal, null_of(ty))], Some(value.expr), ty), ty))
        }),
    ),
    function(
        "searchmatch(\"search\")",
        "Whether the event matches a search, written in quotes as after the `search` command: in any case, with `*`.",
        &[example("if(searchmatch(\"nobody=x*\"), \"yes\", \"no\")", "no")],
        Exactly(1),
        Plan(searchmatch),
    ),
    function(
        "true()",
        "The truth value true.",
        &[example("true()", "true")],
        Exactly(0),
        Plan(|_| Ok(Typed::boolean(lit(true)))),
    ),
    function(
        "validate(condition, value, ...)",
        "The value behind the first condition that is false; null if none is. The opposite of `case`.",
        &[example(r#"validate(1=1, "a", 2=3, "b")"#, "b"), example(r#"validate(1=1, "a")"#, "null")],
        AtLeast(2),
        Plan(|call| choice(call, Expr::is_false)),
    ),
];

/// The value behind the first condition that holds, as `holds` says.
fn choice(call: &Call<'_>, holds: fn(Expr) -> Expr) -> Lowered {
    if call.arguments.len() % 2 == 1 {
        let message = format!("`{}` takes pairs of a condition and a value; this condition has no value", call.name);
        return Err(call.error(call.arguments.len() - 1, message));
    }
    let mut pairs = Vec::new();
    for index in (0..call.arguments.len()).step_by(2) {
        pairs.push((holds(call.condition(index)?), call.argument(index + 1)?));
    }
    let ty = unify(pairs.iter().map(|(_, value)| value.ty));
    let branches = pairs.into_iter().map(|(condition, value)| (condition, value.into_type(ty))).collect();
    Ok(Typed::new(case(branches, None, ty), ty))
}

fn cidrmatch(call: &Call<'_>) -> Lowered {
    let Some(network) = call.literal_text(0)? else { return call.row(RowCall::new(Type::Boolean)) };
    let network: Network = network.parse().map_err(|message: String| call.error(0, message))?;
    Ok(Typed::boolean(cidr_match(vec![network], call.argument(1)?.into_texts())))
}

fn matches(call: &Call<'_>) -> Lowered {
    let value = call.argument(0)?;
    if value.ty == Type::Null {
        return Ok(Typed::boolean(null_of(Type::Boolean)));
    }
    match call.literal_regex(1)? {
        Some(regex) => Ok(Typed::boolean(regex_match(regex, value.into_texts()))),
        None => call.row(RowCall::new(Type::Boolean)),
    }
}
