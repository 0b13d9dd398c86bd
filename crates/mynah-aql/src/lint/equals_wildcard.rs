use crate::ast::{CompareOp, ExprKind, Query, walk_exprs};
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "aql/equals-wildcard",
    severity: Severity::Warning,
    what: "`=` or `!=` compares with a text that begins or ends with `%`",
    why: "only LIKE and ILIKE know wildcards: `=` looks for the percent sign itself, which hardly any value has",
    bad: "SELECT sourceip FROM events WHERE username = '%admin%'",
    good: "SELECT sourceip FROM events WHERE username LIKE '%admin%'",
    page: "https://www.ibm.com/docs/SS42VS_latest/com.ibm.qradar.doc/r_aql_operators.html",
};

pub(super) fn check(text: &str, query: &Query, found: &mut Vec<Diagnostic>) {
    walk_exprs(query, &mut |expr| {
        if let ExprKind::Compare(left, op @ (CompareOp::Equal | CompareOp::NotEqual), right) = &expr.kind
            && let ExprKind::Text(pattern) = &right.kind
            && pattern.len() > 1
            && (pattern.starts_with('%') || pattern.ends_with('%'))
        {
            let word = if *op == CompareOp::Equal { "LIKE" } else { "NOT LIKE" };
            let rewrite = format!("{} {word} {}", left.span().of(text), right.span().of(text));
            found.push(
                Diagnostic::warning(
                    RULE.code,
                    format!("`{}` takes `%` as an ordinary character", op.symbol()),
                    expr.span(),
                )
                .with_fix(expr.span(), rewrite, format!("for a wildcard write {word}")),
            );
        }
    });
}
