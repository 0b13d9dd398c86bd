use mynah_event::{Dialect, Platform};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// `detection.yaml`. Where Sigma has a key, it is Sigma's; See `docs/detections.md`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// A short name of the behaviour it detects.
    pub title: String,
    /// A UUID that never changes.
    pub id: String,
    /// Its maturity.
    pub status: Status,
    /// The technique, and how the detection recognises it.
    pub description: String,
    /// Links to further reading.
    #[serde(default)]
    pub references: Vec<String>,
    /// Its author.
    pub author: Option<String>,
    /// The date of its first version: `2026-03-02`.
    pub date: Option<String>,
    /// The date of its last change.
    pub modified: Option<String>,
    /// Its licence.
    pub license: Option<String>,
    /// `attack.lateral-movement`, `attack.t1021.007`.
    pub tags: Vec<String>,
    /// The severity of its findings.
    pub level: Level,
    /// How likely its findings are true positives.
    pub confidence: Confidence,
    /// Known false positives.
    pub falsepositives: Vec<String>,
    /// How often it runs, and the time window of each run; without one it runs once, over all events.
    #[serde(deserialize_with = "written")]
    pub schedule: Option<Schedule>,
    /// Its queries, by dialect.
    pub versions: BTreeMap<Dialect, Version>,
    /// The response playbook: a Markdown file.
    pub playbook: Option<String>,
    /// The investigation guide: a Markdown file.
    pub investigation: Option<String>,
    /// Threat hunting queries.
    #[serde(default)]
    pub hunting: Vec<Hunt>,
    /// The behaviours that it must detect.
    pub behaviours: Vec<Behaviour>,
    /// Its tests.
    pub tests: Vec<Test>,
}

/// A `detection.yaml` has a schedule; only rules of other formats may have none.
fn written<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Schedule>, D::Error> {
    Schedule::deserialize(deserializer).map(Some)
}

/// An enumeration whose values are written as words in lower case, as Sigma does.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $value:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$about])* $value,)* }

        impl $name {
            /// All values, in ascending order.
            pub const ALL: &[$name] = &[$($name::$value,)*];

            /// Its word.
            pub fn name(self) -> &'static str {
                match self { $($name::$value => $word,)* }
            }

            /// The value with this word, in any case.
            pub fn from_name(name: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|value| value.name().eq_ignore_ascii_case(name))
            }
        }
    };
}

words! {
    /// The maturity of a detection, in Sigma's words.
    Status {
        /// Proven in production; false positives are rare.
        Stable = "stable",
        /// Nearly stable; may need tuning.
        Test = "test",
        /// New and little tried.
        Experimental = "experimental",
        /// Replaced by another detection.
        Deprecated = "deprecated",
        /// Not usable as it is.
        Unsupported = "unsupported",
    }
}

words! {
    /// The severity of a finding, in Sigma's words.
    Level {
        /// Context only; no action needed.
        Informational = "informational",
        /// Review when there is time.
        Low = "low",
        /// Review soon.
        Medium = "medium",
        /// Investigate promptly.
        High = "high",
        /// Investigate at once.
        Critical = "critical",
    }
}

words! {
    /// How likely a finding is to be a true positive.
    Confidence {
        /// Usually a false positive.
        Low = "low",
        /// As likely true as false.
        Medium = "medium",
        /// Rarely a false positive.
        High = "high",
    }
}

/// The schedule of a detection.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The time between two runs.
    pub every: Duration,
    /// The time window that each run searches.
    pub window: Duration,
}

/// A detection's query in one dialect.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// Its file.
    pub query: String,
    /// Notes on this version.
    pub description: String,
    /// The log sources that it reads.
    pub data_sources: Vec<String>,
    /// The indexes, tables or source categories of the platform that hold these logs.
    pub tables: Vec<String>,
}

/// A threat hunting query.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hunt {
    /// Its title.
    pub title: String,
    /// What to look for in its results.
    pub description: String,
    /// Its file.
    pub query: String,
}

/// A behaviour that the detection must detect, and how to reproduce it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Behaviour {
    /// A short id, for reports.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Why an adversary does it, and which traces it leaves.
    pub description: String,
    /// The Atomic Red Team test that reproduces it, if there is one.
    pub atomic: Option<Atomic>,
    /// Commands that reproduce it.
    pub commands: Vec<Command>,
    /// Events that must be in the logs afterwards.
    pub signals: Vec<Signal>,
}

/// A test of Atomic Red Team.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Atomic {
    /// The technique it belongs to.
    pub technique: String,
    /// Its name.
    pub name: String,
    /// Its `auto_generated_guid`.
    pub guid: String,
}

/// A command that reproduces a behaviour, and one that cleans up after it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// The shell to run it in: `powershell`, `sh`.
    pub shell: String,
    /// Its prerequisites.
    pub requires: Option<String>,
    /// The command.
    pub run: String,
    /// The cleanup command, if any.
    pub cleanup: Option<String>,
}

/// An expected event, as a query that must find it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// Its title.
    pub title: String,
    /// The dialect of the query.
    pub lang: Dialect,
    /// The query.
    pub query: String,
}

/// Record numbers, from 1, by file.
pub type Records = BTreeMap<String, Vec<u64>>;

/// A test: logs, and what each version must find in them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// The behaviour that the logs contain.
    pub behaviour: Option<String>,
    /// The false positive that the logs contain: its text, or its number from 1.
    pub falsepositive: Option<Falsifier>,
    /// Files or folders of the package.
    pub logs: Vec<String>,
    /// The records that every version must find; nothing else may be found.
    #[serde(default)]
    pub finds: Records,
    /// Expected differences between versions.
    #[serde(default)]
    pub differences: Vec<Difference>,
    /// A file with exceptions that must suppress everything found here.
    pub exceptions: Option<String>,
}

/// A reference to one of the listed false positives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Falsifier {
    /// By its number, from 1.
    Number(usize),
    /// By its text.
    Text(String),
}

/// An expected difference between versions, and the reason.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    /// The reason.
    pub reason: String,
}

/// `exceptions.yaml`: the events that the detection ignores at this site.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exceptions {
    /// An event that fits any of them is ignored.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
}

impl Exceptions {
    /// Those that have expired by a day.
    pub fn expired(&self, on: jiff::civil::Date) -> impl Iterator<Item = &Exception> {
        self.exceptions.iter().filter(move |exception| exception.expires < on)
    }
}

/// Events that a detection ignores.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Fields and their values, all of which must fit; `*` and `?` are wildcards, case is ignored, and a network
    /// (`198.51.100.0/24`) stands for the addresses in it.
    pub fields: BTreeMap<String, OneOrMany>,
    /// The platform whose field names these are; Sigma's by default.
    pub names: Option<Platform>,
    /// The reason.
    pub reason: String,
    /// The last day on which it applies: `2026-12-31`.
    pub expires: jiff::civil::Date,
}

/// A value, or several of which one must fit.
#[derive(Debug, Clone, Serialize, Deserialize)]
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

/// A duration, as Sigma writes timespans: a number and `s`, `m`, `h` or `d`.
///
/// ```
/// use mynah_detection::Duration;
/// let day: Duration = "24h".parse().unwrap();
/// assert_eq!(day.milliseconds(), 86_400_000);
/// assert_eq!(day.to_string(), "24h");
/// assert!("1 day".parse::<Duration>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration {
    count: u32,
    unit: char,
}

impl Duration {
    /// Its length in milliseconds.
    pub fn milliseconds(self) -> i64 {
        let unit = match self.unit {
            's' => 1_000,
            'm' => 60_000,
            'h' => 3_600_000,
            _ => 86_400_000,
        };
        i64::from(self.count) * unit
    }
}

impl std::str::FromStr for Duration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a duration: write a number and s, m, h or d, such as 15m");
        let unit = text.chars().next_back().filter(|unit| "smhd".contains(*unit)).ok_or_else(wrong)?;
        let count = text
            .strip_suffix(unit)
            .and_then(|count| count.parse().ok())
            .filter(|count| *count > 0)
            .ok_or_else(wrong)?;
        Ok(Duration { count, unit })
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
