//! The operators: what each says of itself and how it is read.
mod extract;
mod groups;
mod rows;
mod series;
mod tables;
mod transactions;

use super::{Parsed, Parser};
use crate::ast::Operator;
use crate::functions::FUNCTIONS;
use crate::lexer::TokenKind;
use mynah_dialect::{Arity, Entry, FunctionTable};
use mynah_syntax::Diagnostic;

/// Reads an operator that begins with its own name.
pub(crate) type Parse = for<'t> fn(&mut Parser<'t>) -> Parsed<Operator>;

/// All operators but aggregates, which have a table of their own.
pub(crate) static OPERATORS: FunctionTable<Parse> = FunctionTable(&[
    extract::OPERATORS,
    groups::OPERATORS,
    rows::OPERATORS,
    series::OPERATORS,
    tables::OPERATORS,
    transactions::OPERATORS,
]);

const fn operator(
    name: &'static str,
    usage: &'static str,
    summary: &'static str,
    page: &'static str,
    code: Parse,
) -> Entry<Parse> {
    Entry::new(name, usage, summary, page, &[], Arity::AtLeast(0), code)
}

/// Operators that Sumo Logic has and Mynah cannot run, in lower case.
///
/// Source: <https://www.sumologic.com/help/docs/search/search-query-language/search-operators/>
const UNSUPPORTED: [&str; 11] = [
    "benchmark",
    "cluster",
    "compose",
    "geolookup",
    "infer",
    "logcompare",
    "logexplain",
    "logreduce",
    "quantize",
    "threatip",
    "threatlookup",
];

/// Reads the operator that begins here.
pub(super) fn parse(p: &mut Parser<'_>) -> Parsed<Operator> {
    let word = p.peek();
    if word.text == "`" {
        return Err(p
            .error("a macro of Sumo Logic's cannot be run: what it stands for is kept there", word.span)
            .with_help("write its definition in its place"));
    }
    if word.kind != TokenKind::Word || is_field(p) {
        return rows::assignment(p);
    }
    if word.is("parse") && p.peek_second().is("using") {
        return Err(refuse(p));
    }
    if let Some(entry) = OPERATORS.find(word.text) {
        return (entry.code)(p);
    }
    if groups::begins(p) {
        return groups::aggregate(p);
    }
    // A call of a function with the same name is not meant.
    if UNSUPPORTED.contains(&word.text.to_lowercase().as_str()) && FUNCTIONS.find(word.text).is_none() {
        return Err(refuse(p));
    }
    rows::assignment(p)
}

/// Refuses the operator that begins here by name.
fn refuse(p: &mut Parser<'_>) -> Diagnostic {
    let word = p.bump();
    let next = p.peek();
    let (name, span) = if word.is("parse") && next.kind == TokenKind::Word {
        (format!("parse {}", next.text.to_lowercase()), word.span.to(next.span))
    } else {
        (word.text.to_lowercase(), word.span)
    };
    Diagnostic::error("sumo/unsupported-operator", format!("the operator `{name}` is not supported"), span)
}

/// Whether the word that begins here is the name of a field, though an operator may have the same: what
/// follows says so.
fn is_field(p: &Parser<'_>) -> bool {
    let (word, next) = (p.peek(), p.peek_second());
    let signs = ["sort", "order", "fields", "trace"].iter().any(|operator| word.is(operator));
    let is_operator = next.kind == TokenKind::Symbol
        && matches!(next.text, "/" | "*" | "=" | "==" | "!=" | "<>" | "<" | ">" | "<=" | ">=" | "?");
    let is_sign = next.is("+") || next.is("-");
    let names_aggregate = word.is("count") || word.is("timeslice");
    // `lookup * from …`, `save /path`.
    if word.is("where") || (word.is("lookup") && next.is("*")) || (word.is("save") && next.is("/")) {
        return false;
    }
    is_operator || (is_sign && !signs) || (next.is("as") && !names_aggregate)
}
