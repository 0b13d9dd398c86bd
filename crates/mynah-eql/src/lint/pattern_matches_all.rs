use super::{Lint, Operator, diagnostic};
use crate::ast::ExprKind;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "eql/pattern-matches-all",
    severity: Severity::Info,
    what: "a pattern that every value fits",
    why: "`*` fits whatever the field holds, so the condition asks only whether the field is there, and hides the other patterns of its list.",
    bad: r#"process where process.name : "*""#,
    good: r#"process where process.name != null"#,
    page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-wildcards",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for test in lint.tests() {
        if test.operator != Operator::Wildcard {
            continue;
        }
        for pattern in &test.constants {
            let ExprKind::Text(text) = &pattern.kind else { continue };
            if !text.is_empty() && text.chars().all(|c| c == '*') {
                let message = format!("every value of `{}` fits this pattern", test.field.name);
                let help = format!("write `{} != null` to ask whether it is there", test.field.name);
                diagnostics.push(diagnostic(&RULE, message, pattern.span()).with_help(help));
            }
        }
    }
}
