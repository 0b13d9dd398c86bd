use super::{Lint, diagnostic};
use crate::ast::ExprKind;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "eql/unused-case",
    severity: Severity::Info,
    what: "`like` or `==` on a field that is indexed in lower case",
    why: "A `.caseless` field is indexed, and searched, in lower case, so the operator's care for case comes to nothing.",
    bad: r#"process where process.executable.caseless like "*\\cmd.exe""#,
    good: r#"process where process.executable.caseless : "*\\cmd.exe""#,
    page: "https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/normalizer",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for expression in lint.expressions() {
        let ExprKind::Match(found) = &expression.kind else { continue };
        let ExprKind::Field(field) = &found.value.kind else { continue };
        if found.operator.is_folded() || !lint.resolve(field).caseless {
            continue;
        }
        let span = found.operator_place.0;
        let folded = if found.operator.is_regex() { "regex~" } else { "like~" };
        let message = format!("`{}` leaves case aside whatever the operator", field.name);
        diagnostics.push(diagnostic(&RULE, message, span).with_fix(
            span,
            folded,
            format!("write `{folded}`, which says so"),
        ));
    }
}
