//! Rules about the patterns of DATEFORMAT and PARSETIMESTAMP.
use super::Linted;
use crate::ast::ExprKind;
use mynah_dialect::Lint;
use mynah_syntax::{Diagnostic, Rule, Span};

pub(super) static MINUTES_FOR_MONTHS: Lint<Linted> = Lint {
    rule: Rule::warning(
        "aql/minutes-for-months",
        "A date pattern has `mm` between year and day",
        "`mm` is the minute and `MM` the month: the pattern writes the minutes where the month should stand",
        "SELECT DATEFORMAT(starttime, 'yyyy-mm-dd') FROM events",
        "SELECT DATEFORMAT(starttime, 'yyyy-MM-dd') FROM events",
        "https://www.ibm.com/docs/en/qradar-on-cloud?topic=language-aql-date-time-formats",
    ),
    check: minutes_for_months,
};

fn minutes_for_months(linted: &Linted, found: &mut Vec<Diagnostic>) {
    for (pattern, span) in patterns(linted) {
        for separator in ["-", "/", ".", ""] {
            for (wrong, right) in [
                (format!("yyyy{separator}mm{separator}dd"), format!("yyyy{separator}MM{separator}dd")),
                (format!("dd{separator}mm{separator}yyyy"), format!("dd{separator}MM{separator}yyyy")),
            ] {
                if pattern.contains(&wrong) {
                    let mended = pattern.replace(&wrong, &right).replace('\'', "''");
                    found.push(
                        Diagnostic::warning("aql/minutes-for-months", "`mm` is the minute, not the month", span)
                            .with_fix(span, format!("'{mended}'"), "write `MM` for the month"),
                    );
                }
            }
        }
    }
}

pub(super) static TWELVE_HOUR_CLOCK: Lint<Linted> = Lint {
    rule: Rule::warning(
        "aql/twelve-hour-clock",
        "A date pattern writes the hour as `hh` and not which half of the day it is",
        "`hh` runs from 01 to 12: three in the morning and three in the afternoon look the same",
        "SELECT DATEFORMAT(starttime, 'yyyy-MM-dd hh:mm') FROM events",
        "SELECT DATEFORMAT(starttime, 'yyyy-MM-dd HH:mm') FROM events",
        "https://www.ibm.com/docs/en/qradar-on-cloud?topic=language-aql-date-time-formats",
    )
    .info(),
    check: twelve_hour_clock,
};

fn twelve_hour_clock(linted: &Linted, found: &mut Vec<Diagnostic>) {
    for (pattern, span) in patterns(linted) {
        if has_letter(&pattern, 'h') && !has_letter(&pattern, 'a') {
            let mended = pattern.replace('h', "H").replace('\'', "''");
            found.push(
                Diagnostic::info("aql/twelve-hour-clock", "`hh` does not tell morning from afternoon", span).with_fix(
                    span,
                    format!("'{mended}'"),
                    "write `HH` for 24 hours, or add `a` for AM and PM",
                ),
            );
        }
    }
}

pub(super) static WEEK_YEAR: Lint<Linted> = Lint {
    rule: Rule::warning(
        "aql/week-year",
        "A date pattern writes the year as `Y`",
        "`YYYY` is the year that the week belongs to: in the last days of December it is often next year's. QRadar writes that year, and so it is written here",
        "SELECT DATEFORMAT(starttime, 'YYYY-MM-dd') FROM events",
        "SELECT DATEFORMAT(starttime, 'yyyy-MM-dd') FROM events",
        "https://www.ibm.com/docs/en/qradar-on-cloud?topic=language-aql-date-time-formats",
    ),
    check: week_year,
};

fn week_year(linted: &Linted, found: &mut Vec<Diagnostic>) {
    for (pattern, span) in patterns(linted) {
        // With the week of the year, the week's year is right.
        if has_letter(&pattern, 'Y') && !has_letter(&pattern, 'w') {
            let mended = pattern.replace('Y', "y").replace('\'', "''");
            found.push(
                Diagnostic::warning(
                    "aql/week-year",
                    "`Y` is the year of the week, which differs from the calendar's around New Year",
                    span,
                )
                .with_fix(span, format!("'{mended}'"), "write `yyyy` for the year of the calendar"),
            );
        }
    }
}

/// Whether a pattern has a letter outside its quoted texts.
fn has_letter(pattern: &str, letter: char) -> bool {
    pattern.split('\'').step_by(2).any(|part| part.contains(letter))
}

/// The date patterns that a query writes as texts.
fn patterns(linted: &Linted) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    linted.exprs(|expr| {
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
