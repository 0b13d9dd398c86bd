//! Expressions: AQL's to DataFusion's.
use super::aggregation::Aggregation;
use super::coerce::case;
use super::scope::{Found, Scope};
use super::{Planner, Type, Typed, arithmetic, compare, matching, text_search, time};
use crate::ast::{self, Branch, CompareOp, ExprKind, Number, Test, key};
use crate::functions::{RowFunction, companions, networks};
use crate::lint::{never_a_number, never_an_address, no_value, unknown_property};
use datafusion::common::ScalarValue;
use datafusion::prelude::{Expr, lit};
use mynah_dialect::{Network, balanced, marked};
use mynah_kernels::Cell;
use mynah_syntax::{Diagnostic, Span, nearest};
use std::collections::HashMap;

/// Which meaning of a name counts, where an alias and a property share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefer {
    Properties,
    Aliases,
}

/// The property that follows from the addresses and the network hierarchy.
const DIRECTION: &str = "eventdirection";

/// Whether QRadar gives each event this property, whatever is in the record: the parts that its magnitude is made of.
fn is_rating(folded: &str) -> bool {
    matches!(folded, "magnitude" | "relevance" | "severity")
}

/// How often aliases may be looked into: `a + a AS b, b + b AS c` doubles with every alias.
const MOST_EXPANDED: usize = 1_000;

/// Lowers the expressions of one `SELECT`.
pub(super) struct Lower<'l, 'a> {
    pub planner: &'l mut Planner<'a>,
    pub scope: &'l Scope<'a>,
    /// What the aliases of the select list stand for, by their names in small letters.
    pub aliases: &'l HashMap<String, &'l ast::Expr>,
    /// The name that the source has in the query, which may stand before a column's: `e.username`.
    pub qualifier: Option<&'l str>,
    pub prefer: Prefer,
    /// In a query that groups: where groups and aggregates are collected.
    pub aggregation: Option<&'l mut Aggregation>,
    /// The aliases that are being looked into, so that one which names itself is not looked into again.
    pub open: Vec<String>,
    /// Whether a condition of WHERE or HAVING is lowered: what has no value then can only ever find nothing.
    pub decides: bool,
}

impl<'l, 'a> Lower<'l, 'a> {
    /// The same for a condition of WHERE or HAVING.
    pub fn deciding(mut self) -> Self {
        self.decides = true;
        self
    }

    /// Lowers an expression; nothing, and a diagnostic, where that cannot be done.
    pub fn expr(&mut self, expr: &ast::Expr) -> Option<Typed> {
        if let Some(aggregation) = &self.aggregation
            && let Some(group) = aggregation.group(&key(expr))
        {
            return Some(group);
        }
        match &expr.kind {
            ExprKind::Column { name, quoted } => self.name(name, *quoted, expr.span()),
            ExprKind::Text(text) => Some(Typed::constant(Cell::text(text))),
            ExprKind::Number(Number::Whole(number) | Number::Hex(number)) => {
                Some(Typed::constant(Cell::Integer(*number)))
            }
            ExprKind::Number(Number::Decimal(number)) => Some(Typed::constant(Cell::Float(*number))),
            ExprKind::Boolean(truth) => Some(Typed::constant(Cell::Boolean(*truth))),
            ExprKind::Null => Some(Typed::constant(Cell::Null)),
            ExprKind::Negate(inner) => {
                let value = self.expr(inner)?;
                arithmetic::negate(&value).map_or_else(|message| self.mistake(message, inner.span()), Some)
            }
            ExprKind::Arithmetic(left, op, right) => {
                let (left, right) = (self.expr(left), self.expr(right));
                let value = arithmetic::arithmetic(&left?, *op, &right?);
                value.map_or_else(|message| self.mistake(message, expr.span()), Some)
            }
            ExprKind::Case { operand, branches, otherwise } => {
                self.case(operand.as_deref(), branches, otherwise.as_deref())
            }
            ExprKind::If { condition, then, otherwise } => {
                let when = self.condition(condition);
                let (then, otherwise) = (self.expr(then), self.expr(otherwise));
                Some(case(vec![(when?, then?)], Some(otherwise?)))
            }
            ExprKind::Call { name, name_at, distinct, arguments } => {
                self.call(expr, name, name_at.0, *distinct, arguments)
            }
            ExprKind::Star => {
                let message = "`*` can only stand in COUNT(*) and as the whole of a select list";
                self.mistake(message.to_owned(), expr.span())
            }
            ExprKind::Error => None,
            _ => self.predicate(expr).map(|predicate| Typed::new(predicate, Type::Boolean)),
        }
    }

    /// Lowers an expression of a kind that is always true or false.
    fn predicate(&mut self, expr: &ast::Expr) -> Option<Expr> {
        match &expr.kind {
            ExprKind::And(all) => self.joined(all, Expr::and, Self::condition),
            ExprKind::Or(all) => self.joined(all, Expr::or, Self::condition),
            ExprKind::Not(inner) => self.condition(inner).map(|inner| Expr::Not(Box::new(inner))),
            ExprKind::Compare(left, op, right) => {
                let (left_value, right_value) = (self.expr(left), self.expr(right));
                let (left_value, right_value) = (left_value?, right_value?);
                self.look_for_impossible(expr, (left, &left_value), (right, &right_value));
                Some(compare::compare(&left_value, *op, &right_value))
            }
            ExprKind::Test { value, negated, test } => Some(match self.test(value, test, expr.span())? {
                Expr::IsNull(value) if *negated => Expr::IsNotNull(value),
                tested if *negated => Expr::Not(Box::new(tested)),
                tested => tested,
            }),
            ExprKind::TextSearch(words) => self.text_search(words, expr.span()),
            ExprKind::Last { count, unit } => {
                let starttime = self.name("starttime", false, expr.span())?;
                Some(time::last(&starttime, *count, *unit))
            }
            _ => None,
        }
    }

    /// Whether a value passes a test.
    fn test(&mut self, value: &ast::Expr, test: &Test, span: Span) -> Option<Expr> {
        if let Test::InQuery(_) = test {
            let message =
                "`IN (SELECT …)` can only be run as a condition of WHERE that holds by itself or is joined by AND";
            return self.planner.refuse(Diagnostic::error("aql/subquery-place", message, span));
        }
        let tested = value;
        let value = self.expr(value);
        Some(match test {
            Test::Match(op, pattern) => {
                let lowered = self.expr(pattern);
                let matched = matching::matching(&value?, *op, &lowered?, pattern.span());
                matched.map_err(|diagnostic| self.planner.report(*diagnostic)).ok()?
            }
            Test::In(items) => {
                let list: Vec<Option<Typed>> = items.iter().map(|item| self.expr(item)).collect();
                let (value, list) = (value?, list.into_iter().collect::<Option<Vec<Typed>>>()?);
                for (item, constant) in items.iter().zip(&list) {
                    self.look_for_impossible(item, (tested, &value), (item, constant));
                }
                compare::one_of(&value, &list)
            }
            Test::Between(low, high) => {
                let (low, high) = (self.expr(low), self.expr(high));
                compare::between(&value?, &low?, &high?)
            }
            Test::InQuery(_) | Test::Null => value?.expr.is_null(),
        })
    }

    /// Lowers an expression that must be true or false; the smallest conditions that it is made of keep their places.
    pub fn condition(&mut self, expr: &ast::Expr) -> Option<Expr> {
        let value = self.expr(expr)?;
        match value.ty {
            Type::Boolean if matches!(expr.kind, ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Not(_)) => {
                Some(value.expr)
            }
            Type::Boolean => Some(marked(expr.span(), value.expr)),
            Type::Null => Some(lit(ScalarValue::Boolean(None))),
            other => self.mistake(format!("a condition is wanted here, not {}", other.shown()), expr.span()),
        }
    }

    pub fn mistake<T>(&mut self, message: String, span: Span) -> Option<T> {
        self.planner.refuse(Diagnostic::error("aql/type", message, span))
    }

    fn joined(
        &mut self,
        all: &[ast::Expr],
        join: fn(Expr, Expr) -> Expr,
        mut lower: impl FnMut(&mut Self, &ast::Expr) -> Option<Expr>,
    ) -> Option<Expr> {
        let parts: Vec<Option<Expr>> = all.iter().map(|part| lower(self, part)).collect();
        balanced(parts.into_iter().collect::<Option<Vec<Expr>>>()?, join)
    }

    fn case(
        &mut self,
        operand: Option<&ast::Expr>,
        branches: &[Branch],
        otherwise: Option<&ast::Expr>,
    ) -> Option<Typed> {
        let operand = match operand {
            Some(operand) => Some(self.expr(operand)?),
            None => None,
        };
        let mut cases = Vec::new();
        for branch in branches {
            let when = match &operand {
                Some(operand) => compare::compare(operand, CompareOp::Equal, &self.expr(&branch.when)?),
                None => self.condition(&branch.when)?,
            };
            cases.push((when, self.expr(&branch.then)?));
        }
        let otherwise = match otherwise {
            Some(otherwise) => Some(self.expr(otherwise)?),
            None => None,
        };
        Some(case(cases, otherwise))
    }

    fn text_search(&mut self, words: &ast::Expr, span: Span) -> Option<Expr> {
        let lowered = self.expr(words)?;
        let Some(text) = lowered.as_text() else {
            return self.mistake("TEXT SEARCH takes a text in single quotes".to_owned(), words.span());
        };
        let payload = self.name("payload", false, span)?;
        let search = text_search::text_search(text, &payload.expr);
        search.map_or_else(|message| self.mistake(message, words.span()), Some)
    }

    /// A property, a column, or an alias of the select list.
    fn name(&mut self, written: &str, quoted: bool, span: Span) -> Option<Typed> {
        let name = self.unqualified(written, quoted);
        if self.prefer == Prefer::Aliases || !self.scope.knows(name) {
            let lowered = self.through_alias(name, |lower, alias| lower.expr(alias));
            if let Some(value) = lowered {
                return value;
            }
        }
        let found = self.find(name, span)?;
        let direction = if found.is_empty { self.direction(name, span) } else { None };
        Some(self.of_group(direction.unwrap_or(found.value)))
    }

    /// The direction of an event, which follows from the site's network hierarchy, if it has one.
    fn direction(&mut self, name: &str, span: Span) -> Option<Typed> {
        let site = self.planner.context.site;
        if !name.eq_ignore_ascii_case(DIRECTION) || site.networks.is_empty() {
            return None;
        }
        let local: Vec<Network> = networks(site).into_iter().map(|(_, network)| network).collect();
        let (source, destination) = (self.find("sourceip", span)?.value, self.find("destinationip", span)?.value);
        Some(RowFunction::Direction { local }.of(&[(&source, Type::Text), (&destination, Type::Text)]))
    }

    /// Says so where a property is compared with a text that it never equals.
    fn look_for_impossible(&mut self, whole: &ast::Expr, left: (&ast::Expr, &Typed), right: (&ast::Expr, &Typed)) {
        let ((property, value), (constant, text)) =
            if left.1.constant.is_some() { (right, left) } else { (left, right) };
        let (ExprKind::Column { name, quoted }, Some(text)) = (&property.kind, text.as_text()) else { return };
        let op = match &whole.kind {
            ExprKind::Compare(_, CompareOp::Equal, _) => Some(false),
            ExprKind::Compare(_, CompareOp::NotEqual, _) => Some(true),
            ExprKind::Compare(..) => return,
            _ => None,
        };
        let name = self.unqualified(name, *quoted).to_lowercase();
        let written = property.span().of(self.planner.text);
        self.planner.diagnostics.extend(match value.ty {
            Type::Ip => never_an_address(whole.span(), written, text, op),
            Type::Integer | Type::Float if text.trim().parse::<f64>().is_err() => {
                let own = format!("NAME({name})");
                let named = companions(&name).find(|companion| companion.ends_with(&own));
                let named = named.or_else(|| companions(&name).next());
                Some(never_a_number(property.span(), constant.span(), written, text, named))
            }
            _ => None,
        });
    }

    /// Looks into what an alias stands for, if the name is one.
    pub fn through_alias<T>(
        &mut self,
        name: &str,
        lower: impl FnOnce(&mut Self, &'l ast::Expr) -> Option<T>,
    ) -> Option<Option<T>> {
        let folded = name.to_lowercase();
        let alias = self.aliases.get(&folded).copied().filter(|_| !self.open.contains(&folded))?;
        self.planner.expanded += 1;
        if self.planner.expanded > MOST_EXPANDED {
            if self.planner.expanded == MOST_EXPANDED + 1 {
                let message = format!("with `{name}`, aliases stand for one another more than {MOST_EXPANDED} times");
                self.planner.report(Diagnostic::error("aql/too-long", message, alias.span()));
            }
            return Some(None);
        }
        self.open.push(folded);
        let value = lower(self, alias);
        self.open.pop();
        Some(value)
    }

    /// A value; in a query that groups, that of the group's first event, which QRadar gives for what is neither grouped
    /// nor aggregated.
    pub fn of_group(&mut self, value: Typed) -> Typed {
        match &mut self.aggregation {
            Some(aggregation) => aggregation.first(&mut *self.planner, value),
            None => value,
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
            let message = format!("the query in FROM gives no column `{name}`");
            let diagnostic = Diagnostic::error("aql/unknown-column", message, span);
            return self.planner.refuse(diagnostic.with_help(match nearest(name, names.iter().map(String::as_str)) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("it gives {}", names.join(", ")),
            }));
        };
        // `*` selects properties without a value, too.
        let is_named = span.of(self.planner.text) != "*";
        if !found.known && self.planner.reported.insert(name.to_lowercase()) {
            self.planner.report(unknown_property(name, span, found.suggestion.as_deref()));
        } else if found.is_empty && is_named && self.planner.reported.insert(name.to_lowercase()) {
            let is_direction = name.eq_ignore_ascii_case(DIRECTION);
            if is_direction && self.planner.context.site.networks.is_empty() {
                let said = no_value("`eventdirection` has no value: the site has no networks", span);
                self.planner.report(said.with_help("add them to mynah.toml under [qradar.networks]"));
            } else if !is_direction {
                let message = format!("`{name}` has no value: QRadar gives events one, and the records hold none");
                self.planner.report(no_value(&message, span));
            }
        } else if is_rating(&name.to_lowercase())
            && !found.sources.is_empty()
            && is_named
            && self.planner.reported.insert(name.to_lowercase())
        {
            let (sources, why) = (found.sources.join(", "), "QRadar gives others one, and their records hold none");
            let message = format!("`{name}` has a value in events of {sources} alone: {why}");
            self.planner.report(no_value(&message, span));
        }
        Some(found)
    }
}
