use crate::ast::{ExprKind, Query, walk_exprs};
use mynah_syntax::{Diagnostic, Rule, Severity, Span};

pub(crate) const RULE: Rule = Rule {
    code: "aql/week-year",
    severity: Severity::Warning,
    what: "A date pattern writes the year as `Y`",
    why: "`YYYY` is the year that the week belongs to: in the last days of December it is often next year's. QRadar writes that year, and so it is written here",
    bad: "SELECT DATEFORMAT(starttime, 'YYYY-MM-dd') FROM events",
    good: "SELECT DATEFORMAT(starttime, 'yyyy-MM-dd') FROM events",
    page: "https://www.ibm.com/docs/en/qradar-on-cloud?topic=language-aql-date-time-formats",
};

pub(super) fn check(_: &str, query: &Query, found: &mut Vec<Diagnostic>) {
    for (pattern, span) in patterns(query) {
        // With the week of the year, the week's year is right.
        if has_letter(&pattern, 'Y') && !has_letter(&pattern, 'w') {
            let mended = pattern.replace('Y', "y").replace('\'', "''");
            found.push(
                Diagnostic::warning(
                    RULE.code,
                    "`Y` is the year of the week, which differs from the calendar's around New Year",
                    span,
                )
                .with_fix(span, format!("'{mended}'"), "write `yyyy` for the year of the calendar"),
            );
        }
    }
}

/// Whether a pattern has a letter outside its quoted texts.
pub(super) fn has_letter(pattern: &str, letter: char) -> bool {
    pattern.split('\'').step_by(2).any(|part| part.contains(letter))
}

/// The date patterns that a query writes as texts.
pub(super) fn patterns(query: &Query) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    walk_exprs(query, &mut |expr| {
        if let ExprKind::Call { name, arguments, .. } = &expr.kind {
            let pattern = if name.eq_ignore_ascii_case("DATEFORMAT") {
                arguments.get(1)
            } else if name.eq_ignore_ascii_case("PARSETIMESTAMP") {
                arguments.first()
            } else {
                None
            };
            if let Some(pattern) = pattern
                && let ExprKind::Text(text) = &pattern.kind
            {
                found.push((text.clone(), pattern.span()));
            }
        }
    });
    found
}
