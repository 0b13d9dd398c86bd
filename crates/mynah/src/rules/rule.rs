//! What all formats say of a rule.
use mynah_detection::{Confidence, Files, Level, Manifest, Package, Status, Version};
use mynah_event::Dialect;
use std::collections::BTreeMap;
use std::path::Path;

/// A rule: what is said of it, and its one query.
pub(super) struct Rule {
    /// All that packages say of themselves but the names of files; a rule without an id has none here.
    pub manifest: Manifest,
    /// How to respond, as Markdown.
    pub playbook: Option<String>,
    pub dialect: Dialect,
    pub query: String,
    /// The line of its file, from 1, on which the query begins.
    pub line: usize,
}

/// The manifest of a rule of which nothing is known but its title.
pub(super) fn manifest(title: String) -> Manifest {
    Manifest {
        title,
        id: String::new(),
        status: Status::Experimental,
        description: String::new(),
        references: Vec::new(),
        author: None,
        date: None,
        modified: None,
        license: None,
        tags: Vec::new(),
        level: Level::Low,
        confidence: Confidence::Medium,
        falsepositives: Vec::new(),
        schedule: None,
        versions: BTreeMap::new(),
        playbook: None,
        investigation: None,
        hunting: Vec::new(),
        behaviours: Vec::new(),
        tests: Vec::new(),
    }
}

impl Rule {
    /// Its package. The query keeps its line, so that what is said of it names the line of the rule's file.
    pub fn package(self, file: &Path) -> Package {
        let folder = file.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let mut manifest = self.manifest;
        let mut texts = vec![(name.clone(), format!("{}{}", "\n".repeat(self.line.saturating_sub(1)), self.query))];
        if let Some(text) = self.playbook {
            texts.push((PLAYBOOK.to_owned(), text));
            manifest.playbook = Some(PLAYBOOK.to_owned());
        }
        if manifest.id.is_empty() {
            manifest.id = format!("{}:{}", file.display(), self.line);
        }
        let version = Version { query: name, description: String::new(), data_sources: Vec::new(), tables: Vec::new() };
        manifest.versions.insert(self.dialect, version);
        Package::of_rule(stem, manifest, Files::of_texts(&folder, texts))
    }
}

const PLAYBOOK: &str = "playbook.md";

/// The tag of a technique: `T1059.001` is `attack.t1059.001`.
pub(super) fn technique(id: &str) -> String {
    format!("attack.{}", id.trim().to_lowercase())
}

/// The tag of a tactic: `Command and Control` is `attack.command-and-control`.
pub(super) fn tactic(name: &str) -> String {
    format!("attack.{}", name.trim().to_lowercase().replace(' ', "-"))
}

/// The line, from 1, on which a key is first given a value with this sign: `query = …`, `search: …`.
pub(super) fn line_of(text: &str, key: &str, sign: char) -> usize {
    let is_it = |line: &str| {
        let value = line.trim_start().strip_prefix(key).map(str::trim_start);
        value.is_some_and(|value| value.starts_with(sign))
    };
    1 + text.lines().position(is_it).unwrap_or(0)
}
