//! Running detections over logs as their schedules would have run them.
use crate::facts;
use crate::finding::Finding;
use crate::group::group;
use crate::manifest::Exceptions;
use crate::package::Package;
use crate::version::{Frontends, Query, VersionError};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::LogicalPlan;
use mynah_engine::{Engine, EngineError, Execution, Gathered, Wanted};
use mynah_event::{Dialect, EventId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The results of running detections over logs.
#[derive(Debug, Default)]
pub struct Detected {
    /// The findings, in the order of time.
    pub findings: Vec<Finding>,
    /// How many events the exceptions of a detection suppressed, by its name; without those that suppressed none.
    pub hidden: BTreeMap<String, usize>,
    /// How many versions ran, by the detection's name; without detections that have none in the dialects asked for.
    pub ran: BTreeMap<String, usize>,
    /// Versions whose queries do not run.
    pub refused: Vec<VersionError>,
}

/// A version that is ready to run.
pub(crate) struct Ready<'a> {
    pub package: &'a Package,
    pub query: Query<'a>,
    /// Its plan, for any moment.
    pub plan: mynah_engine::Query<'a>,
    /// Whether each of its rows comes from one event.
    of_single_events: bool,
}

impl<'a> Ready<'a> {
    /// Plans a version, and says which events it must be given, with these exceptions and without.
    pub fn new(
        engine: &'a Engine,
        frontends: Frontends<'_>,
        package: &'a Package,
        query: Query<'a>,
        exceptions: &'a Exceptions,
    ) -> Result<(Self, Vec<Wanted>), VersionError> {
        let plan = query.plan(engine, frontends, package)?;
        let tuned = query.tuned(engine, package, plan.clone(), exceptions)?;
        let stages = engine.execute(plan.clone()).at(Timestamp::wall()).stages().map_err(query.failed(package))?;
        // What an earlier stage found at one moment tells nothing of another.
        let filtered = stages.len() == 1;
        let of_single_events = filtered && stages.iter().all(is_of_single_events);
        let mut wanted = Vec::new();
        for plan in stages {
            if !exceptions.exceptions.is_empty() {
                let plan = tuned.rewrite(plan.clone()).map_err(query.failed(package))?;
                wanted.push(Wanted { plan, filtered });
            }
            wanted.push(Wanted { plan, filtered });
        }
        drop(tuned);
        Ok((Ready { package, query, plan, of_single_events }, wanted))
    }
}

/// Runs the versions of `packages` in these dialects as their schedules would have run them.
///
/// The data is read once for all of them. A version runs at every moment of its schedule that has new events, over the
/// events of its window, with that moment as its clock.
///
/// # Errors
/// Where the data cannot be read.
pub fn detect(
    engine: &Engine,
    frontends: Frontends<'_>,
    packages: &[Package],
    dialects: &[Dialect],
) -> Result<Detected, EngineError> {
    let mut detected = Detected::default();
    let mut ready = Vec::new();
    let mut plans = Vec::new();
    for package in packages {
        for dialect in package.dialects().filter(|dialect| dialects.contains(dialect)) {
            let Some(query) = Query::of(package, dialect) else { continue };
            match Ready::new(engine, frontends, package, query, &package.exceptions) {
                Ok((version, wanted)) => {
                    plans.extend(wanted);
                    ready.push(version);
                }
                Err(error) => detected.refused.push(error),
            }
        }
    }
    if ready.is_empty() {
        return Ok(detected);
    }
    let columns = facts::columns(engine)?;
    let gathered = engine.gather(&plans, &columns)?;
    let replay = Replay { engine, gathered: &gathered };
    let mut ran = run_all(&replay, &ready);
    for package in packages {
        let mut rows: Vec<(Dialect, BTreeSet<EventId>)> = Vec::new();
        let mut hidden: BTreeSet<EventId> = BTreeSet::new();
        for (version, ran) in ready.iter().zip(&mut ran).filter(|(version, _)| std::ptr::eq(version.package, package)) {
            match ran.take() {
                Some(Ok(found)) => {
                    *detected.ran.entry(package.name.clone()).or_default() += 1;
                    hidden.extend(found.hidden);
                    rows.extend(found.rows.into_iter().map(|events| (version.query.dialect, events)));
                }
                Some(Err(error)) => detected.refused.push(error),
                None => {}
            }
        }
        let events: BTreeSet<EventId> = rows.iter().flat_map(|(_, events)| events).copied().collect();
        let facts = facts::of(&columns, &gathered, &events);
        detected.findings.extend(group(package, &rows, &facts, |id| replay.file(id)));
        if !hidden.is_empty() {
            detected.hidden.insert(package.name.clone(), hidden.len());
        }
    }
    detected.findings.sort_by_key(|finding| finding.first);
    Ok(detected)
}

impl Detected {
    /// Gives the events of the findings their own texts, which takes another reading of their files.
    ///
    /// # Errors
    /// If the data cannot be read.
    pub fn read_raw_events(&mut self, engine: &Engine) -> Result<(), EngineError> {
        let events = || self.findings.iter().flat_map(|finding| &finding.events);
        let ids: BTreeSet<EventId> = events().map(|event| event.id).collect();
        let mut texts: BTreeMap<(String, u64), String> = BTreeMap::new();
        engine.raw_events(&ids, |event| {
            texts.insert((event.file, event.record), event.raw);
            Ok(())
        })?;
        for event in self.findings.iter_mut().flat_map(|finding| &mut finding.events) {
            event.raw = texts.get(&(event.file.clone(), event.record)).cloned();
        }
        Ok(())
    }
}

/// What one version found.
struct Found {
    rows: BTreeSet<BTreeSet<EventId>>,
    /// Events that the exceptions suppressed.
    hidden: BTreeSet<EventId>,
}

/// Runs the versions, as many at a time as the engine has threads.
fn run_all(replay: &Replay<'_>, ready: &[Ready<'_>]) -> Vec<Option<Result<Found, VersionError>>> {
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<Result<Found, VersionError>>>> = ready.iter().map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..replay.engine.threads().min(ready.len()) {
            scope.spawn(|| {
                while let Some((version, result)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    ready.get(index).zip(results.get(index))
                } {
                    let found = run_one(replay, version);
                    *result.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(found);
                }
            });
        }
    });
    results.into_iter().map(|result| result.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())).collect()
}

fn run_one(replay: &Replay<'_>, version: &Ready<'_>) -> Result<Found, VersionError> {
    let package = version.package;
    let rows = replay.run(version, &package.exceptions)?;
    let mut hidden = BTreeSet::new();
    if !package.exceptions.exceptions.is_empty() {
        let kept: BTreeSet<EventId> = rows.iter().flatten().copied().collect();
        let untuned = replay.run(version, &Exceptions::default())?;
        hidden.extend(untuned.into_iter().flatten().filter(|event| !kept.contains(event)));
    }
    Ok(Found { rows, hidden })
}

/// Runs queries over the events that were gathered for them.
pub(crate) struct Replay<'a> {
    pub engine: &'a Engine,
    pub gathered: &'a Gathered,
}

impl Replay<'_> {
    /// The events behind each row of a version, over all moments of its schedule; each set of events once.
    pub fn run(
        &self,
        version: &Ready<'_>,
        exceptions: &Exceptions,
    ) -> Result<BTreeSet<BTreeSet<EventId>>, VersionError> {
        let Ready { package, query, plan, of_single_events } = version;
        let schedule = package.manifest.schedule;
        // Rows of single events do not depend on how often the query runs, as long as every event is in some window. Runs
        // half a window apart ensure that no event is on the edge of all windows.
        let every = match *of_single_events {
            true => (schedule.window.milliseconds() / 2).max(1),
            false => schedule.every.milliseconds(),
        };
        let mut found = BTreeSet::new();
        for now in moments(&self.gathered.times(), every) {
            self.placed(package, query.tuned(self.engine, package, plan.clone(), exceptions)?, now)
                .rows_with_events(|_, events| {
                    found.extend(events.into_iter().filter(|events| !events.is_empty()));
                    Ok(())
                })
                .map_err(query.failed(package))?;
        }
        Ok(found)
    }

    /// At `now`, over the events of the package's window before it.
    pub fn placed<'e>(&'e self, package: &Package, execution: Execution<'e>, now: Timestamp) -> Execution<'e> {
        let from = now.milliseconds().saturating_sub(package.manifest.schedule.window.milliseconds());
        execution.at(now).over(self.gathered, Some((Timestamp::from_milliseconds(from), now)))
    }

    /// The file of an event.
    pub fn file(&self, id: EventId) -> String {
        self.engine.files().get(id.file() as usize).map(|file| file.path.display().to_string()).unwrap_or_default()
    }
}

/// The moments of a schedule with events just before them.
pub(crate) fn moments(times: &[Timestamp], every: i64) -> BTreeSet<Timestamp> {
    let after = |time: &Timestamp| {
        Timestamp::from_milliseconds((time.milliseconds().div_euclid(every) + 1).saturating_mul(every))
    };
    let moments: BTreeSet<Timestamp> = times.iter().map(after).collect();
    // Events without a time are in every window: one run suffices.
    if moments.is_empty() { BTreeSet::from([Timestamp::wall()]) } else { moments }
}

/// Whether each row of a plan comes from one event.
fn is_of_single_events(plan: &LogicalPlan) -> bool {
    let mut single = true;
    let visited = plan.apply_with_subqueries(|node| {
        let plain = matches!(
            node,
            LogicalPlan::Projection(_)
                | LogicalPlan::Filter(_)
                | LogicalPlan::Sort(_)
                | LogicalPlan::SubqueryAlias(_)
                | LogicalPlan::Union(_)
                | LogicalPlan::TableScan(_)
        );
        let subquery = node.expressions().iter().any(|expression| {
            expression
                .exists(|e| {
                    Ok(matches!(
                        e,
                        datafusion::prelude::Expr::InSubquery(_) | datafusion::prelude::Expr::ScalarSubquery(_)
                    ))
                })
                .unwrap_or(true)
        });
        if plain && !subquery {
            return Ok(TreeNodeRecursion::Continue);
        }
        single = false;
        Ok(TreeNodeRecursion::Stop)
    });
    single && visited.is_ok()
}
