use crate::ast::Clause;
use mynah_syntax::{Diagnostic, Rule, Severity, Span};

pub(crate) const RULE: Rule = Rule {
    code: "aql/clause-order",
    severity: Severity::Warning,
    what: "A clause stands after one that QRadar wants behind it",
    why: "QRadar takes the clauses in one order only: WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, then LAST or START and STOP; another order is a parse error there. Here they mean what they say in any order",
    bad: "SELECT sourceip FROM events LAST 1 HOURS LIMIT 10",
    good: "SELECT sourceip FROM events LIMIT 10 LAST 1 HOURS",
    page: "https://www.ibm.com/docs/en/qsip/7.6.0?topic=structure-sample-aql-queries",
};

/// `clause`, at `span`, stands after `before`.
pub(crate) fn diagnostic(span: Span, clause: Clause, before: Clause) -> Diagnostic {
    let message = format!("QRadar refuses {} after {}", clause.words(), before.words());
    Diagnostic::warning(RULE.code, message, span)
        .with_help("the order is WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, then LAST or START and STOP")
}
