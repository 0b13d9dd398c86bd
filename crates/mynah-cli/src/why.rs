//! Saying why a query finds nothing.
use crate::terminal::{self, clean};
use mynah::why::{Condition, Failed, FieldValues, Step, Why};
use mynah::{Error, Query, QueryFile};
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

impl Patience {
    /// Says in one line why the query finds nothing, as far as there is time. That this cannot be told is no failure of the
    /// query's.
    pub fn hint(&mut self, query: &Query<'_>, file: &QueryFile, several: bool) {
        if self.0.is_zero() {
            return;
        }
        let start = Instant::now();
        let line = match query.why(self.0.min(ONE)) {
            Ok(why) => {
                let line = line(&why, &file.text).unwrap_or_else(|| match why.is_partial {
                    true => "nothing found: to tell why takes longer".to_owned(),
                    false => {
                        "nothing found: events fulfil every condition, but nothing comes out behind them".to_owned()
                    }
                });
                format!("{line} (--why shows more)")
            }
            Err(error) => format!("nothing found: why cannot be told: {error}"),
        };
        self.0 = self.0.saturating_sub(start.elapsed());
        let name = if several { format!("{}: ", clean(&file.name, LONGEST, false)) } else { String::new() };
        terminal::say(format_args!("{name}{line}"));
        if several && self.0.is_zero() {
            terminal::say(format_args!("note: --why tells it of the other queries that find nothing"));
        }
    }
}

/// Shows every condition of the query, however long that takes.
pub(crate) fn report(query: &Query<'_>, file: &QueryFile) -> Result<(), Error> {
    const LONG: Duration = Duration::from_secs(24 * 60 * 60);
    terminal::say(write(&query.why(LONG)?, &file.name, &file.text).trim_end());
    Ok(())
}

/// One line on why nothing is found; nothing where something is.
fn line(why: &Why, text: &str) -> Option<String> {
    let step = why.steps.last().filter(|step| step.passed == 0)?;
    let rows = rows(why, step);
    let mut line = "nothing found: ".to_owned();
    let Some(nearest) = &step.nearest else {
        line += &match step.operator.as_str() {
            "filter" => format!("no {} to look at", rows.plural),
            other => format!("nothing comes out of the {other}, though rows come to it"),
        };
        return Some(line);
    };
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
