//! Sumo Logic's exports: JSON of the content library and of monitors.
//!
//! Its keys: <https://help.sumologic.com/docs/api/content-management/> and
//! <https://help.sumologic.com/docs/api/monitors-management/>.
use super::rule::{Rule, manifest};
use super::{Loaded, NotLoaded};
use mynah_detection::Manifest;
use mynah_event::Dialect;
use serde_json::Value;
use std::path::Path;

/// Reads the searches and monitors of an export, those in its folders as well.
pub(super) fn read(path: &Path, text: &str, loaded: &mut Loaded) {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return };
    item(path, text, &value, loaded);
}

fn item(path: &Path, text: &str, value: &Value, loaded: &mut Loaded) {
    let get = |key: &str| value.get(key).and_then(Value::as_str);
    let kind = get("type").unwrap_or_default();
    let queries: Vec<&str> = match kind {
        "SavedSearchSyncDefinition" | "SavedSearchWithScheduleSyncDefinition" => {
            value.pointer("/search/queryText").and_then(Value::as_str).into_iter().collect()
        }
        "MonitorsLibraryMonitorExport" | "MonitorsLibraryMonitor" if get("monitorType") == Some("Logs") => {
            let queries = value.get("queries").and_then(Value::as_array);
            queries.into_iter().flatten().filter_map(|query| query.get("query")?.as_str()).collect()
        }
        "MonitorsLibraryMonitorExport" | "MonitorsLibraryMonitor" => {
            let reason = format!("monitors of {} are not run", get("monitorType").unwrap_or("an unknown kind"));
            let title = get("name").map(str::to_owned);
            return loaded.refused.push(NotLoaded { title, ..NotLoaded::new(path, reason) });
        }
        "FolderSyncDefinition" | "MonitorsLibraryFolderExport" => {
            let children = value.get("children").and_then(Value::as_array);
            return children.into_iter().flatten().for_each(|child| item(path, text, child, loaded));
        }
        _ => return,
    };
    let title = get("name").unwrap_or_default();
    let named = Value::from(title).to_string();
    let several = queries.len() > 1;
    for (number, query) in (1..).zip(queries) {
        let title = if several { format!("{title} ({number})") } else { title.to_owned() };
        let line = 1 + text.lines().position(|line| line.contains(&named)).unwrap_or(0);
        let manifest = Manifest {
            id: format!("{}:{title}", path.display()),
            description: get("description").unwrap_or_default().to_owned(),
            ..manifest(title)
        };
        let rule = Rule { manifest, playbook: None, dialect: Dialect::Sumo, query: query.to_owned(), line };
        loaded.packages.push(rule.package(path));
    }
}
