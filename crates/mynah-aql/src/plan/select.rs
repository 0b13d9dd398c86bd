//! One `SELECT`: scan or subquery, filter, groups, columns, order, limit.
use super::aggregation::Aggregation;
use super::columns::EVENT_COLUMNS;
use super::lower::{Lower, Prefer, balanced};
use super::names::default_name;
use super::query::{Relation, TIME};
use super::scope::{Column, Scope};
use super::{Planner, Type, Typed, to_integer};
use crate::ast::{Alias, Expr, ExprKind, InList, Item, Number, Query, Select, Source, TimeFrame, children, key};
use crate::functions;
use datafusion::common::JoinType;
use datafusion::functions_aggregate::expr_fn::{max, min};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, SortExpr};
use datafusion::prelude::Expr as Plan;
use mynah_dialect::column;
use mynah_syntax::{Diagnostic, Span};
use mynah_view::{EVENT_ID, EventScan};
use std::borrow::Cow;
use std::collections::HashMap;

/// A column of the result.
struct Output<'q> {
    name: String,
    expr: Cow<'q, Expr>,
    aliased: bool,
    span: Span,
}

/// `value [NOT] IN (SELECT …)`.
struct Membership<'q> {
    value: &'q Expr,
    negated: bool,
    query: &'q Query,
    span: Span,
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
                    self.report(table(name, at.0));
                    return None;
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
        let aliases: HashMap<String, &Expr> = select
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Expr { expr, alias: Some(alias) } => Some((alias.name.to_lowercase(), expr)),
                _ => None,
            })
            .collect();
        let faults = self.diagnostics.iter().filter(|d| d.is_error()).count();
        macro_rules! lower {
            ($prefer:expr, $aggregation:expr) => {
                Lower {
                    planner: &mut *self,
                    scope,
                    aliases: &aliases,
                    qualifier,
                    prefer: $prefer,
                    aggregation: $aggregation,
                    open: Vec::new(),
                }
            };
        }

        // The time of the events.
        let over_events = input.is_none();
        let (time_column, event_column) = if over_events {
            let starttime = lower!(Prefer::Properties, None).find("starttime", select.keyword.0)?.value;
            (to_integer(&starttime), column(EVENT_ID))
        } else {
            (column(TIME), column(EVENT_ID))
        };
        let mut conditions: Vec<Plan> = Vec::new();
        // Over another query it bounds what that gives, besides what is in it.
        let frame = if over_events { select.time.as_ref().or(time) } else { select.time.as_ref() };
        if let Some(frame) = frame {
            conditions.extend(self.frame(frame, &Typed::new(time_column.clone(), Type::Integer), scope));
        }

        // The conditions, those on other queries apart.
        let mut memberships: Vec<Membership<'_>> = Vec::new();
        let parts = match &select.filter {
            None => &[],
            Some(Expr { kind: ExprKind::And(all), .. }) => all.as_slice(),
            Some(one) => std::slice::from_ref(one),
        };
        for part in parts {
            match &part.kind {
                ExprKind::In { value, negated, list: InList::Query(query) } => {
                    memberships.push(Membership { value, negated: *negated, query, span: part.span() });
                }
                _ => conditions.extend(lower!(Prefer::Properties, None).condition(part)),
            }
        }
        let mut joins = Vec::new();
        for membership in &memberships {
            let value = lower!(Prefer::Properties, None).expr(membership.value);
            let inner = self.relation(membership.query, false, None);
            joins.extend(value.zip(inner).map(|(value, inner)| (value, inner, membership)));
        }

        // The columns.
        let earliest_first =
            vec![SortExpr::new(time_column.clone(), true, false), SortExpr::new(event_column.clone(), true, false)];
        let grouped = select.distinct.is_some()
            || !select.group_by.is_empty()
            || outputs.iter().any(|output| has_aggregate(&output.expr))
            || select.having.as_ref().is_some_and(has_aggregate)
            || select.order_by.iter().any(|order| has_aggregate(&order.expr));
        if let Some(at) = select.distinct
            && !select.group_by.is_empty()
        {
            let message = "DISTINCT together with GROUP BY cannot be run";
            self.report(
                Diagnostic::error("aql/distinct-group", message, at.0)
                    .with_help("group by the selected properties only"),
            );
        }
        let mut aggregation = grouped.then(|| Aggregation::new(earliest_first));
        if let Some(aggregation) = &mut aggregation {
            let all: Vec<&Expr> = if select.group_by.is_empty() && select.distinct.is_some() {
                outputs.iter().map(|output| output.expr.as_ref()).collect()
            } else {
                select.group_by.iter().map(|group| self.meant(group, &outputs, scope)).collect()
            };
            for group in all {
                let key = key(group);
                if aggregation.groups.iter().any(|(known, ..)| *known == key) {
                    continue;
                }
                if let Some(value) = lower!(Prefer::Properties, None).expr(group) {
                    let name = self.fresh("group");
                    aggregation.groups.push((key, value, name));
                }
            }
        }
        let mut values: Vec<(String, Option<Typed>)> = Vec::new();
        let mut columns: Vec<Column> = Vec::new();
        let mut companions: Vec<(String, Typed)> = Vec::new();
        let mut seen: Vec<(String, String)> = Vec::new();
        for output in &outputs {
            let expression = key(&output.expr);
            let name = self.output_name(output, aggregation.as_ref());
            match seen.iter().find(|(known, _)| *known == name) {
                // A row of the Ariel API is an object: what is named twice is there once.
                Some((_, same)) if *same == expression => continue,
                Some(_) => {
                    self.report(
                        Diagnostic::error(
                            "aql/duplicate-column",
                            format!("two columns are called `{name}`"),
                            output.span,
                        )
                        .with_help("give one of them another name with AS"),
                    );
                    continue;
                }
                None => seen.push((name.clone(), expression)),
            }
            let value = lower!(Prefer::Properties, aggregation.as_mut()).expr(&output.expr);
            let ty = value.as_ref().map_or(Type::Null, |value| value.ty);
            let mut column =
                Column { name: name.clone(), plan_name: name.clone(), ty, field: None, companions: Vec::new() };
            if let ExprKind::Column { name: source, quoted } = &output.expr.kind
                && value.is_some()
            {
                let source = lower!(Prefer::Properties, None).unqualified(source, *quoted).to_owned();
                let is_column = scope.knows(&source) || !aliases.contains_key(&source.to_lowercase());
                if let Some(field) = scope.find(&source).filter(|_| is_column).and_then(|found| found.field) {
                    if !ordered {
                        for (wanted, companion) in scope.companions_of(&source, &field) {
                            let companion = match &mut aggregation {
                                Some(aggregation) => aggregation.first(self, companion),
                                None => companion,
                            };
                            let plan_name = self.fresh("companion");
                            column.companions.push((wanted, plan_name.clone()));
                            companions.push((plan_name, companion));
                        }
                    }
                    column.field = Some(field);
                }
            }
            values.push((name, value));
            columns.push(column);
        }

        // Conditions on groups, and the order.
        let having = match &select.having {
            None => None,
            Some(having) if grouped => lower!(Prefer::Aliases, aggregation.as_mut()).condition(having),
            // Without groups it is one more condition on the columns.
            Some(having) => lower!(Prefer::Aliases, None).condition(having),
        };
        let mut order: Vec<SortExpr> = Vec::new();
        let mut order_columns: Vec<(String, Plan)> = Vec::new();
        if ordered || select.limit.is_some() || select.offset.is_some() {
            for item in &select.order_by {
                let expr = match self.output_of(&item.expr, &outputs, &columns) {
                    Some(name) => column(&name),
                    None => {
                        let Some(value) = lower!(Prefer::Aliases, aggregation.as_mut()).expr(&item.expr) else {
                            continue;
                        };
                        let value = sortable(&value);
                        let name = self.fresh("order");
                        order_columns.push((name.clone(), value));
                        column(&name)
                    }
                };
                // Without a value comes first upwards and last downwards.
                order.push(SortExpr::new(expr, !item.descending, !item.descending));
            }
            order.push(SortExpr::new(column(TIME), false, false));
            order.push(SortExpr::new(column(EVENT_ID), true, false));
        }
        if self.diagnostics.iter().filter(|d| d.is_error()).count() > faults {
            return None;
        }

        // From here on everything is known: the plan, from the bottom up.
        let span = select.keyword.0;
        let base = match input {
            Some(plan) => plan,
            None => self.scan(scope, span)?,
        };
        let mut builder = LogicalPlanBuilder::new(base);
        if let Some(condition) = balanced(conditions, Plan::and) {
            let filtered = builder.filter(condition);
            builder = self.accept(filtered, span)?;
        }
        for (value, inner, membership) in joins {
            builder = self.member(builder, &value, inner, membership)?;
        }
        let (mut time_value, mut event_value) = (time_column, event_column);
        if let Some(aggregation) = aggregation {
            let groups: Vec<Plan> =
                aggregation.groups.into_iter().map(|(_, value, name)| value.expr.alias(name)).collect();
            let mut aggregates: Vec<Plan> =
                aggregation.aggregates.into_iter().map(|(aggregate, name)| aggregate.alias(name)).collect();
            let (time_name, event_name) = (self.fresh("time"), self.fresh("event"));
            aggregates.push(max(time_value).alias(&time_name));
            aggregates.push(min(event_value).alias(&event_name));
            let grouped = builder.aggregate(groups, aggregates);
            builder = self.accept(grouped, span)?;
            (time_value, event_value) = (column(&time_name), column(&event_name));
        }
        if let Some(having) = having {
            let filtered = builder.filter(having);
            builder = self.accept(filtered, span)?;
        }
        let mut outputs: Vec<Plan> =
            values.into_iter().filter_map(|(name, value)| value.map(|value| value.expr.alias(name))).collect();
        outputs.extend(companions.into_iter().map(|(name, value)| value.expr.alias(name)));
        outputs.extend(order_columns.into_iter().map(|(name, value)| value.alias(name)));
        outputs.push(time_value.alias(TIME));
        outputs.push(event_value.alias(EVENT_ID));
        let projected = builder.project(outputs);
        builder = self.accept(projected, span)?;
        if !order.is_empty() {
            let sorted = builder.sort(order);
            builder = self.accept(sorted, span)?;
        }
        if select.limit.is_some() || select.offset.is_some() {
            let skip = select.offset.map_or(0, |offset| usize::try_from(offset.number).unwrap_or(usize::MAX));
            let fetch = select.limit.map(|limit| usize::try_from(limit.number).unwrap_or(usize::MAX));
            let limited = builder.limit(skip, fetch);
            builder = self.accept(limited, span)?;
        }
        let built = builder.build();
        Some(Relation { plan: self.accept(built, span)?, columns })
    }

    /// The columns that the select list names.
    fn outputs<'q>(&self, select: &'q Select, scope: &Scope<'_>, qualifier: Option<&str>) -> Vec<Output<'q>> {
        let mut outputs = Vec::new();
        for item in &select.items {
            match item {
                Item::Star(at) => {
                    let names: Vec<(String, bool)> = match scope {
                        Scope::Events { .. } => EVENT_COLUMNS.iter().map(|name| ((*name).to_owned(), false)).collect(),
                        Scope::Relation(columns) => columns.iter().map(|column| (column.name.clone(), true)).collect(),
                    };
                    for (name, quoted) in names {
                        let expr = Expr::new(ExprKind::Column { name: name.clone(), quoted }, at.0);
                        outputs.push(Output { name, expr: Cow::Owned(expr), aliased: false, span: at.0 });
                    }
                }
                Item::Expr { expr, alias } => {
                    let name = match alias {
                        Some(alias) => alias.name.clone(),
                        None => default_name(self.text, unqualified(expr, qualifier).as_ref()),
                    };
                    outputs.push(Output {
                        name,
                        expr: Cow::Borrowed(expr),
                        aliased: alias.is_some(),
                        span: expr.span(),
                    });
                }
            }
        }
        outputs
    }

    /// What a column is called: one that is neither grouped nor aggregated says that it is the first of its group.
    fn output_name(&self, output: &Output<'_>, aggregation: Option<&Aggregation>) -> String {
        match aggregation {
            Some(aggregation)
                if !output.aliased
                    && !has_aggregate(&output.expr)
                    && aggregation.group(&key(&output.expr)).is_none() =>
            {
                if matches!(output.expr.kind, ExprKind::Column { .. } | ExprKind::Call { .. }) {
                    format!("FIRST_{}", output.name)
                } else {
                    output.name.clone()
                }
            }
            _ => output.name.clone(),
        }
    }

    /// What GROUP BY groups by: a property, else the column of that name (in either quotes) or number, else the expression.
    fn meant<'q>(&self, group: &'q Expr, outputs: &'q [Output<'q>], scope: &Scope<'_>) -> &'q Expr {
        let named = |name: &str| {
            outputs.iter().find(|output| output.name.eq_ignore_ascii_case(name)).map(|output| output.expr.as_ref())
        };
        match &group.kind {
            ExprKind::Column { name, .. } if scope.knows(name) => group,
            ExprKind::Column { name, .. } | ExprKind::Text(name) => named(name).unwrap_or(group),
            ExprKind::Number(Number::Whole(number)) => {
                position(*number).and_then(|index| outputs.get(index)).map_or(group, |output| output.expr.as_ref())
            }
            _ => group,
        }
    }

    /// The column of the result that an element of ORDER BY names, by alias, number, or by saying the same.
    fn output_of(&self, order: &Expr, outputs: &[Output<'_>], columns: &[Column]) -> Option<String> {
        let by_name = |name: &str| {
            columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)).map(|column| column.plan_name.clone())
        };
        let direct = match &order.kind {
            ExprKind::Column { name, .. } | ExprKind::Text(name) => by_name(name),
            ExprKind::Number(Number::Whole(number)) => {
                position(*number).and_then(|index| columns.get(index)).map(|column| column.plan_name.clone())
            }
            _ => None,
        };
        // Addresses do not sort as the texts that they are shown as.
        let wanted = direct.or_else(|| {
            let wanted = key(order);
            let output = outputs.iter().find(|output| key(&output.expr) == wanted)?;
            by_name(&output.name)
        })?;
        columns
            .iter()
            .find(|column| column.plan_name == wanted && column.ty != Type::Ip)
            .map(|column| column.plan_name.clone())
    }

    /// The conditions that a time clause makes.
    fn frame(&mut self, frame: &TimeFrame, starttime: &Typed, scope: &Scope<'a>) -> Option<Plan> {
        let now = self.now();
        match frame {
            TimeFrame::Last { count, unit, .. } => Some(super::time::last(starttime, *count, *unit, now)),
            TimeFrame::Between { start, stop, .. } => {
                let aliases = HashMap::new();
                let mut bounds = [None, None];
                for (bound, moment) in bounds.iter_mut().zip([start, stop]) {
                    let Some(moment) = moment else { continue };
                    let mut lower = Lower {
                        planner: self,
                        scope,
                        aliases: &aliases,
                        qualifier: None,
                        prefer: Prefer::Properties,
                        aggregation: None,
                        open: Vec::new(),
                    };
                    let value = lower.expr(&moment.expr)?;
                    *bound = super::time::moment(&value, now);
                    if bound.is_none() {
                        let diagnostic = Diagnostic::error("aql/time", "this is no time", moment.expr.span())
                            .with_help("write 'yyyy-MM-dd HH:mm:ss', a number of milliseconds since 1970, or PARSEDATETIME('1 hour ago')");
                        self.report(diagnostic);
                        return None;
                    }
                }
                let [start, stop] = bounds;
                Some(super::time::between(starttime, start, stop, now))
            }
        }
    }

    fn scan(&mut self, scope: &Scope<'_>, span: Span) -> Option<LogicalPlan> {
        let Scope::Events { scanned, .. } = scope else { return None };
        let columns = scanned.borrow().iter().map(|(_, column)| column.clone()).collect::<Vec<_>>();
        let plan = EventScan::new(columns).into_plan();
        self.accept(plan, span)
    }

    /// Keeps the rows whose value is (not) among those that another query gives.
    fn member(
        &mut self,
        builder: LogicalPlanBuilder,
        value: &Typed,
        inner: Relation,
        membership: &Membership<'_>,
    ) -> Option<LogicalPlanBuilder> {
        let [only] = inner.columns.as_slice() else {
            let message = format!("a query after IN gives one column, this one {}", inner.columns.len());
            self.report(Diagnostic::error("aql/subquery-columns", message, membership.span));
            return None;
        };
        let ty = value.ty.unify(only.ty);
        let name = self.fresh("member");
        let theirs = super::coerce::to_type(&Typed::new(column(&only.plan_name), only.ty), ty).alias(&name);
        let right = LogicalPlanBuilder::new(inner.plan).project(vec![theirs]).and_then(LogicalPlanBuilder::build);
        let right = self.accept(right, membership.span)?;
        let join = if membership.negated { JoinType::LeftAnti } else { JoinType::LeftSemi };
        let joined = builder.join_on(right, join, [super::coerce::to_type(value, ty).eq(column(&name))]);
        self.accept(joined, membership.span)
    }
}

/// The value by which a column is sorted: addresses as the numbers they are.
fn sortable(value: &Typed) -> Plan {
    if value.ty == Type::Ip { super::compare::address(value) } else { value.expr.clone() }
}

/// `e.username` as `username`, where `e` is what the source is called.
fn unqualified<'q>(expr: &'q Expr, qualifier: Option<&str>) -> Cow<'q, Expr> {
    if let (ExprKind::Column { name, quoted: false }, Some(qualifier)) = (&expr.kind, qualifier)
        && let Some((before, after)) = name.split_once('.')
        && before.eq_ignore_ascii_case(qualifier)
    {
        return Cow::Owned(Expr { kind: ExprKind::Column { name: after.to_owned(), quoted: false }, at: expr.at });
    }
    Cow::Borrowed(expr)
}

fn position(number: i64) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}

fn has_aggregate(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Call { name, .. } if functions::is_aggregate(name))
        || children(expr).into_iter().any(has_aggregate)
}

fn table(name: &str, span: Span) -> Diagnostic {
    if name.eq_ignore_ascii_case("flows") || name.eq_ignore_ascii_case("simarc") {
        return Diagnostic::error(
            "aql/table",
            format!("`{name}` cannot be queried: logs hold events, not QRadar's {}", name.to_lowercase()),
            span,
        );
    }
    let diagnostic = Diagnostic::error("aql/table", format!("there is no table `{name}`"), span);
    diagnostic.with_fix(span, "events", "logs are queried as `events`")
}
