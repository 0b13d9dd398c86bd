//! The searches of a Splunk app: `savedsearches.conf`.
//!
//! Its settings: <https://docs.splunk.com/Documentation/Splunk/latest/Admin/Savedsearchesconf>.
use super::rule::{Rule, manifest, technique};
use super::{Loaded, NotLoaded};
use mynah_detection::{Level, Manifest, Status};
use mynah_event::Dialect;
use std::collections::BTreeMap;
use std::path::Path;

/// Reads the searches of an app. Those that are switched off are left out.
pub(super) fn read(path: &Path, text: &str, loaded: &mut Loaded) {
    for (name, settings) in mynah_spl::stanzas(text) {
        let Some(search) = settings.get("search").filter(|search| !search.is_empty()) else { continue };
        let line = 1 + text.lines().position(|line| line.trim() == format!("[{name}]")).unwrap_or(0);
        let get = |key: &str| settings.get(key).map(String::as_str);
        if get("disabled").is_some_and(|value| matches!(value.trim(), "1" | "true")) {
            let reason = "it is switched off: disabled = 1";
            let left_out = NotLoaded { line: Some(line), title: Some(name), ..NotLoaded::new(path, reason) };
            loaded.left_out.push(left_out);
            continue;
        }
        let manifest = Manifest {
            id: format!("{}:{name}", path.display()),
            status: Status::Stable,
            description: get("description").unwrap_or_default().to_owned(),
            tags: techniques(&settings),
            level: level(get("alert.severity")),
            ..manifest(name)
        };
        let rule = Rule { manifest, playbook: None, dialect: Dialect::Spl, query: search.clone(), line };
        loaded.packages.push(rule.package(path));
    }
}

/// `alert.severity`: 1 debug, 2 info, 3 warn, 4 error, 5 severe, 6 fatal; 3 where it is not set.
fn level(severity: Option<&str>) -> Level {
    match severity {
        Some("1" | "2") => Level::Informational,
        Some("4") => Level::Medium,
        Some("5") => Level::High,
        Some("6") => Level::Critical,
        _ => Level::Low,
    }
}

/// Techniques of the annotations of Enterprise Security: JSON with a list `mitre_attack`.
fn techniques(settings: &BTreeMap<String, String>) -> Vec<String> {
    let annotations = settings.get("action.correlationsearch.annotations");
    let parsed = annotations.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    let ids = parsed.as_ref().and_then(|value| value.get("mitre_attack")).and_then(serde_json::Value::as_array);
    ids.into_iter().flatten().filter_map(serde_json::Value::as_str).map(technique).collect()
}
