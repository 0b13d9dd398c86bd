use super::{Lint, Operator, diagnostic};
use crate::ast::ExprKind;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "eql/regex-anchor",
    severity: Severity::Warning,
    what: "an anchor or a `(?…)` group in a regular expression",
    why: "Lucene's regular expressions always fit whole values and know neither anchors nor `(?…)`: these characters stand for themselves, and hardly a value has them there.",
    bad: r#"process where process.name regex "^cmd.*""#,
    good: r#"process where process.name regex "cmd.*""#,
    page: "https://www.elastic.co/docs/reference/query-languages/query-dsl/regexp-syntax#regexp-unsupported-operators",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for test in lint.tests() {
        if test.operator != Operator::Regex {
            continue;
        }
        for pattern in &test.constants {
            let ExprKind::Text(text) = &pattern.kind else { continue };
            let message = if text.starts_with('^') {
                "`^` stands for itself in Elastic's regular expressions"
            } else if text.ends_with('$') && !text.ends_with("\\$") {
                "`$` stands for itself in Elastic's regular expressions"
            } else if text.contains("(?") && !text.contains("\\(?") {
                "`(?` opens no special group in Elastic's regular expressions: the `?` stands for itself"
            } else {
                continue;
            };
            let help = "the expression must fit the whole value; `.*` at an end leaves that end open, `regex~` leaves case aside";
            diagnostics.push(diagnostic(&RULE, message, pattern.span()).with_help(help));
        }
    }
}
