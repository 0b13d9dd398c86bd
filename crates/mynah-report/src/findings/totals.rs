//! What findings come to: counts by a property, by rule, over time, and of two properties against one another.
use mynah_detection::{Finding, Level, attack};
use mynah_event::Timestamp;
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How many findings have each of these, the most first.
///
/// ```
/// let none = mynah_report::findings::counts(&[], |finding| finding.hosts.iter().cloned().collect());
/// assert!(none.is_empty());
/// ```
pub fn counts(findings: &[Finding], of: impl Fn(&Finding) -> Vec<String>) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in findings.iter().flat_map(of) {
        *counts.entry(name).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    counts
}

/// Findings of one kind, and how many events are behind them.
#[derive(Debug, Clone)]
pub struct Loud<'f> {
    /// One of them.
    pub finding: &'f Finding,
    /// How many there are.
    pub findings: usize,
    /// How many events are behind them.
    pub events: usize,
}

/// The findings of each kind that a key tells apart, those with the most events first.
pub fn loud<'f>(findings: &'f [Finding], key: impl Fn(&'f Finding) -> &'f str) -> Vec<Loud<'f>> {
    let mut kinds: BTreeMap<&str, Loud<'_>> = BTreeMap::new();
    for finding in findings {
        let kind = kinds.entry(key(finding)).or_insert(Loud { finding, findings: 0, events: 0 });
        kind.findings += 1;
        kind.events += finding.events.len();
    }
    let mut kinds: Vec<Loud<'_>> = kinds.into_values().collect();
    kinds.sort_by_key(|kind| Reverse((kind.events, kind.findings)));
    kinds
}

/// How many rows and columns a table of two properties has at most.
const MOST_ROWS: usize = 25;
const MOST_COLUMNS: usize = 20;

/// How many findings of each technique each host (or user) has: those with the most first. None where no finding has both.
pub(super) fn by_technique(findings: &[Finding], of: impl Fn(&Finding) -> &BTreeSet<String>) -> Option<Value> {
    let mut cells: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let (mut names, mut techniques) = (BTreeMap::<&str, usize>::new(), BTreeMap::<&str, usize>::new());
    for finding in findings {
        let own: BTreeSet<&str> = finding.techniques.iter().map(String::as_str).collect();
        for name in of(finding).iter().filter(|_| !own.is_empty()) {
            *names.entry(name).or_default() += 1;
            for technique in &own {
                *cells.entry((name, technique)).or_default() += 1;
                *techniques.entry(technique).or_default() += 1;
            }
        }
    }
    let most = cells.values().copied().max()?;
    let (rows, columns) = (loudest(names, MOST_ROWS), loudest(techniques, MOST_COLUMNS));
    let row = |(name, total): &(&str, usize)| {
        let cell = |(technique, _): &(&str, usize)| {
            let count = cells.get(&(*name, *technique)).copied().unwrap_or(0);
            json!({"count": count, "strength": strength(count, most)})
        };
        json!({"name": name, "total": total, "cells": columns.shown.iter().map(cell).collect::<Vec<_>>()})
    };
    let column = |(id, _): &(&str, usize)| json!({"id": id, "name": attack::full_name(id)});
    Some(json!({
        "rows": rows.shown.iter().map(row).collect::<Vec<_>>(),
        "columns": columns.shown.iter().map(column).collect::<Vec<_>>(),
        "more_rows": rows.others,
        "more_columns": columns.others,
    }))
}

/// How strongly the cell with the highest count is coloured; the one with the lowest is 1.
const STRONGEST: usize = 4;

/// How strongly a cell is coloured, from 0 to [`STRONGEST`]: by the number's length, as numbers of findings differ by powers.
fn strength(score: usize, most: usize) -> usize {
    if score == 0 {
        return 0;
    }
    let bits = |number: usize| usize::BITS as usize - number.leading_zeros() as usize;
    let (own, highest) = (bits(score) - 1, (bits(most) - 1).max(1));
    1 + (own * (STRONGEST - 1)).checked_div(highest).unwrap_or(0).min(STRONGEST - 1)
}

/// Those with the highest counts, and how many others there are.
struct Loudest<'n> {
    shown: Vec<(&'n str, usize)>,
    others: usize,
}

fn loudest(counts: BTreeMap<&str, usize>, most: usize) -> Loudest<'_> {
    let mut shown: Vec<(&str, usize)> = counts.into_iter().collect();
    shown.sort_by_key(|(_, count)| Reverse(*count));
    let others = shown.len().saturating_sub(most);
    shown.truncate(most);
    Loudest { shown, others }
}

/// How many bars a histogram has at most.
const MOST_BARS: i64 = 72;
/// How high it is, in its own units.
const HEIGHT: usize = 1_000;

/// How wide bars may be, in milliseconds, and in words.
const WIDTHS: [(i64, &str); 17] = [
    (1_000, "second"),
    (5_000, "5 seconds"),
    (15_000, "15 seconds"),
    (60_000, "minute"),
    (5 * 60_000, "5 minutes"),
    (15 * 60_000, "15 minutes"),
    (3_600_000, "hour"),
    (3 * 3_600_000, "3 hours"),
    (6 * 3_600_000, "6 hours"),
    (12 * 3_600_000, "12 hours"),
    (DAY, "day"),
    (7 * DAY, "7 days"),
    (30 * DAY, "30 days"),
    (90 * DAY, "90 days"),
    (365 * DAY, "365 days"),
    (3_650 * DAY, "3650 days"),
    (36_500 * DAY, "36500 days"),
];
const DAY: i64 = 86_400_000;

/// The events of findings over time, by the findings' levels; nothing where none has a time.
pub(super) fn histogram(findings: &[Finding]) -> Option<Value> {
    let times = || {
        let of_finding = |finding: &Finding| -> Vec<(Level, i64)> {
            finding.events.iter().filter_map(|event| Some((finding.level, event.time?.milliseconds()))).collect()
        };
        findings.iter().flat_map(of_finding)
    };
    let first = times().map(|(_, time)| time).min()?;
    let last = times().map(|(_, time)| time).max()?;
    let bars_of = |width: i64| last.div_euclid(width) - first.div_euclid(width) + 1;
    let (width, words) =
        WIDTHS.into_iter().find(|(width, _)| bars_of(*width) <= MOST_BARS).or_else(|| WIDTHS.last().copied())?;
    let start = first.div_euclid(width) * width;
    let mut counts: BTreeMap<i64, BTreeMap<Reverse<Level>, usize>> = BTreeMap::new();
    for (level, time) in times() {
        *counts.entry((time - start).div_euclid(width)).or_default().entry(Reverse(level)).or_default() += 1;
    }
    let most = counts.values().map(|levels| levels.values().sum::<usize>()).max().unwrap_or(0).max(1);
    let bar = |(index, levels): (&i64, &BTreeMap<Reverse<Level>, usize>)| {
        let from = start + index * width;
        let mut below = 0;
        // The gravest are at the bottom, where a bar of one event is seen.
        let parts: Vec<Value> = levels
            .iter()
            .map(|(level, count)| {
                let height = (count * HEIGHT / most).max(HEIGHT / 100);
                below += height;
                json!({"level": level.0.name(), "count": count, "y": HEIGHT.saturating_sub(below), "height": height})
            })
            .collect();
        json!({
            "x": index, "parts": parts, "total": levels.values().sum::<usize>(),
            "from": minute(from, width), "since": from, "until": from.saturating_add(width),
        })
    };
    Some(json!({
        "bars": counts.iter().map(bar).collect::<Vec<_>>(),
        "count": bars_of(width),
        "height": HEIGHT,
        "most": most,
        "width": words,
        "first": minute(start, width),
        "last": minute(start + (bars_of(width) - 1) * width, width),
    }))
}

/// A time as precise as bars of this width are.
fn minute(milliseconds: i64, width: i64) -> String {
    let time = Timestamp::from_milliseconds(milliseconds).to_string().replace('T', " ");
    let digits = if width >= DAY { 10 } else { 16 };
    match width < 60_000 {
        true => time,
        false => time.chars().take(digits).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::strength;

    #[test]
    fn strength_grows_with_the_length_of_a_number() {
        assert_eq!([0, 1, 2, 100, 1000].map(|score| strength(score, 1000)), [0, 1, 1, 3, 4]);
        assert_eq!(strength(1, 1), 1);
    }
}
