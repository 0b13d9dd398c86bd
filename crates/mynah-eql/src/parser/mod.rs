//! Text to tree. The parser reports every mistake it finds: after one it goes on at the next `and`,
//! `or` or bracket, so the tree it gives is meant to be used only if no diagnostic is an error.
mod cursor;
mod expression;
mod operand;
mod query;
mod sequence;

use crate::ast::Query;
use crate::lexer;
use cursor::Cursor;
use mynah_syntax::Diagnostic;

/// The words that cannot name a field or category unless they are quoted.
const KEYWORDS: [&str; 20] = [
    "and", "any", "by", "false", "in", "join", "like", "maxspan", "not", "null", "of", "or", "regex", "sample",
    "sequence", "true", "until", "where", "with", "fork",
];

/// Whether a word is one of EQL's own.
pub(crate) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// A mistake that has been reported; what it stands for has no tree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reported;

/// Reads a query into a tree, and says what is wrong with it. Where no diagnostic is an error there is a tree, which says
/// all that the text says.
///
/// ```
/// let (query, diagnostics) = mynah_eql::parse("any where  true");
/// assert!(diagnostics.is_empty());
/// assert_eq!(query.map(|query| query.to_string()).as_deref(), Some("any where true"));
/// ```
pub fn parse(text: &str) -> (Option<Query>, Vec<Diagnostic>) {
    let lexed = lexer::lex(text);
    let mut cursor = Cursor::new(lexed.lexemes, lexed.diagnostics);
    let query = query::query(&mut cursor).ok();
    let mut diagnostics = cursor.into_diagnostics();
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    diagnostics.dedup();
    (query, diagnostics)
}
