use crate::Finding;
use serde_json::{Value, json};

/// A finding as one JSON object.
pub fn row(finding: &Finding) -> Value {
    json!({
        "uid": finding.uid(),
        "detection": finding.detection,
        "id": finding.id,
        "title": finding.title,
        "tactics": finding.tactics.iter().map(|(id, name)| json!({"id": id, "name": name})).collect::<Vec<_>>(),
        "techniques": finding.techniques,
        "level": finding.level.name(),
        "confidence": finding.confidence.name(),
        "first": finding.first.map(|time| time.to_string()),
        "last": finding.last.map(|time| time.to_string()),
        "users": finding.users,
        "addresses": finding.addresses,
        "hosts": finding.hosts,
        "what": finding.what,
        "versions": finding.versions.iter().map(|dialect| dialect.name()).collect::<Vec<_>>(),
        "events": finding.events,
    })
}
