//! Saying why a query finds nothing.
use crate::terminal::{self, clean};
use mynah::why::{Condition, Failed, FieldValues, Nearest, Step, Why};
use mynah::{Engine, Error, Query, QueryFile};
use std::fmt::Write;
use std::time::{Duration, Instant};

/// How many characters of a condition or a value are shown.
const LONGEST: usize = 80;

/// How long queries that find nothing may be looked at unasked: one of them, and all together.
const ONE: Duration = Duration::from_secs(3);
const ALL: Duration = Duration::from_secs(10);

/// What is left of the time for looking at queries that find nothing.
pub(crate) struct Patience(Duration);

impl Default for Patience {
    fn default() -> Self {
        Patience(ALL)
    }
}

/// What a query gave that may call for an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gave {
    /// No rows.
    Nothing,
    /// One row, of zeros and missing values only: an aggregate without groups over no events looks so, and others do.
    Zeros,
}

impl Patience {
    /// Says in one line why the query finds nothing, as far as there is time. That this cannot be told is no failure of the
    /// query's. Zeros are explained only where nothing came to what counted.
    pub fn hint(&mut self, engine: &Engine, query: &Query<'_>, file: &QueryFile, several: bool, gave: Gave) {
        if self.0.is_zero() {
            return;
        }
        let start = Instant::now();
        let line = if has_no_events(engine) {
            Some("the data holds no events".to_owned())
        } else {
            match query.why(self.0.min(ONE)) {
                Ok(why) => explanation(&why, &file.text, gave).map(|line| format!("{line} (--why shows more)")),
                Err(_) if gave == Gave::Zeros => None,
                Err(error) => Some(format!("why cannot be told: {error}")),
            }
        };
        self.0 = self.0.saturating_sub(start.elapsed());
        let name = if several { format!("{}: ", clean(&file.name, LONGEST, false)) } else { String::new() };
        if let Some(line) = line {
            let what = if gave == Gave::Zeros { "nothing counted" } else { "nothing found" };
            terminal::say(format_args!("{name}{what}: {line}"));
        }
        if several && self.0.is_zero() {
            terminal::say(format_args!("note: --why tells it of the other queries that find nothing"));
        }
    }
}

/// Whether the data is known to hold no event: none was read, though files were, or there is nothing in them to read.
fn has_no_events(engine: &Engine) -> bool {
    let read = engine.progress();
    let is_empty = || engine.files().iter().all(|file| file.size == 0);
    read.events() == 0 && (read.bytes() > 0 || is_empty())
}

/// Why the query finds nothing, in a line; nothing where zeros are no sign of that.
fn explanation(why: &Why, text: &str, gave: Gave) -> Option<String> {
    match (line(why, text, gave), gave, why.is_partial) {
        (Some(line), ..) => Some(line),
        (None, Gave::Zeros, _) => None,
        (None, Gave::Nothing, true) => Some("to tell why takes longer".to_owned()),
        (None, Gave::Nothing, false) => {
            Some("events fulfil every condition, but nothing comes out behind them".to_owned())
        }
    }
}

/// Shows every condition of the query, however long that takes.
pub(crate) fn report(query: &Query<'_>, file: &QueryFile) -> Result<(), Error> {
    const LONG: Duration = Duration::from_secs(24 * 60 * 60);
    terminal::say(write(&query.why(LONG)?, &file.name, &file.text).trim_end());
    Ok(())
}

/// The step that nothing came out of, if there is one.
fn stopped_at(why: &Why, gave: Gave) -> Option<&Step> {
    // What an aggregate without groups makes of nothing is one row, which filters behind it look at.
    let is_behind = |step: &&Step| gave == Gave::Zeros && step.passed > 0 && step.rows <= 1;
    why.steps.iter().rev().find(|step| !is_behind(step)).filter(|step| step.passed == 0)
}

/// One line on why nothing is found; nothing where something is.
fn line(why: &Why, text: &str, gave: Gave) -> Option<String> {
    let step = stopped_at(why, gave)?;
    let rows = rows(why, step);
    let Some(nearest) = &step.nearest else {
        return Some(match step.operator.as_str() {
            "filter" => format!("no {} to look at", rows.plural),
            other => format!("nothing comes out of the {other}, though rows come to it"),
        });
    };
    if let Some(line) = absent_log_source(step, nearest, &rows) {
        return Some(line);
    }
    let mut line = String::new();
    let condition = |failed: &Failed| step.conditions.get(failed.condition);
    let failed: Vec<String> = nearest.failed.iter().filter_map(condition).map(|c| shown(c, text)).collect();
    let count = step.conditions.len();
    let _ = match (count, nearest.fulfilled) {
        (1, _) => write!(line, "none of {} fulfils {}", rows.counted, failed.join(", ")),
        (_, 0) => write!(line, "none of {} fulfils any of {count} conditions", rows.counted),
        (_, fulfilled) => {
            let nearest = match nearest.rows {
                1 => "the nearest one fulfils".to_owned(),
                several => format!("the nearest {} fulfil", number(several)),
            };
            let failed = failed.join(" nor ");
            write!(line, "of {}, {nearest} {fulfilled} of {count} conditions, not {failed}", rows.counted)
        }
    };
    if let [failed] = nearest.failed.as_slice()
        && let Some(condition) = condition(failed)
    {
        for field in &failed.fields {
            let _ = write!(line, "; {}", values(field));
        }
        if let Some(meant) = meant(condition, failed) {
            let _ = write!(line, "; did you mean `{}`?", clean(meant, LONGEST, false));
        }
    }
    Some(line)
}

/// What is said where no event is of the log source that a rule is for; nothing where some are, or the rule is for all.
fn absent_log_source(step: &Step, nearest: &Nearest, rows: &RowsOf) -> Option<String> {
    let absent = |failed: &&Failed| {
        let condition = step.conditions.get(failed.condition).filter(|condition| condition.holds == 0);
        condition.and_then(log_source).is_some()
    };
    let failed: Vec<&Failed> = nearest.failed.iter().filter(absent).collect();
    let wanted: Vec<LogSource<'_>> =
        failed.iter().filter_map(|failed| log_source(step.conditions.get(failed.condition)?)).collect();
    if wanted.is_empty() {
        return None;
    }
    let one = |wanted: &LogSource<'_>| match wanted {
        LogSource::Attribute(attribute, value) => Some(format!("{attribute}: {value}")),
        LogSource::Several => None,
    };
    let mut line = match wanted.iter().map(one).collect::<Option<Vec<String>>>() {
        Some(wanted) => {
            let wanted = clean(&wanted.join(", "), LONGEST, false);
            format!("none of {} is of the log source `{wanted}`", rows.counted)
        }
        None => format!("none of {} is of any log source that the rules are for", rows.counted),
    };
    for field in failed.iter().flat_map(|failed| &failed.fields) {
        let _ = write!(line, "; {}", values(field));
    }
    Some(line)
}

/// What a condition asks of an event's log source.
enum LogSource<'c> {
    /// A value of one attribute.
    Attribute(&'c str, &'c str),
    /// To be that of any of several rules.
    Several,
}

/// What a condition asks of an event's log source. A rule has such conditions from its header and not from its text.
fn log_source(condition: &Condition) -> Option<LogSource<'_>> {
    let (_, behind) = condition.shown.split_once("logsource.").filter(|_| condition.span.is_none())?;
    if behind.contains("logsource.") {
        return Some(LogSource::Several);
    }
    let attribute = behind.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    Some(LogSource::Attribute(attribute, condition.literals.first()?))
}

/// The conditions of every filter with how many events fulfil each.
fn write(why: &Why, name: &str, text: &str) -> String {
    let mut out = format!("why: {}\n", clean(name, LONGEST, false));
    if why.steps.is_empty() {
        out += "  the query has no condition\n";
    }
    for step in &why.steps {
        let rows = rows(why, step);
        if step.operator != "filter" {
            let _ = writeln!(out, "  nothing comes out of the {}", step.operator);
            continue;
        }
        let _ = writeln!(out, "  {}, of which {} fulfil all of:", rows.counted, number(step.passed));
        for (index, condition) in step.conditions.iter().enumerate() {
            write_condition(&mut out, condition, text, 0);
            let nearest = step.nearest.iter().flat_map(|nearest| &nearest.failed);
            for failed in nearest.filter(|failed| failed.condition == index) {
                for field in &failed.fields {
                    let _ = writeln!(out, "{:14}in the nearest {}, {}", "", rows.plural, values(field));
                }
                if let Some(meant) = meant(condition, failed) {
                    let _ = writeln!(out, "{:14}did you mean `{}`?", "", clean(meant, LONGEST, false));
                }
            }
        }
    }
    if why.is_partial {
        out += "  reading took too long: the numbers are of the first events only\n";
    }
    out
}

fn write_condition(out: &mut String, condition: &Condition, text: &str, depth: usize) {
    let shown = match &condition.parts {
        Some(parts) if parts.any => "any of:".to_owned(),
        Some(_) => "all of:".to_owned(),
        None => shown(condition, text),
    };
    let _ = writeln!(out, "{:>12}  {:indent$}{shown}", number(condition.holds), "", indent = depth * 2);
    let parts = condition.parts.iter().flat_map(|parts| &parts.conditions);
    parts.for_each(|part| write_condition(out, part, text, depth + 1));
}

/// What comes to a step, in words.
struct RowsOf {
    counted: String,
    plural: &'static str,
}

fn rows(why: &Why, step: &Step) -> RowsOf {
    // Only what comes to the first filter are events for sure: a later one may look at groups.
    let first = why.steps.first().is_some_and(|first| std::ptr::eq(first, step));
    let (one, plural) = if first { ("event", "events") } else { ("row", "rows") };
    let from = if why.is_partial { "the first " } else { "" };
    RowsOf { counted: format!("{from}{} {}", number(step.rows), if step.rows == 1 { one } else { plural }), plural }
}

/// The condition as it stands in the query, or else in the plan.
fn shown(condition: &Condition, text: &str) -> String {
    match log_source(condition) {
        Some(LogSource::Attribute(attribute, value)) => {
            return format!("`logsource.{attribute}: {}`", clean(value, LONGEST, false));
        }
        Some(LogSource::Several) => return "the log source of any of the rules".to_owned(),
        None => {}
    }
    let written = condition.span.map(|span| span.of(text)).filter(|written| !written.trim().is_empty());
    let words: Vec<&str> = written.unwrap_or(&condition.shown).split_whitespace().collect();
    let not = if written.is_some() && condition.negated { "not " } else { "" };
    format!("{not}`{}`", clean(&words.join(" "), LONGEST, false))
}

fn values(field: &FieldValues) -> String {
    let value = |(value, rows): &(Option<String>, u64)| {
        value.as_ref().map(|value| format!("`{}` ({})", clean(value, LONGEST, false), number(*rows)))
    };
    let mut values: Vec<String> = field.values.iter().filter_map(value).collect();
    if field.others > 0 {
        values.push(format!("{} others", number(field.others)));
    }
    let without = field.values.iter().find(|(value, _)| value.is_none());
    let is = (!values.is_empty()).then(|| format!("is {}", values.join(", ")));
    let has_none = without.map(|(_, rows)| format!("has no value ({})", number(*rows)));
    let parts: Vec<String> = is.into_iter().chain(has_none).collect();
    let name = field.field.as_deref().map_or("the value".into(), |field| clean(field, LONGEST, false));
    format!("{name} {}", parts.join(", or "))
}

/// The value in the nearest events that is most like what a condition looks for.
fn meant<'w>(condition: &Condition, failed: &'w Failed) -> Option<&'w str> {
    let values = || failed.fields.iter().flat_map(|field| &field.values).filter_map(|(value, _)| value.as_deref());
    condition.literals.iter().find_map(|literal| mynah::nearest(literal, values()).filter(|near| near != literal))
}

/// A number with its thousands set apart.
fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
