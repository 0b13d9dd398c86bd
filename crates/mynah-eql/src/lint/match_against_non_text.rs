use super::{Lint, Operator, Test, diagnostic};
use crate::ast::ExprKind;
use mynah_syntax::{Diagnostic, Rule, Severity};
use mynah_view::Kind;

pub(super) const RULE: Rule = Rule {
    code: "eql/match-against-non-text",
    severity: Severity::Warning,
    what: "`:`, `like` or `regex` on a field that is no text",
    why: "Elasticsearch refuses the search: these operators compare strings only.",
    bad: r#"process where process.pid : "4""#,
    good: r#"process where process.pid == 4"#,
    page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-comparison-operators",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for test in lint.tests() {
        if !matches!(test.operator, Operator::Wildcard | Operator::Regex) {
            continue;
        }
        let kind = match lint.kind(test.field) {
            // Of a boolean another rule speaks, if it is compared with a text.
            Kind::Text | Kind::Boolean => continue,
            Kind::Ip => "an IP address",
            Kind::Integer | Kind::Float | Kind::Seconds => "a number",
            Kind::Milliseconds => "a date",
        };
        let message = format!("Elastic refuses this: `{}` is {kind}, and the operator is for text", test.field.name);
        let help = match kind {
            "an IP address" => "write `==`, or `cidrMatch(…)` for a network; it is compared as it is written",
            _ => "write `==` or `in`; it is compared as it is written",
        };
        let said = diagnostic(&RULE, message, test.span);
        diagnostics.push(match with_equality(&test, kind) {
            Some(replacement) => said.with_fix(test.span, replacement, help),
            None => said.with_help(help),
        });
    }
}

/// The comparison with `==`, if it is one with a single value and no wildcards.
fn with_equality(test: &Test<'_>, kind: &str) -> Option<String> {
    let [constant] = test.constants.as_slice() else { return None };
    let ExprKind::Text(text) = &constant.kind else { return None };
    let plain = test.operator == Operator::Wildcard && !text.contains(['*', '?']);
    match kind {
        "a number" if plain && text.parse::<f64>().is_ok() => Some(format!("{} == {text}", test.field)),
        "an IP address" if plain => Some(format!("{} == {constant}", test.field)),
        _ => None,
    }
}
