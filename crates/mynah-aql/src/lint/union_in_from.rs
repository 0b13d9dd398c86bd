use crate::ast::Query;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "aql/union-in-from",
    severity: Severity::Warning,
    what: "SELECTs are joined by UNION ALL",
    why: "AQL has no UNION, neither in FROM nor by itself: QRadar refuses the query. Here it gives the rows of all the SELECTs",
    bad: "SELECT username FROM (SELECT username FROM events WHERE qid = 1 UNION ALL SELECT username FROM events WHERE qid = 2) both",
    good: "SELECT username FROM (SELECT username FROM events WHERE qid = 1 OR qid = 2)",
    page: "https://www.ibm.com/docs/en/qsip/7.6.0?topic=language-aql-subquery",
};

pub(super) fn check(_: &str, query: &Query, found: &mut Vec<Diagnostic>) {
    check_query(query, found);
}

fn check_query(query: &Query, found: &mut Vec<Diagnostic>) {
    if let [_, second, ..] = query.selects.as_slice() {
        found.push(
            Diagnostic::warning(RULE.code, "QRadar knows no UNION", query.at.0)
                .with_label(second.keyword.0, "a second SELECT joins here")
                .with_help("run each SELECT by itself; or write one SELECT that joins their conditions with OR and tells the cases apart with CASE"),
        );
    }
    for select in &query.selects {
        if let crate::ast::Source::Query { query, .. } = &select.source {
            check_query(query, found);
        }
    }
}
