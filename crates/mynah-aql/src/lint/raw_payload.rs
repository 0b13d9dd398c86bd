use crate::ast::{Expr, ExprKind, InList, Query, walk_exprs};
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "aql/raw-payload",
    severity: Severity::Warning,
    what: "`payload` is compared without UTF8",
    why: "`payload` is bytes, and QRadar refuses to compare bytes with a text; UTF8(payload) is the text. Here it is taken as text",
    bad: "SELECT sourceip FROM events WHERE payload ILIKE '%denied%'",
    good: "SELECT sourceip FROM events WHERE UTF8(payload) ILIKE '%denied%'",
    page: "https://www.ibm.com/docs/en/qsip/7.6.0?topic=language-aql-data-calculation-formatting-functions",
};

pub(super) fn check(_: &str, query: &Query, found: &mut Vec<Diagnostic>) {
    let mut look = |operand: &Expr| {
        if let ExprKind::Column { name, .. } = &operand.kind
            && name.eq_ignore_ascii_case("payload")
        {
            found.push(
                Diagnostic::warning(
                    RULE.code,
                    "`payload` is bytes, which QRadar does not compare with a text",
                    operand.span(),
                )
                .with_fix(operand.span(), "UTF8(payload)", "write UTF8(payload)"),
            );
        }
    };
    walk_exprs(query, &mut |expr| match &expr.kind {
        ExprKind::Match { value, .. } => look(value),
        ExprKind::In { value, list: InList::Values(_), .. } => look(value),
        ExprKind::Compare(left, _, right) => {
            look(left);
            look(right);
        }
        _ => {}
    });
}
