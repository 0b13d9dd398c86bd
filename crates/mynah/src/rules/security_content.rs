//! Splunk's security content: a YAML file for each detection, with macros and lookups in YAML beside them.
//!
//! Its keys: <https://github.com/splunk/contentctl/tree/main/contentctl/objects>.
use super::rule::{Rule, line_of, technique};
use mynah_detection::{Confidence, Level, Package, Status};
use mynah_dialect::Macro;
use mynah_event::Dialect;
use std::path::Path;
use yaml_serde::Value;

/// Whether a folder has the macros or lookups of security content.
pub(super) fn is_content(folder: &Path) -> bool {
    folder.join("detections").is_dir() && (folder.join("macros").is_dir() || folder.join("lookups").is_dir())
}

/// Whether a text can be of security content: Sigma's rules have a title instead of a name, and no search.
pub(super) fn may_be(text: &str) -> bool {
    let mut keys = text.lines().filter_map(|line| line.split_once(':')).map(|(key, _)| key);
    keys.any(|key| matches!(key, "search" | "definition" | "filename" | "collection" | "supported_TA" | "narrative"))
}

/// Whether it is a detection.
pub(super) fn is_detection(value: &Value) -> bool {
    let has = |key: &str| value.get(key).is_some();
    has("search") && has("name") && value.get("type").and_then(Value::as_str).is_some_and(|kind| kind != "Baseline")
}

/// Whether it is one of the other kinds of content: a macro, a lookup, a data source, a story.
pub(super) fn is_other(value: &Value) -> bool {
    value.get("name").is_some() && value.get("detection").is_none() && value.get("correlation").is_none()
}

/// The rule that a detection is.
pub(super) fn detection(path: &Path, text: &str, value: &Value) -> Package {
    let get = |key: &str| value.get(key).and_then(text_of);
    let tags = value.get("tags");
    let tag = |key: &str| tags.and_then(|tags| tags.get(key));
    let list = |value: Option<&Value>| match value {
        Some(Value::Sequence(values)) => values.iter().filter_map(text_of).collect(),
        Some(value) => text_of(value).into_iter().collect(),
        None => Vec::new(),
    };
    let number = |key: &str| tag(key).and_then(Value::as_u64);
    // contentctl: the score is the product of both, and what it means for severity is cut into fifths.
    let score = number("risk_score").or_else(|| Some((number("confidence")? * number("impact")? + 50) / 100));
    let level = match score {
        Some(0..=20) => Level::Informational,
        Some(21..=40) => Level::Low,
        Some(41..=60) => Level::Medium,
        Some(61..=80) => Level::High,
        Some(_) => Level::Critical,
        None => Level::Low,
    };
    let confidence = match number("confidence") {
        Some(0..=33) => Confidence::Low,
        Some(67..) => Confidence::High,
        _ => Confidence::Medium,
    };
    let status = match get("status").as_deref() {
        Some("production") => Status::Stable,
        Some("deprecated") => Status::Deprecated,
        _ => Status::Experimental,
    };
    let line = line_of(text, "search:");
    let is_block = text.lines().nth(line - 1).is_some_and(|line| line.trim_end().ends_with(['|', '>', '-']));
    Rule {
        id: get("id"),
        status,
        description: get("description").unwrap_or_default(),
        references: list(value.get("references")),
        author: get("author"),
        date: get("date"),
        tags: list(tag("mitre_attack_id")).iter().map(|id| technique(id)).collect(),
        level,
        confidence,
        falsepositives: get("known_false_positives").into_iter().collect(),
        playbook: get("how_to_implement"),
        line: if is_block { line + 1 } else { line },
        ..Rule::new(get("name").unwrap_or_default(), Dialect::Spl, get("search").unwrap_or_default())
    }
    .package(path)
}

/// A scalar as text.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// The names of the macros by which a search may be tuned: those without arguments whose names end in `_filter`.
pub(super) fn filters(search: &str) -> impl Iterator<Item = &str> {
    let names = search.split('`').skip(1).step_by(2);
    names.filter(|name| name.ends_with("_filter") && !name.contains(['(', ' ']))
}

/// The macro that lets everything pass, which contentctl gives a detection that has no other.
pub(super) fn pass() -> Macro {
    Macro { arguments: Vec::new(), definition: "search *".to_owned(), is_eval: false, validation: None }
}
