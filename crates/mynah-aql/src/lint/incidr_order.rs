use mynah_syntax::{Diagnostic, Rule, Severity, Span};

pub(crate) const RULE: Rule = Rule {
    code: "aql/incidr-order",
    severity: Severity::Warning,
    what: "INCIDR is given the address first",
    why: "QRadar wants the network first and refuses anything else; here the two are taken the other way round",
    bad: "SELECT sourceip FROM events WHERE INCIDR(sourceip, '10.0.0.0/8')",
    good: "SELECT sourceip FROM events WHERE INCIDR('10.0.0.0/8', sourceip)",
    page: "https://www.ibm.com/docs/en/SS42VS_7.5/com.ibm.qradar.doc/r_aql_data_functions.html",
};

/// The call at `span` has its arguments, `address` and `network`, in this order.
pub(crate) fn diagnostic(span: Span, address: &str, network: &str) -> Diagnostic {
    Diagnostic::warning(RULE.code, "INCIDR takes the network first, then the address", span).with_fix(
        span,
        format!("INCIDR({network}, {address})"),
        "write the network first",
    )
}
