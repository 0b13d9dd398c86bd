use mynah_syntax::{Diagnostic, Rule, Severity, Span};

pub(crate) const RULE: Rule = Rule {
    code: "aql/unknown-property",
    severity: Severity::Warning,
    what: "A name that is no property of any log source",
    why: "QRadar refuses a query over a property that it does not have: `Field does not exist in catalog`. Custom properties differ from site to site, so here it is a property without a value unless the record has a member of that name",
    bad: "SELECT usernam FROM events",
    good: "SELECT username FROM events",
    page: "https://www.ibm.com/docs/en/SSKMKU/com.ibm.qradar.doc/c_aql_even_flow_fields_ref.html",
};

/// Nothing is known of `name`; `suggestion` is the known name most like it.
pub(crate) fn diagnostic(name: &str, span: Span, suggestion: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::warning(RULE.code, format!("no log source has a property `{name}`"), span);
    match suggestion {
        Some(known) => {
            let plain = known.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let written = if plain { known.to_owned() } else { format!("\"{known}\"") };
            diagnostic.with_fix(span, written, format!("did you mean `{known}`?"))
        }
        None => diagnostic.with_help("a custom property of your site can be added to a view: see docs/views.md"),
    }
}
