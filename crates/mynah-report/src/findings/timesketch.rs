//! Events of findings for Timesketch, whose JSONL wants `message`, `datetime` and `timestamp_desc`.
//!
//! <https://timesketch.org/guides/user/import-from-json-csv/>
use super::{headline, line};
use mynah_detection::{EventRef, Finding};
use mynah_event::Timestamp;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Each event of each finding as a line. Timesketch has no place for events without a time: gives how many were left out.
///
/// # Errors
/// If `out` cannot be written.
pub fn timesketch(findings: &[Finding], out: &mut dyn Write) -> io::Result<usize> {
    let mut left_out = 0;
    for finding in findings {
        for event in &finding.events {
            match event.time {
                Some(time) => line(&entry(finding, event, time), out)?,
                None => left_out += 1,
            }
        }
    }
    Ok(left_out)
}

fn entry(finding: &Finding, event: &EventRef, time: Timestamp) -> Value {
    let list = |values: &std::collections::BTreeSet<String>| values.iter().cloned().collect::<Vec<_>>().join(", ");
    let mut entry = json!({
        "message": headline(finding, ", "),
        "datetime": time.to_string(),
        "timestamp_desc": "Event Logged",
        "data_type": "mynah:finding",
        "tag": finding.techniques.iter().chain([&finding.level.name().to_owned()]).cloned().collect::<Vec<_>>(),
        "rule_title": finding.title,
        "rule_id": finding.id,
        "level": finding.level.name(),
        "tactics": finding.tactics.iter().map(|tactic| tactic.name.as_str()).collect::<Vec<_>>().join(", "),
        "finding": finding.uid(),
        "user": list(&finding.users),
        "source_ip": list(&finding.addresses),
        "hostname": list(&finding.hosts),
        "log_source": event.source,
        "file": event.file,
        "record": event.record,
    });
    if let Some(raw) = &event.raw {
        entry["raw"] = json!(raw);
    }
    entry
}
