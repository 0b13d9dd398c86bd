//! Conditions, and what is there at all.
use super::{Make, argument, function, of_text, unary};
use crate::plan::{Kind, Typed, choice, lookup_contains};
use mynah_dialect::{Arity, Entry, example};
use mynah_kernels::Cell;
use mynah_syntax::Diagnostic;

pub(super) const FUNCTIONS: &[Entry<Make>] = &[
    function(
        "if(condition, value if true, value if false)",
        "One of two values. A condition that compares null is false.",
        page!("search-operators/if/"),
        &[
            example("if(2 > 1, \"yes\", \"no\")", "yes"),
            example("if(\"abc\" matches \"x*\", 1, 0)", "0"),
            example("3 < 2 ? \"less\" : \"more\"", "more"),
        ],
        Arity::Exactly(3),
        Make::Plan(|draft, arguments, span| match arguments {
            [condition, then, otherwise] => choice(draft, condition, then, otherwise),
            _ => Err(Diagnostic::error("sumo/arguments", "`if` takes 3 arguments", span)),
        }),
    ),
    function(
        "lookupContains(path://\"table\", field=column [, field=column …])",
        "Whether a lookup table of the site has a row with these values.",
        page!("search-operators/lookupcontains/"),
        &[],
        Arity::AtLeast(2),
        Make::Plan(lookup_contains),
    ),
    unary(
        "isNull(value)",
        "Whether there is no value.",
        page!("search-operators/isnull-isempty-isblank/"),
        &[
            example("isNull(null)", "true"),
            example("isNull(\"\")", "false"),
            example("isNull(\" \")", "false"),
            example("isNull(\"bob\")", "false"),
        ],
        Make::Plan(|draft, arguments, span| {
            let value = argument(draft, arguments, 0, span)?.to(Kind::Text);
            Ok(Typed::new(value.expr.is_null(), Kind::Boolean))
        }),
    ),
    unary(
        "isEmpty(value)",
        "Whether there is no value, or one without characters.",
        page!("search-operators/isnull-isempty-isblank/"),
        &[
            example("isEmpty(null)", "true"),
            example("isEmpty(\"\")", "true"),
            example("isEmpty(\" \")", "false"),
            example("isEmpty(\"bob\")", "false"),
        ],
        of_text(Kind::Boolean, |row| Cell::Boolean(!matches!(row, [Cell::Text(text)] if !text.is_empty()))),
    ),
    unary(
        "isBlank(value)",
        "Whether there is no value, or one of white space alone.",
        page!("search-operators/isnull-isempty-isblank/"),
        &[
            example("isBlank(null)", "true"),
            example("isBlank(\"\")", "true"),
            example("isBlank(\" \")", "true"),
            example("isBlank(\" bob \")", "false"),
        ],
        of_text(Kind::Boolean, |row| Cell::Boolean(!matches!(row, [Cell::Text(text)] if !text.trim().is_empty()))),
    ),
    unary(
        "isNumeric(value)",
        "Whether a value is a number as Java writes them: also hexadecimal (`0x1F`), octal (`017`), with an exponent or \
         with the letter of a type (`123L`).",
        page!("search-operators/isnumeric/"),
        &[
            example("isNumeric(\"5.4\")", "true"),
            example("isNumeric(\"five\")", "false"),
            example("isNumeric(\"1e5\")", "true"),
            example("isNumeric(\"0x1F\")", "true"),
            example("isNumeric(\"123L\")", "true"),
            example("isNumeric(\"09\")", "false"),
            example("isNumeric(\"0.9\")", "true"),
            example("isNumeric(\" \")", "false"),
        ],
        of_text(Kind::Boolean, |row| Cell::Boolean(matches!(row, [Cell::Text(text)] if is_java_number(text)))),
    ),
];

/// Whether Java's `NumberUtils.isCreatable` takes a text for a number.
fn is_java_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some(hexadecimal) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        return !hexadecimal.is_empty() && hexadecimal.chars().all(|c| c.is_ascii_hexdigit());
    }
    if digits.len() > 1 && digits.starts_with('0') && digits.chars().all(|c| c.is_ascii_digit()) {
        return digits.chars().all(|c| ('0'..='7').contains(&c));
    }
    let is_whole = |digits: &str| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    if digits.strip_suffix(['l', 'L']).is_some_and(is_whole) {
        return true;
    }
    let digits = digits.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(digits);
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (digits, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |digits: &str| digits.chars().all(|c| c.is_ascii_digit());
    let has_digits = !(whole.is_empty() && fraction.is_empty());
    has_digits && all_digits(whole) && all_digits(fraction) && exponent.is_none_or(is_whole)
}
