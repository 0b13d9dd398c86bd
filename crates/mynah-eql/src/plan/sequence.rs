//! `sequence … [ … ] [ … ]`: the events of all its terms, and the operator that puts them together.
use super::condition::{joined, negated};
use super::missing::missing;
use super::output::Shown;
use super::{Lowering, Step};
use crate::ast::{ExprKind, Query, Sequence, Term, TimeSpan, TimeUnit};
use crate::names::{CATEGORY, TIMESTAMP};
use crate::sequence::{SEQUENCE, STEP, SequenceOperator, Stage, condition_column, key_column};
use datafusion::common::Result;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_kernels::whole_rows;
use mynah_view::EVENT_ID;
use std::sync::Arc;

/// A term, planned.
struct Planned {
    stage: Stage,
    fits: Expr,
    keys: Vec<Expr>,
}

/// The parts of a sequence, planned.
pub(super) struct Parts {
    terms: Vec<(Planned, u32)>,
    until: Option<Planned>,
    maxspan: Option<i64>,
}

impl Lowering<'_> {
    /// Plans the terms of a sequence; `None` if one of them cannot be, which has been said.
    pub(super) fn sequence(&mut self, sequence: &Sequence) -> Option<Parts> {
        let terms = sequence.terms.iter().enumerate();
        let terms: Vec<Option<(Planned, u32)>> =
            terms.map(|(number, term)| Some((self.term(&number.to_string(), sequence, term)?, term.runs))).collect();
        let until = sequence.until.as_ref().map(|term| self.term("until", sequence, term));
        let until = match until {
            None => None,
            Some(planned) => Some(planned?),
        };
        let maxspan = sequence.maxspan.as_ref().map(milliseconds);
        Some(Parts { terms: terms.into_iter().collect::<Option<_>>()?, until, maxspan })
    }

    fn term(&mut self, name: &str, sequence: &Sequence, term: &Term) -> Option<Planned> {
        let fits = self.filter(&term.filter);
        let mut conditions = vec![];
        let mut keys = Vec::new();
        let mut optional_keys = Vec::new();
        for key in sequence.by.iter().chain(&term.by) {
            let value = self.value(key)?;
            let optional = matches!(&key.kind, ExprKind::Field(field) if field.optional);
            if !optional {
                conditions.push(negated(missing(value.clone())));
            }
            optional_keys.push(optional);
            keys.push(self.as_text(value).plan);
        }
        conditions.insert(0, fits?);
        let stage = Stage { term: name.to_owned(), missing: term.missing, optional_keys };
        Some(Planned { stage, fits: joined(conditions, Expr::and)?, keys })
    }
}

/// The events of the sequences, one after the other: the number of the sequence, the time, and the fields that the
/// query mentions.
pub(super) fn plan(query: &Query, shown: &Shown, parts: Parts, pipes: Vec<Step>) -> Result<LogicalPlan> {
    let category = query.filters().iter().any(|filter| filter.category.is_some());
    let all = || parts.terms.iter().map(|(planned, _)| planned).chain(&parts.until);
    let some_term = joined(all().map(|planned| planned.fits.clone()).collect(), Expr::or);
    let timed = column(TIMESTAMP).is_not_null();
    let condition = some_term.map_or(timed.clone(), |some_term| timed.and(some_term));
    let mut columns: Vec<Expr> = shown.names().map(|name| column(name).alias(name)).collect();
    columns.push(column(EVENT_ID).alias(EVENT_ID));
    for planned in all() {
        let term = &planned.stage.term;
        columns.push(planned.fits.clone().alias(condition_column(term)));
        let keys = planned.keys.iter().enumerate();
        columns.extend(keys.map(|(number, key)| key.clone().alias(key_column(term, number))));
    }
    let events = LogicalPlanBuilder::from(shown.scan(category.then_some(CATEGORY))?)
        .filter(condition)?
        .project(columns)?
        .build()?;
    let stages = parts.terms.iter().flat_map(|(planned, runs)| (0..*runs).map(|_| planned.stage.clone())).collect();
    let until = parts.until.as_ref().map(|planned| planned.stage.clone());
    let operator = SequenceOperator { stages, until, maxspan: parts.maxspan, pipes };
    LogicalPlanBuilder::from(whole_rows(Arc::new(operator), events)?)
        .sort([column(SEQUENCE).sort(true, false), column(STEP).sort(true, false)])?
        .project(std::iter::once(column(SEQUENCE).alias(SEQUENCE)).chain(shown.written()))?
        .build()
}

fn milliseconds(span: &TimeSpan) -> i64 {
    let one = match span.unit {
        TimeUnit::Milliseconds => 1,
        TimeUnit::Seconds => 1_000,
        TimeUnit::Minutes => 60_000,
        TimeUnit::Hours => 3_600_000,
        TimeUnit::Days => 86_400_000,
    };
    i64::try_from(span.count).unwrap_or(i64::MAX).saturating_mul(one)
}
