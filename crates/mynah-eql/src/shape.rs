//! What of a query the response of Elastic's search API depends on, besides its rows.
use crate::ast::{Body, ExprKind, Query, Term};

/// Which form the matches of a query have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Single events.
    Events {
        /// Whether the first ones are wanted where there are too many: the last pipe is `head`.
        first: bool,
    },
    /// Sequences or samples, whose rows begin with the number of theirs.
    Joined {
        /// Whether the first ones are wanted where there are too many.
        first: bool,
        /// Their events, in order.
        events: Vec<EventShape>,
    },
}

/// One event of a sequence or sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventShape {
    /// Whether it is one that must not be there, which has no row.
    pub missing: bool,
    /// The fields whose values are its join keys, in order.
    pub keys: Vec<String>,
}

impl Shape {
    /// The shape of a query.
    ///
    /// ```
    /// let (query, _) = mynah_eql::parse("sequence by host.id [any where true] with runs=2 ![any where false]");
    /// let shape = query.map(|query| mynah_eql::Shape::of(&query));
    /// let Some(mynah_eql::Shape::Joined { events, .. }) = shape else { unreachable!() };
    /// assert_eq!(events.iter().map(|event| event.missing).collect::<Vec<_>>(), [false, false, true]);
    /// assert_eq!(events[0].keys, ["host.id"]);
    /// ```
    pub fn of(query: &Query) -> Shape {
        let first = query.pipes.last().is_some_and(|pipe| pipe.name.eq_ignore_ascii_case("head"));
        let (by, terms) = match &query.body {
            Body::Event(_) => return Shape::Events { first },
            Body::Sequence(sequence) => (&sequence.by, &sequence.terms),
            Body::Sample(sample) => (&sample.by, &sample.terms),
        };
        let event = |term: &Term| {
            let fields = by.iter().chain(&term.by).filter_map(|key| match &key.kind {
                ExprKind::Field(field) => Some(field.name.clone()),
                _ => None,
            });
            EventShape { missing: term.missing, keys: fields.collect() }
        };
        let runs = terms.iter().flat_map(|term| (0..term.runs).map(move |_| event(term)));
        Shape::Joined { first, events: runs.collect() }
    }
}
