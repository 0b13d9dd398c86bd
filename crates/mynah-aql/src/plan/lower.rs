//! Expressions: AQL's to DataFusion's.
use super::aggregation::Aggregation;
use super::coerce::to_type;
use super::scope::{Found, Scope};
use super::{Constant, Planner, Type, Typed, compare, conditional, matching, text_search, time};
use crate::ast::{Expr, ExprKind, InList, Number, key};
use crate::functions::{self, Call, Grouped, Kind};
use crate::lint::{log_source_type_name, text_for_property, unknown_property};
use datafusion::common::ScalarValue;
use datafusion::prelude::{Expr as Plan, lit};
use mynah_syntax::{Diagnostic, Span, nearest};
use std::collections::HashMap;

/// Which meaning of a name counts, where an alias and a property share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefer {
    Properties,
    Aliases,
}

/// Lowers the expressions of one `SELECT`.
pub(super) struct Lower<'l, 'a> {
    pub planner: &'l mut Planner<'a>,
    pub scope: &'l Scope<'a>,
    /// What the aliases of the select list stand for, by their names in small letters.
    pub aliases: &'l HashMap<String, &'l Expr>,
    /// The name that the source has in the query, which may stand before a column's: `e.username`.
    pub qualifier: Option<&'l str>,
    pub prefer: Prefer,
    /// In a query that groups: where groups and aggregates are collected.
    pub aggregation: Option<&'l mut Aggregation>,
    /// The aliases that are being looked into, so that one which names itself is not looked into again.
    pub open: Vec<String>,
}

impl<'l, 'a> Lower<'l, 'a> {
    /// Lowers an expression; nothing, and a diagnostic, where that cannot be done.
    pub fn expr(&mut self, expr: &Expr) -> Option<Typed> {
        if let Some(aggregation) = &self.aggregation
            && let Some(group) = aggregation.group(&key(expr))
        {
            return Some(group);
        }
        match &expr.kind {
            ExprKind::Column { name, quoted } => self.name(name, *quoted, expr.span()),
            ExprKind::Text(text) => Some(Typed::constant(Constant::Text(text.clone()))),
            ExprKind::Number(Number::Whole(number) | Number::Hex(number)) => {
                Some(Typed::constant(Constant::Integer(*number)))
            }
            ExprKind::Number(Number::Decimal(number)) => Some(Typed::constant(Constant::Float(*number))),
            ExprKind::Boolean(truth) => Some(Typed::constant(Constant::Boolean(*truth))),
            ExprKind::Null => Some(Typed::constant(Constant::Null)),
            ExprKind::Negate(inner) => self.negate(inner),
            ExprKind::Arithmetic(left, op, right) => {
                let (left, right) = (self.expr(left), self.expr(right));
                super::arithmetic::arithmetic(&left?, *op, &right?)
                    .map_err(|message| self.mistake(message, expr.span()))
                    .ok()
            }
            ExprKind::Compare(left, op, right) => {
                let (left, right) = (self.expr(left), self.expr(right));
                Some(boolean(compare::compare(&left?, *op, &right?)))
            }
            ExprKind::And(all) => self.joined(all, Plan::and),
            ExprKind::Or(all) => self.joined(all, Plan::or),
            ExprKind::Not(inner) => {
                let inner = self.condition(inner)?;
                Some(boolean(Plan::Not(Box::new(inner))))
            }
            ExprKind::Match { value, op, negated, pattern } => {
                let (value, lowered) = (self.expr(value), self.expr(pattern));
                let matched = matching::matching(&value?, *op, &lowered?, pattern.span())
                    .map_err(|diagnostic| self.planner.report(*diagnostic))
                    .ok()?;
                Some(boolean(negate_if(matched, *negated)))
            }
            ExprKind::In { value, negated, list: InList::Values(list) } => {
                let value = self.expr(value);
                let list: Vec<Option<Typed>> = list.iter().map(|item| self.expr(item)).collect();
                let list = list.into_iter().collect::<Option<Vec<Typed>>>()?;
                Some(boolean(negate_if(compare::one_of(&value?, &list), *negated)))
            }
            ExprKind::In { list: InList::Query(_), .. } => {
                let message =
                    "`IN (SELECT …)` can only be run as a condition of WHERE that holds by itself or is joined by AND";
                self.planner.report(Diagnostic::error("aql/subquery-place", message, expr.span()));
                None
            }
            ExprKind::Between { value, negated, low, high } => {
                let (value, low, high) = (self.expr(value), self.expr(low), self.expr(high));
                Some(boolean(negate_if(compare::between(&value?, &low?, &high?), *negated)))
            }
            ExprKind::IsNull { value, negated } => {
                let value = self.expr(value)?.expr;
                Some(boolean(if *negated { value.is_not_null() } else { value.is_null() }))
            }
            ExprKind::Case { operand, branches, otherwise } => {
                let operand = match operand {
                    Some(operand) => Some(self.expr(operand)?),
                    None => None,
                };
                let mut cases = Vec::new();
                for branch in branches {
                    let when = match &operand {
                        Some(operand) => {
                            let when = self.expr(&branch.when)?;
                            compare::compare(operand, crate::ast::CompareOp::Equal, &when)
                        }
                        None => self.condition(&branch.when)?,
                    };
                    cases.push((when, self.expr(&branch.then)?));
                }
                let otherwise = match otherwise {
                    Some(otherwise) => Some(self.expr(otherwise)?),
                    None => None,
                };
                Some(conditional::case(cases, otherwise))
            }
            ExprKind::If { condition, then, otherwise } => {
                let when = self.condition(condition);
                let (then, otherwise) = (self.expr(then), self.expr(otherwise));
                Some(conditional::case(vec![(when?, then?)], Some(otherwise?)))
            }
            ExprKind::Call { name, name_at, distinct, arguments } => {
                self.call(expr, name, name_at.0, *distinct, arguments)
            }
            ExprKind::Star => {
                self.mistake(
                    "`*` can only stand in COUNT(*) and as the whole of a select list".to_owned(),
                    expr.span(),
                );
                None
            }
            ExprKind::TextSearch(words) => {
                let lowered = self.expr(words)?;
                let Some(words_text) = lowered.as_text().map(str::to_owned) else {
                    self.mistake("TEXT SEARCH takes a text in single quotes".to_owned(), words.span());
                    return None;
                };
                let payload = self.name("payload", false, expr.span())?;
                text_search::text_search(&words_text, &payload.expr)
                    .map_err(|message| self.mistake(message, words.span()))
                    .ok()
                    .map(boolean)
            }
            ExprKind::Last { count, unit } => {
                let starttime = self.name("starttime", false, expr.span())?;
                Some(boolean(time::last(&starttime, *count, *unit, self.planner.now())))
            }
            ExprKind::Error => None,
        }
    }

    /// Lowers an expression that must be true or false.
    pub fn condition(&mut self, expr: &Expr) -> Option<Plan> {
        let value = self.expr(expr)?;
        match value.ty {
            Type::Boolean => Some(value.expr),
            Type::Null => Some(lit(ScalarValue::Boolean(None))),
            other => {
                self.mistake(format!("a condition is wanted here, not {}", other.shown()), expr.span());
                None
            }
        }
    }

    pub fn mistake(&mut self, message: String, span: Span) {
        self.planner.report(Diagnostic::error("aql/type", message, span));
    }

    fn joined(&mut self, all: &[Expr], join: fn(Plan, Plan) -> Plan) -> Option<Typed> {
        let parts: Vec<Option<Plan>> = all.iter().map(|part| self.condition(part)).collect();
        let parts = parts.into_iter().collect::<Option<Vec<Plan>>>()?;
        balanced(parts, join).map(boolean)
    }

    fn negate(&mut self, inner: &Expr) -> Option<Typed> {
        let value = self.expr(inner)?;
        super::arithmetic::negate(&value).map_err(|message| self.mistake(message, inner.span())).ok()
    }

    /// A property, a column, or an alias of the select list.
    fn name(&mut self, written: &str, quoted: bool, span: Span) -> Option<Typed> {
        let name = self.unqualified(written, quoted);
        let folded = name.to_lowercase();
        let alias = self.aliases.get(&folded).copied().filter(|_| !self.open.contains(&folded));
        if let Some(alias) = alias
            && (self.prefer == Prefer::Aliases || !self.scope.knows(name))
        {
            self.open.push(folded);
            let value = self.expr(alias);
            self.open.pop();
            return value;
        }
        let found = self.find(name, span)?;
        match &mut self.aggregation {
            // Neither grouped nor aggregated: QRadar gives the first value of the group.
            Some(aggregation) => Some(aggregation.first(&mut *self.planner, found.value)),
            None => Some(found.value),
        }
    }

    /// The name without the name of the source before it.
    pub fn unqualified<'n>(&self, name: &'n str, quoted: bool) -> &'n str {
        match (name.split_once('.'), self.qualifier) {
            (Some((before, after)), Some(qualifier)) if !quoted && before.eq_ignore_ascii_case(qualifier) => after,
            _ => name,
        }
    }

    /// Finds a property or column, and says so where there is none.
    pub fn find(&mut self, name: &str, span: Span) -> Option<Found> {
        let Some(found) = self.scope.find(name) else {
            let names = self.scope.names();
            let mut diagnostic =
                Diagnostic::error("aql/unknown-column", format!("the query in FROM gives no column `{name}`"), span);
            diagnostic = match nearest(name, names.iter().map(String::as_str)) {
                Some(known) => diagnostic.with_help(format!("did you mean `{known}`?")),
                None => diagnostic.with_help(format!("it gives {}", names.join(", "))),
            };
            self.planner.report(diagnostic);
            return None;
        };
        if !found.known && self.planner.reported.insert(name.to_lowercase()) {
            self.planner.report(unknown_property::diagnostic(name, span, found.suggestion.as_deref()));
        }
        Some(found)
    }

    fn call(&mut self, expr: &Expr, name: &str, name_span: Span, distinct: bool, arguments: &[Expr]) -> Option<Typed> {
        let Some(function) = functions::find(name) else {
            let mut diagnostic = Diagnostic::error(
                "aql/unknown-function",
                format!("AQL has no function `{name}`, or Mynah does not know it"),
                name_span,
            );
            if let Some(known) = nearest(name, functions::names()) {
                diagnostic = diagnostic.with_fix(name_span, known, format!("did you mean {known}?"));
            }
            self.planner.report(diagnostic);
            return None;
        };
        if let Kind::Refused(why) = function.kind {
            self.planner.report(Diagnostic::error(
                "aql/unsupported-function",
                format!("{} cannot be run: {why}", function.name()),
                name_span,
            ));
            return None;
        }
        let (least, most) = function.arity;
        if arguments.len() < least || arguments.len() > most {
            let message = format!("{} takes {}, not {}", function.name(), counted(least, most), arguments.len());
            self.planner.report(
                Diagnostic::error("aql/arguments", message, expr.span())
                    .with_help(format!("it is called {}", function.usage())),
            );
            return None;
        }
        match function.kind {
            Kind::Lookup(fields) => self.lookup(function.name(), fields, arguments.first()?),
            Kind::Aggregate(aggregate) => {
                let Some(aggregation) = self.aggregation.take() else {
                    let message = format!(
                        "{} is not allowed here: it has a value for a group, not for an event",
                        function.name()
                    );
                    self.planner.report(
                        Diagnostic::error("aql/aggregate-place", message, expr.span())
                            .with_help("conditions on groups go into HAVING"),
                    );
                    return None;
                };
                let argument = match arguments {
                    [only] if only.kind == ExprKind::Star => Ok(None),
                    [only] => self.expr(only).map(Some).ok_or(()),
                    _ => Ok(None),
                };
                let result = argument.ok().and_then(|argument| {
                    aggregate(Grouped { argument, distinct, order: &aggregation.order })
                        .map_err(|message| {
                            self.planner.report(
                                Diagnostic::error("aql/arguments", message, expr.span())
                                    .with_help(format!("it is called {}", function.usage())),
                            )
                        })
                        .ok()
                        .map(|made| {
                            let value = aggregation.add(&mut *self.planner, made.expr, made.ty);
                            if made.ty == made.shown {
                                value
                            } else {
                                Typed::new(to_type(&value, made.shown), made.shown)
                            }
                        })
                });
                self.aggregation = Some(aggregation);
                result
            }
            Kind::Scalar(body) => {
                let values: Vec<Option<Typed>> = arguments.iter().map(|argument| self.expr(argument)).collect();
                let arguments_given = values.into_iter().collect::<Option<Vec<Typed>>>()?;
                if distinct {
                    self.mistake(format!("{} does not take DISTINCT", function.name()), expr.span());
                    return None;
                }
                self.look_for_quoted_properties(arguments);
                let mut call = Call {
                    text: self.planner.text,
                    name: function.name(),
                    span: expr.span(),
                    arguments: arguments_given,
                    spans: arguments.iter().map(Expr::span).collect(),
                    now: self.planner.now(),
                    context: self.planner.context,
                    warnings: Vec::new(),
                };
                let result = body(&mut call);
                let warnings = call.warnings;
                self.planner.diagnostics.extend(warnings);
                result.map_err(|diagnostic| self.planner.report(*diagnostic)).ok()
            }
            Kind::Refused(_) => None,
        }
    }

    /// Says so where an argument in single quotes is the name of a property.
    fn look_for_quoted_properties(&mut self, arguments: &[Expr]) {
        for argument in arguments {
            if let ExprKind::Text(text) = &argument.kind
                && text.chars().any(char::is_alphabetic)
                && self.scope.knows(text)
            {
                self.planner.report(text_for_property::diagnostic(text, argument.span()));
            }
        }
    }

    /// The name behind an id.
    fn lookup(
        &mut self,
        function: &'static str,
        fields: &[(&'static str, &'static str)],
        argument: &Expr,
    ) -> Option<Typed> {
        let ExprKind::Column { name, quoted } = &argument.kind else {
            let wanted = fields.first().map_or("", |(field, _)| field);
            self.mistake(format!("{function} can only be given a property here: what the name behind any other id is, only a QRadar server knows"), argument.span());
            if let Some(last) = self.planner.diagnostics.last_mut() {
                last.help = Some(format!("write {function}({wanted})"));
            }
            return None;
        };
        let name = self.unqualified(name, *quoted);
        // An alias of an id in the same select list stands for the id.
        let folded = name.to_lowercase();
        if let Some(alias) =
            self.aliases.get(&folded).copied().filter(|_| !self.open.contains(&folded) && !self.scope.knows(name))
        {
            self.open.push(folded);
            let value = self.lookup(function, fields, alias);
            self.open.pop();
            return value;
        }
        let found = self.find(name, argument.span())?;
        let companion = found.field.as_deref().and_then(|field| fields.iter().find(|(known, _)| *known == field));
        let Some((field, wanted)) = companion else {
            let wanted = fields.first().map_or("", |(field, _)| field);
            let diagnostic =
                Diagnostic::error("aql/type", format!("{function} takes `{wanted}`, not `{name}`"), argument.span())
                    .with_fix(argument.span(), wanted, format!("write {function}({wanted})"));
            self.planner.report(diagnostic);
            return None;
        };
        if function == "LOGSOURCETYPENAME" && *field == "logsourceid" {
            self.planner.report(log_source_type_name::diagnostic(argument.span()));
        }
        let Some(companion) = self.scope.companion(name, wanted) else {
            self.mistake(format!("the query in FROM does not pass on what {function} needs"), argument.span());
            return None;
        };
        if !companion.known {
            let message =
                format!("{function}({field}) cannot be run: no view says what the names behind `{field}` are");
            self.planner.report(Diagnostic::error("aql/unsupported-function", message, argument.span()));
            return None;
        }
        match &mut self.aggregation {
            Some(aggregation) => Some(aggregation.first(&mut *self.planner, companion.value)),
            None => Some(companion.value),
        }
    }
}

fn counted(least: usize, most: usize) -> String {
    match (least, most) {
        (1, 1) => "1 argument".into(),
        (a, b) if a == b => format!("{a} arguments"),
        (a, usize::MAX) => format!("at least {a}"),
        (a, b) => format!("{a} to {b} arguments"),
    }
}

fn boolean(expr: Plan) -> Typed {
    Typed::new(expr, Type::Boolean)
}

fn negate_if(expr: Plan, negated: bool) -> Plan {
    if negated { Plan::Not(Box::new(expr)) } else { expr }
}

/// Joins conditions as a tree that is as deep as its number of digits: a chain of thousands would be walked too deep.
pub(super) fn balanced(mut parts: Vec<Plan>, join: fn(Plan, Plan) -> Plan) -> Option<Plan> {
    while parts.len() > 1 {
        let mut joined = Vec::with_capacity(parts.len().div_ceil(2));
        let mut rest = parts.into_iter();
        while let Some(left) = rest.next() {
            joined.push(match rest.next() {
                Some(right) => join(left, right),
                None => left,
            });
        }
        parts = joined;
    }
    parts.pop()
}
