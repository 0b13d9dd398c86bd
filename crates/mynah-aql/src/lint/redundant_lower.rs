use crate::ast::{ExprKind, MatchOp, Query, walk_exprs};
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "aql/redundant-lower",
    severity: Severity::Info,
    what: "LOWER or UPPER under ILIKE or IMATCHES",
    why: "these operators leave case aside by themselves; the function only costs time",
    bad: "SELECT sourceip FROM events WHERE LOWER(username) ILIKE '%admin%'",
    good: "SELECT sourceip FROM events WHERE username ILIKE '%admin%'",
    page: "https://www.ibm.com/docs/SS42VS_latest/com.ibm.qradar.doc/r_aql_operators.html",
};

pub(super) fn check(text: &str, query: &Query, found: &mut Vec<Diagnostic>) {
    let mut places = Vec::new();
    walk_exprs(query, &mut |expr| {
        if let ExprKind::Match { value, op: op @ (MatchOp::Ilike | MatchOp::Imatches), .. } = &expr.kind
            && let ExprKind::Call { name, arguments, .. } = &value.kind
            && (name.eq_ignore_ascii_case("LOWER") || name.eq_ignore_ascii_case("UPPER"))
            && let [argument] = arguments.as_slice()
        {
            let message = format!("{} leaves case aside: {} adds nothing", op.word(), name.to_uppercase());
            places.push((message, value.span(), argument.span()));
        }
    });
    // Rules repeat it by the dozen, and it does no harm: the first place speaks for all.
    places.sort_by_key(|(_, span, _)| span.start);
    let more = places.len().saturating_sub(1);
    if let Some((message, call, argument)) = places.into_iter().next() {
        let message = if more > 0 { format!("{message} (here and in {more} more places)") } else { message };
        found.push(Diagnostic::info(RULE.code, message, call).with_fix(
            call,
            argument.of(text),
            "leave the function out",
        ));
    }
}
