//! Many rules in one pass: which events fulfil the conditions of each.
//!
//! A rule whose rows are single events is no more than its conditions; of a query over several events the filters of its
//! scans are, and the events that fulfil them are gathered for it. Conditions that tell of what kind an event is (a log
//! source, a category) are tested first, and of an event's record no more is looked at than that takes. Then the columns are
//! taken out that the rules for its kind ask for; those that look for something in its whole text see it only where their
//! literals are in the record. Conditions that many rules share stand in a tree before the others:
//! behind a condition there are only the events that fulfil it and the rules that ask for it, and it is tested once for all
//! of them.
use crate::engine::Engine;
use crate::error::EngineError;
use crate::execution::Query;
use crate::feed::Feed;
use crate::gathered::{self, Columns, Demand, Gathered, GatheredColumns, Wanted};
use crate::prefilter::Prefilter;
use crate::threads::on_each_thread;
use budget::Budget;
use condition::Condition;
use datafusion::common::Result;
use datafusion::logical_expr::LogicalPlan;
use datafusion::logical_expr::utils::{conjunction, disjunction, split_conjunction};
use datafusion::prelude::Expr;
use mynah_dialect::{Plan, unmarked};
use mynah_event::EventId;
use mynah_view::{Binding, EventScan, Meta, Origin, ScanColumn};
use pass::{Part, Pass};
use stage::Stage;
use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use tree::{About, Region, Tree};

mod budget;
mod condition;
mod pass;
mod selection;
mod stage;
mod tree;

/// The conditions of a query each of whose rows is one event.
#[derive(Debug, Clone)]
pub struct Conditions {
    columns: Vec<ScanColumn>,
    /// All of them must be true.
    all: Vec<Expr>,
}

impl Conditions {
    /// Those of a plan; nothing where its rows are not the events that fulfil some conditions, each for itself and at
    /// any moment.
    ///
    /// # Errors
    /// Where DataFusion refuses the plan.
    pub fn of(plan: &LogicalPlan) -> std::result::Result<Option<Conditions>, EngineError> {
        let mut node = &unmarked(plan.clone())?;
        let mut all = Vec::new();
        // What names or orders rows drops none of them; below a condition nothing may be computed that it could mean.
        while let LogicalPlan::Projection(_) | LogicalPlan::Sort(_) | LogicalPlan::SubqueryAlias(_) = node {
            if matches!(node, LogicalPlan::Sort(sort) if sort.fetch.is_some()) || any_unsettled(&node.expressions())? {
                return Ok(None);
            }
            let [input] = node.inputs()[..] else { return Ok(None) };
            node = input;
        }
        while let LogicalPlan::Filter(filter) = node {
            all.extend(split_conjunction(&filter.predicate).into_iter().cloned());
            node = &filter.input;
        }
        let Some((scan, events)) = gathered::event_scan(node) else { return Ok(None) };
        all.extend(scan.filters.iter().flat_map(split_conjunction).cloned());
        if scan.fetch.is_some() || any_unsettled(&all)? {
            return Ok(None);
        }
        Ok(Some(Conditions { columns: events.columns().to_vec(), all }))
    }
}

/// Whether one of these is another thing at another moment, or each time.
fn any_unsettled(expressions: &[Expr]) -> Result<bool> {
    for expression in expressions {
        if expression.is_volatile() || gathered::is_open(expression)? {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Query<'_> {
    /// Its conditions, as [`Conditions::of`] gives them: nothing for a query that needs rows to be planned.
    ///
    /// # Errors
    /// Where DataFusion refuses the plan.
    pub fn conditions(&self) -> std::result::Result<Option<Conditions>, EngineError> {
        match self.plan() {
            Plan::Whole(plan) => Conditions::of(plan),
            Plan::Stage(_) => Ok(None),
        }
    }
}

/// What one pass over the data found.
#[derive(Debug)]
pub struct Matched {
    /// The events of each rule, in the order of the rules; or why its conditions cannot be tested.
    pub rules: Vec<std::result::Result<BTreeSet<EventId>, String>>,
    /// The events that any rule found, with the columns that were asked for.
    pub events: Gathered,
    /// The events that were wanted, with the columns of the plans that want them and those that were asked for.
    pub gathered: Gathered,
}

/// Rules with their conditions, each condition once.
#[derive(Debug)]
struct Rules {
    conditions: Vec<Condition>,
    region: Region,
    /// How many rules find single events; whatever comes behind them are scans that want events.
    singles: usize,
    /// What is taken out of records: to tell their kind, then for the rest of each region, then of events that are found or
    /// wanted.
    kinds: Stage,
    stages: Vec<Stages>,
    events: Stage,
    wanted: Stage,
    prefilter: Prefilter,
    budget: Budget,
    /// The plans that want events, by the number of the rule that stands for them, behind those of single events.
    demands: Vec<Demanded>,
    /// How many bytes of events are held, and may be.
    held: AtomicUsize,
    memory: usize,
}

/// What is taken out of records for the rules of a region.
#[derive(Debug)]
struct Stages {
    rest: Stage,
    in_text: Stage,
    /// Tells the records for which `in_text` is.
    candidates: Prefilter,
}

/// The plans that want the same events, and how many these are so far.
#[derive(Debug)]
struct Demanded {
    plans: Vec<usize>,
    events: AtomicUsize,
}

impl Engine {
    /// Reads the data once: tests the conditions of many rules on each event, and gathers all events that other plans can be
    /// made of, whatever the time they ask for. Of the events that rules find the time and `extra_columns` are kept, of the
    /// others the columns that their plans need as well.
    ///
    /// # Errors
    /// Where the data cannot be read. [`EngineError::TooMuch`] where it holds more wanted events than there is memory for.
    /// [`EngineError::SeveralValues`] where it has several values in fields that a plan takes for those of one: queries that
    /// are planned again have room for them.
    pub fn match_events(
        &self,
        rules: &[Conditions],
        wanted: &[Wanted],
        extra_columns: &[ScanColumn],
    ) -> std::result::Result<Matched, EngineError> {
        let mut columns = Columns::default();
        columns.add(&gathered::time(self.time_column()));
        for column in extra_columns {
            columns.add(column);
        }
        let of_events = columns.clone();
        // What an earlier stage did not find leaves nothing to scan at one moment, and something at another.
        let optimized = |wanted: &Wanted| match wanted.filtered {
            true => Ok(Wanted { plan: self.optimized(&wanted.plan)?, ..wanted.clone() }),
            false => Ok(wanted.clone()),
        };
        let optimized = wanted.iter().map(optimized).collect::<std::result::Result<Vec<_>, EngineError>>()?;
        let demands = gathered::demands(&optimized, &mut columns)?;
        // What was optimized away is read at another moment, or asked for without anything being there.
        gathered::add_columns(wanted, &mut columns)?;
        let of_wanted = columns.clone();
        let mut conjuncts = Vec::with_capacity(rules.len() + demands.len());
        for rule in rules {
            conjuncts.push(columns.renamed(&rule.columns, rule.all.clone())?);
        }
        let mut demanded = Vec::with_capacity(demands.len());
        for Demand { all, plans } in demands {
            conjuncts.push(all);
            demanded.push(Demanded { plans, events: AtomicUsize::new(0) });
        }
        let rules = Rules::new(self, conjuncts, demanded, columns.all(), (of_events.len(), of_wanted.len()))?;
        let parts = self.run_passes(&rules);
        // Taken in any case: the names of these columns mean something else the next time.
        let left_out = self.data().progress.left_out();
        if matches!(parts, Err(EngineError::TooMuch { .. })) {
            // Whoever asks for less is told of that only.
            self.data().progress.restart();
        }
        let parts = parts?;
        if self.learn(left_out.iter().filter_map(|name| columns.asked_as(name)).map(str::to_owned)) {
            self.data().progress.restart();
            return Err(EngineError::SeveralValues);
        }
        let mut found: Vec<std::result::Result<BTreeSet<EventId>, String>> = Vec::new();
        found.resize_with(rules.singles, || Ok(BTreeSet::new()));
        let (mut events, mut wanted) = (Vec::new(), Vec::new());
        for part in parts {
            events.extend(part.events);
            wanted.extend(part.wanted);
            for (rule, events) in found.iter_mut().zip(part.found) {
                match (rule, events) {
                    (Ok(rule), Ok(events)) => rule.extend(events),
                    (Err(_), _) => {}
                    (rule, Err(error)) => *rule = Err(error),
                }
            }
        }
        Ok(Matched {
            rules: found,
            events: GatheredColumns(of_events).with(events)?,
            gathered: GatheredColumns(of_wanted).with(wanted)?,
        })
    }

    /// Reads the data once for several plans: all events that they can be made of, whatever the time they ask for, with the
    /// columns that they need and `extra_columns`.
    ///
    /// # Errors
    /// As [`Engine::match_events`].
    pub fn gather(
        &self,
        wanted: &[Wanted],
        extra_columns: &[ScanColumn],
    ) -> std::result::Result<Gathered, EngineError> {
        Ok(self.match_events(&[], wanted, extra_columns)?.gathered)
    }

    /// Each thread takes records until there are none left.
    fn run_passes(&self, rules: &Rules) -> std::result::Result<Vec<Part>, EngineError> {
        if rules.is_empty() {
            return Ok(Vec::new());
        }
        // What was read to plan queries is read again.
        self.data().progress.restart();
        let feed = Feed::new(self.data().clone());
        let parts = on_each_thread(self.threads(), || Pass::new(rules, &feed).run());
        feed.report();
        parts?.into_iter().collect()
    }
}

impl Rules {
    /// From the conditions of rules that find single events, and behind these of plans that want events, over these columns;
    /// of the events that the rules find so many columns are kept, and of the others so many.
    fn new(
        engine: &Engine,
        conjuncts: Vec<Vec<Expr>>,
        demands: Vec<Demanded>,
        columns: &[ScanColumn],
        (of_events, of_wanted): (usize, usize),
    ) -> Result<Rules> {
        let named = |is: fn(&ScanColumn) -> bool| -> HashSet<&str> {
            columns.iter().filter(|column| is(column)).map(|column| column.name.as_str()).collect()
        };
        let (kinds, texts) = (named(tells_kind), named(is_whole_text));
        let about = |condition: &Expr| {
            let columns = condition.column_refs();
            let mut names = columns.iter().map(|column| column.name.as_str());
            match names.clone().all(|name| kinds.contains(name)) {
                true if !columns.is_empty() => About::Kind,
                _ if names.any(|name| texts.contains(name)) => About::Text,
                _ => About::Other,
            }
        };
        let singles = conjuncts.len().saturating_sub(demands.len());
        let whole = conjuncts.len() <= MOST_WHOLE;
        let whole = whole.then(|| conjuncts.iter().cloned().map(conjunction).collect::<Option<Vec<Expr>>>());
        let (conditions, region) = tree::build(conjuncts, about);
        let gates = || region.gates()?.iter().map(|gate| conditions.get(*gate).cloned()).collect();
        let gate = whole.unwrap_or_else(gates).and_then(disjunction);
        let data = engine.data();
        let prefilter = match gate {
            Some(gate) if data.prefilter => Prefilter::new(&[gate], columns, data),
            _ => Prefilter::off(),
        };
        let mut in_text = Vec::new();
        region.each_region(&mut |region| {
            in_text.push(match region.in_text.filter(&conditions) {
                Some(filter) if data.prefilter => Prefilter::new(&[filter], columns, data),
                _ => Prefilter::off(),
            });
        });
        let scan = EventScan::new(columns.iter().cloned()).into_plan()?;
        let conditions = conditions.into_iter().map(|predicate| Condition::new(predicate, scan.schema()));
        let conditions = conditions.collect::<Result<Vec<_>>>()?;
        let of = |condition: usize| conditions.get(condition).map(Condition::columns).unwrap_or_default();
        let asked = |tree: &Tree| {
            let mut asked = BTreeSet::new();
            tree.each_condition(&mut |condition| asked.extend(of(condition)));
            Stage::new(columns, asked, false)
        };
        let mut kinds = BTreeSet::new();
        let mut stages = Vec::new();
        let mut in_text = in_text.into_iter();
        region.each_region(&mut |region| {
            kinds.extend(region.branches.iter().flat_map(|(condition, _)| of(*condition)));
            let candidates = in_text.next().unwrap_or_else(Prefilter::off);
            stages.push(Stages { rest: asked(&region.rest), in_text: asked(&region.in_text), candidates });
        });
        Ok(Rules {
            region,
            singles,
            demands,
            kinds: Stage::new(columns, kinds, false),
            stages,
            events: Stage::new(columns, (0..of_events).collect(), true),
            wanted: Stage::new(columns, (0..of_wanted).collect(), true),
            prefilter,
            budget: Budget::new(conditions.len()),
            held: AtomicUsize::new(0),
            memory: engine.memory(),
            conditions,
        })
    }

    /// That more is wanted than can be held, and by which plans half of it: whoever goes on without these need not often try
    /// again.
    fn too_much(&self) -> EngineError {
        let mut demands: Vec<(usize, &Demanded)> =
            self.demands.iter().map(|demand| (demand.events.load(Ordering::Relaxed), demand)).collect();
        demands.sort_by_key(|(events, _)| std::cmp::Reverse(*events));
        let half = demands.iter().map(|(events, _)| events).sum::<usize>() / 2;
        let mut counted = 0;
        let most = demands.into_iter().take_while(|(events, _)| {
            let is_needed = counted <= half;
            counted += events;
            is_needed
        });
        let plans = most.flat_map(|(_, demand)| demand.plans.iter().copied()).collect();
        EngineError::TooMuch { mebibytes: self.memory >> 20, plans }
    }

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.region.branches.is_empty() && self.region.rest.is_empty() && self.region.in_text.is_empty()
    }
}

/// Of so many rules all conditions are what a record is searched for before it is parsed; of more those that stand first.
const MOST_WHOLE: usize = 64;

/// Whether a column is the same for all events of a kind, in most log sources: what a view says of the log source, or looks up.
fn tells_kind(column: &ScanColumn) -> bool {
    let of_kind = |bindings: &[Binding]| {
        bindings.iter().all(|binding| {
            let of_source = matches!(binding.origin, Origin::Constant(_) | Origin::Lookup { .. });
            of_source || binding.origin == Origin::Meta(Meta::LogSource)
        })
    };
    let (of_kind, others): (Vec<_>, Vec<_>) = column.bindings.iter().partition(|(_, bindings)| of_kind(bindings));
    of_kind.len() > others.len()
}

/// Whether a column is the whole text of an event.
fn is_whole_text(column: &ScanColumn) -> bool {
    let is_text = |binding: &Binding| matches!(binding.origin, Origin::Meta(Meta::Raw | Meta::OtherDocument));
    column.bindings.iter().any(|(_, bindings)| bindings.iter().any(is_text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::logical_expr::LogicalPlanBuilder;
    use datafusion::prelude::{col, lit};
    use mynah_dialect::clock;
    use mynah_view::FieldType;

    fn scan() -> LogicalPlanBuilder {
        let column =
            |name: &str| ScanColumn { name: name.to_owned(), field_type: FieldType::TEXT, bindings: Vec::new() };
        LogicalPlanBuilder::from(EventScan::new(["a", "b"].map(column)).into_plan().unwrap())
    }

    fn conditions(plan: LogicalPlanBuilder) -> Option<usize> {
        Conditions::of(&plan.build().unwrap()).unwrap().map(|conditions| conditions.all.len())
    }

    #[test]
    fn rows_that_are_the_events_of_conditions_are_told_from_others() {
        let filtered = || scan().filter(col("a").eq(lit("x")).and(col("b").is_null())).unwrap();
        assert_eq!(conditions(scan()), Some(0));
        assert_eq!(conditions(filtered()), Some(2));
        let sorted = filtered().sort([col("b").sort(true, true)]).unwrap();
        assert_eq!(conditions(sorted.project([col("b").alias("c")]).unwrap()), Some(2));
        // Some of the events, what is made of several, conditions on what is made, and other moments.
        assert_eq!(conditions(filtered().limit(0, Some(3)).unwrap()), None);
        assert_eq!(conditions(filtered().sort_with_limit([col("b").sort(true, true)], Some(3)).unwrap()), None);
        assert_eq!(conditions(filtered().distinct().unwrap()), None);
        let made = scan().project([col("a").alias("c")]).unwrap().filter(col("c").eq(lit("x"))).unwrap();
        assert_eq!(conditions(made), None);
        assert_eq!(conditions(scan().filter(clock::now().gt(lit(5_i64))).unwrap()), None);
    }
}
