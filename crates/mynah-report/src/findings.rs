//! Findings, for people and for other programs.
mod layer;
mod page;
mod timesketch;
mod totals;

pub use layer::{navigator, sarif};
pub use page::{Page, chosen, events_shown, html};
pub use timesketch::timesketch;
pub use totals::{Loud, counts, loud};

use mynah_detection::{Confidence, EventRef, Finding, Level, attack};
use mynah_event::{Dialect, Timestamp};
use mynah_syntax::neutral;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// The columns of [`csv`].
const COLUMNS: &str =
    "first,last,level,confidence,detection,title,tactics,techniques,users,addresses,hosts,what,events,versions,uid";

/// One JSON object a line.
///
/// # Errors
/// If `out` cannot be written.
pub fn ndjson(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    findings.iter().try_for_each(|finding| line(&object(finding), out))
}

/// One [Detection Finding](https://schema.ocsf.io/1.4.0/classes/detection_finding) of the Open Cybersecurity Schema
/// Framework a line.
///
/// # Errors
/// If `out` cannot be written.
pub fn ocsf(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    findings.iter().try_for_each(|finding| line(&detection_finding(finding), out))
}

/// An object as a line, in which nothing acts on a terminal.
fn line(object: &Value, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", neutral::json(&object.to_string()))
}

/// Comma-separated values with a header (RFC 4180); several values of one field are separated by `; `.
///
/// # Errors
/// If `out` cannot be written.
pub fn csv(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    let list = |values: &BTreeSet<String>| values.iter().map(String::as_str).collect::<Vec<_>>().join("; ");
    let time = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(COLUMNS.split(','))?;
    for finding in findings {
        let fields = [
            time(finding.first),
            time(finding.last),
            finding.level.name().to_owned(),
            finding.confidence.name().to_owned(),
            finding.detection.clone(),
            finding.title.clone(),
            finding.tactics.iter().map(|tactic| tactic.name.as_str()).collect::<Vec<_>>().join("; "),
            finding.techniques.join("; "),
            list(&finding.users),
            list(&finding.addresses),
            list(&finding.hosts),
            list(&finding.what),
            finding.events.len().to_string(),
            finding.versions.iter().copied().map(Dialect::name).collect::<Vec<_>>().join("; "),
            finding.uid(),
        ];
        csv.write_record(fields.iter().map(|field| neutral::field(field).into_owned()))?;
    }
    csv.flush()
}

/// What a finding's rule says of itself.
fn about(finding: &Finding) -> [(String, Value); 4] {
    let about = &finding.about;
    [
        ("description".to_owned(), json!(about.description)),
        ("falsepositives".to_owned(), json!(about.falsepositives)),
        ("references".to_owned(), json!(about.references)),
        ("playbook".to_owned(), json!(about.playbook)),
    ]
}

fn object(finding: &Finding) -> Value {
    let mut object = facts(finding);
    object.extend(about(finding));
    object.insert("events".to_owned(), json!(finding.events));
    Value::Object(object)
}

/// What is known of a finding beside its events and what its rule says of itself.
fn facts(finding: &Finding) -> Map<String, Value> {
    let tactics: Vec<Value> =
        finding.tactics.iter().map(|tactic| json!({"id": tactic.id, "name": tactic.name})).collect();
    let facts = [
        ("uid", json!(finding.uid())),
        ("detection", json!(finding.detection)),
        ("id", json!(finding.id)),
        ("title", json!(finding.title)),
        ("tactics", json!(tactics)),
        ("techniques", json!(finding.techniques)),
        ("level", json!(finding.level.name())),
        ("confidence", json!(finding.confidence.name())),
        ("first", json!(finding.first.map(|time| time.to_string()))),
        ("last", json!(finding.last.map(|time| time.to_string()))),
        ("users", json!(finding.users)),
        ("addresses", json!(finding.addresses)),
        ("hosts", json!(finding.hosts)),
        ("what", json!(finding.what)),
        ("versions", json!(finding.versions.iter().copied().map(Dialect::name).collect::<Vec<_>>())),
    ];
    facts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// What was found, in a line: the title, and what was done.
fn headline(finding: &Finding, between: &str) -> String {
    let what = finding.what.iter().map(String::as_str).collect::<Vec<_>>().join(between);
    if what.is_empty() { finding.title.clone() } else { format!("{}: {what}", finding.title) }
}

/// An event of class 2004 of OCSF 1.4.
fn detection_finding(finding: &Finding) -> Value {
    let (severity_id, severity) = match finding.level {
        Level::Informational => (1, "Informational"),
        Level::Low => (2, "Low"),
        Level::Medium => (3, "Medium"),
        Level::High => (4, "High"),
        Level::Critical => (5, "Critical"),
    };
    let (confidence_id, confidence) = match finding.confidence {
        Confidence::Low => (1, "Low"),
        Confidence::Medium => (2, "Medium"),
        Confidence::High => (3, "High"),
    };
    let milliseconds = |time: Option<Timestamp>| time.map(Timestamp::milliseconds);
    let sources: BTreeSet<&str> = finding.events.iter().map(|event| event.source.as_str()).collect();
    let evidence = |event: &EventRef| json!({"data": event});
    json!({
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2004,
        "class_name": "Detection Finding",
        "type_uid": 200_401,
        "type_name": "Detection Finding: Create",
        "time": milliseconds(finding.last).unwrap_or(0),
        "start_time": milliseconds(finding.first),
        "end_time": milliseconds(finding.last),
        "severity_id": severity_id,
        "severity": severity,
        "confidence_id": confidence_id,
        "confidence": confidence,
        "status_id": 1,
        "status": "New",
        "is_alert": true,
        "count": finding.events.len(),
        "message": finding.what.iter().map(String::as_str).collect::<Vec<_>>().join("; "),
        "finding_info": {
            "uid": finding.uid(),
            "title": finding.title,
            "desc": finding.about.description,
            "types": ["Behaviour"],
            "analytic": {"uid": finding.id, "name": finding.detection, "type_id": 1, "type": "Rule"},
            "attacks": finding.techniques.iter().map(|technique| attack_object(finding, technique)).collect::<Vec<_>>(),
            "first_seen_time": milliseconds(finding.first),
            "last_seen_time": milliseconds(finding.last),
            "data_sources": sources,
        },
        "evidences": finding.events.iter().map(evidence).collect::<Vec<_>>(),
        "observables": observables(finding),
        "metadata": {
            "version": "1.4.0",
            "product": {"name": "Mynah", "vendor_name": "Mynah", "version": env!("CARGO_PKG_VERSION")},
        },
    })
}

fn attack_object(finding: &Finding, technique: &str) -> Value {
    let named = |id: &str| match attack::technique(id) {
        Some(technique) => json!({"uid": id, "name": technique.name}),
        None => json!({"uid": id}),
    };
    let (parent, is_sub) = technique.split_once('.').map_or((technique, false), |(parent, _)| (parent, true));
    let tactics: Vec<Value> =
        finding.tactics.iter().map(|tactic| json!({"uid": tactic.id, "name": tactic.name})).collect();
    let mut attack = Map::new();
    attack.insert("technique".to_owned(), named(parent));
    if is_sub {
        attack.insert("sub_technique".to_owned(), named(technique));
    }
    attack.insert("tactics".to_owned(), json!(tactics));
    attack.insert("version".to_owned(), json!(attack::version()));
    Value::Object(attack)
}

fn observables(finding: &Finding) -> Vec<Value> {
    let observable = |name: &str, type_id: u8, type_name: &str, value: &String| json!({"name": name, "type_id": type_id, "type": type_name, "value": value});
    let users = finding.users.iter().map(|user| observable("actor.user.name", 4, "User Name", user));
    let addresses = finding.addresses.iter().map(|address| match address.parse::<std::net::IpAddr>() {
        Ok(_) => observable("src_endpoint.ip", 2, "IP Address", address),
        // CloudTrail has the name of a service where one called another.
        Err(_) => observable("src_endpoint.hostname", 1, "Hostname", address),
    });
    let hosts = finding.hosts.iter().map(|host| observable("device.hostname", 1, "Hostname", host));
    users.chain(addresses).chain(hosts).collect()
}

#[cfg(test)]
mod tests {
    use mynah_detection::{Confidence, Finding, Level};
    use std::collections::BTreeSet;

    /// A finding of a rule, without events.
    pub fn finding(rule: &str, level: Level) -> Finding {
        Finding {
            detection: rule.to_owned(),
            id: rule.to_owned(),
            title: rule.to_owned(),
            about: std::sync::Arc::default(),
            tactics: Vec::new(),
            techniques: Vec::new(),
            level,
            confidence: Confidence::Medium,
            users: BTreeSet::new(),
            addresses: BTreeSet::new(),
            hosts: BTreeSet::new(),
            processes: BTreeSet::new(),
            what: BTreeSet::new(),
            first: None,
            last: None,
            events: Vec::new(),
            versions: BTreeSet::new(),
        }
    }
}
