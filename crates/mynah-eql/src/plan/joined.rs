//! Sequences and samples: the events of all their terms, and the operator that puts them together.
use super::condition::negated;
use super::equality::missing;
use super::output::Shown;
use super::value::{Value, ValueType};
use super::{Lowering, Step};
use crate::ast::{self, ExprKind, Query, Sample, Sequence, Term, TimeSpan};
use crate::functions::RowFunction;
use crate::joined::{NUMBER, Operator, STEP, SampleOperator, SequenceOperator, Stage, condition_column, key_column};
use crate::names::{CATEGORY, TIMESTAMP};
use datafusion::common::Result;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::prelude::Expr;
use mynah_dialect::{all_of, any_of, column};
use mynah_kernels::{call, whole_rows};
use mynah_view::EVENT_ID;

/// A term, planned.
struct PlannedTerm {
    stage: Stage,
    fits: Expr,
    keys: Vec<Expr>,
}

/// A sequence or sample, planned.
pub(super) struct Joined {
    terms: Vec<PlannedTerm>,
    operator: Operator,
}

impl Lowering<'_> {
    /// Plans a sequence; `None` if one of its terms cannot be, which has been said.
    pub(super) fn sequence(&mut self, sequence: &Sequence, pipes: Option<Vec<Step>>) -> Option<Joined> {
        let mut terms = self.terms(&sequence.by, &sequence.terms);
        let until = sequence.until.as_ref().map(|term| self.term("until", &sequence.by, term));
        let mut stages = Vec::new();
        for (planned, term) in terms.iter().flatten().zip(&sequence.terms) {
            stages.extend((0..term.runs).map(|_| planned.stage.clone()));
        }
        let until_stage = until.iter().flatten().next().map(|planned| planned.stage.clone());
        terms.extend(until);
        let maxspan = sequence.maxspan.as_ref().map(TimeSpan::milliseconds);
        let operator = SequenceOperator { stages, until: until_stage, maxspan, pipes: pipes? };
        let terms = terms.into_iter().collect::<Option<_>>()?;
        Some(Joined { terms, operator: Operator::Sequence(operator) })
    }

    /// Plans a sample; `None` if one of its terms cannot be, which has been said.
    pub(super) fn sample(&mut self, sample: &Sample) -> Option<Joined> {
        let terms = self.terms(&sample.by, &sample.terms).into_iter().collect::<Option<Vec<_>>>()?;
        let stages = terms.iter().map(|planned| planned.stage.clone()).collect();
        Some(Joined { terms, operator: Operator::Sample(SampleOperator { stages }) })
    }

    fn terms(&mut self, by: &[ast::Expr], terms: &[Term]) -> Vec<Option<PlannedTerm>> {
        terms.iter().enumerate().map(|(number, term)| self.term(&number.to_string(), by, term)).collect()
    }

    fn term(&mut self, name: &str, by: &[ast::Expr], term: &Term) -> Option<PlannedTerm> {
        let mut conditions = vec![self.filter(&term.filter)?];
        let mut keys = Vec::new();
        let mut optional_keys = Vec::new();
        for key in by.iter().chain(&term.by) {
            let value = self.value(key)?;
            let optional = matches!(&key.kind, ExprKind::Field(field) if field.optional);
            if !optional {
                conditions.push(negated(missing(value.clone())));
            }
            optional_keys.push(optional);
            keys.push(self.key(value));
        }
        let stage = Stage { term: name.to_owned(), missing: term.missing, optional_keys };
        Some(PlannedTerm { stage, fits: all_of(conditions)?, keys })
    }
}

impl Lowering<'_> {
    /// A key as text: of what can be written in several ways, always in the same.
    fn key(&mut self, value: Value) -> Expr {
        match value.kind {
            ValueType::Ip => call(RowFunction::Address { many: value.many }, vec![value.plan]),
            _ => self.as_text(value).plan,
        }
    }
}

/// The events, those that belong together one after the other: their number, the time, and the fields that the query
/// mentions.
pub(super) fn plan(query: &Query, shown: &Shown<'_>, parts: Joined) -> Result<LogicalPlan> {
    let category = query.filters().iter().any(|filter| filter.category.is_some());
    let some_term = any_of(parts.terms.iter().map(|planned| planned.fits.clone()).collect());
    // Events without a time are in no sequence.
    let is_sequence = matches!(parts.operator, Operator::Sequence(_));
    let timed = is_sequence.then(|| column(TIMESTAMP).is_not_null());
    let mut columns: Vec<Expr> = shown.names().map(|name| column(name).alias(name)).collect();
    columns.push(column(EVENT_ID).alias(EVENT_ID));
    for planned in &parts.terms {
        let term = &planned.stage.term;
        columns.push(planned.fits.clone().alias(condition_column(term)));
        let keys = planned.keys.iter().enumerate();
        columns.extend(keys.map(|(number, key)| key.clone().alias(key_column(term, number))));
    }
    let mut events = LogicalPlanBuilder::from(shown.scan(category.then_some(CATEGORY))?);
    for condition in some_term.into_iter().chain(timed) {
        events = events.filter(condition)?;
    }
    let events = events.project(columns)?.build()?;
    // A field of that name keeps it.
    let mut number = parts.operator.number().to_owned();
    while shown.names().any(|name| name == number) {
        number.push_str("_number");
    }
    LogicalPlanBuilder::from(whole_rows(parts.operator, events)?)
        .sort([column(NUMBER).sort(true, false), column(STEP).sort(true, false)])?
        .project(std::iter::once(column(NUMBER).alias(number)).chain(shown.written()))?
        .build()
}
