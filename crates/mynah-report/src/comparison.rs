//! Differences between the versions of a detection.
use mynah_detection::{Comparison, Disagreement, Side};
use mynah_event::Dialect;
use serde_json::{Map, Value, json};

/// A comparison as one object.
pub fn json(detection: &str, comparison: &Comparison) -> Value {
    let versions: Map<String, Value> =
        comparison.versions.iter().map(|(dialect, found)| (dialect.name().to_owned(), json!(found))).collect();
    json!({
        "detection": detection,
        "versions": versions,
        "common": comparison.common,
        "disagreements": comparison.disagreements.iter().map(disagreement).collect::<Vec<_>>(),
    })
}

fn disagreement(disagreement: &Disagreement) -> Value {
    json!({
        "found_by": disagreement.found_by.iter().copied().map(Dialect::name).collect::<Vec<_>>(),
        "missed_by": disagreement.missed_by.iter().copied().map(Dialect::name).collect::<Vec<_>>(),
        "what": disagreement.what,
        "events": disagreement.events,
        "sides": disagreement.sides.iter().map(side).collect::<Vec<_>>(),
    })
}

fn side(side: &Side) -> Value {
    json!({
        "version": side.dialect.name(),
        "found": side.found,
        "incomplete": side.incomplete,
        "line": side.clause.as_ref().map(|(line, _)| line),
        "clause": side.clause.as_ref().map(|(_, text)| text),
        "condition": side.condition,
        "fields": side.fields.iter().map(|(name, value)| (name.clone(), json!(value))).collect::<Map<String, Value>>(),
    })
}
