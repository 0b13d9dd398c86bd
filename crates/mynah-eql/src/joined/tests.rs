//! The operator against the way in which Elasticsearch goes about it: term by term over all events, with lists of
//! what is under way.
use super::{SequenceOperator, Stage, condition_column, key_column};
use crate::names::TIMESTAMP;
use datafusion::arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray, UInt64Array};
use mynah_view::EVENT_ID;
use proptest::prelude::*;
use std::sync::Arc;

/// An event: its time, its key, and which terms it fits; the last of them is `until`.
#[derive(Debug, Clone)]
struct Event {
    time: i64,
    key: Option<&'static str>,
    fits: Vec<bool>,
}

#[derive(Debug, Clone)]
struct Case {
    missing: Vec<bool>,
    until: bool,
    maxspan: Option<i64>,
    optional: bool,
    events: Vec<Event>,
}

/// The sequences that the operator finds, each as the numbers of its events.
fn found(case: &Case) -> Vec<Vec<usize>> {
    let stage = |term: String, missing| Stage { term, missing, optional_keys: vec![case.optional] };
    let stages: Vec<Stage> =
        case.missing.iter().enumerate().map(|(number, missing)| stage(number.to_string(), *missing)).collect();
    let until = case.until.then(|| stage("until".to_owned(), false));
    let mut columns: Vec<(String, ArrayRef)> = vec![
        (TIMESTAMP.to_owned(), Arc::new(Int64Array::from_iter_values(case.events.iter().map(|event| event.time)))),
        (EVENT_ID.to_owned(), Arc::new(UInt64Array::from_iter_values(0..case.events.len() as u64))),
    ];
    for (number, stage) in stages.iter().chain(&until).enumerate() {
        let fits: BooleanArray = case.events.iter().map(|event| Some(event.fits[number])).collect();
        let keys: StringArray = case.events.iter().map(|event| event.key).collect();
        columns.push((condition_column(&stage.term), Arc::new(fits)));
        columns.push((key_column(&stage.term, 0), Arc::new(keys)));
    }
    let rows = RecordBatch::try_from_iter(columns).unwrap();
    let operator = SequenceOperator { stages, until, maxspan: case.maxspan, pipes: Vec::new() };
    let picked = operator.pick(&rows).unwrap();
    let steps = case.missing.iter().filter(|missing| !**missing).count();
    picked.rows.chunks(steps).map(|rows| rows.iter().map(|row| *row as usize).collect()).collect()
}

/// The same by the book.
fn reference(case: &Case) -> Vec<Vec<usize>> {
    let events = &case.events;
    // Later in the logs counts as later where times are equal.
    let at = |event: usize| (events[event].time, event);
    let mut order: Vec<usize> = (0..events.len()).collect();
    order.sort_by_key(|event| at(*event));
    let hits = |term: usize| {
        let keyed = |event: &usize| case.optional || events[*event].key.is_some();
        order.iter().copied().filter(move |event| events[*event].fits[term]).filter(keyed).collect::<Vec<_>>()
    };
    let untils = if case.until { hits(case.missing.len()) } else { Vec::new() };
    let present: Vec<usize> = (0..case.missing.len()).filter(|term| !case.missing[*term]).collect();
    let mut under_way: Vec<Vec<usize>> = hits(present[0]).into_iter().map(|event| vec![event]).collect();
    for term in &present[1..] {
        let mut next = Vec::new();
        for hit in hits(*term) {
            let same_key = |sequence: &Vec<usize>| events[sequence[0]].key == events[hit].key;
            let before = |sequence: &Vec<usize>| same_key(sequence) && at(sequence[sequence.len() - 1]) < at(hit);
            let Some(latest) = under_way.iter().filter(|s| before(s)).max_by_key(|s| at(s[s.len() - 1])).cloned()
            else {
                continue;
            };
            under_way.retain(|sequence| !before(sequence));
            let too_long = case.maxspan.is_some_and(|span| events[hit].time - events[latest[0]].time > span);
            let ended = untils
                .iter()
                .rfind(|until| events[**until].key == events[hit].key && at(**until) < at(hit))
                .is_some_and(|until| at(*until) >= at(latest[latest.len() - 1]));
            if !too_long && !ended {
                next.push([latest, vec![hit]].concat());
            }
        }
        under_way = next;
    }
    let span = case.maxspan.unwrap_or(i64::MAX);
    under_way.retain(|sequence| {
        let key = events[sequence[0]].key;
        let (start, end) = (events[sequence[0]].time, events[sequence[sequence.len() - 1]].time);
        let times = |term: usize| {
            let same = hits(term).into_iter().filter(move |event| events[*event].key == key);
            same.map(|event| events[event].time).collect::<Vec<_>>()
        };
        let (mut last_leading, mut first_trailing) = (None, None);
        for term in (0..case.missing.len()).filter(|term| case.missing[*term]) {
            let step = present.iter().filter(|other| **other < term).count();
            if step == 0 {
                last_leading = last_leading.max(times(term).into_iter().filter(|time| *time < start).max());
            } else if step == present.len() {
                let first = times(term).into_iter().filter(|time| *time > end).min();
                first_trailing = [first_trailing, first].into_iter().flatten().min();
            } else {
                let (from, to) = (events[sequence[step - 1]].time, events[sequence[step]].time);
                if times(term).into_iter().any(|time| time > from && time < to) {
                    return false;
                }
            }
        }
        let (leads, trails) = (case.missing[0], case.missing[case.missing.len() - 1]);
        let exceeds = |from: Option<i64>, to: Option<i64>| from.zip(to).is_none_or(|(from, to)| to - from > span);
        (last_leading.is_none() && first_trailing.is_none())
            || (leads && last_leading.is_none())
            || (trails && first_trailing.is_none())
            || (leads && trails && exceeds(last_leading, first_trailing))
            || (leads && !trails && exceeds(last_leading, Some(end)))
            || (!leads && trails && exceeds(Some(start), first_trailing))
    });
    under_way.sort_by_key(|sequence| at(sequence[sequence.len() - 1]));
    under_way
}

fn case() -> impl Strategy<Value = Case> {
    (prop::collection::vec(any::<bool>(), 1..5), any::<bool>(), prop::option::of(0_i64..12), any::<bool>())
        .prop_filter("some event is there", |(missing, ..)| missing.contains(&false))
        .prop_flat_map(|(missing, until, maxspan, optional)| {
            let maxspan = if missing.contains(&true) { maxspan.or(Some(5)) } else { maxspan };
            let key = prop_oneof![4 => Just(Some("a")), 2 => Just(Some("b")), 1 => Just(None)];
            let fits = prop::collection::vec(prop::bool::weighted(0.35), missing.len() + 1);
            let event = (0_i64..25, key, fits).prop_map(|(time, key, fits)| Event { time, key, fits });
            prop::collection::vec(event, 0..40).prop_map(move |events| Case {
                missing: missing.clone(),
                until,
                maxspan,
                optional,
                events,
            })
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn finds_what_the_book_finds(case in case()) {
        prop_assert_eq!(found(&case), reference(&case));
    }
}
