use super::Duration;
use mynah_event::{Dialect, Platform};
use serde::Deserialize;
use std::collections::BTreeMap;

/// `detection.yaml`. Where Sigma has a key, it is Sigma's; `docs/detections.md` teaches all of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What it finds, in a few words.
    pub title: String,
    /// A UUID, the same for ever.
    pub id: String,
    /// How far it has come.
    pub status: Status,
    /// What the technique is and what the detection sees of it.
    pub description: String,
    /// Pages to read.
    #[serde(default)]
    pub references: Vec<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was written: `2026-03-02`.
    pub date: Option<String>,
    /// When it was last changed.
    pub modified: Option<String>,
    /// Under which licence it is.
    pub license: Option<String>,
    /// `attack.lateral-movement`, `attack.t1021.007`.
    pub tags: Vec<String>,
    /// How bad it is if it is true.
    pub level: Level,
    /// How likely it is to be true.
    pub confidence: Confidence,
    /// What else sets it off.
    pub falsepositives: Vec<String>,
    /// How often it runs, and how far back it looks.
    pub schedule: Schedule,
    /// Its queries, by dialect.
    pub versions: BTreeMap<Dialect, Version>,
    /// What to do when it fires: a Markdown file.
    pub playbook: Option<String>,
    /// How to find out what happened: a Markdown file.
    pub investigation: Option<String>,
    /// Queries that look further than the detection.
    #[serde(default)]
    pub hunting: Vec<Hunt>,
    /// What it must see.
    pub behaviours: Vec<Behaviour>,
    /// The logs that prove it.
    pub tests: Vec<Test>,
}

/// How far a detection has come, in Sigma's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Long in use, no false positives to speak of.
    Stable,
    /// Works; small changes may come.
    Test,
    /// New.
    Experimental,
    /// Replaced by another.
    Deprecated,
    /// Cannot be used as it is.
    Unsupported,
}

impl Status {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Status::Stable => "stable",
            Status::Test => "test",
            Status::Experimental => "experimental",
            Status::Deprecated => "deprecated",
            Status::Unsupported => "unsupported",
        }
    }
}

/// How bad it is if it is true, in Sigma's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth keeping, nothing to act on.
    Informational,
    /// Look at it some day.
    Low,
    /// Look at it.
    Medium,
    /// Act on it.
    High,
    /// Act on it at once.
    Critical,
}

impl Level {
    /// All of them, the gravest last.
    pub const ALL: [Level; 5] = [Level::Informational, Level::Low, Level::Medium, Level::High, Level::Critical];

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Level::Informational => "informational",
            Level::Low => "low",
            Level::Medium => "medium",
            Level::High => "high",
            Level::Critical => "critical",
        }
    }

    /// The level of that name.
    pub fn from_name(name: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.name().eq_ignore_ascii_case(name))
    }
}

/// How likely a finding is to be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Often something else.
    Low,
    /// As often as not.
    Medium,
    /// Seldom something else.
    High,
}

impl Confidence {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

/// When a detection runs.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// How long from one run to the next.
    pub every: Duration,
    /// How far back each run looks.
    pub window: Duration,
}

/// A detection's query in one dialect.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// Its file.
    pub query: String,
    /// What is particular about it.
    pub description: String,
    /// The logs that it reads.
    pub data_sources: Vec<String>,
    /// What the platform calls the places where these logs are kept.
    pub tables: Vec<String>,
}

/// A query that looks further than the detection.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hunt {
    /// What one hopes to see.
    pub title: String,
    /// What to look for in its rows.
    pub description: String,
    /// Its file.
    pub query: String,
}

/// Something that the detection must see, and how to do it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Behaviour {
    /// A short name for reports.
    pub id: String,
    /// What is done.
    pub title: String,
    /// Why an adversary does it, and what it leaves behind.
    pub description: String,
    /// The test of Atomic Red Team that does it, if there is one.
    pub atomic: Option<Atomic>,
    /// How to do it oneself.
    pub commands: Vec<Command>,
    /// What should be in the logs afterwards.
    pub signals: Vec<Signal>,
}

/// A test of Atomic Red Team.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Atomic {
    /// The technique under which it is kept.
    pub technique: String,
    /// Its name.
    pub name: String,
    /// Its `auto_generated_guid`.
    pub guid: String,
}

/// A command that does something, and one that undoes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// The shell that it is for: `powershell`, `sh`.
    pub shell: String,
    /// What it needs first.
    pub requires: Option<String>,
    /// The command.
    pub run: String,
    /// What takes its effects away again; nothing if it has none.
    pub cleanup: Option<String>,
}

/// Something that should be in the logs, as a query that must find it there.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// What it is.
    pub title: String,
    /// The dialect of the query.
    pub lang: Dialect,
    /// The query.
    pub query: String,
}

/// Records of files: which, by number from 1.
pub type Records = BTreeMap<String, Vec<u64>>;

/// Logs, and what each version must find in them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// What it shows.
    pub name: String,
    /// The behaviour that is in the logs.
    pub behaviour: Option<String>,
    /// The false positive that is in the logs: its text, or its number from 1.
    pub falsepositive: Option<Falsifier>,
    /// Files or folders of the package.
    pub logs: Vec<String>,
    /// The records that every version must find; nothing else may be found.
    #[serde(default)]
    pub finds: Records,
    /// Where versions rightly find more or less.
    #[serde(default)]
    pub differences: Vec<Difference>,
    /// A file with exceptions that must hide everything that is found here.
    pub exceptions: Option<String>,
}

/// Which of the listed false positives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Falsifier {
    /// By its number, from 1.
    Number(usize),
    /// By its text.
    Text(String),
}

/// What some versions find that others do not, and why that is right.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// The versions that differ.
    pub versions: Vec<Dialect>,
    /// Records that they do not find.
    #[serde(default)]
    pub misses: Records,
    /// Records that only they find.
    #[serde(default)]
    pub also: Records,
    /// Why.
    pub reason: String,
}

/// `exceptions.yaml`: what the detection is to leave out here.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exceptions {
    /// Each on its own leaves events out.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
}

impl Exceptions {
    /// Those that no longer hold on a day.
    pub fn expired(&self, on: jiff::civil::Date) -> impl Iterator<Item = &Exception> {
        self.exceptions.iter().filter(move |exception| exception.expires < on)
    }
}

/// Events that a detection is to leave out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Fields and the values that they must have, all of them; `*` and `?` are wildcards, case is left aside.
    pub fields: BTreeMap<String, OneOrMany>,
    /// Whose names the fields are; Sigma's if none is given.
    pub names: Option<Platform>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds: `2026-12-31`.
    pub expires: jiff::civil::Date,
}

/// A value, or several of which one is enough.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// A value.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    /// All of them.
    pub fn values(&self) -> &[String] {
        match self {
            OneOrMany::One(one) => std::slice::from_ref(one),
            OneOrMany::Many(many) => many,
        }
    }
}
