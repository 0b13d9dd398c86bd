use super::{Lint, Operator, diagnostic};
use crate::ast::{ExprKind, quote};
use mynah_syntax::{Diagnostic, Rule, Severity};
use mynah_view::Kind;

pub(super) const RULE: Rule = Rule {
    code: "eql/number-against-text",
    severity: Severity::Warning,
    what: "a text field compared with a number, or a number with a text",
    why: "Elasticsearch converts the constant to the field's type, or ends the search where it cannot. Written as the field's type it says what is compared.",
    bad: r#"any where event.code == 4625"#,
    good: r#"any where event.code == "4625""#,
    page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-comparison-operators",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for test in lint.tests() {
        if matches!(test.operator, Operator::Regex) {
            continue;
        }
        let name = lint.resolve(test.field);
        let kind = name.column.field_type.kind;
        for constant in &test.constants {
            let span = constant.span();
            match (&constant.kind, kind) {
                // A name that is not known is of no known type.
                (ExprKind::Integer(_) | ExprKind::Float(_), Kind::Text) if name.known => {
                    let message = format!("`{}` is text, and this is a number", test.field.name);
                    let text = quote(&constant.to_string());
                    diagnostics.push(diagnostic(&RULE, message, span).with_fix(span, text, "write it as text"));
                }
                (ExprKind::Text(text), Kind::Integer | Kind::Float) if test.operator != Operator::Wildcard => {
                    let message = format!("`{}` is a number, and this is text", test.field.name);
                    let said = diagnostic(&RULE, message, span);
                    diagnostics.push(match text.trim().parse::<f64>() {
                        Ok(_) => said.with_fix(span, text.trim(), "write it as a number"),
                        Err(_) => said.with_help("no number is equal to it"),
                    });
                }
                _ => {}
            }
        }
    }
}
