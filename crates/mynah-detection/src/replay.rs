//! Running detections over logs as their schedules would have run them.
use crate::facts;
use crate::finding::{EventRef, Finding};
use crate::group::group;
use crate::manifest::Exceptions;
use crate::package::Package;
use crate::version::{Frontends, Query, VersionError};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::LogicalPlan;
use mynah_dialect::Plan;
use mynah_engine::{Conditions, Engine, EngineError, Execution, Gathered, Wanted, in_parallel};
use mynah_event::{Dialect, EventId, Timestamp};
use mynah_view::ScanColumn;
use std::collections::{BTreeMap, BTreeSet};

/// The results of running detections over logs.
#[derive(Debug, Default)]
pub struct Detected {
    /// The findings, in the order of time.
    pub findings: Vec<Finding>,
    /// How many events the exceptions of a detection suppressed, by its name; without those that suppressed none.
    pub hidden: BTreeMap<String, usize>,
    /// How many versions ran, by the detection's id; without detections that have none in the dialects asked for.
    pub ran: BTreeMap<String, usize>,
    /// Versions whose queries do not run.
    pub refused: Vec<Refused>,
    /// Why a version that ran can find nothing in any data, by the detection's id: no log source here is one of its own.
    pub finds_nothing: BTreeMap<String, String>,
}

/// A version that does not run.
#[derive(Debug)]
pub struct Refused {
    /// The detection's id.
    pub id: String,
    /// Why.
    pub error: VersionError,
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
        let (plan, _) = query.plan(engine, frontends, package)?;
        Ready::of(engine, package, query, plan, (exceptions, None))
    }

    /// The same for a version that is planned; with the events that its first stage can be made of, if they are gathered.
    fn of(
        engine: &'a Engine,
        package: &'a Package,
        query: Query<'a>,
        plan: mynah_engine::Query<'a>,
        (exceptions, of_first): (&'a Exceptions, Option<&Gathered>),
    ) -> Result<(Self, Vec<Wanted>), VersionError> {
        let tuned = query.tuned(engine, package, plan.clone(), exceptions)?;
        let stages = stages(engine, &plan, package, of_first).map_err(query.failed(package))?;
        // What an earlier stage found at one moment tells nothing of another.
        let filtered = stages.len() == 1 || package.manifest.schedule.is_none();
        let of_single_events = stages.len() == 1 && stages.iter().all(is_of_single_events);
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

/// The plans of all stages of a query. Of a package without a schedule they are those of its one run.
fn stages(
    engine: &Engine,
    query: &mynah_engine::Query<'_>,
    package: &Package,
    of_first: Option<&Gathered>,
) -> Result<Vec<LogicalPlan>, EngineError> {
    let execution = || match package.manifest.schedule {
        Some(_) => engine.execute(query.clone()).at(Timestamp::wall()),
        None => engine.execute(query.clone()),
    };
    if let (Some(gathered), Plan::Stage(_)) = (of_first, query.plan()) {
        let stages = execution().over(gathered, None).stages();
        // A stage behind the first one wants other events.
        if stages.as_ref().is_ok_and(|stages| stages.len() == 2) {
            return stages;
        }
    }
    execution().stages()
}

/// A version of a package.
#[derive(Clone, Copy)]
struct Version<'a> {
    /// The number of the package among all.
    number: usize,
    package: &'a Package,
    query: Query<'a>,
}

/// Versions that are planned, by how they are run.
#[derive(Default)]
struct Planned<'a> {
    /// Those whose events are the ones that fulfil conditions, whatever the schedule; and the conditions of each.
    matched: Vec<Version<'a>>,
    conditions: Vec<Conditions>,
    /// Those that run at the moments of their schedules; and the events that they must be given.
    replayed: Vec<(Version<'a>, Ready<'a>, Vec<Wanted>)>,
}

/// How one version is run.
enum How<'a> {
    Matched(Conditions),
    Replayed(Box<Ready<'a>>, Vec<Wanted>),
}

/// Runs the versions of `packages` in these dialects as their schedules would have run them.
///
/// The data is read once. A version that finds single events finds them then; any other runs at every moment of its schedule
/// that has new events, over the events of its window, with that moment as its clock.
///
/// # Errors
/// Where the data cannot be read.
pub fn detect(
    engine: &Engine,
    frontends: Frontends<'_>,
    packages: &[Package],
    dialects: &[Dialect],
) -> Result<Detected, EngineError> {
    planned_again(|| detect_as_planned(engine, frontends, packages, dialects))
}

/// Plans and runs queries again where the data turns out to have several values in fields for which their plans have one.
pub(crate) fn planned_again<T>(run: impl Fn() -> Result<T, EngineError>) -> Result<T, EngineError> {
    loop {
        match run() {
            // Each time one more field is known, of those that the queries ask for.
            Err(EngineError::SeveralValues) => {}
            other => return other,
        }
    }
}

fn detect_as_planned(
    engine: &Engine,
    frontends: Frontends<'_>,
    packages: &[Package],
    dialects: &[Dialect],
) -> Result<Detected, EngineError> {
    let mut detected = Detected::default();
    let versions: Vec<Version<'_>> = packages
        .iter()
        .enumerate()
        .flat_map(|(number, package)| {
            let wanted = package.dialects().filter(|dialect| dialects.contains(dialect));
            wanted.filter_map(move |dialect| Some(Version { number, package, query: Query::of(package, dialect)? }))
        })
        .collect();
    let begin = || in_parallel(engine.threads(), &versions, |version| begin(engine, frontends, *version));
    // What is said of events takes a view to be read, which rules of other platforms do not.
    let (columns, begun) = std::thread::scope(|scope| {
        let columns = scope.spawn(|| facts::columns(engine));
        let begun = begin();
        (columns.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), begun)
    });
    let columns = columns?;
    let staged = begun.iter().flatten().filter_map(|(begun, _)| match begun {
        Begun::Staged(plan) => Some(plan),
        Begun::Prepared(_) => None,
    });
    let of_first = first_stages(engine, staged)?;
    let begun: Vec<(Version<'_>, _)> = versions.into_iter().zip(begun).collect();
    let prepared = in_parallel(engine.threads(), &begun, |(version, begun)| match begun {
        Ok((Begun::Staged(plan), _)) => Some(prepare(engine, *version, plan, of_first.as_ref())),
        _ => None,
    });
    drop(of_first);
    let mut ready = Planned::default();
    for ((version, begun), prepared) in begun.into_iter().zip(prepared) {
        let prepared = begun.and_then(|(begun, finds_nothing)| match (prepared, begun) {
            (Some(how), _) => Ok((finds_nothing, Some(how?))),
            (None, Begun::Prepared(how)) => Ok((finds_nothing, Some(how))),
            (None, Begun::Staged(_)) => Ok((finds_nothing, None)),
        });
        let (finds_nothing, how) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => {
                detected.refused.push(version.refused(error));
                continue;
            }
        };
        if let Some(reason) = finds_nothing {
            detected.finds_nothing.insert(version.package.manifest.id.clone(), reason);
        }
        match how {
            Some(How::Matched(conditions)) => {
                ready.matched.push(version);
                ready.conditions.push(conditions);
            }
            Some(How::Replayed(one, wanted)) => ready.replayed.push((version, *one, wanted)),
            None => {}
        }
    }
    let Runs { ran, kept } = run_all(engine, ready, &columns)?;
    let mut found: BTreeMap<usize, BTreeMap<Dialect, Found>> = BTreeMap::new();
    for (version, rows) in ran {
        match rows {
            Ok(rows) => {
                *detected.ran.entry(version.package.manifest.id.clone()).or_default() += 1;
                found.entry(version.number).or_default().insert(version.query.dialect, rows);
            }
            Err(error) => detected.refused.push(version.refused(error)),
        }
    }
    let all =
        found.values().flat_map(BTreeMap::values).flat_map(|found| found.rows.iter().flatten()).copied().collect();
    let facts = facts::of(&columns, &kept, &all);
    let file = |id: EventId| {
        engine.files().get(id.file() as usize).map(|file| file.path.display().to_string()).unwrap_or_default()
    };
    for (number, versions) in found {
        let Some(package) = packages.get(number) else { continue };
        let (mut rows, mut hidden): (Vec<(Dialect, BTreeSet<EventId>)>, BTreeSet<EventId>) = Default::default();
        for (dialect, found) in versions {
            hidden.extend(found.hidden);
            rows.extend(found.rows.into_iter().map(|events| (dialect, events)));
        }
        detected.findings.extend(group(package, &rows, &facts, file));
        if !hidden.is_empty() {
            detected.hidden.insert(package.name.clone(), hidden.len());
        }
    }
    detected.findings.sort_by_key(|finding| finding.first);
    Ok(detected)
}

impl Version<'_> {
    fn refused(&self, error: VersionError) -> Refused {
        Refused { id: self.package.manifest.id.clone(), error }
    }
}

/// A version that is planned.
enum Begun<'a> {
    Prepared(How<'a>),
    /// One that needs rows to be planned further.
    Staged(mynah_engine::Query<'a>),
}

/// Plans a version; and why it can find nothing in any data, if that is so.
fn begin<'a>(
    engine: &'a Engine,
    frontends: Frontends<'_>,
    version: Version<'a>,
) -> Result<(Begun<'a>, Option<String>), VersionError> {
    let (plan, finds_nothing) = version.query.plan(engine, frontends, version.package)?;
    let begun = match plan.plan() {
        // Its plan is dropped here: of thousands that takes a while.
        Plan::Whole(_) => Begun::Prepared(prepare(engine, version, &plan, None)?),
        Plan::Stage(_) => Begun::Staged(plan),
    };
    Ok((begun, finds_nothing))
}

/// Sees how a version that is planned can be run.
fn prepare<'a>(
    engine: &'a Engine,
    version: Version<'a>,
    plan: &mynah_engine::Query<'a>,
    of_first: Option<&Gathered>,
) -> Result<How<'a>, VersionError> {
    let Version { package, query, .. } = version;
    let conditions = match package.exceptions.exceptions.is_empty() {
        true => plan.conditions().map_err(query.failed(package))?,
        // Of exceptions it is told how many events they suppress, which takes two runs.
        false => None,
    };
    Ok(match conditions {
        Some(conditions) => How::Matched(conditions),
        None => {
            let (ready, wanted) = Ready::of(engine, package, query, plan.clone(), (&package.exceptions, of_first))?;
            How::Replayed(Box::new(ready), wanted)
        }
    })
}

/// The events that the first stages of queries can be made of, read once for all of them. Nothing where there is one at the most,
/// or they want more than there is memory for: each reads for itself then.
fn first_stages<'q, 'e: 'q>(
    engine: &Engine,
    queries: impl Iterator<Item = &'q mynah_engine::Query<'e>>,
) -> Result<Option<Gathered>, EngineError> {
    let stages = queries.filter_map(|query| match query.plan() {
        Plan::Stage(plan) => Some(Wanted { plan: plan.clone(), filtered: true }),
        Plan::Whole(_) => None,
    });
    let stages: Vec<Wanted> = stages.collect();
    if stages.len() < 2 {
        return Ok(None);
    }
    match engine.gather(&stages, &[]) {
        Ok(gathered) => Ok(Some(gathered)),
        Err(EngineError::TooMuch { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What each version found, and what is kept of the events.
struct Runs<'a> {
    ran: Vec<(Version<'a>, Ran)>,
    kept: Vec<Gathered>,
}

/// Runs all versions.
fn run_all<'a>(engine: &Engine, planned: Planned<'a>, columns: &[ScanColumn]) -> Result<Runs<'a>, EngineError> {
    let Planned { matched, conditions, mut replayed } = planned;
    let mut ran = Vec::with_capacity(matched.len() + replayed.len());
    let found = loop {
        let wanted: Vec<Wanted> = replayed.iter().flat_map(|(_, _, wanted)| wanted).cloned().collect();
        let (mebibytes, plans) = match engine.match_events(&conditions, &wanted, columns) {
            Err(EngineError::TooMuch { mebibytes, plans }) if !plans.is_empty() => (mebibytes, plans),
            other => break other?,
        };
        // The others run without those that want the most.
        let mut first = 0;
        replayed.retain(|(version, _, wanted)| {
            let own = first..first + wanted.len();
            first = own.end;
            let is_one = plans.iter().any(|plan| own.contains(plan));
            if is_one {
                let error = EngineError::TooMuch { mebibytes, plans: Vec::new() };
                ran.push((*version, Err(version.query.failed(version.package)(error))));
            }
            !is_one
        });
    };
    for (version, events) in matched.into_iter().zip(found.rules) {
        let failed = version.query.failed(version.package);
        let found = events.map(Found::of_events).map_err(|message| failed(EngineError::Execution(message)));
        ran.push((version, found));
    }
    let replay = Replay { engine, gathered: &found.gathered };
    let rows = in_parallel(engine.threads(), &replayed, |(_, ready, _)| run_one(&replay, ready));
    ran.extend(replayed.iter().map(|(version, ..)| *version).zip(rows));
    Ok(Runs { ran, kept: vec![found.events, found.gathered] })
}

impl Detected {
    /// Gives the events of the findings their own texts, which takes another reading of their files.
    ///
    /// # Errors
    /// If the data cannot be read.
    pub fn read_raw_events(&mut self, engine: &Engine) -> Result<(), EngineError> {
        read_raw_events(engine, self.findings.iter_mut().flat_map(|finding| &mut finding.events))
    }
}

/// Gives events their own texts, which takes another reading of their files up to the last of these events.
///
/// # Errors
/// If the data cannot be read.
pub fn read_raw_events<'e>(
    engine: &Engine,
    events: impl IntoIterator<Item = &'e mut EventRef>,
) -> Result<(), EngineError> {
    let events: Vec<&mut EventRef> = events.into_iter().collect();
    let ids: BTreeSet<EventId> = events.iter().map(|event| event.id).collect();
    let mut texts: BTreeMap<(String, u64), String> = BTreeMap::new();
    engine.raw_events(&ids, |event| {
        texts.insert((event.file, event.record), event.raw);
        Ok(())
    })?;
    for event in events {
        event.raw = texts.get(&(event.file.clone(), event.record)).cloned();
    }
    Ok(())
}

/// What became of one version.
type Ran = Result<Found, VersionError>;

/// What one version found.
struct Found {
    rows: BTreeSet<BTreeSet<EventId>>,
    /// Events that the exceptions suppressed.
    hidden: BTreeSet<EventId>,
}

impl Found {
    /// Of single events, each of which is a row.
    fn of_events(events: BTreeSet<EventId>) -> Found {
        Found { rows: events.into_iter().map(|event| BTreeSet::from([event])).collect(), hidden: BTreeSet::new() }
    }
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
        let Ready { package, query, plan, of_single_events, .. } = version;
        // Rows of single events do not depend on how often the query runs, as long as every event is in some window. Runs
        // half a window apart ensure that no event is on the edge of all windows.
        let every = package.manifest.schedule.map(|schedule| match *of_single_events {
            true => (schedule.window.milliseconds() / 2).max(1),
            false => schedule.every.milliseconds(),
        });
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

    /// At a moment of the package's schedule, over the events of its window before it; without a moment at the engine's
    /// own, over all events.
    pub fn placed<'e>(&'e self, package: &Package, execution: Execution<'e>, now: Option<Timestamp>) -> Execution<'e> {
        let (Some(now), Some(schedule)) = (now, package.manifest.schedule) else {
            return execution.over(self.gathered, None);
        };
        let from = now.milliseconds().saturating_sub(schedule.window.milliseconds());
        execution.at(now).over(self.gathered, Some((Timestamp::from_milliseconds(from), now)))
    }

    /// The file of an event.
    pub fn file(&self, id: EventId) -> String {
        self.engine.files().get(id.file() as usize).map(|file| file.path.display().to_string()).unwrap_or_default()
    }
}

/// The moments of a schedule with events just before them; without a schedule there is one run, at no moment of its own.
pub(crate) fn moments(times: &[Timestamp], every: Option<i64>) -> BTreeSet<Option<Timestamp>> {
    let Some(every) = every else { return BTreeSet::from([None]) };
    let after = |time: &Timestamp| {
        Timestamp::from_milliseconds((time.milliseconds().div_euclid(every) + 1).saturating_mul(every))
    };
    let moments: BTreeSet<Option<Timestamp>> = times.iter().map(|time| Some(after(time))).collect();
    // Events without a time are in every window: one run suffices.
    if moments.is_empty() { BTreeSet::from([Some(Timestamp::wall())]) } else { moments }
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
