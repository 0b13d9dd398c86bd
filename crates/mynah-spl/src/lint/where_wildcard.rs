use crate::expression::{BinaryOperator, Expression, ExpressionKind};
use mynah_syntax::{Diagnostic, Rule, Severity};

/// The rule, for people.
pub(crate) const RULE: Rule = Rule {
    code: "spl/where-wildcard",
    severity: Severity::Warning,
    what: "`*` in a text that where or eval compares with",
    why: "only the search command has wildcards; `=` of where and eval compares the asterisk itself",
    bad: "index=main | where user=\"adm*\"",
    good: "index=main | where like(user, \"adm%\")",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/where",
};

pub(super) fn check(expression: &Expression) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    expression.walk(&mut |part| {
        let ExpressionKind::Binary { operator, left, right } = &part.kind else { return };
        if !matches!(operator.node, BinaryOperator::Equal | BinaryOperator::NotEqual) {
            return;
        }
        for side in [left, right] {
            if let ExpressionKind::Text(text) = &side.kind
                && text.contains('*')
            {
                found.push(
                    Diagnostic::warning(RULE.code, "`*` is no wildcard here", side.span)
                        .with_help("use `like(field, \"a%\")` or `match(field, \"^a\")`, or the search command"),
                );
            }
        }
    });
    found
}
