use super::ast::{Comparison, Search, Value};
use super::term::term;
use crate::expression::{BinaryOperator, Type, Typed, holds, native_operator, order, parse_number};
use crate::functions::relative_modifier::RelativeTime;
use crate::functions::time::from_now;
use crate::functions::time_format::parse_time;
use crate::plan::{Rows, TimeRange};
use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::{and, binary_expr, not};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::{all_of, any_of, marked};
use mynah_kernels::{
    Case, Cell, Code, Function, Matcher, Network, Number, Resources, WildcardSyntax, call, cidr_match, text_match,
};
use mynah_syntax::Diagnostic;
use serde::{Deserialize, Serialize};

/// A search as a condition on rows. It may be null instead of false, which is one to a filter; `NOT` takes
/// null for false, so that it holds where the field is missing. The smallest conditions that it is made of keep their places.
///
/// # Errors
/// Where it has a part that no condition can stand for.
pub(crate) fn lower(search: &Search, rows: &Rows) -> Result<Expr, Diagnostic> {
    let all = |parts: &[Search]| parts.iter().map(|part| lower(part, rows)).collect::<Result<Vec<Expr>, Diagnostic>>();
    Ok(match search {
        Search::And(parts) => all_of(all(parts)?).unwrap_or(lit(true)),
        Search::Or(parts) => any_of(all(parts)?).unwrap_or(lit(false)),
        Search::Not(part) => Expr::IsNotTrue(Box::new(lower(part, rows)?)),
        leaf => {
            let condition = lower_leaf(leaf, rows)?;
            match leaf.span() {
                Some(span) => marked(span, condition),
                None => condition,
            }
        }
    })
}

/// A condition that is made of no others.
fn lower_leaf(search: &Search, rows: &Rows) -> Result<Expr, Diagnostic> {
    match search {
        Search::Compare(comparison) => Ok(compare(comparison, rows)),
        Search::Term(value) if value.text.chars().all(|c| c == '*') && !value.text.is_empty() => Ok(lit(true)),
        Search::Term(value) => match rows.scope().get("_raw") {
            Some(_) => term(value, rows.column("_raw").into_text()),
            None if rows.scope().open => Ok(lit(true)),
            None => Ok(lit(false)),
        },
        Search::Time { earliest, moment } => {
            let bound = time_bound(&moment.node).ok_or_else(|| {
                let message = format!("`{}` is no time: -24h@h, now, 03/14/2026:12:00:00, or seconds since 1970", moment.node);
                Diagnostic::error("spl/time-modifier", message, moment.span)
            })?;
            let time = rows.column("_time").into_number();
            Ok(if *earliest { time.gt_eq(bound) } else { time.lt(bound) })
        }
        Search::Unknown | Search::And(_) | Search::Or(_) | Search::Not(_) => Ok(lit(true)),
        Search::Subsearch { span, .. } => {
            Err(Diagnostic::error("spl/subsearch", "a subsearch cannot stand here", *span))
        }
        Search::Piped { span, .. } => Err(Diagnostic::error(
            "spl/pipe-in-parentheses",
            "a pipeline in parentheses can only be one of several joined by OR",
            *span,
        )
        .with_help("Splunk allows no pipe in parentheses: write each as a search of its own, joined by `append` or `multisearch`")),
    }
}

/// The bounds that a search sets to the time of all its events.
pub(crate) fn time_range(search: &Search) -> TimeRange {
    let parts = match search {
        Search::And(parts) => parts.as_slice(),
        other => std::slice::from_ref(other),
    };
    let bound = |first: bool| {
        parts.iter().find_map(|part| match part {
            // Splunk's way to say that there is no bound.
            Search::Time { moment, .. } if matches!(moment.node.trim(), "0" | "1" | "") => None,
            Search::Time { earliest, moment } if *earliest == first => time_bound(&moment.node),
            _ => None,
        })
    };
    TimeRange { earliest: bound(true), latest: bound(false) }
}

/// The moment of a time modifier, in seconds since 1970.
fn time_bound(text: &str) -> Option<Expr> {
    match text.trim() {
        // Splunk's way to say that there is no bound.
        "0" | "1" | "" => Some(lit(0.0)),
        text if text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.') => {
            text.parse::<f64>().ok().map(lit)
        }
        text => match parse_time(text, "%m/%d/%Y:%H:%M:%S", None) {
            Some(seconds) => Some(lit(seconds)),
            None => RelativeTime::parse(text).map(|_| from_now(text).expr),
        },
    }
}

fn compare(comparison: &Comparison, rows: &Rows) -> Expr {
    let Comparison { field, operator, values } = comparison;
    let Some(ty) = rows.scope().get(&field.node) else {
        // In a check the field may come from what only data can tell.
        return lit(rows.scope().open);
    };
    let is_name = rows.is_name(&field.node);
    let field = rows.searched(&field.node);
    if ty == Type::Null {
        return lit(false);
    }
    match operator {
        BinaryOperator::Equal => equal(field, values),
        // An event is not of another name because it has a second one.
        BinaryOperator::NotEqual if is_name => and(field.expr.clone().is_not_null(), not(equal(field, values))),
        BinaryOperator::NotEqual => not_equal(field, values),
        _ => ordered(field, *operator, values),
    }
}

fn equal(field: Typed, values: &[Value]) -> Expr {
    let mut conditions: Vec<Expr> = Vec::new();
    for case in [Case::Folded, Case::Exact] {
        let of_case = || values.iter().filter(move |value| value.exact_case == (case == Case::Exact));
        let (mut patterns, mut numbers, mut networks) = (Vec::new(), Vec::new(), Vec::new());
        for value in of_case() {
            if value.text.contains('*') {
                patterns.push(value.text.as_str());
            } else if let Some(number) = parse_number(&value.text) {
                numbers.push((value.text.as_str(), number));
            } else {
                if let Some(network) = value.text.contains('/').then(|| value.text.parse::<Network>().ok()).flatten() {
                    networks.push(network);
                }
                patterns.push(value.text.as_str());
            }
        }
        if !patterns.is_empty() {
            if patterns.contains(&"*") {
                conditions.push(field.expr.clone().is_not_null());
            } else {
                let matcher = Matcher::wildcards(patterns, WildcardSyntax::STARS, case);
                conditions.push(text_match(matcher, field.clone().into_texts()));
            }
        }
        if !numbers.is_empty() {
            conditions.push(equal_numbers(&field, &numbers));
        }
        if !networks.is_empty() {
            conditions.push(cidr_match(networks, field.clone().into_texts()));
        }
    }
    any_of(conditions).unwrap_or(lit(false))
}

/// `01` finds `1`, and `1` finds `1.0`: numbers are compared as such.
fn equal_numbers(field: &Typed, numbers: &[(&str, f64)]) -> Expr {
    if field.ty == Type::Number {
        let conditions = numbers.iter().map(|(_, number)| field.expr.clone().eq(lit(*number)));
        return any_of(conditions.collect()).unwrap_or(lit(false));
    }
    let values = numbers.iter().map(|(_, number)| Number(*number)).collect();
    let exact = call(SearchTest::EqualsNumber(values), vec![field.expr.clone()]);
    // Splunk finds candidates by the term in its index, so that the digits must be there as written;
    // and so must they for the engine's search of the bytes.
    let digits: Vec<String> = numbers.iter().map(|(text, _)| format!("*{}*", core(text))).collect();
    let quick = Matcher::wildcards(digits.iter().map(String::as_str), WildcardSyntax::STARS, Case::Folded);
    and(text_match(quick, field.expr.clone()), exact)
}

/// What any way to write a number must have in common with this one: for whole numbers the digits without
/// leading zeros; for others nothing.
fn core(text: &str) -> &str {
    let digits = text.trim().trim_start_matches(['+', '-']).trim_start_matches('0');
    match digits.bytes().all(|b| b.is_ascii_digit()) {
        true if digits.is_empty() => "0",
        true => digits,
        false => "",
    }
}

/// The field exists and has a value that is none of these.
fn not_equal(field: Typed, values: &[Value]) -> Expr {
    if field.ty != Type::Multi {
        // Null where the field is, which is what makes the difference to `NOT field=value`.
        return not(equal(field, values));
    }
    let matcher = |value: &Value| {
        let case = if value.exact_case { Case::Exact } else { Case::Folded };
        Matcher::wildcards([value.text.as_str()], WildcardSyntax::STARS, case)
    };
    let networks = values.iter().filter(|value| value.text.contains('/')).filter_map(|value| value.text.parse().ok());
    let test = SearchTest::OtherThan(values.iter().map(matcher).collect(), networks.collect());
    call(test, vec![field.expr])
}

/// `<` and its like: as numbers where both are, else as texts.
fn ordered(field: Typed, operator: BinaryOperator, values: &[Value]) -> Expr {
    let Some(value) = values.first() else { return lit(false) };
    let number = parse_number(&value.text);
    if let (Type::Number, Some(number)) = (field.ty, number) {
        return binary_expr(field.expr, native_operator(operator), lit(number));
    }
    call(SearchTest::Ordered(operator, value.text.clone()), vec![field.into_texts()])
}

/// What a search asks of a text, or of any of several.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum SearchTest {
    /// That it is one of these numbers.
    EqualsNumber(Vec<Number>),
    /// That none of these fits it, nor has it as an address.
    OtherThan(Vec<Matcher>, Vec<Network>),
    /// That it stands so to this, as numbers where both are.
    Ordered(BinaryOperator, String),
}

impl SearchTest {
    fn holds(&self, text: &str) -> bool {
        match self {
            SearchTest::EqualsNumber(numbers) => {
                parse_number(text).is_some_and(|number| numbers.contains(&Number(number)))
            }
            SearchTest::OtherThan(matchers, networks) => {
                let address = if networks.is_empty() { None } else { text.trim().parse().ok() };
                let within = address.is_some_and(|address| networks.iter().any(|network| network.contains(address)));
                !within && !matchers.iter().any(|matcher| matcher.matches(text))
            }
            SearchTest::Ordered(operator, bound) => holds(*operator, order(text, bound)),
        }
    }
}

impl Function for SearchTest {
    const NAME: &'static str = "spl.search";

    fn returns(&self) -> DataType {
        DataType::Boolean
    }

    fn code(&self, _: &Resources) -> datafusion::common::Result<Code> {
        let test = self.clone();
        Ok(Code::row(move |row| match row {
            [Cell::Text(text)] => Cell::Boolean(test.holds(text)),
            [Cell::List(cells)] => Cell::Boolean(cells.iter().filter_map(Cell::as_text).any(|text| test.holds(text))),
            _ => Cell::Null,
        }))
    }
}
