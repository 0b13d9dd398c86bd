//! Which clause of a query made the difference for one event.
//!
//! A query's [conditions](condition) are trees over atoms. For an event that was found, the atom counts that holds for the
//! fewest events. For one that was missed, the atoms count that failed, of those that look at the same values of the record;
//! conditions that belong to other log sources have no say. Where an atom stands in the text, its mark in the plan tells.
mod condition;

use crate::facts::Facts;
use crate::replay::{Ready, Replay, moments};
use crate::version::VersionError;
use condition::{About, Atom, Sought, conditions};
use mynah_event::{Dialect, EventId, Timestamp};
use mynah_syntax::Span;
use std::cmp::Reverse;
use std::collections::BTreeSet;

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
    let subject = Subject { event, source: &facts.source };
    let mut sought = Sought::default();
    let mut shortest = usize::MAX;
    let mut sides = Vec::new();
    // The conditions that found the event tell which conditions to look for in the versions that missed it.
    let (finders, others): (Vec<&Ready<'_>>, Vec<&Ready<'_>>) =
        versions.iter().partition(|version| found_by.contains(&version.query.dialect));
    for version in finders.into_iter().chain(others) {
        let dialect = version.query.dialect;
        let found = found_by.contains(&dialect);
        let ask = |missed| decided(replay, version, subject, facts.time, missed).unwrap_or_default();
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

/// The clause that decided on an event: that found it, or, given what other versions looked for, that missed it.
fn decided(
    replay: &Replay<'_>,
    version: &Ready<'_>,
    subject: Subject<'_>,
    time: Option<Timestamp>,
    missed: Option<&Sought>,
) -> Result<Option<Clause>, VersionError> {
    let Ready { package, query, .. } = version;
    let times: Vec<Timestamp> = time.into_iter().collect();
    let every = package.manifest.schedule.map(|schedule| schedule.every.milliseconds());
    let Some(now) = moments(&times, every).first().copied() else { return Ok(None) };
    let execution = replay.placed(package, replay.engine.execute(version.plan.clone()), now);
    let plan = execution.last_stage().map_err(query.failed(package))?;
    let placed = execution.placed(plan.clone()).map_err(query.failed(package))?;
    let conditions = conditions(replay.engine, &plan, &placed, subject).map_err(query.failed(package))?;
    let decisive = match missed {
        None => {
            let mut held: Vec<&Atom> = Vec::new();
            for condition in conditions.iter().filter(|condition| condition.tree.value() == Some(true)) {
                condition.tree.credit(&mut held);
            }
            held.into_iter()
                .filter(|atom| atom.about == About::Record && !atom.sought.literals.is_empty())
                .min_by_key(|atom| (atom.holds, Reverse(atom.sought.longest())))
        }
        Some(sought) => {
            let mut failed: Vec<(bool, &Atom)> = Vec::new();
            for condition in conditions.iter().filter(|condition| condition.tree.value() != Some(true)) {
                let mut atoms = Vec::new();
                condition.tree.blame(sought, &mut atoms);
                failed.extend(atoms.into_iter().map(|atom| (condition.decisive, atom)));
            }
            let nearest = failed
                .into_iter()
                .filter(|(decisive, atom)| *decisive || atom.likeness(sought).0)
                .max_by_key(|(decisive, atom)| (atom.likeness(sought), *decisive, atom.sought.longest()));
            nearest.map(|(_, atom)| atom)
        }
    };
    Ok(decisive.and_then(|atom| Clause::of(atom, query.text)))
}

/// The event that the question is about.
#[derive(Debug, Clone, Copy)]
struct Subject<'a> {
    /// Its id.
    event: EventId,
    /// Its log source.
    source: &'a str,
}

/// A line of a query, and the condition in it that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Clause {
    /// The line, from 1.
    line: usize,
    /// The line's text.
    text: String,
    /// The condition that decided, as the query has it, in one line.
    condition: String,
    /// What the condition's fields hold in the event.
    fields: Vec<(String, Option<String>)>,
    /// What it looks for, and in which values of the record.
    sought: Sought,
}

impl Clause {
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
        let condition = span.of(query).split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Clause {
            line,
            text: text.to_owned(),
            condition,
            fields: atom.fields.clone(),
            sought: atom.sought.clone(),
        })
    }
}
