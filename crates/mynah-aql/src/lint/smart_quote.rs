use mynah_syntax::{Diagnostic, Rule, Severity, Span};

pub(crate) const RULE: Rule = Rule {
    code: "aql/smart-quote",
    severity: Severity::Warning,
    what: "A text or name stands in typographic quotes",
    why: "word processors and web pages turn quotes into curly ones, with which QRadar does not parse the query; they are taken as straight ones here",
    bad: "SELECT sourceip FROM events WHERE username = ‘root’",
    good: "SELECT sourceip FROM events WHERE username = 'root'",
    page: "https://www.ibm.com/docs/en/qsip/7.6.0?topic=structure-quotation-marks",
};

/// The curly quoted text at `span` should stand in `quote`s.
pub(crate) fn diagnostic(text: &str, span: Span, quote: char) -> Diagnostic {
    let mut inside = span.of(text).chars();
    inside.next();
    inside.next_back();
    let straight = format!("{quote}{}{quote}", inside.as_str());
    Diagnostic::warning(RULE.code, "QRadar does not parse typographic quotes", span).with_fix(
        span,
        straight,
        "retype the quotes as straight ones",
    )
}
