//! Findings: what detections report.
use crate::attack::Tactic;
use crate::facts::Facts;
use crate::manifest::{Confidence, Level};
use crate::package::Package;
use mynah_event::{Dialect, EventId, Timestamp};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One event behind a finding.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct EventRef {
    /// Its log source.
    pub source: String,
    /// Its file.
    pub file: String,
    /// Its number in that file, from 1.
    pub record: u64,
    /// Its time.
    #[serde(serialize_with = "as_text")]
    pub time: Option<Timestamp>,
    /// Its own text, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// Its id in the run.
    #[serde(skip)]
    pub id: EventId,
}

impl EventRef {
    pub(crate) fn new(id: EventId, file: String, facts: &Facts) -> EventRef {
        EventRef { source: facts.source.clone(), file, record: id.record(), time: facts.time, raw: None, id }
    }
}

/// What a detection says of itself beside its title, for whoever reads its findings.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct About {
    /// What it detects, and how.
    pub description: String,
    /// Known false positives.
    pub falsepositives: Vec<String>,
    /// Links to further reading.
    pub references: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// How to respond, as Markdown.
    pub playbook: Option<String>,
}

impl About {
    /// What a package says of itself.
    pub fn of(package: &Package) -> About {
        let manifest = &package.manifest;
        let playbook = manifest.playbook.as_ref().and_then(|file| package.files().text(file).ok());
        About {
            description: manifest.description.trim().to_owned(),
            falsepositives: manifest.falsepositives.clone(),
            references: manifest.references.clone(),
            tags: manifest.tags.clone(),
            playbook: playbook.map(str::to_owned),
        }
    }
}

/// The result of a detection: events of one activity.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The detection's name.
    pub detection: String,
    /// The detection's id.
    pub id: String,
    /// The detection's title.
    pub title: String,
    /// What the detection says of itself.
    pub about: Arc<About>,
    /// ATT&CK tactics.
    pub tactics: Vec<&'static Tactic>,
    /// Ids of ATT&CK techniques.
    pub techniques: Vec<String>,
    /// Its severity.
    pub level: Level,
    /// How likely it is a true positive.
    pub confidence: Confidence,
    /// Users.
    pub users: BTreeSet<String>,
    /// Source addresses.
    pub addresses: BTreeSet<String>,
    /// Hosts.
    pub hosts: BTreeSet<String>,
    /// Command lines, or else actions with what they were done to: `RegistryEvent HKLM\System\…`.
    pub what: BTreeSet<String>,
    /// The programs that its events are of.
    pub processes: BTreeSet<String>,
    /// The time of its first event.
    pub first: Option<Timestamp>,
    /// The time of its last event.
    pub last: Option<Timestamp>,
    /// The events behind it, in the order of time.
    pub events: Vec<EventRef>,
    /// The versions of the detection that found it.
    pub versions: BTreeSet<Dialect>,
}

impl Finding {
    /// An id that is the same in every run over the same logs.
    pub fn uid(&self) -> String {
        // FNV-1a: stable over time and machines, which the standard library's hasher does not promise.
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for event in &self.events {
            for byte in event.file.bytes().chain(event.record.to_le_bytes()) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        format!("{}-{hash:016x}", self.id)
    }

    /// A finding of this package, without events.
    pub(crate) fn of(package: &Package) -> Finding {
        Finding {
            detection: package.name.clone(),
            id: package.manifest.id.clone(),
            title: package.manifest.title.clone(),
            about: Arc::new(About::of(package)),
            tactics: package.tactics(),
            techniques: package.techniques(),
            level: package.manifest.level,
            confidence: package.manifest.confidence,
            users: BTreeSet::new(),
            addresses: BTreeSet::new(),
            hosts: BTreeSet::new(),
            what: BTreeSet::new(),
            processes: BTreeSet::new(),
            first: None,
            last: None,
            events: Vec::new(),
            versions: BTreeSet::new(),
        }
    }
}

fn as_text<S: serde::Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.collect_str(time),
        None => serializer.serialize_none(),
    }
}
