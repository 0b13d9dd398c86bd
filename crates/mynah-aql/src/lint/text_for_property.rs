use mynah_syntax::{Diagnostic, Rule, Severity, Span};

pub(crate) const RULE: Rule = Rule {
    code: "aql/text-for-property",
    severity: Severity::Warning,
    what: "A text in single quotes, where a property is wanted, is the name of a property",
    why: "single quotes make a text: the function gets the very same words for every event. A property whose name has spaces stands in double quotes",
    bad: "SELECT LOWER('Process Path') FROM events",
    good: "SELECT LOWER(\"Process Path\") FROM events",
    page: "https://www.ibm.com/docs/en/qsip/7.6.0?topic=structure-quotation-marks",
};

/// The text at `span` is the name of a property.
pub(crate) fn diagnostic(name: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(RULE.code, format!("this is the text `{name}`, not the property of that name"), span).with_fix(
        span,
        format!("\"{name}\""),
        "write the name of a property in double quotes",
    )
}
