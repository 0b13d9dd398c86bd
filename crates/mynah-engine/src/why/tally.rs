//! What the rows that come to a filter make of its conditions, added up.
use super::condition::{Asked, Evaluated, Wanted};
use super::{Condition, Failed, FieldValues, Nearest, Parts, Step};
use datafusion::arrow::array::Array;
use std::cmp::Reverse;
use std::collections::HashMap;

/// How many values of a field are told apart.
const MOST_VALUES: usize = 10_000;
/// How many of them are given.
const GIVEN: usize = 5;

pub(super) struct Tally {
    /// How many conditions there are.
    conditions: usize,
    /// How many of the columns belong to each condition: itself and its parts.
    widths: Vec<usize>,
    /// For each condition the fields that it looks at.
    fields: Vec<Vec<usize>>,
    rows: u64,
    passed: u64,
    /// For each condition and each part, how many rows fulfil it.
    holds: Vec<u64>,
    /// How many conditions the nearest rows so far fulfil, and how many rows fulfil just which.
    fulfilled: usize,
    nearest: HashMap<u64, u64>,
    /// For each condition that nearest rows fail and each of its fields, the values that these rows have.
    values: HashMap<(usize, usize), Values>,
}

#[derive(Default)]
struct Values {
    counts: HashMap<Option<String>, u64>,
    others: u64,
}

impl Tally {
    pub fn new(wanted: &Wanted) -> Tally {
        let widths: Vec<usize> = wanted.conditions.iter().map(width).collect();
        Tally {
            conditions: wanted.conditions.len(),
            fields: wanted.conditions.iter().map(|asked| asked.fields.clone()).collect(),
            rows: 0,
            passed: 0,
            holds: vec![0; widths.iter().sum()],
            widths,
            fulfilled: 0,
            nearest: HashMap::new(),
            values: HashMap::new(),
        }
    }

    pub fn add(&mut self, rows: &Evaluated<'_>) {
        self.rows += rows.rows as u64;
        for (holds, column) in self.holds.iter_mut().zip(&rows.conditions) {
            *holds += column.iter().filter(|value| *value == Some(true)).count() as u64;
        }
        let all = if self.conditions >= 64 { u64::MAX } else { (1 << self.conditions) - 1 };
        let mut at = 0;
        let mut masks = vec![0_u64; rows.rows];
        for (number, width) in self.widths.iter().enumerate() {
            if let Some(column) = rows.conditions.get(at) {
                let holds = |row: usize| column.is_valid(row) && column.value(row);
                masks.iter_mut().enumerate().for_each(|(row, mask)| *mask |= u64::from(holds(row)) << number);
            }
            at += width;
        }
        for (row, mask) in masks.into_iter().enumerate() {
            if mask == all {
                self.passed += 1;
            } else if self.passed == 0 {
                self.near(mask, row, rows);
            }
        }
    }

    /// A row that does not pass, as none did before.
    fn near(&mut self, mask: u64, row: usize, rows: &Evaluated<'_>) {
        let fulfilled = mask.count_ones() as usize;
        if fulfilled < self.fulfilled {
            return;
        }
        if fulfilled > self.fulfilled {
            self.fulfilled = fulfilled;
            self.nearest.clear();
            self.values.clear();
        }
        *self.nearest.entry(mask).or_default() += 1;
        for (condition, fields) in self.fields.iter().enumerate().filter(|(number, _)| mask >> number & 1 == 0) {
            for field in fields {
                self.values.entry((condition, *field)).or_default().add(rows.value(*field, row));
            }
        }
    }

    pub fn step(mut self, wanted: Wanted) -> Step {
        let nearest = (self.passed == 0 && self.rows > 0).then(|| {
            let most =
                self.nearest.iter().max_by_key(|(mask, rows)| (**rows, Reverse(**mask))).map_or(0, |(mask, _)| *mask);
            let failed = (0..self.conditions).filter(|number| most >> number & 1 == 0).collect::<Vec<_>>();
            Nearest {
                fulfilled: self.fulfilled,
                rows: self.nearest.values().sum(),
                failed: failed.into_iter().map(|condition| self.failed(condition, &wanted)).collect(),
            }
        });
        let mut holds = self.holds.into_iter();
        Step {
            operator: "filter".to_owned(),
            rows: self.rows,
            passed: self.passed,
            conditions: wanted.conditions.iter().map(|asked| condition(asked, &mut holds)).collect(),
            nearest,
        }
    }

    fn failed(&mut self, condition: usize, wanted: &Wanted) -> Failed {
        let fields = self.fields.get(condition).cloned().unwrap_or_default();
        let fields = fields.into_iter().filter_map(|number| {
            let Values { counts, others } = self.values.remove(&(condition, number))?;
            let mut values: Vec<(Option<String>, u64)> = counts.into_iter().collect();
            values.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
            let others = others + values.len().saturating_sub(GIVEN) as u64;
            // What is like a text that is looked for is of more use than what is frequent.
            let literals = wanted.conditions.get(condition).map(Asked::literals).unwrap_or_default();
            let near = literals.iter().find_map(|literal| {
                let known = values.iter().filter_map(|(value, _)| value.as_deref());
                let near = mynah_syntax::nearest(literal, known)?.to_owned();
                values.iter().position(|(value, _)| value.as_ref() == Some(&near))
            });
            if let Some(near) = near.filter(|near| *near >= GIVEN) {
                values.swap(near, GIVEN - 1);
            }
            values.truncate(GIVEN);
            // What planning adds begins like this.
            let field = Some(wanted.fields.get(number)?.name.clone()).filter(|name| !name.starts_with("__"));
            Some(FieldValues { field, values, others })
        });
        Failed { condition, fields: fields.collect() }
    }
}

impl Values {
    fn add(&mut self, value: Option<String>) {
        let full = self.counts.len() >= MOST_VALUES;
        match self.counts.get_mut(&value) {
            Some(count) => *count += 1,
            None if full => self.others += 1,
            None => _ = self.counts.insert(value, 1),
        }
    }
}

/// How many columns a condition has.
fn width(asked: &Asked) -> usize {
    1 + asked.parts.iter().flat_map(|(_, parts)| parts).map(width).sum::<usize>()
}

fn condition(asked: &Asked, holds: &mut impl Iterator<Item = u64>) -> Condition {
    Condition {
        span: asked.span,
        negated: asked.negated,
        shown: asked.shown(),
        holds: holds.next().unwrap_or_default(),
        literals: asked.literals(),
        parts: asked.parts.as_ref().map(|(any, parts)| {
            let conditions = parts.iter().map(|part| condition(part, holds)).collect();
            Parts { any: *any, conditions }
        }),
    }
}
