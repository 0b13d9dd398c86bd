//! What all formats say of a rule.
use mynah_detection::{Confidence, Files, Level, Manifest, Package, Schedule, Status, Version};
use mynah_event::Dialect;
use std::collections::BTreeMap;
use std::path::Path;

/// A rule, in the words of packages.
pub(super) struct Rule {
    pub title: String,
    pub id: Option<String>,
    pub status: Status,
    pub description: String,
    pub references: Vec<String>,
    pub author: Option<String>,
    pub date: Option<String>,
    pub modified: Option<String>,
    pub license: Option<String>,
    /// `attack.execution`, `attack.t1059.001`.
    pub tags: Vec<String>,
    pub level: Level,
    pub confidence: Confidence,
    pub falsepositives: Vec<String>,
    pub schedule: Option<Schedule>,
    /// How to respond, as Markdown.
    pub playbook: Option<String>,
    pub dialect: Dialect,
    pub query: String,
    /// The line of its file, from 1, on which the query begins.
    pub line: usize,
}

impl Rule {
    /// A rule of which nothing is known but its query.
    pub fn new(title: String, dialect: Dialect, query: String) -> Rule {
        Rule {
            title,
            id: None,
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
            playbook: None,
            dialect,
            query,
            line: 1,
        }
    }

    /// Its package. The query keeps its line, so that what is said of it names the line of the rule's file.
    pub fn package(self, file: &Path) -> Package {
        let folder = file.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let mut texts = vec![(name.clone(), format!("{}{}", "\n".repeat(self.line.saturating_sub(1)), self.query))];
        let playbook = self.playbook.map(|text| {
            texts.push((PLAYBOOK.to_owned(), text));
            PLAYBOOK.to_owned()
        });
        let version = Version { query: name, description: String::new(), data_sources: Vec::new(), tables: Vec::new() };
        // A rule without an id is known by its place.
        let id = self.id.unwrap_or_else(|| format!("{}:{}", file.display(), self.line));
        let manifest = Manifest {
            title: self.title,
            id,
            status: self.status,
            description: self.description,
            references: self.references,
            author: self.author,
            date: self.date,
            modified: self.modified,
            license: self.license,
            tags: self.tags,
            level: self.level,
            confidence: self.confidence,
            falsepositives: self.falsepositives,
            schedule: self.schedule,
            versions: BTreeMap::from([(self.dialect, version)]),
            playbook,
            investigation: None,
            hunting: Vec::new(),
            behaviours: Vec::new(),
            tests: Vec::new(),
        };
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

/// The line, from 1, on which the first line that begins with `key` stands.
pub(super) fn line_of(text: &str, key: &str) -> usize {
    1 + text.lines().position(|line| line.trim_start().starts_with(key)).unwrap_or(0)
}
