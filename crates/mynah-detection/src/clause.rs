//! Which clause of a query made the difference for one event.
//!
//! A query's [conditions](condition) are trees over atoms. For an event that was found, the atom counts that holds for the
//! fewest events. For one that was missed, the atoms count that failed, of those that look at the same values of the record;
//! conditions that belong to other log sources have no say. Where an atom stands in the text, its mark in the plan tells.
mod condition;
mod lineage;

use crate::facts::Facts;
use crate::replay::{Ready, Replay, moments};
use crate::version::VersionError;
use condition::{About, Atom, Condition, Sought, conditions};
use mynah_event::{Dialect, EventId, Timestamp};
use mynah_syntax::Span;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What one version of a detection decided on an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The version.
    pub dialect: Dialect,
    /// Whether it finds the event.
    pub found: bool,
    /// Whether it misses the event although the event fits the clause, because the version requires other events too, such
    /// as those of a sequence or a count.
    pub incomplete: bool,
    /// The line of its query that decided, from 1, and its text; none if no clause is about such events.
    pub clause: Option<(usize, String)>,
    /// The condition in that clause that decided.
    pub condition: Option<String>,
    /// The fields that the condition looks at, and what they hold in the first of the events; none where that is nothing.
    pub fields: Vec<(String, Option<String>)>,
}

/// What each version decided on an event, those that found it first. This function is all that the rest of the crate knows of
/// this file.
pub(crate) fn sides(
    replay: &Replay<'_>,
    versions: &[Ready<'_>],
    found_by: &BTreeSet<Dialect>,
    event: EventId,
    facts: &Facts,
) -> Vec<Side> {
    let subject = Subject { event, source: &facts.source, time: facts.time };
    let mut sought = Sought::default();
    let mut shortest = usize::MAX;
    let mut sides = Vec::new();
    // The conditions that found the event tell which conditions to look for in the versions that missed it.
    let (finders, others): (Vec<&Ready<'_>>, Vec<&Ready<'_>>) =
        versions.iter().partition(|version| found_by.contains(&version.query.dialect));
    for version in finders.into_iter().chain(others) {
        let dialect = version.query.dialect;
        let found = found_by.contains(&dialect);
        let ask = |missed| decided(replay, version, subject, missed).unwrap_or_default();
        let mut clause = ask((!found).then_some(&sought));
        let incomplete = !found && clause.is_none();
        if incomplete {
            clause = ask(None);
        }
        if found && let Some(clause) = &clause {
            // A long pattern is similar to everything.
            if clause.sought.longest() < shortest {
                shortest = clause.sought.longest();
                sought.literals.clone_from(&clause.sought.literals);
            }
            sought.paths.extend(clause.sought.paths.iter().cloned());
        }
        sides.push(Side {
            dialect,
            found,
            incomplete: incomplete && clause.is_some(),
            condition: clause.as_ref().map(|clause| clause.condition.clone()),
            fields: clause.as_ref().map(|clause| clause.fields.clone()).unwrap_or_default(),
            clause: clause.map(|clause| (clause.line, clause.text)),
        });
    }
    sides
}

/// An event that a question is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// Its id.
    pub event: EventId,
    /// Its log source.
    pub source: &'a str,
    /// Its time.
    pub time: Option<Timestamp>,
}

/// The conditions of a version that each of these events, all of one log source and all looked at in the same run of the
/// schedule, gets to.
fn conditions_of(
    replay: &Replay<'_>,
    version: &Ready<'_>,
    source: &str,
    now: Option<Timestamp>,
    events: &BTreeSet<EventId>,
) -> Result<BTreeMap<EventId, Vec<Condition>>, VersionError> {
    let Ready { package, query, .. } = version;
    let execution = replay.placed(package, replay.engine.execute(version.plan.clone()), now);
    let plan = execution.last_stage().map_err(query.failed(package))?;
    let placed = execution.placed(plan.clone()).map_err(query.failed(package))?;
    conditions(replay.engine, &plan, &placed, source, events).map_err(query.failed(package))
}

/// The run of a version's schedule that looks at an event of this time.
fn moment(version: &Ready<'_>, time: Option<Timestamp>) -> Option<Timestamp> {
    let times: Vec<Timestamp> = time.into_iter().collect();
    let every = version.package.manifest.schedule.map(|schedule| schedule.every.milliseconds());
    moments(&times, every).first().copied().flatten()
}

/// What a version says of one event that it found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fulfilled {
    /// The conditions about its record that it fulfils, those that the fewest events fulfil first.
    pub clauses: Vec<Clause>,
    /// The paths of its record that conditions look at.
    pub paths: BTreeSet<String>,
}

/// How many of the conditions that an event fulfils are told.
const MOST_CLAUSES: usize = 5;

/// What a version says of each of these events, which it found.
pub(crate) fn fulfilled(
    replay: &Replay<'_>,
    version: &Ready<'_>,
    subjects: &[Subject<'_>],
) -> Result<BTreeMap<EventId, Fulfilled>, VersionError> {
    let mut runs: BTreeMap<(Option<Timestamp>, &str), BTreeSet<EventId>> = BTreeMap::new();
    for subject in subjects {
        runs.entry((moment(version, subject.time), subject.source)).or_default().insert(subject.event);
    }
    let mut all = BTreeMap::new();
    for ((now, source), events) in runs {
        for (event, conditions) in conditions_of(replay, version, source, now, &events)? {
            let mut held: Vec<&Atom> = telling(&conditions);
            held.retain(|atom| !atom.is_negative());
            held.sort_by_key(|atom| (atom.holds, Reverse(atom.sought.longest())));
            let mut clauses: Vec<Clause> = Vec::new();
            for clause in held.into_iter().filter_map(|atom| Clause::of(atom, version.query.text)) {
                if clauses.len() < MOST_CLAUSES && clauses.iter().all(|known| !known.is_same(&clause)) {
                    clauses.push(clause);
                }
            }
            let mut paths = BTreeSet::new();
            conditions.iter().for_each(|condition| condition.tree.paths(&mut paths));
            all.insert(event, Fulfilled { clauses, paths });
        }
    }
    Ok(all)
}

/// The atoms about the record that make conditions true.
fn telling(conditions: &[Condition]) -> Vec<&Atom> {
    let mut held: Vec<&Atom> = Vec::new();
    for condition in conditions.iter().filter(|condition| condition.tree.value() == Some(true)) {
        condition.tree.credit(&mut held);
    }
    held.retain(|atom| atom.about == About::Record && !atom.sought.literals.is_empty());
    held
}

/// The clause that decided on an event: that found it, or, given what other versions looked for, that missed it.
fn decided(
    replay: &Replay<'_>,
    version: &Ready<'_>,
    subject: Subject<'_>,
    missed: Option<&Sought>,
) -> Result<Option<Clause>, VersionError> {
    let Subject { event, source, time } = subject;
    let mut conditions = conditions_of(replay, version, source, moment(version, time), &BTreeSet::from([event]))?;
    let conditions = conditions.remove(&event).unwrap_or_default();
    let decisive = match missed {
        None => telling(&conditions).into_iter().min_by_key(|atom| (atom.holds, Reverse(atom.sought.longest()))),
        Some(sought) => nearest(&conditions, sought),
    };
    Ok(decisive.and_then(|atom| Clause::of(atom, version.query.text)))
}

/// The atom that stopped an event, of those that other versions' conditions are most like.
fn nearest<'c>(conditions: &'c [Condition], sought: &Sought) -> Option<&'c Atom> {
    let failed = || conditions.iter().filter(|condition| condition.tree.value() != Some(true));
    let blamed = |condition: &'c Condition| {
        let mut atoms = Vec::new();
        condition.tree.blame(sought, &mut atoms);
        atoms
    };
    let decisive: Vec<&Atom> = failed().filter(|condition| condition.decisive).flat_map(blamed).collect();
    // A filter may only look at what cases made of the record. Then the case that nearly holds says more than the filter.
    let nearly = |condition: &Condition| {
        let defined = condition.defines.as_ref();
        condition.tree.held() > 0
            && defined.is_some_and(|column| decisive.iter().any(|atom| atom.behind.contains(column)))
    };
    let cases = failed().filter(|condition| !condition.decisive).flat_map(|condition| {
        let near = nearly(condition);
        blamed(condition).into_iter().map(move |atom| (near, false, atom))
    });
    decisive
        .iter()
        .map(|atom| (false, true, *atom))
        .chain(cases)
        .filter(|(near, decisive, atom)| *decisive || *near || atom.likeness(sought).0)
        .max_by_key(|(near, decisive, atom)| (atom.likeness(sought), *near, *decisive, atom.sought.longest()))
        .map(|(.., atom)| atom)
}

/// A line of a query, and the condition in it that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    /// The line, from 1.
    pub line: usize,
    /// The line's text.
    pub text: String,
    /// The condition that decided, as the query has it, in one line.
    pub condition: String,
    /// What the condition's fields hold in the event.
    pub fields: Vec<(String, Option<String>)>,
    /// What it looks for, and in which values of the record.
    sought: Sought,
}

impl Clause {
    /// Whether another one says the same.
    fn is_same(&self, other: &Clause) -> bool {
        (self.line, &self.condition, &self.fields) == (other.line, &other.condition, &other.fields)
    }

    /// The line of a query that an atom stands in; of several, the first with one of its literals.
    fn of(atom: &Atom, query: &str) -> Option<Clause> {
        let span = atom.span?;
        let literals: Vec<String> = atom.sought.literals.iter().map(|literal| literal.to_lowercase()).collect();
        let mut start = 0;
        let mut lines = query.split_inclusive('\n').enumerate().filter_map(|(index, line)| {
            let from = start;
            start += line.len();
            let covered = Span::new(span.start.max(from), span.end.min(start)).of(query);
            (!covered.trim().is_empty()).then(|| (index + 1, line.trim(), covered.to_lowercase()))
        });
        let first = lines.next()?;
        let holds = |covered: &str| literals.iter().any(|literal| covered.contains(literal));
        let (line, text, _) = match holds(&first.2) {
            true => first,
            false => lines.find(|(_, _, covered)| holds(covered)).unwrap_or(first),
        };
        let condition = closed(query, span).split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Clause {
            line,
            text: text.to_owned(),
            condition,
            fields: atom.fields.clone(),
            sought: atom.sought.clone(),
        })
    }
}

/// The text at a span, with the parentheses behind it that close those in it: some languages end a list at its last value.
fn closed(query: &str, span: Span) -> &str {
    let mut end = span.end;
    let count = |text: &str, c| text.chars().filter(|other| *other == c).count();
    while count(Span::new(span.start, end).of(query), '(') > count(Span::new(span.start, end).of(query), ')') {
        let rest = query.get(end..).unwrap_or_default();
        let Some(behind) = rest.trim_start().strip_prefix(')') else { break };
        end += rest.len() - behind.len();
    }
    Span::new(span.start, end).of(query)
}

#[cfg(test)]
mod tests {
    use super::closed;
    use mynah_syntax::Span;

    #[test]
    fn lists_are_closed() {
        let query = "a IN (b, c ) OR d=(e";
        assert_eq!(closed(query, Span::new(0, 10)), "a IN (b, c )");
        assert_eq!(closed(query, Span::new(16, 20)), "d=(e");
        assert_eq!(closed(query, Span::new(0, 1)), "a");
    }
}
