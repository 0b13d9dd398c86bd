//! What to search other logs for: the users, hosts, addresses and programs of findings.
use mynah::{Finding, Timestamp};
use mynah_detection::Level;
use mynah_syntax::neutral;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// What findings have in common by a value.
struct Pivot<'f> {
    level: Level,
    findings: usize,
    events: usize,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    detections: BTreeSet<&'f str>,
}

/// Writes one object a line: those of the highest level first, then those with the most findings.
pub(crate) fn write(findings: &[Finding], out: &mut impl Write) -> io::Result<()> {
    let mut pivots: BTreeMap<(&str, &str), Pivot<'_>> = BTreeMap::new();
    for finding in findings {
        let kinds = [
            ("user", &finding.users),
            ("host", &finding.hosts),
            ("address", &finding.addresses),
            ("process", &finding.processes),
        ];
        for (kind, value) in kinds.into_iter().flat_map(|(kind, values)| values.iter().map(move |value| (kind, value)))
        {
            pivots.entry((kind, value)).or_default().add(finding);
        }
    }
    let mut pivots: Vec<_> = pivots.into_iter().collect();
    pivots.sort_by_key(|(_, pivot)| std::cmp::Reverse((pivot.level, pivot.findings, pivot.events)));
    for ((kind, value), pivot) in pivots {
        let line = json!({
            "kind": kind,
            "value": value,
            "level": pivot.level.name(),
            "findings": pivot.findings,
            "events": pivot.events,
            "first": pivot.first.map(|time| time.to_string()),
            "last": pivot.last.map(|time| time.to_string()),
            "detections": pivot.detections,
        });
        writeln!(out, "{}", neutral::json(&line.to_string()))?;
    }
    Ok(())
}

impl Default for Pivot<'_> {
    fn default() -> Self {
        let detections = BTreeSet::new();
        Pivot { level: Level::Informational, findings: 0, events: 0, first: None, last: None, detections }
    }
}

impl<'f> Pivot<'f> {
    fn add(&mut self, finding: &'f Finding) {
        self.level = self.level.max(finding.level);
        self.findings += 1;
        self.events += finding.events.len();
        self.first = self.first.into_iter().chain(finding.first).min();
        self.last = self.last.max(finding.last);
        self.detections.insert(&finding.title);
    }
}
