//! Splunk's security content, from which apps are built: macros and lookups as YAML files. Their keys are those of the
//! configuration files that they become.
//!
//! See <https://github.com/splunk/contentctl/tree/main/contentctl/objects>.
use super::conf::Conf;
use super::{AppError, lookups, macros};
use mynah_dialect::Site;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use yaml_serde::Value;

/// Adds the macros and lookups of a folder with security content (`macros/`, `lookups/`) to a site.
///
/// # Errors
/// Where one of the files cannot be read.
pub fn load_content(folder: &Path, site: &mut Site) -> Result<(), AppError> {
    let mut conf = Conf::default();
    for keys in files(&folder.join("macros"))? {
        let Some(name) = keys.get("name").and_then(Value::as_str).map(str::to_owned) else { continue };
        let arguments: Vec<String> = match keys.get("arguments") {
            Some(Value::Sequence(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let mut settings = settings(&keys);
        if settings.contains_key("definition") {
            let name = if arguments.is_empty() { name } else { format!("{name}({})", arguments.len()) };
            settings.insert("args".to_owned(), arguments.join(","));
            conf.stanzas.insert(name, settings);
        }
    }
    macros::load(&conf, site);
    let mut transforms = Conf::default();
    for keys in files(&folder.join("lookups"))? {
        if let Some(name) = keys.get("name").and_then(Value::as_str) {
            transforms.stanzas.insert(name.to_owned(), settings(&keys));
        }
    }
    let mut left_out = Vec::new();
    lookups::load(folder, &transforms, site, &mut left_out)?;
    site.knowledge.left_out.extend(left_out);
    Ok(())
}

/// The YAML files of a folder, by their names.
fn files(folder: &Path) -> Result<Vec<Value>, AppError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let read = |source| AppError::Read { file: folder.to_owned(), source };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(read)? {
        let file = entry.map_err(read)?.path();
        if file.extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
            paths.push(file);
        }
    }
    paths.sort();
    let parse = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).map_err(|source| AppError::Read { file: file.clone(), source })?;
        yaml_serde::from_str(&text).map_err(|source| AppError::Content { file, source })
    };
    paths.into_iter().map(parse).collect()
}

/// The scalars among the keys, as a configuration file has them.
fn settings(keys: &Value) -> BTreeMap<String, String> {
    let Value::Mapping(keys) = keys else { return BTreeMap::new() };
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    };
    keys.iter().filter_map(|(key, value)| Some((key.as_str()?.to_owned(), text(value)?))).collect()
}
