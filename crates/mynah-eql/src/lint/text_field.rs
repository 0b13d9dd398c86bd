use super::{Lint, diagnostic};
use crate::ast::ExprKind;
use crate::names;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "eql/text-field",
    severity: Severity::Warning,
    what: "a field that is indexed as analysed text (`.text`)",
    why: "Elasticsearch refuses the search: EQL knows no text fields. The keyword field beside it holds the same value.",
    bad: r#"process where process.name.text : "cmd.exe""#,
    good: r#"process where process.name : "cmd.exe""#,
    page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-text-fields",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for expression in lint.expressions() {
        let ExprKind::Field(field) = &expression.kind else { continue };
        let Some(keyword) = field.name.strip_suffix(".text") else { continue };
        // Unless there is a field beside it, `text` is just what it is called.
        if !names::resolve(lint.view, keyword).known {
            continue;
        }
        let span = expression.span();
        let message = format!("Elastic refuses `{}`, which is analysed text", field.name);
        diagnostics.push(diagnostic(&RULE, message, span).with_fix(span, keyword, format!("write `{keyword}`")));
    }
}
