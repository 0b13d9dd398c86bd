//! The events that a correlation looks at.
use super::{RULE, TIME, VALUE, carried, groups, key, window};
use crate::ast::{Body, Correlation, CorrelationCondition, Document, Window};
use crate::plan::Planner;
use crate::plan::RowFunction;
use crate::plan::fields::single_text;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::{all_of, column};
use mynah_kernels::call;
use mynah_syntax::{Diagnostic, MAX_DEPTH, Spanned};
use mynah_view::EVENT_ID;

/// How many rules a correlation may look at, through those that it refers to.
const MOST_INPUTS: usize = 1_000;

/// The correlations that are being planned, the innermost last; and how many rules they look at.
#[derive(Default)]
pub(super) struct Descent<'a> {
    path: Vec<&'a Document>,
    inputs: usize,
}

impl<'a> Planner<'a> {
    /// The events of a correlation's rules, with what was measured at each and whether the condition holds there:
    /// [`TIME`], [`EVENT_ID`], the group's keys, `carry`, [`window::METRIC`], [`window::HIT`].
    pub(super) fn hits(
        &mut self,
        document: &'a Document,
        correlation: &'a Correlation,
        carry: &[String],
        descent: &mut Descent<'a>,
    ) -> Option<LogicalPlan> {
        let refused = if descent.path.iter().any(|outer| std::ptr::eq(*outer, document)) {
            Some(("sigma/unknown-rule", "this correlation refers to itself".to_owned()))
        } else if descent.path.len() >= MAX_DEPTH {
            Some(("syntax/too-deep", format!("nested more than {MAX_DEPTH} levels deep")))
        } else {
            None
        };
        if let Some((code, message)) = refused {
            return self.report(Diagnostic::error(code, message, correlation.rules.span));
        }
        descent.path.push(document);
        let measure = self.measure(correlation);
        let mut united: Option<LogicalPlanBuilder> = None;
        let mut complete = true;
        for (number, name) in correlation.rules.node.iter().enumerate() {
            let target = self.referred(name);
            let input = target.and_then(|target| self.input(correlation, number, target, carry, descent));
            let Some(input) = input else {
                complete = false;
                continue;
            };
            let joined = match united {
                None => Ok(LogicalPlanBuilder::from(input)),
                Some(before) => before.union(input),
            };
            united = Some(self.built(joined, correlation.span)?);
        }
        descent.path.pop();
        if !complete {
            return None;
        }
        let Some(united) = united else {
            let message = "this correlation has no rules";
            return self.report(Diagnostic::error("sigma/empty", message, correlation.rules.span));
        };
        let keys = correlation.group_by.len();
        // Events without a group belong to none, events without a time to no span.
        let present =
            (0..keys).map(|index| column(&key(index)).is_not_null()).chain([column(TIME).is_not_null()]).collect();
        let measure = measure?;
        let built =
            united.filter(all_of(present).unwrap_or_else(|| lit(true))).and_then(|events| match correlation.window {
                Window::Sliding => window::measured(events, &measure, keys, correlation),
                other => groups::measured(events, &measure, keys, correlation, other),
            });
        self.built(built, document.title.span)
    }

    /// One rule's events, in the columns that all inputs of a correlation have.
    fn input(
        &mut self,
        outer: &Correlation,
        number: usize,
        document: &'a Document,
        carry: &[String],
        descent: &mut Descent<'a>,
    ) -> Option<LogicalPlan> {
        descent.inputs += 1;
        if descent.inputs > MOST_INPUTS {
            let message = format!("this correlation looks at more than {MOST_INPUTS} rules");
            let is_new = descent.inputs == MOST_INPUTS + 1;
            return is_new.then(|| self.report(Diagnostic::error("sigma/value", message, outer.rules.span)))?;
        }
        let own = |names: &[Spanned<String>]| -> Vec<String> {
            names.iter().map(|name| aliased(outer, &name.node, document)).collect()
        };
        let keys = own(&outer.group_by);
        let values = match &outer.condition {
            Some(CorrelationCondition::Threshold { fields, .. }) => own(fields),
            _ => Vec::new(),
        };
        let carry: Vec<String> = carry.iter().map(|name| aliased(outer, name, document)).collect();
        let wanted: Vec<String> = keys.iter().chain(&values).chain(&carry).cloned().collect();
        let (plan, value_of): (LogicalPlan, Vec<Expr>) = match &document.body {
            Body::Rule(_) => {
                let matching = self.matching(document, &wanted)?;
                let of = wanted.iter().map(|name| single_text(&self.resolved(name))).collect();
                (matching.plan, of)
            }
            Body::Correlation(inner) => {
                let hits = self.hits(document, inner, &wanted, descent)?;
                let built =
                    LogicalPlanBuilder::from(hits).filter(column(window::HIT)).and_then(LogicalPlanBuilder::build);
                let plan = self.built(built, document.title.span)?;
                // A field that the inner correlation groups by is its key; any other is that of the last event.
                let of = wanted.iter().enumerate().map(|(index, name)| {
                    let group = inner.group_by.iter().position(|known| known.node == *name);
                    column(&group.map_or_else(|| carried(index), key))
                });
                (plan, of.collect())
            }
            Body::Filter(_) | Body::Unread => return None,
        };
        let of = |range: std::ops::Range<usize>| value_of.get(range).unwrap_or(&[]).to_vec();
        let (first, second) = (keys.len(), keys.len() + values.len());
        let mut shown = vec![
            column(TIME).alias(TIME),
            column(EVENT_ID).alias(EVENT_ID),
            lit(number as i64).alias(RULE),
            joined(of(first..second)).alias(VALUE),
        ];
        shown.extend(of(0..first).into_iter().enumerate().map(|(index, value)| value.alias(key(index))));
        shown
            .extend(of(second..wanted.len()).into_iter().enumerate().map(|(index, value)| value.alias(carried(index))));
        let built = LogicalPlanBuilder::from(plan).project(shown).and_then(LogicalPlanBuilder::build);
        self.built(built, document.title.span)
    }
}

/// What a name of a correlation is called in the events of one of its rules.
fn aliased(correlation: &Correlation, name: &str, document: &Document) -> String {
    let alias = correlation.aliases.iter().find(|alias| alias.name == name);
    let own = alias.and_then(|alias| alias.fields.iter().find(|(rule, _)| document.is_called(rule)));
    own.map_or(name, |(_, field)| field).to_owned()
}

/// Several values as one; none where one is missing.
fn joined(values: Vec<Expr>) -> Expr {
    match values.as_slice() {
        [] => Expr::Literal(ScalarValue::Utf8(None), None),
        [one] => one.clone(),
        _ => call(RowFunction::Tuple, values),
    }
}
