use super::{Lint, Operator, diagnostic};
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
        diagnostics.push(diagnostic(&RULE, message, test.span).with_help(help));
    }
}
