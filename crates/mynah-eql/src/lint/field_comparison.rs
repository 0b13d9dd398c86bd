use super::{Lint, diagnostic};
use crate::ast::{Expr, ExprKind};
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "eql/field-comparison",
    severity: Severity::Warning,
    what: "a comparison of two fields",
    why: "Elasticsearch refuses the search: a field can be compared with constants only. Here the values of the event are compared.",
    bad: r#"process where process.name == process.parent.name"#,
    good: r#"process where process.name == "cmd.exe" and process.parent.name == "cmd.exe""#,
    page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-compare-fields",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for expression in lint.expressions() {
        let ExprKind::Compare(left, _, right) = &expression.kind else { continue };
        if has_field(left) && has_field(right) {
            diagnostics.push(
                diagnostic(&RULE, "Elastic refuses to compare fields with each other", expression.span())
                    .with_help("where two fields have to agree over several events, `sequence by` joins them"),
            );
        }
    }
}

/// Whether a value depends on the event.
fn has_field(expression: &Expr) -> bool {
    let mut found = false;
    expression.visit(&mut |inner| found |= matches!(inner.kind, ExprKind::Field(_)));
    found
}
