//! Operators that Sumo Logic has and Mynah cannot run: refused by name.
use crate::lexer::TokenKind;
use crate::parser::Parser;
use mynah_syntax::Diagnostic;

/// Their names in lower case.
///
/// Source: <https://www.sumologic.com/help/docs/search/search-query-language/search-operators/>
const KNOWN: [&str; 22] = [
    "bin",
    "cat",
    "cluster",
    "compare",
    "compose",
    "filter",
    "geoip",
    "geolookup",
    "infer",
    "join",
    "logcompare",
    "logexplain",
    "logreduce",
    "merge",
    "outlier",
    "predict",
    "quantize",
    "sessionize",
    "threatip",
    "threatlookup",
    "transaction",
    "transactionize",
];

/// Whether it is one of them. A call of a function with the same name is not meant.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name) && crate::functions::find(name).is_none()
}

/// Refuses the operator that begins here.
pub(super) fn refuse(p: &mut Parser<'_>) -> Diagnostic {
    let word = p.bump();
    let next = p.peek();
    let (name, span) = if word.is_word("parse") && next.kind == TokenKind::Word {
        (format!("parse {}", next.text.to_lowercase()), word.span.to(next.span))
    } else {
        (word.text.to_lowercase(), word.span)
    };
    Diagnostic::error("sumo/unsupported-operator", format!("the operator `{name}` is not supported"), span)
}
