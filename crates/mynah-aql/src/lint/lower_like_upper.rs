use crate::ast::{CompareOp, Expr, ExprKind, MatchOp, Query, walk_exprs};
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "aql/case-never-matches",
    severity: Severity::Warning,
    what: "The result of LOWER is compared with a text that has capitals (or UPPER's with small letters)",
    why: "LIKE and `=` tell case apart, so that this is never true (and its negation always)",
    bad: "SELECT sourceip FROM events WHERE LOWER(username) LIKE '%Admin%'",
    good: "SELECT sourceip FROM events WHERE LOWER(username) LIKE '%admin%'",
    page: "https://www.ibm.com/docs/SS42VS_latest/com.ibm.qradar.doc/r_aql_operators.html",
};

pub(super) fn check(_: &str, query: &Query, found: &mut Vec<Diagnostic>) {
    walk_exprs(query, &mut |expr| match &expr.kind {
        ExprKind::Match { value, op: MatchOp::Like, pattern, .. } => look(value, pattern, found),
        ExprKind::Compare(left, CompareOp::Equal | CompareOp::NotEqual, right) => look(left, right, found),
        _ => {}
    });
}

fn look(value: &Expr, pattern: &Expr, found: &mut Vec<Diagnostic>) {
    let (ExprKind::Call { name, .. }, ExprKind::Text(text)) = (&value.kind, &pattern.kind) else { return };
    let (folded, word) = if name.eq_ignore_ascii_case("LOWER") {
        (text.to_lowercase(), "small letters")
    } else if name.eq_ignore_ascii_case("UPPER") {
        (text.to_uppercase(), "capitals")
    } else {
        return;
    };
    if folded != *text {
        found.push(
            Diagnostic::warning(
                RULE.code,
                format!("{} gives {word} only, which this text never fits", name.to_uppercase()),
                pattern.span(),
            )
            .with_fix(
                pattern.span(),
                format!("'{}'", folded.replace('\'', "''")),
                format!("write the text in {word}"),
            ),
        );
    }
}
