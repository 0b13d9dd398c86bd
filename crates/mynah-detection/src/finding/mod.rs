mod group;

pub(crate) use group::group;

use crate::{Confidence, Level, Package};
use mynah_event::{Dialect, EventId, Timestamp};
use std::collections::BTreeSet;

/// One event behind a finding.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct EventRef {
    /// Its log source.
    pub source: String,
    /// Its file.
    pub file: String,
    /// Its number in that file, from 1.
    pub record: u64,
    /// When it happened.
    #[serde(serialize_with = "as_text")]
    pub time: Option<Timestamp>,
    /// Its id in the run.
    #[serde(skip)]
    pub id: EventId,
}

/// What a detection reports.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The detection's name.
    pub detection: String,
    /// The detection's id.
    pub id: String,
    /// The detection's title.
    pub title: String,
    /// Tactics of ATT&CK: id and name.
    pub tactics: Vec<(&'static str, &'static str)>,
    /// Techniques of ATT&CK.
    pub techniques: Vec<String>,
    /// How bad it is if it is true.
    pub level: Level,
    /// How likely it is to be true.
    pub confidence: Confidence,
    /// Who did it.
    pub users: BTreeSet<String>,
    /// From where.
    pub addresses: BTreeSet<String>,
    /// On which machines.
    pub hosts: BTreeSet<String>,
    /// What was done.
    pub what: BTreeSet<String>,
    /// When the first of its events happened.
    pub first: Option<Timestamp>,
    /// When the last of its events happened.
    pub last: Option<Timestamp>,
    /// The events behind it, in the order of time.
    pub events: Vec<EventRef>,
    /// The versions of the detection that found it.
    pub versions: BTreeSet<Dialect>,
}

impl Finding {
    /// A name for it that a second run over the same logs gives it too.
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

    fn of(package: &Package) -> Finding {
        Finding {
            detection: package.name.clone(),
            id: package.manifest.id.clone(),
            title: package.manifest.title.clone(),
            tactics: package.tactics().into_iter().map(|(_, id, name)| (id, name)).collect(),
            techniques: package.techniques(),
            level: package.manifest.level,
            confidence: package.manifest.confidence,
            users: BTreeSet::new(),
            addresses: BTreeSet::new(),
            hosts: BTreeSet::new(),
            what: BTreeSet::new(),
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
