use super::{Lint, diagnostic};
use crate::ast::ExprKind;
use crate::names;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "eql/unknown-field",
    severity: Severity::Warning,
    what: "a field that no view has",
    why: "Elasticsearch refuses the search (`Unknown column`) if no index has the field. Here it has no value, so that the condition on it does not hold.",
    bad: r#"process where process.nmae == "cmd.exe""#,
    good: r#"process where process.name == "cmd.exe""#,
    page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-optional-fields",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for expression in lint.expressions() {
        let ExprKind::Field(field) = &expression.kind else { continue };
        let name = lint.resolve(field);
        if name.known || field.optional {
            continue;
        }
        let span = expression.span();
        let said = diagnostic(&RULE, format!("no view has a field `{}`", field.name), span);
        // Some views know what a wrong name is meant for.
        let meant = |known: &String| {
            let right = names::resolve(lint.view, known);
            !right.column.bindings.is_empty() && right.column.bindings == name.column.bindings
        };
        diagnostics.push(match name.suggestion {
            Some(known) if meant(&known) => said.with_fix(span, &known, format!("it is `{known}`, and read as that")),
            Some(known) => said.with_fix(span, &known, format!("did you mean `{known}`?")),
            None => said.with_help("if it is not in all of your data, mark it as optional: `?field`"),
        });
    }
}
