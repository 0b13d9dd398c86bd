//! The events that a correlation looks at.
use super::{RULE, TIME, VALUE, carried, key, window};
use crate::document::{Content, Document};
use crate::plan::fields::{plain_name, single_text};
use crate::plan::{Planner, balanced};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;
use mynah_kernels::{Cell, row_function};
use mynah_syntax::{Depth, Diagnostic};
use mynah_view::EVENT_ID;
use rsigma_parser::{CorrelationCondition, CorrelationRule};

impl Planner<'_> {
    /// The events of a correlation's rules, with what was measured at each and whether the condition holds there:
    /// [`TIME`], [`EVENT_ID`], the group's keys, `carry`, [`window::METRIC`], [`window::HIT`].
    pub(super) fn hits(&mut self, index: usize, carry: &[String], depth: &mut Depth) -> Option<LogicalPlan> {
        let documents = self.documents;
        let document = documents.get(index)?;
        let Content::Correlation(rule) = &document.content else { return None };
        let place = document.outline.root().key("correlation");
        if depth.enter(place.key("rules").span()).is_err() {
            let message = "this correlation refers to itself";
            return self.report(Diagnostic::error("sigma/unknown-rule", message, place.key("rules").span()));
        }
        let measure = self.measure(rule, place);
        let mut united: Option<LogicalPlanBuilder> = None;
        let mut complete = true;
        for (number, name) in rule.rules.iter().enumerate() {
            let at = if place.key("rules").nth(number).exists() {
                place.key("rules").nth(number)
            } else {
                place.key("rules")
            };
            let input = self.referred(name, at).and_then(|target| self.input(rule, number, target, carry, depth));
            let Some(input) = input else {
                complete = false;
                continue;
            };
            let joined = match united {
                None => Ok(LogicalPlanBuilder::from(input)),
                Some(before) => before.union(input),
            };
            united = Some(self.built(joined, place.span())?);
        }
        depth.leave();
        if !complete {
            return None;
        }
        let Some(united) = united else {
            return self.report(Diagnostic::error(
                "sigma/empty",
                "this correlation has no rules",
                place.key("rules").span(),
            ));
        };
        let keys = rule.group_by.len();
        // Events without a group belong to none, events without a time to no span.
        let present =
            (0..keys).map(|index| column(&key(index)).is_not_null()).chain([column(TIME).is_not_null()]).collect();
        let measure = measure?;
        let built =
            united.filter(balanced::all(present)).and_then(|events| window::measured(events, &measure, keys, rule));
        self.built(built, place.span())
    }

    /// One rule's events, in the columns that all inputs of a correlation have.
    fn input(
        &mut self,
        outer: &CorrelationRule,
        number: usize,
        target: usize,
        carry: &[String],
        depth: &mut Depth,
    ) -> Option<LogicalPlan> {
        let documents = self.documents;
        let document = documents.get(target)?;
        let keys: Vec<String> = outer.group_by.iter().map(|name| aliased(outer, name, document)).collect();
        let values: Vec<String> = match &outer.condition {
            CorrelationCondition::Threshold { field: Some(fields), .. } => {
                fields.iter().map(|name| aliased(outer, name, document)).collect()
            }
            _ => Vec::new(),
        };
        let carry: Vec<String> = carry.iter().map(|name| aliased(outer, name, document)).collect();
        let wanted: Vec<String> = keys.iter().chain(&values).chain(&carry).cloned().collect();
        let (plan, value_of): (LogicalPlan, Vec<Expr>) = match &document.content {
            Content::Rule(_) => {
                let matching = self.matching(target, &wanted)?;
                let view = self.context.view;
                let of = wanted.iter().map(|name| single_text(&view.resolve(name).column)).collect();
                (matching.plan, of)
            }
            Content::Correlation(inner) => {
                let hits = self.hits(target, &wanted, depth)?;
                let built =
                    LogicalPlanBuilder::from(hits).filter(column(window::HIT)).and_then(LogicalPlanBuilder::build);
                let plan = self.built(built, self.title(target))?;
                // A field that the inner correlation groups by is its key; any other is that of the last event.
                let of = wanted.iter().enumerate().map(|(index, name)| {
                    let group = inner.group_by.iter().position(|known| plain_name(known) == *name);
                    column(&group.map_or_else(|| carried(index), key))
                });
                (plan, of.collect())
            }
            Content::Filter(_) | Content::Action | Content::Unread => return None,
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
        self.built(built, self.title(target))
    }
}

/// What a name of a correlation is called in the events of one of its rules.
fn aliased(correlation: &CorrelationRule, name: &str, document: &Document) -> String {
    let alias = correlation.aliases.iter().find(|alias| alias.alias == name);
    let own = alias.and_then(|alias| alias.mapping.iter().find(|(rule, _)| document.is_called(rule)));
    plain_name(own.map_or(name, |(_, field)| field))
}

/// Several values as one; none where one is missing.
fn joined(values: Vec<Expr>) -> Expr {
    match values.as_slice() {
        [] => Expr::Literal(ScalarValue::Utf8(None), None),
        [one] => one.clone(),
        _ => row_function("sigma_tuple", DataType::Utf8, |row| {
            let texts: Option<Vec<&str>> = row.iter().map(Cell::as_text).collect();
            texts.map(|texts| Cell::text(texts.join("\u{1f}"))).into()
        })
        .call(values),
    }
}
