//! Which conditions the events of findings fulfil, and which values of their records the rules ask about.
use crate::clause::{self, Fulfilled, Subject};
use crate::facts;
use crate::finding::Finding;
use crate::manifest::Exceptions;
use crate::package::Package;
use crate::replay::{Ready, Replay, planned_again};
use crate::version::{Frontends, Query};
use mynah_engine::{Engine, EngineError, Gathered, Wanted, in_parallel};
use mynah_event::{Dialect, EventId};
use mynah_view::ScanColumn;
use std::collections::{BTreeMap, BTreeSet};

/// A condition of a query that an event fulfils.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The version of the detection whose query it stands in.
    pub dialect: Dialect,
    /// Its line there, from 1.
    pub line: usize,
    /// The text of that line.
    pub text: String,
    /// The condition as the query has it, in one line.
    pub condition: String,
    /// The fields that it looks at, and what they hold in the event; none where that is nothing.
    pub fields: Vec<(String, Option<String>)>,
}

/// What is known of why a finding was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The conditions that the first of its events fulfils. Those of a version that few events fulfil come before its others.
    pub reasons: Vec<Reason>,
    /// The paths of the event's record that conditions look at, as the log source's definition names them:
    /// `EventData.CommandLine`.
    pub paths: BTreeSet<String>,
}

/// Looks at the first event of each of these findings of `packages` again, which takes another reading of the data.
///
/// Gives as many as there are findings, in their order. What cannot be told is left empty: nothing is made up.
///
/// # Errors
/// If the data cannot be read.
pub fn evidence(
    engine: &Engine,
    frontends: Frontends<'_>,
    packages: &[Package],
    findings: &[&Finding],
) -> Result<Vec<Evidence>, EngineError> {
    let mut versions: BTreeMap<&str, BTreeSet<Dialect>> = BTreeMap::new();
    for finding in findings {
        versions.entry(&finding.id).or_default().extend(&finding.versions);
    }
    let none = Exceptions::default();
    let asked: Vec<(&Package, Query<'_>)> = packages
        .iter()
        .filter_map(|package| Some((package, versions.get(package.manifest.id.as_str())?)))
        .flat_map(|(package, dialects)| {
            dialects.iter().filter_map(move |dialect| Some((package, Query::of(package, *dialect)?)))
        })
        .collect();
    let columns = facts::columns(engine)?;
    planned_again(|| {
        // What ran once runs again; if not, there is nothing to tell.
        let ready = in_parallel(engine.threads(), &asked, |(package, query)| {
            Ready::new(engine, frontends, package, *query, &none).ok()
        });
        let (gathered, ready) = gather(engine, ready.into_iter().flatten().collect(), &columns)?;
        let replay = Replay { engine, gathered: &gathered };
        let told = in_parallel(engine.threads(), &ready, |(version, _)| {
            let fulfilled = clause::fulfilled(&replay, version, &subjects(version, findings)).unwrap_or_default();
            ((version.package.manifest.id.as_str(), version.query.dialect), fulfilled)
        });
        let told: BTreeMap<(&str, Dialect), BTreeMap<EventId, Fulfilled>> = told.into_iter().collect();
        Ok(findings.iter().map(|finding| Evidence::of(finding, &told)).collect())
    })
}

/// A version that is ready to run, and the events that it must be given.
type Asking<'a> = (Ready<'a>, Vec<Wanted>);

/// The events that the queries can be made of, and those queries whose events there is memory for.
fn gather<'a>(
    engine: &Engine,
    mut ready: Vec<Asking<'a>>,
    columns: &[ScanColumn],
) -> Result<(Gathered, Vec<Asking<'a>>), EngineError> {
    loop {
        let wanted: Vec<Wanted> = ready.iter().flat_map(|(_, wanted)| wanted).cloned().collect();
        let plans = match engine.gather(&wanted, columns) {
            Err(EngineError::TooMuch { plans, .. }) if !plans.is_empty() => plans,
            other => return Ok((other?, ready)),
        };
        let mut first = 0;
        ready.retain(|(_, wanted)| {
            let own = first..first + wanted.len();
            first = own.end;
            !plans.iter().any(|plan| own.contains(plan))
        });
    }
}

/// The first events of the findings that a version found.
fn subjects<'f>(version: &Ready<'_>, findings: &[&'f Finding]) -> Vec<Subject<'f>> {
    let own = findings.iter().filter(|finding| {
        finding.id == version.package.manifest.id && finding.versions.contains(&version.query.dialect)
    });
    own.filter_map(|finding| finding.events.first())
        .map(|event| Subject { event: event.id, source: &event.source, time: event.time })
        .collect()
}

impl Evidence {
    fn of(finding: &Finding, told: &BTreeMap<(&str, Dialect), BTreeMap<EventId, Fulfilled>>) -> Evidence {
        let mut evidence = Evidence::default();
        let Some(first) = finding.events.first() else { return evidence };
        for dialect in &finding.versions {
            let of_version = told.get(&(finding.id.as_str(), *dialect));
            let Some(fulfilled) = of_version.and_then(|events| events.get(&first.id)) else { continue };
            evidence.paths.extend(fulfilled.paths.iter().cloned());
            evidence.reasons.extend(fulfilled.clauses.iter().map(|clause| Reason {
                dialect: *dialect,
                line: clause.line,
                text: clause.text.clone(),
                condition: clause.condition.clone(),
                fields: clause.fields.clone(),
            }));
        }
        evidence
    }
}
