//! Splunk's security content: a YAML file for each detection, with macros and lookups in YAML beside them.
//!
//! Its keys: <https://github.com/splunk/contentctl/tree/main/contentctl/objects>.
use super::rule::{Rule, line_of, manifest, technique};
use super::{Loaded, NotLoaded};
use mynah_detection::{Confidence, Level, Manifest, Status};
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

/// Whether a text that is no YAML is meant to be a detection of security content.
pub(super) fn is_meant(text: &str) -> bool {
    ["name:", "search:"].iter().all(|key| text.lines().any(|line| line.starts_with(key))) && !super::sigma::may_be(text)
}

/// Whether it is security content: a detection, a macro, a lookup, a data source, a story.
pub(super) fn is_it(value: &Value) -> bool {
    value.get("name").is_some() && ["detection", "correlation", "filter"].iter().all(|key| value.get(key).is_none())
}

/// Kinds of searches that prepare or follow up detections, and find nothing themselves.
const NO_DETECTIONS: [&str; 2] = ["Baseline", "Investigation"];

/// Reads the detection of a file, if it is one; what else is there is read with the settings.
pub(super) fn read(path: &Path, text: &str, value: &Value, loaded: &mut Loaded) {
    let get = |key: &str| value.get(key).and_then(text_of);
    let (Some(title), Some(query)) = (get("name"), get("search")) else { return };
    let kind = get("type").unwrap_or_default();
    if NO_DETECTIONS.contains(&kind.as_str()) {
        let reason = format!("it is of type {kind}: no detection");
        let line = Some(line_of(text, "search", ':'));
        return loaded.left_out.push(NotLoaded { line, title: Some(title), ..NotLoaded::new(path, reason) });
    }
    detection(path, text, value, (title, query), loaded);
}

fn detection(path: &Path, text: &str, value: &Value, (title, query): (String, String), loaded: &mut Loaded) {
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
    let ids: Vec<String> = list(tag("mitre_attack_id"));
    let of_attack = ids.iter().map(|id| technique(id));
    let line = line_of(text, "search", ':');
    let is_block = text.lines().nth(line - 1).is_some_and(|line| line.trim_end().ends_with(['|', '>', '-']));
    let manifest = Manifest {
        id: get("id").unwrap_or_default(),
        status,
        description: get("description").unwrap_or_default(),
        references: list(value.get("references")),
        author: get("author"),
        date: get("date"),
        tags: of_attack.chain(list(tag("analytic_story"))).collect(),
        level,
        confidence,
        falsepositives: get("known_false_positives").into_iter().collect(),
        ..manifest(title)
    };
    let line = if is_block { line + 1 } else { line };
    let rule = Rule { manifest, playbook: get("how_to_implement"), dialect: Dialect::Spl, query, line };
    loaded.packages.push(rule.package(path));
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
    // A text of the search may hold a lone backtick, so that they are no pairs.
    let names = search.split('`').skip(1);
    names.filter(|name| name.ends_with("_filter") && name.chars().all(|c| c.is_alphanumeric() || c == '_'))
}

/// The macro that lets everything pass, which contentctl gives a detection that has no other.
pub(super) fn pass() -> Macro {
    Macro { arguments: Vec::new(), definition: "search *".to_owned(), is_eval: false, validation: None }
}
