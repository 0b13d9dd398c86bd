//! What findings come to: how many there are by level, tactic, host, user and rule.
use crate::terminal;
use mynah::Finding;
use mynah_detection::Level;
use mynah_report::findings::{Loud, counts, loud};
use std::collections::BTreeSet;

/// How many hosts, users and rules are shown.
const MOST: usize = 10;
/// How many characters of a name are shown.
const WIDEST: usize = 80;

/// The findings in numbers, as lines for people.
pub(crate) fn summary(findings: &[Finding]) -> String {
    let events: BTreeSet<_> = findings.iter().flat_map(|finding| finding.events.iter().map(|event| event.id)).collect();
    let mut out = format!(
        "\n{}, {}{}\n",
        terminal::count(findings.len(), "finding"),
        terminal::count(events.len(), "event"),
        span(findings)
    );
    let of_level = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
    let levels = Level::ALL.iter().rev().map(|level| (level.name().to_owned(), of_level(*level)));
    row(&mut out, "levels", levels.filter(|(_, count)| *count > 0).collect());
    row(
        &mut out,
        "tactics",
        counts(findings, |finding| finding.tactics.iter().map(|tactic| tactic.name.clone()).collect()),
    );
    row(&mut out, "hosts", counts(findings, |finding| finding.hosts.iter().cloned().collect()));
    row(&mut out, "users", counts(findings, |finding| finding.users.iter().cloned().collect()));
    loudest(findings, &mut out);
    out
}

/// From the first event to the last.
fn span(findings: &[Finding]) -> String {
    let first = findings.iter().filter_map(|finding| finding.first).min();
    let last = findings.iter().filter_map(|finding| finding.last).max();
    match (first, last) {
        (Some(first), Some(last)) => format!(", from {first} to {last}"),
        _ => String::new(),
    }
}

fn row(out: &mut String, title: &str, counts: Vec<(String, usize)>) {
    if counts.is_empty() {
        return;
    }
    let shown: Vec<String> = counts
        .iter()
        .take(MOST)
        .map(|(name, count)| format!("{} {count}", terminal::clean(name, WIDEST, false)))
        .collect();
    let more = match counts.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    out.push_str(&format!("{title:<8} {}{more}\n", shown.join(", ")));
}

/// The rules with the most events, where there are several.
fn loudest(findings: &[Finding], out: &mut String) {
    let rules = loud(findings, |finding| &finding.id);
    if rules.len() < 2 {
        return;
    }
    let more = rules.len().saturating_sub(MOST);
    out.push_str(&format!("\n{:>8}  {:>8}  {:<13}  rule\n", "findings", "events", "level"));
    for Loud { finding, findings, events } in rules.into_iter().take(MOST) {
        let (level, title) = (finding.level.name(), terminal::clean(&finding.title, WIDEST, false));
        out.push_str(&format!("{findings:>8}  {events:>8}  {level:<13}  {title}\n"));
    }
    if more > 0 {
        out.push_str(&format!("and {more} more\n"));
    }
}
