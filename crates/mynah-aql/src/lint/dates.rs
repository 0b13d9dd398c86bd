//! Rules about the patterns of DATEFORMAT and PARSETIMESTAMP.
use super::{Linted, quoted};
use crate::ast::ExprKind;
use mynah_dialect::Lint;
use mynah_syntax::Diagnostic;

pub(super) static MINUTES_FOR_MONTHS: Lint<Linted> = Lint::warning(
    "aql/minutes-for-months",
    "A date pattern has `mm` between year and day",
    "`mm` is the minute and `MM` the month: the pattern writes the minutes where the month should stand",
    "SELECT DATEFORMAT(starttime, 'yyyy-mm-dd') FROM events",
    "SELECT DATEFORMAT(starttime, 'yyyy-MM-dd') FROM events",
    "https://www.ibm.com/docs/en/qradar-on-cloud?topic=language-aql-date-time-formats",
    minutes_for_months,
);

fn minutes_for_months(linted: &Linted, found: &mut Vec<Diagnostic>) {
    for separator in ["-", "/", ".", ""] {
        for (before, after) in [("yyyy", "dd"), ("dd", "yyyy")] {
            let date = |month: &str| [before, month, after].join(separator);
            let mended =
                |pattern: &str| pattern.contains(&date("mm")).then(|| pattern.replace(&date("mm"), &date("MM")));
            let said = ("`mm` is the minute, not the month", "write `MM` for the month");
            found.extend(mend(linted, &MINUTES_FOR_MONTHS, said, mended));
        }
    }
}

pub(super) static TWELVE_HOUR_CLOCK: Lint<Linted> = Lint::info(Lint::warning(
    "aql/twelve-hour-clock",
    "A date pattern writes the hour as `hh` and not which half of the day it is",
    "`hh` runs from 01 to 12: three in the morning and three in the afternoon look the same",
    "SELECT DATEFORMAT(starttime, 'yyyy-MM-dd hh:mm') FROM events",
    "SELECT DATEFORMAT(starttime, 'yyyy-MM-dd HH:mm') FROM events",
    "https://www.ibm.com/docs/en/qradar-on-cloud?topic=language-aql-date-time-formats",
    twelve_hour_clock,
));

fn twelve_hour_clock(linted: &Linted, found: &mut Vec<Diagnostic>) {
    let said = ("`hh` does not tell morning from afternoon", "write `HH` for 24 hours, or add `a` for AM and PM");
    found.extend(mend(linted, &TWELVE_HOUR_CLOCK, said, |pattern| {
        (has_letter(pattern, 'h') && !has_letter(pattern, 'a')).then(|| pattern.replace('h', "H"))
    }));
}

pub(super) static WEEK_YEAR: Lint<Linted> = Lint::warning(
    "aql/week-year",
    "A date pattern writes the year as `Y`",
    "`YYYY` is the year that the week belongs to: in the last days of December it is often next year's. QRadar writes that year, and so it is written here",
    "SELECT DATEFORMAT(starttime, 'YYYY-MM-dd') FROM events",
    "SELECT DATEFORMAT(starttime, 'yyyy-MM-dd') FROM events",
    "https://www.ibm.com/docs/en/qradar-on-cloud?topic=language-aql-date-time-formats",
    week_year,
);

fn week_year(linted: &Linted, found: &mut Vec<Diagnostic>) {
    let message = "`Y` is the year of the week, which differs from the calendar's around New Year";
    found.extend(mend(linted, &WEEK_YEAR, (message, "write `yyyy` for the year of the calendar"), |pattern| {
        // With the week of the year, the week's year is right.
        (has_letter(pattern, 'Y') && !has_letter(pattern, 'w')).then(|| pattern.replace('Y', "y"))
    }));
}

/// Whether a pattern has a letter outside its quoted texts.
fn has_letter(pattern: &str, letter: char) -> bool {
    pattern.split('\'').step_by(2).any(|part| part.contains(letter))
}

/// What a rule says, message and help, of the date patterns that a query writes as texts and that `mended` mends.
fn mend(
    linted: &Linted,
    lint: &Lint<Linted>,
    (message, help): (&str, &str),
    mended: impl Fn(&str) -> Option<String>,
) -> Vec<Diagnostic> {
    linted.each(|expr| {
        let ExprKind::Call { name, arguments, .. } = &expr.kind else { return None };
        let pattern = match name.to_uppercase().as_str() {
            "DATEFORMAT" => arguments.get(1)?,
            "PARSETIMESTAMP" => arguments.first()?,
            _ => return None,
        };
        let ExprKind::Text(text) = &pattern.kind else { return None };
        let span = pattern.span();
        Some(lint.rule.diagnostic(message, span).with_fix(span, quoted(&mended(text)?), help))
    })
}
