use super::week_year::patterns;
use crate::ast::Query;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "aql/minutes-for-months",
    severity: Severity::Warning,
    what: "A date pattern has `mm` between year and day",
    why: "`mm` is the minute and `MM` the month: the pattern writes the minutes where the month should stand",
    bad: "SELECT DATEFORMAT(starttime, 'yyyy-mm-dd') FROM events",
    good: "SELECT DATEFORMAT(starttime, 'yyyy-MM-dd') FROM events",
    page: "https://www.ibm.com/docs/en/qradar-on-cloud?topic=language-aql-date-time-formats",
};

pub(super) fn check(_: &str, query: &Query, found: &mut Vec<Diagnostic>) {
    for (pattern, span) in patterns(query) {
        for separator in ["-", "/", ".", ""] {
            for (wrong, right) in [
                (format!("yyyy{separator}mm{separator}dd"), format!("yyyy{separator}MM{separator}dd")),
                (format!("dd{separator}mm{separator}yyyy"), format!("dd{separator}MM{separator}yyyy")),
            ] {
                if pattern.contains(&wrong) {
                    let mended = pattern.replace(&wrong, &right).replace('\'', "''");
                    found.push(Diagnostic::warning(RULE.code, "`mm` is the minute, not the month", span).with_fix(
                        span,
                        format!("'{mended}'"),
                        "write `MM` for the month",
                    ));
                }
            }
        }
    }
}
