//! What a correlation measures of the events within a time span.
use crate::ast::{Condition, ConditionNode, Document, Quantifier};
use crate::modifier::Comparison;
use datafusion::logical_expr::binary_expr;
use datafusion::prelude::{Expr, lit};
use mynah_dialect::all_of;
use mynah_syntax::{Span, Spanned};
use serde::{Deserialize, Serialize};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};

/// What is measured.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Kind {
    /// How many events there are.
    Events,
    /// How many different values.
    Values,
    /// How many different rules.
    Rules,
    /// How many rules, the first, the second and so on, of so many, found events in this order.
    Ordered(usize),
    /// Whether the rules that are there fulfil a condition: one or nothing.
    Present(Present),
    Sum,
    Average,
    /// The value that so many percent of the values are not above.
    Percentile(u64),
}

/// What is measured, and what it must be.
#[derive(Debug, Clone)]
pub(super) struct Measure {
    pub kind: Kind,
    pub conditions: Vec<(Comparison, f64)>,
}

impl Measure {
    /// Whether what was measured is as it must be.
    pub fn holds(&self, metric: Expr) -> Expr {
        let one =
            |(comparison, number): &(Comparison, f64)| binary_expr(metric.clone(), comparison.operator(), lit(*number));
        all_of(self.conditions.iter().map(one).collect()).unwrap_or_else(|| lit(true))
    }
}

/// How many rules a condition wants, if it wants each of those that it names: `a and b`, which is what a correlation without a
/// condition wants.
pub(super) fn all_in_order(condition: &Condition) -> Option<usize> {
    match &condition.node {
        ConditionNode::Name(_) => Some(1),
        ConditionNode::And(parts) => parts.iter().map(all_in_order).sum(),
        _ => None,
    }
}

/// A condition over the rules of a temporal correlation, by their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Present {
    Rule(i64),
    All(Vec<Present>),
    Any(Vec<Present>),
    /// So many of these.
    Some(u64, Vec<Present>),
    Not(Box<Present>),
}

impl Present {
    /// The condition with numbers for names.
    ///
    /// # Errors
    /// The place of a name that is none of the rules.
    pub fn of(condition: &Condition, rules: &[Spanned<String>], documents: &[Document]) -> Result<Present, Span> {
        let number = |name: &str| {
            let is_same = |rule: &str| {
                rule == name || documents.iter().any(|document| document.is_called(rule) && document.is_called(name))
            };
            let position = rules.iter().position(|rule| is_same(&rule.node));
            position.map(|position| Present::Rule(position as i64)).ok_or(condition.span)
        };
        let all = |parts: &[Condition]| -> Result<Vec<Present>, Span> {
            parts.iter().map(|part| Present::of(part, rules, documents)).collect()
        };
        Ok(match &condition.node {
            ConditionNode::Name(name) => number(name)?,
            ConditionNode::And(parts) => Present::All(all(parts)?),
            ConditionNode::Or(parts) => Present::Any(all(parts)?),
            ConditionNode::Not(inner) => Present::Not(Box::new(Present::of(inner, rules, documents)?)),
            ConditionNode::Of(quantifier, pattern) => {
                let named = rules.iter().filter(|rule| pattern.means(&rule.node));
                let parts: Vec<Present> = named.map(|rule| number(&rule.node)).collect::<Result<_, _>>()?;
                match quantifier {
                    Quantifier::All => Present::All(parts),
                    Quantifier::AtLeast(count) => Present::Some(*count, parts),
                }
            }
        })
    }

    fn holds(&self, is_there: &dyn Fn(i64) -> bool) -> bool {
        match self {
            Present::Rule(number) => is_there(*number),
            Present::All(parts) => parts.iter().all(|part| part.holds(is_there)),
            Present::Any(parts) => parts.iter().any(|part| part.holds(is_there)),
            Present::Some(count, parts) => parts.iter().filter(|part| part.holds(is_there)).count() as u64 >= *count,
            Present::Not(part) => !part.holds(is_there),
        }
    }
}

/// One event of a window.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub time: i64,
    pub event: u64,
    pub rule: i64,
    pub value: Option<String>,
}

/// What of a window's events is counted: each that is different once.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Counted {
    Event(u64),
    Value(String),
    Rule(i64),
}

/// The events of a window, and how often there is what is counted of them.
#[derive(Debug)]
pub(super) struct Window {
    kind: Kind,
    seen: VecDeque<Seen>,
    counts: HashMap<Counted, usize>,
}

impl Window {
    pub fn new(kind: Kind) -> Window {
        Window { kind, seen: VecDeque::new(), counts: HashMap::new() }
    }

    /// What is counted of an event.
    fn counted(&self, seen: &Seen) -> Option<Counted> {
        match &self.kind {
            Kind::Events => Some(Counted::Event(seen.event)),
            Kind::Values => seen.value.clone().map(Counted::Value),
            Kind::Rules | Kind::Present(_) => Some(Counted::Rule(seen.rule)),
            Kind::Ordered(_) | Kind::Sum | Kind::Average | Kind::Percentile(_) => None,
        }
    }

    pub fn enter(&mut self, seen: Seen) {
        if let Some(counted) = self.counted(&seen) {
            *self.counts.entry(counted).or_default() += 1;
        }
        self.seen.push_back(seen);
    }

    /// The first event leaves: the order is the order in which they entered.
    pub fn leave(&mut self) {
        let counted = self.seen.pop_front().and_then(|seen| self.counted(&seen));
        if let Some(Entry::Occupied(mut count)) = counted.map(|counted| self.counts.entry(counted)) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }

    /// The measure; none where there is nothing to measure.
    pub fn metric(&self) -> Option<f64> {
        match &self.kind {
            Kind::Events | Kind::Values | Kind::Rules => Some(self.counts.len() as f64),
            Kind::Present(condition) => {
                let holds = condition.holds(&|rule| self.counts.contains_key(&Counted::Rule(rule)));
                Some(if holds { 1.0 } else { 0.0 })
            }
            Kind::Ordered(_) => Some(self.in_order() as f64),
            Kind::Sum => Some(self.numbers().into_iter().sum()),
            Kind::Average => {
                let numbers = self.numbers();
                (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64)
            }
            Kind::Percentile(percent) => percentile(self.numbers(), *percent as f64),
        }
    }

    /// How many rules found events one after the other, in the order of the rules.
    fn in_order(&self) -> i64 {
        let mut seen: Vec<&Seen> = self.seen.iter().collect();
        seen.sort_by_key(|seen| (seen.time, seen.event));
        let mut next = 0;
        for seen in seen {
            if seen.rule == next {
                next += 1;
            }
        }
        next
    }

    fn numbers(&self) -> Vec<f64> {
        let number = |seen: &Seen| seen.value.as_deref().and_then(|value| value.trim().parse::<f64>().ok());
        self.seen.iter().filter_map(number).filter(|number| number.is_finite()).collect()
    }

    pub fn size(&self) -> usize {
        let text = |seen: &Seen| size_of::<Seen>() + seen.value.as_ref().map_or(0, String::capacity);
        self.seen.iter().map(text).sum::<usize>() * 2
    }
}

/// Between the two values nearest to it, in proportion.
fn percentile(mut numbers: Vec<f64>, percent: f64) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let last = numbers.len().checked_sub(1)?;
    let place = percent / 100.0 * last as f64;
    let low = numbers.get(place.floor() as usize)?;
    let high = numbers.get((place.ceil() as usize).min(last))?;
    Some(low + (high - low) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(kind: Kind, seen: &[(i64, &str)]) -> Window {
        let mut window = Window::new(kind);
        for (index, (rule, value)) in seen.iter().enumerate() {
            let index = index as i64;
            window.enter(Seen { time: index, event: index as u64, rule: *rule, value: Some((*value).to_owned()) });
        }
        window
    }

    #[test]
    fn what_leaves_counts_no_more() {
        let mut values = window(Kind::Values, &[(0, "a"), (0, "b"), (0, "a")]);
        for left in [2.0, 2.0, 1.0] {
            assert_eq!(values.metric(), Some(left));
            values.leave();
        }
    }

    #[test]
    fn windows_are_measured() {
        let numbers = [(0, "1"), (0, "x"), (0, "4"), (0, "10")];
        for (kind, seen, metric) in [
            (Kind::Ordered(2), &[(1, ""), (0, "")][..], Some(1.0)),
            (Kind::Ordered(2), &[(1, ""), (0, ""), (1, "")], Some(2.0)),
            (Kind::Rules, &[(1, ""), (0, "")], Some(2.0)),
            (Kind::Sum, &numbers, Some(15.0)),
            (Kind::Average, &numbers, Some(5.0)),
            (Kind::Percentile(50), &numbers, Some(4.0)),
            (Kind::Percentile(75), &numbers, Some(7.0)),
            (Kind::Average, &[(0, "x")], None),
        ] {
            assert_eq!(window(kind, seen).metric(), metric);
        }
    }
}
