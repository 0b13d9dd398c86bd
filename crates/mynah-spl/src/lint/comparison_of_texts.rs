use crate::expression::{BinaryOperator, Expression, ExpressionKind};
use mynah_syntax::{Diagnostic, Rule, Severity};

/// The rule, for people.
pub(crate) const RULE: Rule = Rule {
    code: "spl/quoted-field",
    severity: Severity::Warning,
    what: "where or eval compares two texts, of which one was meant as a field",
    why: "in where and eval double quotes make a text; a field's name that needs quotes takes single ones",
    bad: "index=main | where \"user.name\"=\"root\"",
    good: "index=main | where 'user.name'=\"root\"",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/eval",
};

pub(super) fn check(expression: &Expression) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    expression.walk(&mut |part| {
        let ExpressionKind::Binary { operator, left, right } = &part.kind else { return };
        if let (
            BinaryOperator::Equal | BinaryOperator::NotEqual,
            ExpressionKind::Text(name),
            ExpressionKind::Text(_) | ExpressionKind::Number(_),
        ) = (operator.node, &left.kind, &right.kind)
        {
            found.push(
                Diagnostic::warning(
                    RULE.code,
                    format!("\"{name}\" is a text here, not the field of that name"),
                    left.span,
                )
                .with_fix(left.span, format!("'{name}'"), "put a field's name in single quotes"),
            );
        }
    });
    found
}
