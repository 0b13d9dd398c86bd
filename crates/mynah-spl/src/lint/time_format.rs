use crate::expression::{Expression, ExpressionKind};
use mynah_syntax::{Diagnostic, Rule, Severity};

/// The rule, for people.
pub(crate) const RULE: Rule = Rule {
    code: "spl/time-format",
    severity: Severity::Warning,
    what: "a format of strftime or strptime in another language's letters: `YYYY-MM-DD`",
    why: "Splunk's formats are those of C, `%Y-%m-%d`; letters without a percent sign stand for themselves",
    bad: "index=main | eval day=strftime(_time, \"yyyy-MM-dd\")",
    good: "index=main | eval day=strftime(_time, \"%Y-%m-%d\")",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/time-format-variables-and-modifiers/date-and-time-format-variables",
};

pub(super) fn check(expression: &Expression) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    expression.walk(&mut |part| {
        let ExpressionKind::Call { name, arguments } = &part.kind else { return };
        if !["strftime", "strptime"].contains(&name.node.to_lowercase().as_str()) {
            return;
        }
        if let Some(Expression { kind: ExpressionKind::Text(format), span }) = arguments.get(1)
            && (format.contains("yyyy") || format.contains("YYYY") || (!format.contains('%') && format.contains("HH")))
        {
            found.push(
                Diagnostic::warning(RULE.code, "these letters stand for themselves in a time format", *span)
                    .with_help("Splunk writes `%Y-%m-%d %H:%M:%S`"),
            );
        }
    });
    found
}
