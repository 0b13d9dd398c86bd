use super::{Lint, Operator, Test, diagnostic};
use crate::ast::{Comparison, ExprKind};
use mynah_syntax::{Diagnostic, Rule, Severity};
use mynah_view::Kind;

pub(super) const RULE: Rule = Rule {
    code: "eql/wildcard-in-equality",
    severity: Severity::Warning,
    what: "a `*` in a text that is compared by `==`, `!=` or `in`",
    why: "These operators compare with the text as it is: a `*` matches a `*` only. `:` and `like` know wildcards.",
    bad: r#"process where process.name == "power*.exe""#,
    good: r#"process where process.name like "power*.exe""#,
    page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-wildcards",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for test in lint.tests() {
        if !test.operator.is_equality() || lint.kind(test.field) != Kind::Text {
            continue;
        }
        for constant in &test.constants {
            let ExprKind::Text(text) = &constant.kind else { continue };
            // A lone `*` is a name of its own: a user, a resource, a cron field.
            if text.len() < 2 || !text.contains('*') {
                continue;
            }
            let operator = match test.operator {
                Operator::Compare(operator) => operator.text(),
                _ => "in",
            };
            let message = format!("`*` stands for itself behind `{operator}`");
            let said = diagnostic(&RULE, message, constant.span());
            let help = "write `like`, or `:` to leave case aside";
            diagnostics.push(match with_like(&test) {
                Some(replacement) => said.with_fix(test.span, replacement, help),
                None => said.with_help(help),
            });
        }
    }
}

/// The comparison with `like`, if it is one with a single text.
fn with_like(test: &Test<'_>) -> Option<String> {
    let [constant] = test.constants.as_slice() else { return None };
    match test.operator {
        Operator::Compare(Comparison::Equal) => Some(format!("{} like {constant}", test.field)),
        Operator::Compare(Comparison::NotEqual) => Some(format!("not {} like {constant}", test.field)),
        _ => None,
    }
}
