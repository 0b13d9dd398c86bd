//! Words and phrases of the raw event.
//!
//! Splunk cuts events into segments at *major* breakers (white space, brackets, quotes, commas, ...) and
//! these again at *minor* ones (`/ : = @ . - $ # % \ _`), and finds whole segments: `fail` is not found in
//! `failed`, `fail*` is. Here a term is looked for in the event's text, in any case, with a breaker or
//! the end of the text on both sides; `*` stands for anything but a major breaker. `TERM` with a minor breaker in it is what
//! stands between two major ones, or the ends: `TERM(10.0.0.6)` is not found in `ip=10.0.0.6`.
use super::ast::Value;
use datafusion::logical_expr::{Expr, and};
use datafusion::prelude::lit;
use mynah_kernels::{Case, Matcher, Pattern, Piece, Regex, regex_match, text_match};
use mynah_syntax::Diagnostic;

/// A character class of the major breakers.
const MAJOR: &str = r#"\s\[\]<>(){}|!;,'"*&?+"#;
/// A character class of the minor breakers.
const MINOR: &str = r"/:=@.\-$#%\\_";

/// Whether the term is in the text; null where there is no text.
pub(crate) fn term(value: &Value, raw: Expr) -> Result<Expr, Diagnostic> {
    let case = if value.exact_case { Case::Exact } else { Case::Folded };
    let regex = Regex::new(&expression(&value.text, case, value.whole))
        .map_err(|_| Diagnostic::error("spl/syntax", "this term is too long to be looked for", value.span))?;
    // The same without regard to segments: quick, and what the engine looks for in the bytes of a record.
    let mut pieces = vec![Piece::Many];
    for literal in value.text.split('*').filter(|part| !part.is_empty()) {
        pieces.push(Piece::Literal(literal.to_owned()));
        pieces.push(Piece::Many);
    }
    if pieces.len() == 1 {
        return Ok(lit(true));
    }
    let quick = text_match(Matcher::new([Pattern(pieces)], case), raw.clone());
    Ok(and(quick, regex_match(regex, raw)))
}

fn expression(text: &str, case: Case, whole: bool) -> String {
    let mut out = String::from(if case == Case::Folded { "(?is)" } else { "(?s)" });
    // Of a segment with minor breakers in it the index has the whole and its parts, but nothing between.
    let whole = whole && text.contains(is_minor);
    let breakers = if whole { MAJOR.to_owned() } else { format!("{MAJOR}{MINOR}") };
    let bounded = |end: Option<char>| end.is_some_and(|c| !is_breaker(c) || whole && c != '*');
    if bounded(text.chars().next()) {
        out.push_str(&format!("(?:^|[{breakers}])"));
    }
    for (i, part) in text.split('*').enumerate() {
        if i > 0 {
            out.push_str(&format!("[^{MAJOR}]*"));
        }
        out.push_str(&regex::escape(part));
    }
    if bounded(text.chars().next_back()) {
        out.push_str(&format!("(?:$|[{breakers}])"));
    }
    out
}

fn is_minor(c: char) -> bool {
    "/:=@.-$#%\\_".contains(c)
}

/// Whether a term that begins or ends so needs no breaker there.
fn is_breaker(c: char) -> bool {
    c.is_whitespace() || is_minor(c) || "[]<>(){}|!;,'\"*&?+".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(term: &str, text: &str) -> bool {
        Regex::new(&expression(term, Case::Folded, false)).unwrap().is_match(text).unwrap()
    }

    #[test]
    fn whole_terms_are_what_the_index_has() {
        let found =
            |term: &str, text: &str| Regex::new(&expression(term, Case::Folded, true)).unwrap().is_match(text).unwrap();
        assert!(found("10.0.0.6", "ip 10.0.0.6 - GET"));
        assert!(!found("10.0.0.6", "ip=10.0.0.6 - GET"));
        assert!(found("ip=10.0.0.6", "ip=10.0.0.6 - GET"));
        assert!(!found("10.0.0.6", "10.0.0.6:80 - GET") && found("10.0.0.6*", "10.0.0.6:80 - GET"));
        assert!(!found("10.0.0", "10.0.0.6") && found("admin", "user=admin"));
    }

    #[test]
    fn terms_are_whole_segments_in_any_case() {
        assert!(found("failed", "login FAILED: bob"));
        assert!(!found("fail", "login failed"));
        assert!(found("fail*", "login failed"));
        assert!(found("10.0.0", "src=10.0.0.1"));
        assert!(!found("0.0.1", "src=10.0.0.11"));
        assert!(found("access denied", "Access denied."));
        assert!(!found("a*d", "a b d"));
        assert!(found("*nied", "denied"));
    }
}
