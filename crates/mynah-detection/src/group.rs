//! Grouping rows into findings.
use crate::facts::Facts;
use crate::finding::{EventRef, Finding};
use crate::package::Package;
use mynah_event::{Dialect, EventId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What the events of one finding share: user, host and action.
type Alike<'a> = (Option<&'a String>, Option<&'a String>, Option<&'a String>);

/// How long a pause may be within one finding of a detection without a schedule, in milliseconds: an hour.
const PAUSE: i64 = 3_600_000;

/// The findings of one detection, from the rows of its versions.
///
/// Rows of single events are grouped by user, host and action, unless two of them are further apart than the detection's
/// window. A row of several events (of an aggregating query) is merged into these groups if all its events are in them. Other
/// such rows are merged where they share events, so that a group that grows from one run to the next is one finding.
pub(crate) fn group(
    package: &Package,
    rows: &[(Dialect, BTreeSet<EventId>)],
    facts: &BTreeMap<EventId, Facts>,
    file: impl Fn(EventId) -> String,
) -> Vec<Finding> {
    let mut single: BTreeMap<EventId, BTreeSet<Dialect>> = BTreeMap::new();
    for (dialect, events) in rows.iter().filter(|(_, events)| events.len() == 1) {
        for event in events {
            single.entry(*event).or_default().insert(*dialect);
        }
    }
    let mut several: Vec<(BTreeSet<EventId>, BTreeSet<Dialect>)> = Vec::new();
    for (dialect, events) in rows.iter().filter(|(_, events)| events.len() > 1) {
        if events.iter().all(|event| single.contains_key(event)) {
            for event in events {
                single.entry(*event).or_default().insert(*dialect);
            }
            continue;
        }
        let (overlapping, apart): (Vec<_>, Vec<_>) =
            several.into_iter().partition(|(known, _)| !known.is_disjoint(events));
        several = apart;
        let mut merged = (events.clone(), BTreeSet::from([*dialect]));
        for (known, dialects) in overlapping {
            merged.0.extend(known);
            merged.1.extend(dialects);
        }
        several.push(merged);
    }
    // An event of an aggregate is not reported on its own as well.
    single.retain(|event, dialects| match several.iter_mut().find(|(events, _)| events.contains(event)) {
        Some((_, known)) => {
            known.append(dialects);
            false
        }
        None => true,
    });

    let window = package.manifest.schedule.map_or(PAUSE, |schedule| schedule.window.milliseconds());
    let none = Facts::default();
    let of = |event: &EventId| facts.get(event).unwrap_or(&none);
    let mut alike: BTreeMap<Alike<'_>, Vec<(Option<Timestamp>, EventId)>> = BTreeMap::new();
    for event in single.keys() {
        let facts = of(event);
        alike
            .entry((facts.user.as_ref(), facts.host.as_ref(), facts.action.as_ref()))
            .or_default()
            .push((facts.time, *event));
    }
    let mut groups: Vec<(BTreeSet<EventId>, BTreeSet<Dialect>)> = several;
    for (_, mut events) in alike {
        events.sort_unstable();
        let mut before: Option<Timestamp> = None;
        let mut current: BTreeSet<EventId> = BTreeSet::new();
        for (time, event) in events {
            let pause = before.zip(time).map_or(0, |(before, time)| time.milliseconds() - before.milliseconds());
            if pause > window && !current.is_empty() {
                groups.push(versions_of(std::mem::take(&mut current), &single));
            }
            current.insert(event);
            before = time.or(before);
        }
        groups.push(versions_of(current, &single));
    }

    // What the package says of itself is shared by its findings.
    let empty = Finding::of(package);
    let mut findings: Vec<Finding> =
        groups.into_iter().map(|(events, versions)| finding(&empty, &events, versions, &of, &file)).collect();
    findings.sort_by(|a, b| (a.first, &a.what).cmp(&(b.first, &b.what)));
    findings
}

fn versions_of(
    events: BTreeSet<EventId>,
    single: &BTreeMap<EventId, BTreeSet<Dialect>>,
) -> (BTreeSet<EventId>, BTreeSet<Dialect>) {
    let versions = events.iter().filter_map(|event| single.get(event)).flatten().copied().collect();
    (events, versions)
}

fn finding<'f>(
    empty: &Finding,
    events: &BTreeSet<EventId>,
    versions: BTreeSet<Dialect>,
    of: &impl Fn(&EventId) -> &'f Facts,
    file: &impl Fn(EventId) -> String,
) -> Finding {
    let mut finding = Finding { versions, ..empty.clone() };
    for event in events {
        let facts = of(event);
        finding.users.extend(facts.user.clone());
        finding.addresses.extend(facts.address.clone());
        finding.hosts.extend(facts.host.clone());
        finding.what.extend(facts.what.clone());
        finding.processes.extend(facts.process.clone());
        finding.events.push(EventRef::new(*event, file(*event), facts));
    }
    finding.events.sort_by_key(|event| (event.time, event.id));
    finding.first = finding.events.iter().filter_map(|event| event.time).min();
    finding.last = finding.events.iter().filter_map(|event| event.time).max();
    finding
}
