//! The versions of a detection, side by side.
use crate::clause::{self, Clause, Sought, Subject};
use crate::facts::{self, Facts};
use crate::replay::{Ready, Replay};
use crate::version::{Frontends, Query, VersionError};
use crate::{EventRef, Package};
use mynah_engine::{Engine, EngineError};
use mynah_event::{Dialect, EventId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What the versions of a detection find in some logs.
#[derive(Debug)]
pub struct Comparison {
    /// How many events each version finds.
    pub versions: Vec<(Dialect, usize)>,
    /// How many events all of them find.
    pub common: usize,
    /// What only some find.
    pub disagreements: Vec<Disagreement>,
    /// Versions that do not run.
    pub refused: Vec<VersionError>,
}

/// Events of one kind that the same versions find, and the others do not.
#[derive(Debug)]
pub struct Disagreement {
    /// Which versions find them.
    pub found_by: BTreeSet<Dialect>,
    /// Which do not.
    pub missed_by: BTreeSet<Dialect>,
    /// What the events are.
    pub what: Option<String>,
    /// The events.
    pub events: Vec<EventRef>,
    /// For each version, the clause that decided about the first of them.
    pub sides: Vec<Side>,
}

/// What one version made of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The version.
    pub dialect: Dialect,
    /// Whether it finds the event.
    pub found: bool,
    /// Whether it is not found although it fits the clause: others would have to be there as well, before or after it or
    /// more of them.
    pub incomplete: bool,
    /// The line of its query that decided, from 1, and its text; none if nothing in the query is about such events.
    pub clause: Option<(usize, String)>,
}

/// Compares the versions of a package in these dialects over an engine's logs.
///
/// Exceptions are left aside: what is compared is the queries.
///
/// # Errors
/// Where the data cannot be read.
pub fn compare(
    engine: &Engine,
    frontends: Frontends<'_>,
    package: &Package,
    dialects: &[Dialect],
) -> Result<Comparison, EngineError> {
    let mut refused = Vec::new();
    let mut versions: Vec<Ready<'_>> = Vec::new();
    let mut plans = Vec::new();
    for dialect in package.dialects().filter(|dialect| dialects.contains(dialect)) {
        let Some(query) = Query::of(package, dialect) else { continue };
        match Ready::new(engine, frontends, package, query) {
            Ok((version, wanted)) => {
                versions.push(version);
                plans.extend(wanted);
            }
            Err(error) => refused.push(error),
        }
    }
    let mut comparison = Comparison { versions: Vec::new(), common: 0, disagreements: Vec::new(), refused };
    if versions.is_empty() {
        return Ok(comparison);
    }
    let fact_columns = facts::columns(engine)?;
    let gathered = engine.gather(&plans, &fact_columns)?;
    let replay = Replay { engine, gathered: &gathered };
    let mut found_by: BTreeMap<EventId, BTreeSet<Dialect>> = BTreeMap::new();
    let mut ran: Vec<Ready<'_>> = Vec::new();
    for version in versions {
        let query = version.query;
        match replay.run(&version, &crate::Exceptions::default()) {
            Ok(rows) => {
                let events: BTreeSet<EventId> = rows.into_iter().flatten().collect();
                comparison.versions.push((query.dialect, events.len()));
                for event in events {
                    found_by.entry(event).or_default().insert(query.dialect);
                }
                ran.push(version);
            }
            Err(error) => comparison.refused.push(error),
        }
    }
    comparison.common = found_by.values().filter(|found| found.len() == ran.len()).count();
    found_by.retain(|_, found| found.len() < ran.len());
    let events: BTreeSet<EventId> = found_by.keys().copied().collect();
    let facts = facts::of(&fact_columns, &gathered, &events);
    let mut groups: BTreeMap<(BTreeSet<Dialect>, Option<String>), Vec<EventId>> = BTreeMap::new();
    for (event, found) in found_by {
        groups.entry((found, facts.get(&event).and_then(|facts| facts.what.clone()))).or_default().push(event);
    }
    for ((found_by, what), events) in groups {
        let Some(example) = events.first().copied() else { continue };
        let none = Facts::default();
        let of_example = facts.get(&example).unwrap_or(&none);
        let subject = Subject { event: example, source: &of_example.source };
        let mut sides = Vec::new();
        let mut sought = Sought::default();
        let mut shortest = usize::MAX;
        // Those that found it first: what they looked for tells where to look in the others.
        let (finders, others): (Vec<&Ready<'_>>, Vec<&Ready<'_>>) =
            ran.iter().partition(|version| found_by.contains(&version.query.dialect));
        for (found, version) in finders.iter().map(|one| (true, one)).chain(others.iter().map(|one| (false, one))) {
            let ask = |missed| decided(&replay, version, subject, of_example.time, missed).unwrap_or_default();
            let mut clause = ask((!found).then_some(&sought));
            let incomplete = !found && clause.is_none();
            if incomplete {
                clause = ask(None);
            }
            if found && let Some(clause) = &clause {
                // A long pattern is like everything.
                if clause.longest() < shortest {
                    shortest = clause.longest();
                    sought.literals.clone_from(&clause.sought.literals);
                }
                sought.paths.extend(clause.sought.paths.iter().cloned());
            }
            sides.push(Side {
                dialect: version.query.dialect,
                found,
                incomplete: incomplete && clause.is_some(),
                clause: clause.map(|clause| (clause.line, clause.text)),
            });
        }
        comparison.disagreements.push(Disagreement {
            missed_by: others.iter().map(|version| version.query.dialect).collect(),
            found_by,
            what,
            events: events
                .into_iter()
                .map(|id| {
                    let facts = facts.get(&id).unwrap_or(&none);
                    EventRef {
                        source: facts.source.clone(),
                        file: replay.file(id),
                        record: id.record(),
                        time: facts.time,
                        id,
                    }
                })
                .collect(),
            sides,
        });
    }
    Ok(comparison)
}

/// The clause that decided about an event: that found it, or, where it is known what found it elsewhere, that missed it.
fn decided(
    replay: &Replay<'_>,
    version: &Ready<'_>,
    subject: Subject<'_>,
    time: Option<Timestamp>,
    missed: Option<&Sought>,
) -> Result<Option<Clause>, VersionError> {
    let Ready { package, query, .. } = version;
    let times: Vec<Timestamp> = time.into_iter().collect();
    let every = package.manifest.schedule.every.milliseconds();
    let Some(now) = crate::replay::moments(&times, every).first().copied() else { return Ok(None) };
    let execution = replay.placed(package, replay.engine.execute(version.plan.clone()), now);
    let plan = execution.last_stage().map_err(query.failed(package))?;
    let placed = execution.placed(plan.clone()).map_err(query.failed(package))?;
    let clause = match missed {
        None => clause::that_found(replay.engine, &plan, &placed, query.text, subject),
        Some(sought) => clause::that_missed(replay.engine, &plan, &placed, query.text, subject, sought),
    };
    clause.map_err(query.failed(package))
}
