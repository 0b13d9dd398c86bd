//! The versions of a detection, side by side.
use crate::clause::{self, Side};
use crate::facts::{self, Facts};
use crate::finding::EventRef;
use crate::manifest::Exceptions;
use crate::package::Package;
use crate::replay::{Ready, Replay, planned_again};
use crate::version::{Frontends, Query, VersionError};
use mynah_engine::{Engine, EngineError};
use mynah_event::{Dialect, EventId};
use mynah_view::ScanColumn;
use std::collections::{BTreeMap, BTreeSet};

/// The events that the versions of a detection find in some logs.
#[derive(Debug, Default)]
pub struct Comparison {
    /// How many events each version finds.
    pub versions: Vec<(Dialect, usize)>,
    /// How many events all of them find.
    pub common: usize,
    /// Events that only some versions find.
    pub disagreements: Vec<Disagreement>,
    /// Versions whose queries do not run.
    pub refused: Vec<VersionError>,
}

/// Events of one kind that the same versions find, and the others do not.
#[derive(Debug)]
pub struct Disagreement {
    /// The versions that find them.
    pub found_by: BTreeSet<Dialect>,
    /// The versions that do not.
    pub missed_by: BTreeSet<Dialect>,
    /// The command line or action of the events.
    pub what: Option<String>,
    /// The events.
    pub events: Vec<EventRef>,
    /// For each version, the clause that decided on the first of them.
    pub sides: Vec<Side>,
}

/// Compares the versions of a package in these dialects over an engine's logs.
///
/// Exceptions are not applied: the queries themselves are compared.
///
/// # Errors
/// If the data cannot be read.
pub fn compare(
    engine: &Engine,
    frontends: Frontends<'_>,
    package: &Package,
    dialects: &[Dialect],
) -> Result<Comparison, EngineError> {
    planned_again(|| compare_as_planned(engine, frontends, package, dialects))
}

fn compare_as_planned(
    engine: &Engine,
    frontends: Frontends<'_>,
    package: &Package,
    dialects: &[Dialect],
) -> Result<Comparison, EngineError> {
    let mut comparison = Comparison::default();
    let mut planned: Vec<Ready<'_>> = Vec::new();
    let mut plans = Vec::new();
    for dialect in package.dialects().filter(|dialect| dialects.contains(dialect)) {
        let Some(query) = Query::of(package, dialect) else { continue };
        match Ready::new(engine, frontends, package, query, &package.exceptions) {
            Ok((version, wanted)) => {
                planned.push(version);
                plans.extend(wanted);
            }
            Err(error) => comparison.refused.push(error),
        }
    }
    if planned.is_empty() {
        return Ok(comparison);
    }
    let columns = facts::columns(engine)?;
    let gathered = engine.gather(&plans, &columns)?;
    let replay = Replay { engine, gathered: &gathered };
    let mut found_by: BTreeMap<EventId, BTreeSet<Dialect>> = BTreeMap::new();
    let mut versions: Vec<Ready<'_>> = Vec::new();
    for version in planned {
        let dialect = version.query.dialect;
        match replay.run(&version, &Exceptions::default()) {
            Ok(rows) => {
                let events: BTreeSet<EventId> = rows.into_iter().flatten().collect();
                comparison.versions.push((dialect, events.len()));
                for event in events {
                    found_by.entry(event).or_default().insert(dialect);
                }
                versions.push(version);
            }
            Err(error) => comparison.refused.push(error),
        }
    }
    comparison.common = found_by.values().filter(|found| found.len() == versions.len()).count();
    found_by.retain(|_, found| found.len() < versions.len());
    comparison.disagreements = disagreements(&replay, &columns, &versions, found_by);
    Ok(comparison)
}

/// Groups events by the versions that find them and by what they are, and says of each group what decided.
fn disagreements(
    replay: &Replay<'_>,
    columns: &[ScanColumn],
    versions: &[Ready<'_>],
    found_by: BTreeMap<EventId, BTreeSet<Dialect>>,
) -> Vec<Disagreement> {
    let facts = facts::of(columns, std::slice::from_ref(replay.gathered), &found_by.keys().copied().collect());
    let none = Facts::default();
    let of = |event: &EventId| facts.get(event).unwrap_or(&none);
    let mut groups: BTreeMap<(BTreeSet<Dialect>, Option<String>), Vec<EventId>> = BTreeMap::new();
    for (event, found) in found_by {
        groups.entry((found, of(&event).action.clone())).or_default().push(event);
    }
    let mut disagreements = Vec::new();
    for ((found_by, what), events) in groups {
        let Some(example) = events.first().copied() else { continue };
        let sides = clause::sides(replay, versions, &found_by, example, of(&example));
        let dialects = versions.iter().map(|version| version.query.dialect);
        let missed_by = dialects.filter(|dialect| !found_by.contains(dialect)).collect();
        let events = events.into_iter().map(|id| EventRef::new(id, replay.file(id), of(&id))).collect();
        disagreements.push(Disagreement { found_by, missed_by, what, events, sides });
    }
    disagreements
}
