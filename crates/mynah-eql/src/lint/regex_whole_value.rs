use super::{Lint, Operator, diagnostic};
use crate::ast::ExprKind;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "eql/regex-whole-value",
    severity: Severity::Info,
    what: "a regular expression that begins or ends with a blank or a word's boundary",
    why: "Lucene's regular expressions fit whole values, and hardly a value begins or ends so: most likely the expression \
          was to be found anywhere in the value, as in other languages.",
    bad: r#"process where process.command_line regex "\\s-k\\s""#,
    good: r#"process where process.command_line regex ".*\\s-k\\s.*""#,
    page: "https://www.elastic.co/docs/reference/query-languages/query-dsl/regexp-syntax#regexp-unsupported-operators",
};

const EDGES: [&str; 4] = [r"\s", r"\s+", r"\b", r"\W"];

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for test in lint.tests() {
        if test.operator != Operator::Regex {
            continue;
        }
        for pattern in &test.constants {
            let ExprKind::Text(text) = &pattern.kind else { continue };
            if EDGES.iter().any(|edge| text.starts_with(edge) || text.ends_with(edge)) {
                let message = "the expression must fit the whole value, and hardly a value has this at its end";
                let help = "write `.*` at both ends to find it anywhere in the value";
                diagnostics.push(diagnostic(&RULE, message, pattern.span()).with_help(help));
            }
        }
    }
}
