use crate::ast::{ExprKind, MatchOp, Query, walk_exprs};
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "aql/redundant-lower",
    severity: Severity::Info,
    what: "LOWER or UPPER under ILIKE or IMATCHES",
    why: "these operators leave case aside by themselves; the function only costs time",
    bad: "SELECT sourceip FROM events WHERE LOWER(username) ILIKE '%admin%'",
    good: "SELECT sourceip FROM events WHERE username ILIKE '%admin%'",
    page: "https://www.ibm.com/docs/en/qsip/7.6.0?topic=language-aql-logical-comparison-operators",
};

pub(super) fn check(text: &str, query: &Query, found: &mut Vec<Diagnostic>) {
    walk_exprs(query, &mut |expr| {
        if let ExprKind::Match { value, op: op @ (MatchOp::Ilike | MatchOp::Imatches), .. } = &expr.kind
            && let ExprKind::Call { name, arguments, .. } = &value.kind
            && (name.eq_ignore_ascii_case("LOWER") || name.eq_ignore_ascii_case("UPPER"))
            && let [argument] = arguments.as_slice()
        {
            found.push(
                Diagnostic::info(
                    RULE.code,
                    format!("{} leaves case aside: {} adds nothing", op.word(), name.to_uppercase()),
                    value.span(),
                )
                .with_fix(value.span(), argument.span().of(text), "leave the function out"),
            );
        }
    });
}
