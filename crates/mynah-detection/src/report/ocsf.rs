use crate::{Confidence, Finding, Level};
use serde_json::{Map, Value, json};

/// A finding as an event of the class Detection Finding (2004) of the Open Cybersecurity Schema Framework 1.4
/// (<https://schema.ocsf.io/1.4.0/classes/detection_finding>).
pub fn ocsf(finding: &Finding) -> Value {
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
    let milliseconds = |time: Option<mynah_event::Timestamp>| time.map(|time| time.milliseconds());
    let attacks: Vec<Value> = finding
        .techniques
        .iter()
        .map(|technique| {
            let tactics: Vec<Value> =
                finding.tactics.iter().map(|(id, name)| json!({"uid": id, "name": name})).collect();
            let mut attack = Map::new();
            let (parent, sub) =
                technique.split_once('.').map_or((technique.as_str(), None), |(parent, _)| (parent, Some(technique)));
            attack.insert("technique".to_owned(), json!({"uid": parent}));
            if let Some(sub) = sub {
                attack.insert("sub_technique".to_owned(), json!({"uid": sub}));
            }
            attack.insert("tactics".to_owned(), json!(tactics));
            attack.insert("version".to_owned(), json!("18"));
            Value::Object(attack)
        })
        .collect();
    let observable = |name: &str, type_id: u8, type_name: &str, value: &String| json!({"name": name, "type_id": type_id, "type": type_name, "value": value});
    let observables: Vec<Value> = finding
        .users
        .iter()
        .map(|user| observable("actor.user.name", 4, "User Name", user))
        .chain(finding.addresses.iter().map(|address| match address.parse::<std::net::IpAddr>() {
            Ok(_) => observable("src_endpoint.ip", 2, "IP Address", address),
            // CloudTrail names a service where one called another.
            Err(_) => observable("src_endpoint.hostname", 1, "Hostname", address),
        }))
        .chain(finding.hosts.iter().map(|host| observable("device.hostname", 1, "Hostname", host)))
        .collect();
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
        "message": finding.what.iter().cloned().collect::<Vec<_>>().join("; "),
        "finding_info": {
            "uid": finding.uid(),
            "title": finding.title,
            "types": ["Behaviour"],
            "analytic": {"uid": finding.id, "name": finding.detection, "type_id": 1, "type": "Rule"},
            "attacks": attacks,
            "first_seen_time": milliseconds(finding.first),
            "last_seen_time": milliseconds(finding.last),
            "data_sources": finding.events.iter().map(|event| event.source.as_str()).collect::<std::collections::BTreeSet<_>>(),
        },
        "evidences": finding.events.iter().map(|event| json!({"data": event})).collect::<Vec<_>>(),
        "observables": observables,
        "metadata": {
            "version": "1.4.0",
            "product": {"name": "Mynah", "vendor_name": "Mynah", "version": env!("CARGO_PKG_VERSION")},
        },
    })
}
