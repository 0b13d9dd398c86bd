use super::week_year::{has_letter, patterns};
use crate::ast::Query;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "aql/twelve-hour-clock",
    severity: Severity::Info,
    what: "A date pattern writes the hour as `hh` and not which half of the day it is",
    why: "`hh` runs from 01 to 12: three in the morning and three in the afternoon look the same",
    bad: "SELECT DATEFORMAT(starttime, 'yyyy-MM-dd hh:mm') FROM events",
    good: "SELECT DATEFORMAT(starttime, 'yyyy-MM-dd HH:mm') FROM events",
    page: "https://www.ibm.com/docs/en/qradar-on-cloud?topic=language-aql-date-time-formats",
};

pub(super) fn check(_: &str, query: &Query, found: &mut Vec<Diagnostic>) {
    for (pattern, span) in patterns(query) {
        if has_letter(&pattern, 'h') && !has_letter(&pattern, 'a') {
            let mended = pattern.replace('h', "H").replace('\'', "''");
            found.push(Diagnostic::info(RULE.code, "`hh` does not tell morning from afternoon", span).with_fix(
                span,
                format!("'{mended}'"),
                "write `HH` for 24 hours, or add `a` for AM and PM",
            ));
        }
    }
}
