use super::{Lint, diagnostic};
use crate::ast::{ExprKind, quote};
use crate::plan::truth;
use mynah_syntax::{Diagnostic, Rule, Severity};
use mynah_view::Kind;

pub(super) const RULE: Rule = Rule {
    code: "eql/boolean-against-text",
    severity: Severity::Warning,
    what: "a field that is true or false, compared with a text",
    why: "Elasticsearch refuses the search: a boolean field holds true or false, and no other text can be looked for in it. Yes and No are what the raw log has.",
    bad: r#"process where process.code_signature.trusted == "No""#,
    good: r#"process where process.code_signature.trusted == false"#,
    page: "https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/boolean",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for test in lint.tests() {
        if lint.kind(test.field) != Kind::Boolean {
            continue;
        }
        for constant in test.constants {
            let ExprKind::Text(text) = &constant.kind else { continue };
            let span = constant.span();
            let message = format!("Elastic refuses this: `{}` is true or false, not {}", test.field.name, quote(text));
            let said = diagnostic(&RULE, message, span);
            diagnostics.push(match truth(text) {
                Some(truth) => said.with_fix(span, truth.to_string(), format!("it is read as {truth}")),
                None => said.with_help("no value is equal to it"),
            });
        }
    }
}
