use crate::ast::{CompareOp, ExprKind, Query, walk_exprs};
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "aql/null-comparison",
    severity: Severity::Warning,
    what: "`= NULL` or `!= NULL`",
    why: "a comparison with NULL is neither true nor false, so that it selects nothing; IS NULL is meant, and so it is taken here",
    bad: "SELECT sourceip FROM events WHERE username != NULL",
    good: "SELECT sourceip FROM events WHERE username IS NOT NULL",
    page: "https://www.ibm.com/docs/SS42VS_latest/com.ibm.qradar.doc/r_aql_operators.html",
};

pub(super) fn check(text: &str, query: &Query, found: &mut Vec<Diagnostic>) {
    walk_exprs(query, &mut |expr| {
        if let ExprKind::Compare(left, op @ (CompareOp::Equal | CompareOp::NotEqual), right) = &expr.kind
            && (right.kind == ExprKind::Null || left.kind == ExprKind::Null)
        {
            let value = if right.kind == ExprKind::Null { left } else { right };
            let not = if *op == CompareOp::Equal { "" } else { "NOT " };
            found.push(
                Diagnostic::warning(RULE.code, format!("`{} NULL` is never true", op.symbol()), expr.span()).with_fix(
                    expr.span(),
                    format!("{} IS {not}NULL", value.span().of(text)),
                    format!("write IS {not}NULL"),
                ),
            );
        }
    });
}
