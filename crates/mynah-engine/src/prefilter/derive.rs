use super::literals;
use super::need::Need;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::{InList, ScalarFunction};
use datafusion::logical_expr::{BinaryExpr, Operator};
use datafusion::prelude::Expr;
use mynah_event::LogSource;
use mynah_kernels::{Case, Matcher, Needed, Pattern, Piece, needed_by};
use mynah_view::{Apply, Binding, Meta, Origin, SUMO_WINDOWS_WORDS, ScanColumn, TemplatePart};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a record of a log source must hold for `filter` to be true of it.
pub(super) fn derive(filter: &Expr, family: &[LogSource], columns: &BTreeMap<&str, &ScanColumn>) -> Need {
    let derive_one = |expr: &Expr| derive(expr, family, columns);
    match filter {
        Expr::Literal(ScalarValue::Boolean(Some(true)), _) => Need::Always,
        // Null is not true.
        Expr::Literal(ScalarValue::Boolean(_), _) => Need::Never,
        Expr::Alias(alias) => derive_one(&alias.expr),
        Expr::IsTrue(inner) => derive_one(inner),
        Expr::IsNotNull(inner) => match inner.as_ref() {
            Expr::Column(column) if bindings(columns, &column.name, family).is_empty() => Need::Never,
            _ => Need::Always,
        },
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::And, right }) => derive_one(left).and(derive_one(right)),
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => derive_one(left).or(derive_one(right)),
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => match (left.as_ref(), right.as_ref()) {
            (value, Expr::Literal(ScalarValue::Utf8(Some(text)), _))
            | (Expr::Literal(ScalarValue::Utf8(Some(text)), _), value) => {
                value_fits(Needed::Text(&Matcher::equal([text.as_str()], Case::Exact)), value, family, columns)
            }
            _ => Need::Always,
        },
        Expr::InList(InList { expr, list, negated: false }) => {
            let text = |item| match item {
                &Expr::Literal(ScalarValue::Utf8(Some(ref text)), _) => Some(text.as_str()),
                _ => None,
            };
            let texts: Option<Vec<&str>> = list.iter().map(text).collect();
            texts.map_or(Need::Always, |texts| {
                value_fits(Needed::Text(&Matcher::equal(texts, Case::Exact)), expr, family, columns)
            })
        }
        Expr::ScalarFunction(call) => derive_call(call, family, columns),
        _ => Need::Always,
    }
}

fn derive_call(call: &ScalarFunction, family: &[LogSource], columns: &BTreeMap<&str, &ScanColumn>) -> Need {
    match (needed_by(&call.func), call.args.as_slice()) {
        (Some(needed), values) => {
            values.iter().map(|value| value_fits(needed, value, family, columns)).fold(Need::Never, Need::or)
        }
        // `coalesce(x, false)` is true where `x` is.
        (None, [condition, Expr::Literal(ScalarValue::Boolean(Some(false)), _)]) if call.func.name() == "coalesce" => {
            derive(condition, family, columns)
        }
        _ => Need::Always,
    }
}

/// Whether a value passes.
fn holds(needed: Needed<'_>, value: &str) -> bool {
    match needed {
        Needed::Text(matcher) => matcher.matches(value),
        // One that takes too many steps here may do so in the query as well, which says so.
        Needed::Regex(regex) => regex.is_match(value).unwrap_or(true),
    }
}

/// What a record must hold from which a value is copied that passes.
fn in_record(needed: Needed<'_>) -> Need {
    match needed {
        Needed::Text(matcher) => Need::any_of(matcher.patterns().iter().map(longest_literal)),
        Needed::Regex(regex) => literals::needed_by(regex.as_str()),
    }
}

fn bindings<'c>(columns: &BTreeMap<&str, &'c ScanColumn>, name: &str, family: &[LogSource]) -> &'c [Binding] {
    columns.get(name).map_or(&[], |column| crate::extract::bindings_of(column, family))
}

/// What a record must hold for a value to fit: a column, or the first of several values that is there.
fn value_fits(needed: Needed<'_>, value: &Expr, family: &[LogSource], columns: &BTreeMap<&str, &ScanColumn>) -> Need {
    let one = |value: &Expr| value_fits(needed, value, family, columns);
    match value {
        Expr::Column(column) => fits(needed, &column.name, family, columns),
        Expr::Alias(alias) => one(&alias.expr),
        Expr::ScalarFunction(call) if call.func.name() == "coalesce" => {
            call.args.iter().map(one).fold(Need::Never, Need::or)
        }
        Expr::Case(case) if case.expr.is_none() => {
            // A branch is taken only where its condition holds; without any of them the value is null, which never fits.
            let branches = case.when_then_expr.iter();
            let needs = branches.map(|(when, then)| derive(when, family, columns).and(one(then)));
            let otherwise = case.else_expr.as_deref().map_or(Need::Never, one);
            needs.fold(otherwise, Need::or)
        }
        _ => Need::Always,
    }
}

/// What a record must hold for a column's value to fit.
fn fits(needed: Needed<'_>, column: &str, family: &[LogSource], columns: &BTreeMap<&str, &ScanColumn>) -> Need {
    bindings(columns, column, family).iter().map(|binding| binding_fits(needed, binding)).fold(Need::Never, Need::or)
}

fn binding_fits(needed: Needed<'_>, binding: &Binding) -> Need {
    let known = |value: &str| {
        let mut values = vec![Cow::Borrowed(value)];
        for apply in &binding.apply {
            values = values.into_iter().flat_map(|value| apply.apply(value)).collect();
        }
        values.iter().any(|value| holds(needed, value))
    };
    match &binding.origin {
        Origin::Constant(values) if !values.iter().any(|value| known(value)) => Need::Never,
        Origin::Lookup { table, default, .. } if !table.values().flatten().chain(default).any(|value| known(value)) => {
            Need::Never
        }
        Origin::Template(parts) if binding.apply.is_empty() && !template_fits(parts, needed) => Need::Never,
        Origin::Paths(_) | Origin::Document(_) | Origin::Meta(Meta::Raw | Meta::OtherDocument)
            if binding.apply.iter().all(keeps_text) =>
        {
            match &binding.origin {
                // An object's text is given without the white space between its tokens.
                Origin::Paths(_) | Origin::Document(_) if binding.objects_as_json => in_record(needed).cut(token),
                _ if binding.apply.contains(&Apply::Compact) => in_record(needed).cut(token),
                _ => in_record(needed),
            }
        }
        // Values are copied from the event; keys and words for numbers are not in it.
        Origin::Document(_) if binding.apply.as_slice() == [Apply::SumoWindows] => {
            let words = SUMO_WINDOWS_WORDS.to_ascii_lowercase();
            in_record(needed)
                .cut(|literal| Some(token(literal)).filter(|part| !words.contains(part.as_str())).unwrap_or_default())
        }
        _ => Need::Always,
    }
}

/// Whether a text made by a template can be one of those looked for, as far as its fixed parts tell.
fn template_fits(parts: &[TemplatePart], needed: Needed<'_>) -> bool {
    let Needed::Text(matcher) = needed else { return true };
    let pieces = parts.iter().map(|part| match part {
        TemplatePart::Text(text) => Piece::Literal(text.to_lowercase()),
        TemplatePart::Path(_) => Piece::Many,
    });
    let made = Pattern(pieces.collect());
    matcher.patterns().iter().any(|pattern| pattern.as_exact().is_none_or(|text| made.fits(&text.to_lowercase())))
}

/// Whether what a transformation gives is a part of what it is given, save for case, which is not looked at.
fn keeps_text(apply: &Apply) -> bool {
    apply.is_part() || matches!(apply, Apply::Lower | Apply::Upper | Apply::Compact)
}

/// The longest plain part of a pattern's literals. The search leaves case aside, so they are all in lower case.
fn longest_literal(pattern: &Pattern) -> String {
    pattern.literals().map(plain_part).max_by_key(String::len).unwrap_or_default()
}

/// The longest part of a text that has none of JSON's brackets, commas and colons in it.
fn token(text: &str) -> String {
    let parts = text.split(['{', '}', '[', ']', ',', ':']);
    parts.max_by_key(|part| part.len()).unwrap_or("").to_owned()
}

/// The longest part of a text that stands in a record as it is: JSON may write quotes, backslashes, slashes and control
/// characters with an escape, and white space between the members of an object is not kept.
pub(super) fn plain_part(text: &str) -> String {
    let breaks = |c: char| matches!(c, '"' | '\\' | '/') || c.is_control() || !c.is_ascii();
    text.split(breaks).max_by_key(|part| part.len()).unwrap_or("").to_ascii_lowercase()
}
