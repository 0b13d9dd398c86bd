//! One `SELECT`: scan or subquery, filter, groups, columns, order, limit.
use super::aggregation::Aggregation;
use super::coerce::to_type;
use super::columns::{Output, has_aggregate, meant, ordered_column};
use super::compare::address;
use super::lower::{Lower, Prefer};
use super::query::{Relation, TIME};
use super::scope::{Column, Scope};
use super::{Planner, Type, Typed, time, to_integer};
use crate::ast::{self, Alias, ExprKind, Item, Select, Source, Test, TimeFrame, key};
use datafusion::common::{JoinType, Result};
use datafusion::functions_aggregate::expr_fn::{max, min};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, SortExpr};
use datafusion::prelude::Expr;
use mynah_dialect::{all_of, column, marked};
use mynah_syntax::{Diagnostic, Span};
use mynah_view::{EVENT_ID, EventScan};
use std::collections::HashMap;

/// What the expressions of a `SELECT` are lowered with.
pub(super) struct Selection<'s, 'a> {
    pub select: &'s Select,
    pub scope: &'s Scope<'a>,
    /// The name that the source has in the query, which may stand before a column's: `e.username`.
    pub qualifier: Option<&'s str>,
    /// What the aliases of the select list stand for, by their names in small letters.
    pub aliases: HashMap<String, &'s ast::Expr>,
    outputs: &'s [Output<'s>],
    /// Whether the order of the rows matters.
    ordered: bool,
    /// The time of an event or row, and its id.
    keys: (Expr, Expr),
}

/// The conditions of a `SELECT`, those on other queries apart.
#[derive(Default)]
struct Filter {
    conditions: Vec<Expr>,
    members: Vec<Member>,
}

/// `value [NOT] IN (SELECT …)`.
struct Member {
    value: Expr,
    inner: LogicalPlan,
    /// The column of `inner`.
    name: String,
    join: JoinType,
}

/// The columns of a result.
#[derive(Default)]
struct Columns {
    named: Vec<Column>,
    values: Vec<(String, Expr)>,
}

impl<'a> Planner<'a> {
    pub(super) fn select(&mut self, select: &Select, ordered: bool, time: Option<&TimeFrame>) -> Option<Relation> {
        let view = self.context.view;
        for parameter in &select.parameters {
            let message = format!("the parameter {} has no effect here: it is for QRadar's servers", parameter.name);
            self.report(Diagnostic::info("aql/parameter", message, parameter.at.0));
        }
        match &select.source {
            Source::Table { name, alias, at } => {
                if !name.eq_ignore_ascii_case("events") {
                    return self.refuse(table(name, at.0));
                }
                let qualifier = alias.as_ref().map_or("events", |alias| alias.name.as_str());
                self.select_from(select, &Scope::events(view), None, Some(qualifier), time, ordered)
            }
            Source::Query { query, alias } => {
                // What the outer query bounds, and nothing inside does, is bounded for the events inside.
                let inner = self.relation(query, false, select.time.as_ref().or(time))?;
                let qualifier = alias.as_ref().map(|alias: &Alias| alias.name.as_str());
                self.select_from(select, &Scope::Relation(inner.columns), Some(inner.plan), qualifier, None, ordered)
            }
            Source::Error => None,
        }
    }

    /// Plans a `SELECT` over a relation, or, without one, over the events.
    pub(super) fn select_from(
        &mut self,
        select: &Select,
        scope: &Scope<'a>,
        input: Option<LogicalPlan>,
        qualifier: Option<&str>,
        time: Option<&TimeFrame>,
        ordered: bool,
    ) -> Option<Relation> {
        let outputs = self.outputs(select, scope, qualifier);
        let aliased = select.items.iter().filter_map(|item| match item {
            Item::Expr { expr, alias: Some(alias) } => Some((alias.name.to_lowercase(), expr)),
            _ => None,
        });
        let keys = (column(TIME), column(EVENT_ID));
        let mut selection =
            Selection { select, scope, qualifier, aliases: aliased.collect(), outputs: &outputs, ordered, keys };
        let faults = self.faults();
        if input.is_none() {
            let starttime = selection.lower(self, Prefer::Properties, None).find("starttime", select.keyword.0)?;
            selection.keys.0 = to_integer(&starttime.value);
        }
        // Over another query it bounds what that gives, besides what is in it.
        let frame = if input.is_none() { select.time.as_ref().or(time) } else { select.time.as_ref() };
        let filter = selection.filter(self, frame);
        let mut aggregation = selection.groups(self);
        let mut columns = selection.columns(self, aggregation.as_mut());
        let having = select.having.as_ref().and_then(|having| {
            // Without groups it is one more condition on the columns.
            selection.lower(self, Prefer::Aliases, aggregation.as_mut()).deciding().condition(having)
        });
        let order = selection.order(self, aggregation.as_mut(), &mut columns);
        if self.faults() > faults {
            return None;
        }
        let names = (self.fresh("time"), self.fresh("event"));
        let span = select.keyword.0;
        let base = input.map_or_else(|| scan(scope), Ok);
        let base = self.accept(base, span)?;
        let built =
            selection.build(base, filter, aggregation.map(|found| (found, names)), having, columns.values, order);
        Some(Relation { plan: self.accept(built, span)?, columns: columns.named })
    }
}

impl<'s, 'a> Selection<'s, 'a> {
    fn lower<'l>(
        &'l self,
        planner: &'l mut Planner<'a>,
        prefer: Prefer,
        aggregation: Option<&'l mut Aggregation>,
    ) -> Lower<'l, 'a> {
        Lower {
            planner,
            scope: self.scope,
            aliases: &self.aliases,
            qualifier: self.qualifier,
            prefer,
            aggregation,
            open: Vec::new(),
            decides: false,
        }
    }

    /// What WHERE and the clause that bounds the time keep.
    fn filter(&self, planner: &mut Planner<'a>, frame: Option<&TimeFrame>) -> Filter {
        let mut filter = Filter::default();
        if let Some(frame) = frame
            && let Some(predicate) = self.frame(planner, frame)
        {
            filter.conditions.push(marked(frame.span(), predicate));
        }
        let parts = match &self.select.filter {
            None => &[],
            Some(ast::Expr { kind: ExprKind::And(all), .. }) => all.as_slice(),
            Some(one) => std::slice::from_ref(one),
        };
        for part in parts {
            match &part.kind {
                ExprKind::Test { value, negated, test: Test::InQuery(query) } => {
                    let value = self.lower(planner, Prefer::Properties, None).deciding().expr(value);
                    let inner = planner.relation(query, false, None);
                    if let Some((value, inner)) = value.zip(inner) {
                        filter.members.extend(planner.member(&value, inner, *negated, part.span()));
                    }
                }
                _ => {
                    let lower = self.lower(planner, Prefer::Properties, None);
                    filter.conditions.extend(lower.deciding().condition(part));
                }
            }
        }
        filter
    }

    /// The condition that a time clause makes.
    fn frame(&self, planner: &mut Planner<'a>, frame: &TimeFrame) -> Option<Expr> {
        let starttime = Typed::new(self.keys.0.clone(), Type::Integer);
        match frame {
            TimeFrame::Last { count, unit, .. } => Some(time::last(&starttime, *count, *unit)),
            TimeFrame::Between { start, stop, .. } => {
                let mut bounds = [None, None];
                for (bound, moment) in bounds.iter_mut().zip([start, stop]) {
                    let Some(moment) = moment else { continue };
                    let value = self.lower(planner, Prefer::Properties, None).expr(moment)?;
                    *bound = time::moment(value);
                    if bound.is_none() {
                        let diagnostic = Diagnostic::error("aql/time", "this is no time", moment.span())
                            .with_help("write 'yyyy-MM-dd HH:mm:ss', a number of milliseconds since 1970, or PARSEDATETIME('1 hour ago')");
                        return planner.refuse(diagnostic);
                    }
                }
                let [start, stop] = bounds;
                Some(time::between(&starttime, start, stop))
            }
        }
    }

    /// The groups, if the query has any or a column that needs them.
    fn groups(&self, planner: &mut Planner<'a>) -> Option<Aggregation> {
        let select = self.select;
        let grouped = select.distinct.is_some()
            || !select.group_by.is_empty()
            || self.outputs.iter().any(|output| has_aggregate(&output.expr))
            || select.having.as_ref().is_some_and(has_aggregate)
            || select.order_by.iter().any(|order| has_aggregate(&order.expr));
        if let Some(at) = select.distinct
            && !select.group_by.is_empty()
        {
            let message = "DISTINCT together with GROUP BY cannot be run";
            let help = "group by the selected properties only";
            planner.report(Diagnostic::error("aql/distinct-group", message, at.0).with_help(help));
        }
        if !grouped {
            return None;
        }
        let (time, event) = self.keys.clone();
        let mut aggregation =
            Aggregation::new(vec![SortExpr::new(time, true, false), SortExpr::new(event, true, false)]);
        let all: Vec<&ast::Expr> = if select.group_by.is_empty() && select.distinct.is_some() {
            self.outputs.iter().map(|output| output.expr.as_ref()).collect()
        } else {
            select.group_by.iter().map(|group| meant(group, self.outputs, self.scope)).collect()
        };
        for group in all {
            let key = key(group);
            if aggregation.group(&key).is_none()
                && let Some(value) = self.lower(planner, Prefer::Properties, None).expr(group)
            {
                aggregation.groups.push((key, value, planner.fresh("group")));
            }
        }
        Some(aggregation)
    }

    /// The columns of the result, and those that carry the names behind their ids.
    fn columns(&self, planner: &mut Planner<'a>, mut aggregation: Option<&mut Aggregation>) -> Columns {
        let mut columns = Columns::default();
        let mut companions = Vec::new();
        let mut seen: Vec<(String, String)> = Vec::new();
        for output in self.outputs {
            let expression = key(&output.expr);
            let name = output.name(aggregation.as_deref());
            match seen.iter().find(|(known, _)| *known == name) {
                // A row of the Ariel API is an object: what is named twice is there once.
                Some((_, same)) if *same == expression => continue,
                Some(_) => {
                    let message = format!("two columns are called `{name}`");
                    let diagnostic = Diagnostic::error("aql/duplicate-column", message, output.span);
                    planner.report(diagnostic.with_help("give one of them another name with AS"));
                    continue;
                }
                None => seen.push((name.clone(), expression)),
            }
            let value = self.lower(planner, Prefer::Properties, aggregation.as_deref_mut()).expr(&output.expr);
            let ty = value.as_ref().map_or(Type::Null, |value| value.ty);
            let field = value.as_ref().and_then(|_| self.field(planner, output));
            let mut named =
                Column { name: name.clone(), plan_name: name.clone(), ty, field: None, companions: Vec::new() };
            if let Some((source, field)) = field {
                let wanted = if self.ordered { Vec::new() } else { self.scope.companions_of(&source, &field) };
                for (wanted, companion) in wanted {
                    let companion = match &mut aggregation {
                        Some(aggregation) => aggregation.first(planner, companion),
                        None => companion,
                    };
                    let plan_name = planner.fresh("companion");
                    named.companions.push((wanted, plan_name.clone()));
                    companions.push((plan_name, companion.expr));
                }
                named.field = Some(field);
            }
            columns.values.extend(value.map(|value| (name, value.expr)));
            columns.named.push(named);
        }
        columns.values.extend(companions);
        columns
    }

    /// The column that an output passes on as it is, and the property that this is.
    fn field(&self, planner: &mut Planner<'a>, output: &Output<'_>) -> Option<(String, String)> {
        let ExprKind::Column { name, quoted } = &output.expr.kind else { return None };
        let source = self.lower(planner, Prefer::Properties, None).unqualified(name, *quoted).to_owned();
        let is_column = self.scope.knows(&source) || !self.aliases.contains_key(&source.to_lowercase());
        let field = self.scope.find(&source).filter(|_| is_column)?.field?;
        Some((source, field))
    }

    /// The order of the rows, if it matters; what it needs becomes columns.
    fn order(
        &self,
        planner: &mut Planner<'a>,
        mut aggregation: Option<&mut Aggregation>,
        columns: &mut Columns,
    ) -> Vec<SortExpr> {
        let select = self.select;
        let mut order: Vec<SortExpr> = Vec::new();
        if !self.ordered && select.limit.is_none() && select.offset.is_none() {
            return order;
        }
        for item in &select.order_by {
            let name = match ordered_column(&item.expr, self.outputs, &columns.named) {
                Some(name) => name,
                None => {
                    let lowered = self.lower(planner, Prefer::Aliases, aggregation.as_deref_mut()).expr(&item.expr);
                    let Some(value) = lowered else { continue };
                    let name = planner.fresh("order");
                    // Addresses are sorted as the numbers that they are.
                    let value = if value.ty == Type::Ip { address(&value) } else { value.expr };
                    columns.values.push((name.clone(), value));
                    name
                }
            };
            // Without a value comes first upwards and last downwards.
            order.push(SortExpr::new(column(&name), !item.descending, !item.descending));
        }
        order.push(SortExpr::new(column(TIME), false, false));
        order.push(SortExpr::new(column(EVENT_ID), true, false));
        order
    }

    /// The plan from the bottom up, now that everything is known.
    fn build(
        self,
        base: LogicalPlan,
        filter: Filter,
        aggregation: Option<(Aggregation, (String, String))>,
        having: Option<Expr>,
        values: Vec<(String, Expr)>,
        order: Vec<SortExpr>,
    ) -> Result<LogicalPlan> {
        let mut builder = LogicalPlanBuilder::new(base);
        if let Some(condition) = all_of(filter.conditions) {
            builder = builder.filter(condition)?;
        }
        for member in filter.members {
            builder = builder.join_on(member.inner, member.join, [member.value.eq(column(&member.name))])?;
        }
        let (mut time, mut event) = self.keys;
        if let Some((aggregation, names)) = aggregation {
            let groups = aggregation.groups.into_iter().map(|(_, value, name)| value.expr.alias(name));
            let aggregates = aggregation.aggregates.into_iter().map(|(aggregate, name)| aggregate.alias(name));
            let keys = [max(time).alias(&names.0), min(event).alias(&names.1)];
            builder = builder.aggregate(groups.collect::<Vec<_>>(), aggregates.chain(keys).collect::<Vec<_>>())?;
            (time, event) = (column(&names.0), column(&names.1));
        }
        if let Some(having) = having {
            builder = builder.filter(having)?;
        }
        let keys = [time.alias(TIME), event.alias(EVENT_ID)];
        builder = builder.project(values.into_iter().map(|(name, value)| value.alias(name)).chain(keys))?;
        if !order.is_empty() {
            builder = builder.sort(order)?;
        }
        if self.select.limit.is_some() || self.select.offset.is_some() {
            let skip = self.select.offset.map_or(0, |offset| usize::try_from(offset.number).unwrap_or(usize::MAX));
            let fetch = self.select.limit.map(|limit| usize::try_from(limit.number).unwrap_or(usize::MAX));
            builder = builder.limit(skip, fetch)?;
        }
        builder.build()
    }
}

impl Planner<'_> {
    /// The join that keeps the rows whose value is (not) among those that another query gives.
    fn member(&mut self, value: &Typed, inner: Relation, negated: bool, span: Span) -> Option<Member> {
        let [only] = inner.columns.as_slice() else {
            let message = format!("a query after IN gives one column, this one {}", inner.columns.len());
            return self.refuse(Diagnostic::error("aql/subquery-columns", message, span));
        };
        let ty = value.ty.unify(only.ty);
        let name = self.fresh("member");
        let theirs = to_type(&Typed::new(column(&only.plan_name), only.ty), ty).alias(&name);
        let inner = LogicalPlanBuilder::new(inner.plan).project(vec![theirs]).and_then(LogicalPlanBuilder::build);
        let inner = self.accept(inner, span)?;
        let join = if negated { JoinType::LeftAnti } else { JoinType::LeftSemi };
        Some(Member { value: to_type(value, ty), inner, name, join })
    }
}

fn scan(scope: &Scope<'_>) -> Result<LogicalPlan> {
    let columns = match scope {
        Scope::Events { scanned, .. } => scanned.borrow().iter().map(|(_, column)| column.clone()).collect(),
        Scope::Relation(_) => Vec::new(),
    };
    EventScan::new(columns).into_plan()
}

fn table(name: &str, span: Span) -> Diagnostic {
    if name.eq_ignore_ascii_case("flows") || name.eq_ignore_ascii_case("simarc") {
        let what = name.to_lowercase();
        let message = format!("`{name}` cannot be queried: logs hold events, not QRadar's {what}");
        return Diagnostic::error("aql/table", message, span);
    }
    let diagnostic = Diagnostic::error("aql/table", format!("there is no table `{name}`"), span);
    diagnostic.with_fix(span, "events", "logs are queried as `events`")
}
