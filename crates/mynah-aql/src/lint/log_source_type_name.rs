use mynah_syntax::{Diagnostic, Rule, Severity, Span};

pub(crate) const RULE: Rule = Rule {
    code: "aql/log-source-type-name",
    severity: Severity::Warning,
    what: "LOGSOURCETYPENAME is given `logsourceid`",
    why: "the function wants the id of a log source type (`devicetype`); QRadar takes the id of a log source for one, and so gives the name of an unrelated type or none. Here it gives the type of the event's log source, which is what is meant",
    bad: "SELECT LOGSOURCETYPENAME(logsourceid) FROM events",
    good: "SELECT LOGSOURCETYPENAME(devicetype) FROM events",
    page: "https://www.ibm.com/docs/en/SS42VS_7.5/com.ibm.qradar.doc/r_aql_data_functions.html",
};

/// `argument` should be `devicetype`.
pub(crate) fn diagnostic(argument: Span) -> Diagnostic {
    Diagnostic::warning(RULE.code, "LOGSOURCETYPENAME takes the id of a log source type, not of a log source", argument)
        .with_help("in QRadar the ids of log sources and of types have nothing to do with each other: this names the wrong type, or none")
        .with_fix(argument, "devicetype", "write `devicetype`")
}
