//! Query files: `.aql`, `.eql`, `.spl`, `.sumo`, `.kuery`. Nothing is known of them but their name.
use super::rule::{Rule, manifest};
use mynah_detection::Package;
use mynah_event::Dialect;
use std::path::Path;

/// The rule that a query file is.
pub(super) fn read(path: &Path, text: String, dialect: Dialect) -> Package {
    let title = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Rule { manifest: manifest(title), playbook: None, dialect, query: text, line: 1 }.package(path)
}
