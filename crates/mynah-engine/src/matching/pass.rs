//! One thread's pass over its share of the records.
use super::selection::Selection;
use super::stage::{Block, Extractor};
use super::tree::{Region, Tree};
use super::{Rules, Stages};
use crate::census::Sampler;
use crate::error::EngineError;
use crate::feed::{Feed, Worker};
use crate::prefilter::{Prefilter, Worth};
use crate::raw_events::time_column;
use datafusion::arrow::array::RecordBatch;
use datafusion::common::{Result, plan_err};
use mynah_event::EventId;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// What a pass finds.
#[derive(Default)]
pub(super) struct Part {
    /// The events of each rule; or why its conditions cannot be tested.
    pub found: Vec<std::result::Result<Vec<EventId>, String>>,
    /// The events that rules found, with the columns that are kept of them.
    pub events: Vec<RecordBatch>,
    /// The events that were wanted, with the columns of those who want them.
    pub wanted: Vec<RecordBatch>,
}

pub(super) struct Pass<'a> {
    rules: &'a Rules,
    feed: &'a Feed,
    kinds: Extractor<'a>,
    stages: Vec<Extractors<'a>>,
    events: Extractor<'a>,
    wanted: Extractor<'a>,
    block: Block,
    marks: Marks,
    part: Part,
}

/// What takes the columns of a region out of records.
struct Extractors<'a> {
    rest: Extractor<'a>,
    in_text: Extractor<'a>,
    candidates: &'a Prefilter,
}

/// What is known of the records of a block, by their numbers.
#[derive(Default)]
struct Marks {
    broken: Vec<bool>,
    found: Vec<bool>,
    wanted: Vec<bool>,
}

impl Marks {
    fn reset(&mut self, records: usize) {
        for marks in [&mut self.broken, &mut self.found, &mut self.wanted] {
            marks.clear();
            marks.resize(records, false);
        }
    }
}

/// The numbers of the records that are marked.
fn marked(marks: &[bool]) -> impl Iterator<Item = u32> {
    (0..).zip(marks).filter(|(_, is_marked)| **is_marked).map(|(number, _)| number)
}

impl<'a> Pass<'a> {
    pub fn new(rules: &'a Rules, feed: &'a Feed) -> Pass<'a> {
        let extractor = |stage| Extractor::new(feed, stage, &rules.prefilter);
        let extractors = |stages: &'a Stages| Extractors {
            rest: extractor(&stages.rest),
            in_text: extractor(&stages.in_text),
            candidates: &stages.candidates,
        };
        let mut part = Part::default();
        part.found.resize_with(rules.singles, || Ok(Vec::new()));
        Pass {
            rules,
            feed,
            kinds: extractor(&rules.kinds),
            stages: rules.stages.iter().map(extractors).collect(),
            events: extractor(&rules.events),
            wanted: extractor(&rules.wanted),
            block: Block::default(),
            marks: Marks::default(),
            part,
        }
    }

    /// Reads what there is to read.
    pub fn run(mut self) -> std::result::Result<Part, EngineError> {
        let data = self.feed.data();
        let mut worker = Worker::default();
        let mut worth = Worth::default();
        let time = [time_column(data)];
        let mut sampler = data.progress.samples().then(|| Sampler::new(self.feed, &time));
        while let Some(chunk) = self.feed.take(&mut worker) {
            sampler.iter_mut().for_each(|sampler| sampler.see(&chunk));
            let candidates = worth.candidates(&self.rules.prefilter, &chunk, &data.progress);
            self.block.add(chunk, candidates);
            if self.block.is_full() {
                self.end_block()?;
                worker.give_back(self.block.clear());
            }
        }
        self.end_block()?;
        Ok(self.part)
    }

    /// Tests all rules on the records of the block.
    fn end_block(&mut self) -> std::result::Result<(), EngineError> {
        let all = 0..self.block.len() as u32;
        self.marks.reset(self.block.len());
        if self.rules.kinds.is_empty() {
            self.see_rest(&self.rules.region, &all.collect::<Vec<_>>())?;
        } else {
            let (values, records) = self.kinds.take(&self.block, &mut self.marks.broken, all)?;
            self.see(&self.rules.region, &Selection::all(&values), &records)?;
        }
        let Marks { broken, found, wanted } = &mut self.marks;
        for (extractor, marks, batches) in
            [(&mut self.events, &*found, &mut self.part.events), (&mut self.wanted, &*wanted, &mut self.part.wanted)]
        {
            let (values, records) = extractor.take(&self.block, broken, marked(marks))?;
            if records.is_empty() {
                continue;
            }
            let size = values.batch.get_array_memory_size();
            if self.rules.held.fetch_add(size, Ordering::Relaxed) + size > self.rules.memory {
                return Err(self.rules.too_much());
            }
            batches.push(values.batch);
        }
        Ok(())
    }

    /// Tests the rules of a region on some events, whose records have these numbers, each with its kind.
    fn see(&mut self, region: &'a Region, events: &Selection<'_>, records: &[u32]) -> Result<()> {
        for (condition, behind) in &region.branches {
            match self.test(*condition, events)? {
                Ok(fulfilled) if fulfilled.is_empty() => {}
                Ok(fulfilled) => self.see(behind, &fulfilled, records)?,
                Err(error) => {
                    let all = numbers(events, records);
                    behind.each_rule(&mut |rule| self.fail(rule, &error, &all));
                }
            }
        }
        match region.rest.is_empty() && region.in_text.is_empty() {
            true => Ok(()),
            false => self.see_rest(region, &numbers(events, records)),
        }
    }

    /// Tests the rules that ask for more than the kind of an event.
    fn see_rest(&mut self, region: &'a Region, records: &[u32]) -> Result<()> {
        for rule in &region.rest.rules {
            self.add(*rule, records);
        }
        let Some(stages) = self.stages.get_mut(region.number) else { return Ok(()) };
        let broken = &mut self.marks.broken;
        let rest = match region.rest.is_settled() {
            true => None,
            false => Some(stages.rest.take(&self.block, broken, records.iter().copied())?),
        };
        let in_text = match region.in_text.is_settled() {
            true => None,
            false => {
                let candidates = records.iter().copied().filter(|number| self.block.is_in(stages.candidates, *number));
                Some(stages.in_text.take(&self.block, broken, candidates)?)
            }
        };
        for (tree, taken) in [(&region.rest, rest), (&region.in_text, in_text)] {
            if let Some((values, records)) = taken {
                self.walk(tree, &Selection::all(&values), &records)?;
            }
        }
        Ok(())
    }

    fn walk(&mut self, tree: &Tree, events: &Selection<'_>, records: &[u32]) -> Result<()> {
        for (condition, behind) in &tree.branches {
            match self.test(*condition, events)? {
                Ok(fulfilled) if fulfilled.is_empty() => {}
                Ok(fulfilled) => {
                    if !behind.rules.is_empty() {
                        let found = numbers(&fulfilled, records);
                        behind.rules.iter().for_each(|rule| self.add(*rule, &found));
                    }
                    self.walk(behind, &fulfilled, records)?;
                }
                Err(error) => {
                    let all = numbers(events, records);
                    behind.each_rule(&mut |rule| self.fail(rule, &error, &all));
                }
            }
        }
        for (rule, conditions) in &tree.checks {
            match self.test_all(conditions, events)? {
                Ok(Some(fulfilled)) => self.add(*rule, &numbers(&fulfilled, records)),
                Ok(None) => {}
                Err(error) => self.fail(*rule, &error, &numbers(events, records)),
            }
        }
        Ok(())
    }

    /// The events that fulfil all of some conditions, if there are any.
    fn test_all<'b>(
        &self,
        conditions: &[usize],
        events: &Selection<'b>,
    ) -> Result<std::result::Result<Option<Selection<'b>>, String>> {
        let mut left: Option<Selection<'b>> = None;
        for condition in conditions {
            match self.test(*condition, left.as_ref().unwrap_or(events))? {
                Ok(fulfilled) if fulfilled.is_empty() => return Ok(Ok(None)),
                Ok(fulfilled) => left = Some(fulfilled),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(left))
    }

    /// The events of a selection that fulfil a condition. That it cannot be tested is a fault of its rules; only a fault of the
    /// selection itself ends the pass.
    fn test<'b>(&self, number: usize, events: &Selection<'b>) -> Result<std::result::Result<Selection<'b>, String>> {
        let Some(condition) = self.rules.conditions.get(number) else {
            return plan_err!("there is no condition {number}");
        };
        let budget = &self.rules.budget;
        if let Some(spent) = budget.exceeded(&condition.spent) {
            // What its rules found until now is not all that they find.
            return Ok(Err(format!(
                "stopped after {} s of processor time, more than all other conditions took together: run it by itself",
                spent.as_secs()
            )));
        }
        let begun = Instant::now();
        let fulfilled = condition.of(events);
        budget.spend(&condition.spent, begun.elapsed());
        fulfilled
    }

    /// Notes that a rule finds these events, or that somebody wants them.
    fn add(&mut self, rule: usize, records: &[u32]) {
        let marks = if rule < self.rules.singles { &mut self.marks.found } else { &mut self.marks.wanted };
        let mut found = match self.part.found.get_mut(rule) {
            Some(Err(_)) => return,
            Some(Ok(found)) => Some(found),
            None => None,
        };
        if let Some(demand) = rule.checked_sub(self.rules.singles).and_then(|demand| self.rules.demands.get(demand)) {
            demand.events.fetch_add(records.len(), Ordering::Relaxed);
        }
        for number in records {
            if let Some(mark) = marks.get_mut(*number as usize) {
                *mark = true;
            }
            if let Some(found) = &mut found {
                found.extend(self.block.id(*number));
            }
        }
    }

    /// Notes that the conditions of a rule cannot be tested. Whoever wants events is given all of them then, and will say so
    /// itself.
    fn fail(&mut self, rule: usize, error: &str, records: &[u32]) {
        match self.part.found.get_mut(rule) {
            Some(found) if found.is_ok() => *found = Err(error.to_owned()),
            Some(_) => {}
            None => self.add(rule, records),
        }
    }
}

/// The numbers of the records that these events are, of those of the whole batch.
fn numbers(events: &Selection<'_>, records: &[u32]) -> Vec<u32> {
    events.rows().filter_map(|row| records.get(row as usize).copied()).collect()
}
