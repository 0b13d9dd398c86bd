use super::ast::{Comparison, Operator, Search, Value};
use super::term::term;
use crate::expression::parse_number;
use crate::expression::{Type, Typed};
use crate::plan::{Planner, Rows};
use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::{and, not, or};
use datafusion::prelude::{Expr, lit};
use mynah_kernels::{Case, Cell, Matcher, Network, WildcardSyntax, cidr_match, row_function, text_match};
use mynah_syntax::Diagnostic;
use std::cmp::Ordering;

/// A search as a condition on rows. It may be null instead of false, which is one to a filter; `NOT` takes
/// null for false, so that it holds where the field is missing.
///
/// # Errors
/// Where it has a part that no condition can stand for.
pub(crate) fn lower(search: &Search, rows: &Rows, planner: &mut Planner<'_>) -> Result<Expr, Diagnostic> {
    match search {
        Search::And(parts) => join(parts, and, true, rows, planner),
        Search::Or(parts) => join(parts, or, false, rows, planner),
        Search::Not(part) => Ok(Expr::IsNotTrue(Box::new(lower(part, rows, planner)?))),
        Search::Compare(comparison) => Ok(compare(comparison, rows)),
        Search::Term(value) if value.text.chars().all(|c| c == '*') && !value.text.is_empty() => Ok(lit(true)),
        Search::Term(value) => match rows.scope().get("_raw") {
            Some(_) => term(value, rows.column("_raw").into_text()),
            None if rows.scope().open => Ok(lit(true)),
            None => Ok(lit(false)),
        },
        Search::Time { earliest, moment } => {
            let now = (planner.context.now)().seconds();
            let bound = time_bound(&moment.node, now).ok_or_else(|| {
                Diagnostic::error("spl/time-modifier", format!("`{}` is no time: -24h@h, now, or seconds since 1970", moment.node), moment.span)
            })?;
            let time = rows.column("_time").into_number();
            Ok(if *earliest { time.gt_eq(lit(bound)) } else { time.lt(lit(bound)) })
        }
        Search::Unknown => Ok(lit(true)),
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

/// The moment of a time modifier, in seconds since 1970.
fn time_bound(text: &str, now: f64) -> Option<f64> {
    match text.trim() {
        // Splunk's way to say that there is no bound.
        "0" | "1" | "" => Some(0.0),
        text if text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.') => text.parse().ok(),
        text => crate::functions::relative_modifier::RelativeTime::parse(text)?.from(now),
    }
}

fn join(
    parts: &[Search],
    with: fn(Expr, Expr) -> Expr,
    empty: bool,
    rows: &Rows,
    planner: &mut Planner<'_>,
) -> Result<Expr, Diagnostic> {
    let mut exprs = parts.iter().map(|part| lower(part, rows, planner)).collect::<Result<Vec<_>, _>>()?;
    // As a balanced tree: a list of thousands of terms must not make an expression thousands deep.
    while exprs.len() > 1 {
        let mut next = Vec::with_capacity(exprs.len().div_ceil(2));
        let mut pairs = exprs.into_iter();
        while let Some(left) = pairs.next() {
            next.push(match pairs.next() {
                Some(right) => with(left, right),
                None => left,
            });
        }
        exprs = next;
    }
    Ok(exprs.pop().unwrap_or(lit(empty)))
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
        Operator::Equal => equal(field, values),
        // An event is not of another name because it has a second one.
        Operator::NotEqual if is_name => and(field.expr.clone().is_not_null(), not(equal(field, values))),
        Operator::NotEqual => not_equal(field, values),
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
                conditions.push(text_match(matcher, texts(&field)));
            }
        }
        if !numbers.is_empty() {
            conditions.push(equal_numbers(&field, &numbers));
        }
        if !networks.is_empty() {
            conditions.push(cidr_match(networks, texts(&field)));
        }
    }
    conditions.into_iter().reduce(or).unwrap_or(lit(false))
}

/// The field's text or texts, for what matches either.
fn texts(field: &Typed) -> Expr {
    match field.ty {
        Type::Multi | Type::Text => field.expr.clone(),
        _ => field.clone().into_text(),
    }
}

/// `01` finds `1`, and `1` finds `1.0`: numbers are compared as such.
fn equal_numbers(field: &Typed, numbers: &[(&str, f64)]) -> Expr {
    if field.ty == Type::Number {
        let conditions = numbers.iter().map(|(_, number)| field.expr.clone().eq(lit(*number)));
        return conditions.reduce(or).unwrap_or(lit(false));
    }
    let values: Vec<f64> = numbers.iter().map(|(_, number)| *number).collect();
    let name = format!("spl_equals_number {values:?}");
    let exact = row_function(name, DataType::Boolean, move |row| {
        let is_one = |text: &str| parse_number(text).is_some_and(|number| values.contains(&number));
        match row {
            [Cell::Text(text)] => Cell::Boolean(is_one(text)),
            [Cell::List(cells)] => Cell::Boolean(cells.iter().filter_map(Cell::as_text).any(is_one)),
            _ => Cell::Null,
        }
    })
    .call(vec![field.expr.clone()]);
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
    let patterns: Vec<Matcher> = values
        .iter()
        .map(|value| {
            let case = if value.exact_case { Case::Exact } else { Case::Folded };
            Matcher::wildcards([value.text.as_str()], WildcardSyntax::STARS, case)
        })
        .collect();
    let name = format!("spl_any_other_than {:?}", values.iter().map(|value| &value.text).collect::<Vec<_>>());
    row_function(name, DataType::Boolean, move |row| match row {
        [Cell::List(cells)] => {
            let fits_none = |text: &str| !patterns.iter().any(|pattern| pattern.matches(text));
            Cell::Boolean(cells.iter().filter_map(Cell::as_text).any(fits_none))
        }
        _ => Cell::Boolean(false),
    })
    .call(vec![field.expr])
}

/// `<` and its like: as numbers where both are, else as texts.
fn ordered(field: Typed, operator: Operator, values: &[Value]) -> Expr {
    let Some(value) = values.first() else { return lit(false) };
    let number = parse_number(&value.text);
    if let (Type::Number, Some(number)) = (field.ty, number) {
        let bound = lit(number);
        return match operator {
            Operator::Less => field.expr.lt(bound),
            Operator::LessOrEqual => field.expr.lt_eq(bound),
            Operator::Greater => field.expr.gt(bound),
            _ => field.expr.gt_eq(bound),
        };
    }
    let holds = move |ordering: Ordering| match operator {
        Operator::Less => ordering.is_lt(),
        Operator::LessOrEqual => ordering.is_le(),
        Operator::Greater => ordering.is_gt(),
        _ => ordering.is_ge(),
    };
    let text = value.text.clone();
    let test = move |candidate: &str| {
        let ordering = match (parse_number(candidate), number) {
            (Some(left), Some(right)) => left.partial_cmp(&right),
            _ => Some(candidate.cmp(text.as_str())),
        };
        ordering.is_some_and(holds)
    };
    let name = format!("spl_search {} {:?}", operator.symbol(), value.text);
    row_function(name, DataType::Boolean, move |row| match row {
        [Cell::Text(text)] => Cell::Boolean(test(text)),
        [Cell::List(cells)] => Cell::Boolean(cells.iter().filter_map(Cell::as_text).any(&test)),
        _ => Cell::Null,
    })
    .call(vec![texts(&field)])
}
