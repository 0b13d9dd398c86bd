//! Findings on a terminal: a timeline, a table, and what they come to.
use crate::summary::summary;
use crate::terminal::{self, short};
use mynah::{Finding, Timestamp};
use mynah_report::findings::loud;
use std::collections::BTreeSet;

/// The width of the timeline, in characters.
const WIDTH: usize = 60;
/// How many detections have a line of their own: those with the most events.
const LINES: usize = 20;
/// How many characters of a command line are shown.
const WIDEST: usize = 120;

/// The findings for people, with the events' own texts if they were asked for.
pub(crate) fn table(findings: &[Finding], events: bool) -> String {
    if findings.is_empty() {
        return "no findings\n".to_owned();
    }
    let mut out = timeline(findings);
    let mut table = terminal::table();
    table.set_header(["when", "level", "detection", "who", "what", "events"]);
    for finding in findings {
        let tactics: Vec<&str> = finding.tactics.iter().map(|tactic| tactic.name.as_str()).collect();
        let detection = [finding.title.clone(), finding.techniques.join(", "), tactics.join(", ")];
        let detection: Vec<String> =
            detection.iter().filter(|line| !line.is_empty()).map(|line| terminal::clean(line, WIDEST, false)).collect();
        let who: Vec<String> = [&finding.users, &finding.addresses, &finding.hosts]
            .into_iter()
            .filter(|who| !who.is_empty())
            .map(|who| few(who, 3))
            .collect();
        table.add_row([
            when(finding.first, finding.last),
            finding.level.name().to_owned(),
            detection.join("\n"),
            who.join("\n"),
            few(&finding.what, 3),
            finding.events.len().to_string(),
        ]);
    }
    out.push_str(&table.to_string());
    if events {
        out.push_str(&raw_events(findings));
    }
    out.push('\n');
    out.push_str(&summary(findings));
    out
}

/// The events of each finding, each with its place and its own text.
fn raw_events(findings: &[Finding]) -> String {
    let mut out = String::from("\n");
    for finding in findings {
        out.push_str(&format!("\n{}: {}\n", terminal::clean(&finding.detection, WIDEST, false), few(&finding.what, 1)));
        for event in &finding.events {
            let place = format!("{} record {}", event.file, event.record);
            let raw = event.raw.as_deref().unwrap_or_default();
            out.push_str(&format!("  {}\n", terminal::clean(&place, usize::MAX, false)));
            raw.lines().for_each(|line| out.push_str(&format!("    {}\n", terminal::clean(line, usize::MAX, false))));
        }
    }
    out
}

/// One line for each detection, with a mark for each interval of time in which it found events.
fn timeline(findings: &[Finding]) -> String {
    let times = || findings.iter().flat_map(|finding| finding.events.iter().filter_map(|event| event.time));
    let (Some(first), Some(last)) = (times().min(), times().max()) else { return String::new() };
    let span = (last.milliseconds() - first.milliseconds()).max(1);
    let detections = loud(findings, |finding| &finding.detection);
    let more = detections.len().saturating_sub(LINES);
    let names: BTreeSet<&str> = detections.iter().take(LINES).map(|one| one.finding.detection.as_str()).collect();
    let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for name in names {
        let mut counts = [0_usize; WIDTH];
        let events = findings.iter().filter(|finding| finding.detection == name).flat_map(|finding| &finding.events);
        for time in events.filter_map(|event| event.time) {
            let cell = (time.milliseconds() - first.milliseconds()).saturating_mul(WIDTH as i64 - 1) / span;
            if let Some(count) = usize::try_from(cell).ok().and_then(|cell| counts.get_mut(cell)) {
                *count += 1;
            }
        }
        let marks: String = counts
            .iter()
            .map(|count| match count {
                0 => '·',
                1 => '▂',
                2..=4 => '▄',
                5..=15 => '▆',
                _ => '█',
            })
            .collect();
        out.push_str(&format!("{:<widest$}  {marks}\n", terminal::clean(name, WIDEST, false)));
    }
    if more > 0 {
        out.push_str(&format!("and {}\n", terminal::count(more, "more detection")));
    }
    let (from, to) = (short(first), short(last));
    let gap = WIDTH.saturating_sub(from.len() + to.len()).max(1);
    out.push_str(&format!("{:<widest$}  {from}{:gap$}{to}\n\n", "", ""));
    out
}

fn when(first: Option<Timestamp>, last: Option<Timestamp>) -> String {
    match (first, last) {
        (Some(first), Some(last)) if first == last => short(first),
        (Some(first), Some(last)) => format!("{}\nto {}", short(first), short(last)),
        _ => String::new(),
    }
}

fn few(values: &BTreeSet<String>, most: usize) -> String {
    let mut shown: Vec<String> = values.iter().take(most).map(|value| terminal::clean(value, WIDEST, false)).collect();
    if values.len() > most {
        shown.push(format!("and {} more", values.len() - most));
    }
    shown.join("\n")
}
