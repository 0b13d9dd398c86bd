use crate::ast::{Query, walk_selects};
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "aql/select-distinct",
    severity: Severity::Warning,
    what: "SELECT DISTINCT",
    why: "AQL has no SELECT DISTINCT: QRadar looks for a property of that name and says that there is none. Here equal rows are given once",
    bad: "SELECT DISTINCT username FROM events",
    good: "SELECT username FROM events GROUP BY username",
    page: "https://www.ibm.com/docs/en/SS42VS_7.5/com.ibm.qradar.doc/c_aql_introduction.html",
};

pub(super) fn check(_: &str, query: &Query, found: &mut Vec<Diagnostic>) {
    walk_selects(query, &mut |select| {
        if let Some(at) = select.distinct {
            found.push(
                Diagnostic::warning(RULE.code, "QRadar takes DISTINCT for the name of a property", at.0)
                    .with_help("group by the selected properties instead"),
            );
        }
    });
}
