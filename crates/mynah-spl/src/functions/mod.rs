//! The functions of `eval`, `where` and their like, in tables by family: each entry has its documentation and examples
//! beside its code.
//!
//! Text functions of one text, applied to a field of several values, give several; numbers read from
//! logs are text and count as numbers wherever a number is wanted; null arguments mostly give null.

mod bits;
mod call;
mod conditional;
mod conversion;
mod cryptography;
mod elementwise;
mod informational;
mod json;
mod json_head;
pub(crate) mod json_path;
mod math;
mod multivalue;
mod prelude;
mod printf;
pub(crate) mod relative_modifier;
mod searchmatch;
mod text;
pub(crate) mod time;
pub(crate) mod time_format;
mod xml;
mod xpath;

pub(crate) use call::{Internal, Row, RowCall, number};
pub(crate) use json_head::head;
pub(crate) use math::round;
pub(crate) use searchmatch::names as searched_names;
pub(crate) use xml::names as xml_names;
pub(crate) use xpath::{XPATH, is_path};

use crate::expression::{self, Expression, Scope, Type};
use crate::{aggregates, commands, plan};
use call::{Call, Lowered};
use mynah_dialect::{FunctionDoc, FunctionTable};
use mynah_kernels::{Cell, Registry};
use mynah_syntax::{Diagnostic, Span, Spanned};

/// A function: what it says of itself, and how it is planned and run.
type Entry = mynah_dialect::Entry<Body>;

/// Code over one row's values.
type RowCode = fn(&Row<'_>) -> Cell<'static>;

/// The same, made from its entry.
type RunRow = Box<dyn Fn(&Row<'_>) -> Cell<'static> + Send + Sync>;

/// How a function is planned and run.
#[derive(Clone, Copy)]
pub(crate) enum Body {
    /// A number of a number.
    Number(fn(f64) -> f64),
    /// A number of two.
    Numbers(fn(f64, f64) -> f64),
    /// A value of a row's values.
    Row(Type, RowCode),
    /// The same for each value of the first argument.
    Each(Type, RowCode),
    /// An expression.
    Plan(fn(&Call<'_>) -> Lowered),
    /// The same, which calls code over a row's values.
    PlanRow(fn(&Call<'_>) -> Lowered, RowCode),
}

/// All functions.
static FUNCTIONS: FunctionTable<Body> = FunctionTable(&[
    &bits::BITS,
    &conditional::CONDITIONAL,
    &conversion::CONVERSION,
    &cryptography::CRYPTOGRAPHY,
    &informational::INFORMATIONAL,
    &json::JSON,
    &math::MATH,
    &multivalue::MULTIVALUE,
    &text::TEXT,
    &time::TIME,
]);

/// What commands and operators are made of.
static INTERNAL: &[&Internal] = &[
    &aggregates::COUNT_VALUES,
    &commands::continuous::BUCKETS,
    &commands::convert::DURATION,
    &commands::convert::KILOBYTES,
    &commands::convert::MINUTES,
    &commands::convert::WITHOUT_COMMAS,
    &commands::convert::WITHOUT_UNIT,
    &commands::derived::ROUNDED,
    &commands::derived::TOGETHER,
    &commands::sort::ADDRESS_KEY,
    &commands::sort::NUMBER_KEY,
    &commands::sort::TEXT_KEY,
    &commands::pivot::NAMED_VALUES,
    &commands::pivot::NAME_OR_VALUE,
    &commands::sparkline::DRAWN,
    &commands::sparkline::TIMED,
    &commands::span::BUCKET,
    &commands::span::LOG_BUCKET,
    &commands::span::MONTHS,
    &commands::span::ORIGIN,
    &commands::span::RANGE,
    &commands::strcat::JOINED,
    &commands::totals::TOTAL,
    &commands::trends::AGO,
    &commands::strcat::JOINED_IF_ALL,
    &commands::extract::ELEMENT,
    &commands::foreach::ELEMENTS,
    &commands::foreach::NTH,
    &commands::key_value::CELL,
    &commands::key_value::HEADING,
    &commands::key_value::LINES,
    &commands::key_value::OBJECT,
    &commands::key_value::PAIR,
    &commands::key_value::PAIRS_OF_NAME,
    &commands::made::HUMAN,
    &commands::made::TIMES,
    &expression::ADD,
    &expression::CHAIN,
    &expression::CHAIN_OF_NUMBERS,
    &expression::CONCATENATE,
    &expression::LIKE,
    &expression::NUMBER_TO_TEXT,
    &expression::SIGNIFICANT,
    &expression::TEXT_TO_NUMBER,
    &expression::TEXT_TO_VALUES,
    &expression::VALUES_TO_TEXT,
    &expression::VALUE_TO_NUMBER,
    &expression::WRITTEN,
    &commands::extract::HEAD,
    &commands::extract::UNESCAPED,
    &XPATH,
    &plan::DATE_NUMBER,
    &plan::LINES,
    &plan::PUNCTUATION,
    &plan::DATE_TEXT,
    &plan::FIELD_NAMES,
    &plan::TIME_TO_TEXT,
];

/// Functions that Splunk has and Mynah has not, and why.
const UNSUPPORTED: &[(&str, &str)] = &[
    ("lookup", "it is there in `eval` and `where`; elsewhere use the command `lookup`"),
    ("cluster", "grouping events by likeness is not there"),
];

/// The functions' documentation.
pub fn docs() -> impl Iterator<Item = &'static FunctionDoc> {
    FUNCTIONS.docs()
}

/// Adds what plans call.
pub(crate) fn register(registry: &mut Registry) {
    registry.function::<RowCall>().function::<elementwise::Elementwise>().function::<math::Random>();
}

/// Lowers a call of a function; names are taken in any case.
pub(crate) fn lower_call(name: &Spanned<String>, arguments: &[Expression], span: Span, scope: &Scope) -> Lowered {
    let Some(function) = FUNCTIONS.find(&name.node) else { return Err(unknown(name)) };
    function.check("spl/argument", arguments.len(), span)?;
    let call = Call { name: function.doc.name, arguments, span, scope };
    match function.code {
        Body::Number(_) | Body::Numbers(_) => call.row(RowCall::new(Type::Number)),
        Body::Row(returns, _) => call.row(RowCall::new(returns)),
        Body::Each(returns, _) => call.row(RowCall::each(returns)),
        Body::Plan(lower) | Body::PlanRow(lower, _) => lower(&call),
    }
}

/// The code over a row's values of a function, or of an internal one.
fn row_code(name: &str) -> Option<RunRow> {
    let Some(function) = FUNCTIONS.find(name) else {
        return Some(Box::new(INTERNAL.iter().find(|internal| internal.name == name)?.code));
    };
    Some(match function.code {
        Body::Number(code) => Box::new(move |row| number(row.number(0).map(code))),
        Body::Numbers(code) => Box::new(move |row| number(row.number(0).zip(row.number(1)).map(|(a, b)| code(a, b)))),
        Body::Row(_, code) | Body::Each(_, code) | Body::PlanRow(_, code) => Box::new(code),
        Body::Plan(_) => return None,
    })
}

fn unknown(name: &Spanned<String>) -> Diagnostic {
    let wanted = name.node.to_ascii_lowercase();
    match UNSUPPORTED.iter().find(|(known, _)| *known == wanted) {
        Some((_, why)) => {
            let message = format!("the function `{wanted}` is not supported");
            Diagnostic::error("spl/unsupported-function", message, name.span).with_help(*why)
        }
        None => FUNCTIONS.unknown("spl/unknown-function", &name.node, name.span),
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod tests_support;
