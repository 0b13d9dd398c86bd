use crate::ast::{ExprKind, MatchOp, Query, walk_exprs};
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "aql/like-without-wildcard",
    severity: Severity::Info,
    what: "LIKE or ILIKE with a pattern without `%` and `_`",
    why: "such a pattern fits only a value that is equal to it as a whole; often a part of the value was meant",
    bad: "SELECT sourceip FROM events WHERE username ILIKE 'admin'",
    good: "SELECT sourceip FROM events WHERE username ILIKE '%admin%'",
    page: "https://www.ibm.com/docs/SS42VS_latest/com.ibm.qradar.doc/r_aql_operators.html",
};

pub(super) fn check(_: &str, query: &Query, found: &mut Vec<Diagnostic>) {
    walk_exprs(query, &mut |expr| {
        if let ExprKind::Match { op: op @ (MatchOp::Like | MatchOp::Ilike), pattern, .. } = &expr.kind
            && let ExprKind::Text(text) = &pattern.kind
            && !text.contains(['%', '_'])
        {
            found.push(
                Diagnostic::info(
                    RULE.code,
                    format!("without `%`, {} fits whole values only", op.word()),
                    pattern.span(),
                )
                .with_help("write `%` where anything may stand before or after the text"),
            );
        }
    });
}
