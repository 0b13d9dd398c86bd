//! Tree to plan.
use crate::ast::{Literal, Query, QueryKind, RangeOperator};
use crate::functions::{ValueFunction, words};
use crate::members::{Members, Wanted};
use crate::rule::{self, KueryRule};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::{PlanContext, all_of, any_of, clock, column, elastic_date, marked};
use mynah_kernels::{Case, Matcher, Network, Pattern, Piece, call, cidr_match, text_match};
use mynah_syntax::{Diagnostic, Span};
use mynah_view::{EVENT_ID, EventScan, FieldType, Kind, PlatformView, ScanColumn};
use std::collections::BTreeMap;

/// The field that holds an event's time.
pub(crate) const TIMESTAMP: &str = "@timestamp";

/// The column with an event's own members, as JSON.
const MEMBERS: &str = "__members";

/// Fields of Elastic's mappings that hold analysed text, besides the multi-fields that end in `.text`.
///
/// <https://www.elastic.co/docs/reference/ecs/ecs-field-reference>,
/// <https://www.elastic.co/docs/reference/beats/winlogbeat/exported-fields-powershell>
const TEXT_FIELDS: [&str; 4] =
    ["message", "error.message", "powershell.file.script_block_text", "powershell.command.invocation_details.value"];

/// Fields that are text to KQL's page, and in newer versions of the Elastic Common Schema keywords of any length: found by
/// their words as well as as a whole.
const BODIES: [&str; 2] = ["http.request.body.content", "http.response.body.content"];

/// Events that meet the query, in the order of their time, with the fields that it names, or what the rule makes of them; and
/// what is wrong with it.
pub(crate) fn plan(
    query: &Query,
    rule: &KueryRule,
    context: &PlanContext<'_>,
) -> (Option<LogicalPlan>, Vec<Diagnostic>) {
    let mut lowering = Lowering { view: context.view, columns: BTreeMap::new(), diagnostics: Vec::new() };
    let condition = lowering.condition(query).and_then(|condition| lowering.filtered(query, rule, condition));
    let plan = condition.map(|condition| match &rule.over {
        Some(over) => rule::build(over, &mut lowering, condition),
        None => lowering.build(query, condition),
    });
    let plan = plan.transpose().unwrap_or_else(|error| {
        let message = format!("the query cannot be planned: {}", error.strip_backtrace());
        lowering.diagnostics.push(Diagnostic::error("kuery/plan", message, query.span));
        None
    });
    (plan, lowering.diagnostics)
}

/// A time as Elasticsearch shows it.
pub(crate) fn shown(time: Expr) -> Expr {
    call(ValueFunction::Shown { many: false }, vec![time])
}

pub(crate) struct Lowering<'v> {
    view: &'v PlatformView,
    /// What is scanned, by name.
    columns: BTreeMap<String, ScanColumn>,
    diagnostics: Vec<Diagnostic>,
}

impl Lowering<'_> {
    /// The columns that are scanned.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &ScanColumn> {
        self.columns.values()
    }

    /// The condition with those of the rule's filters beside it.
    fn filtered(&mut self, query: &Query, rule: &KueryRule, condition: Expr) -> Option<Expr> {
        for field in rule.fields() {
            let resolution = self.view.resolve(field);
            if !resolution.known {
                let meant = resolution.suggestion.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
                let message = format!("no log source has a field `{field}`, which the rule names{meant}");
                self.diagnostics.push(Diagnostic::warning("kuery/unknown-field", message, query.span));
            }
        }
        match rule.condition(self) {
            Ok(filters) => all_of([condition].into_iter().chain(filters).collect()),
            Err(message) => self.refused(message, query.span),
        }
    }

    /// Scans a field, too; gives its type.
    pub(crate) fn scanned(&mut self, name: &str) -> FieldType {
        let view = self.view;
        self.columns.entry(name.to_owned()).or_insert_with(|| view.resolve(name).column).field_type
    }

    fn build(&mut self, query: &Query, condition: Expr) -> datafusion::common::Result<LogicalPlan> {
        let mut shown = vec![TIMESTAMP.to_owned()];
        for name in query.fields().into_iter().flat_map(|field| self.names(field)) {
            if !shown.contains(&name) {
                shown.push(name);
            }
        }
        let shown: Vec<Expr> = shown
            .iter()
            .map(|name| match self.scanned(name) {
                FieldType { kind: Kind::Milliseconds, many } => {
                    call(ValueFunction::Shown { many }, vec![column(name)]).alias(name)
                }
                _ => column(name).alias(name),
            })
            .collect();
        let order = [column(TIMESTAMP).sort(true, false), column(EVENT_ID).sort(true, false)];
        let scan = EventScan::new(self.columns.values().cloned()).into_plan()?;
        LogicalPlanBuilder::from(scan).filter(condition)?.sort(order)?.project(shown)?.build()
    }

    /// The names of the view that a field's name means: itself, or those that fit its wildcards.
    fn names(&self, field: &Literal) -> Vec<String> {
        if let Some(name) = field.text() {
            return vec![name.to_owned()];
        }
        let pattern = pattern(&field.parts);
        self.view.names().into_iter().filter(|name| pattern.fits(name)).map(str::to_owned).collect()
    }

    fn refused(&mut self, message: impl Into<String>, span: Span) -> Option<Expr> {
        self.diagnostics.push(Diagnostic::error("kuery/value", message, span));
        None
    }

    fn condition(&mut self, query: &Query) -> Option<Expr> {
        let predicate = match &query.kind {
            QueryKind::Or(parts) => return any_of(self.conditions(parts)?),
            QueryKind::And(parts) => return all_of(self.conditions(parts)?),
            // What is not true is false: there is no third value.
            QueryKind::Not(query) => return Some(self.condition(query)?.is_not_true()),
            QueryKind::Nested { field, query } if self.is_nested(field) => {
                let path = field.text().unwrap_or_default().split('.').map(str::to_owned).collect();
                let condition = Box::new(self.nested(query)?);
                self.of_members(Members::Nested { path, condition })
            }
            QueryKind::Nested { field, .. } => {
                let message = format!("`{field}` is no nested field: Elastic's integrations map none");
                let diagnostic = Diagnostic::error("kuery/nested", message, field.span);
                self.diagnostics.push(diagnostic.with_help("write `field.member: value`"));
                return None;
            }
            QueryKind::Is { field: None, value } if value.is_any() => lit(true),
            QueryKind::Is { field, value } => {
                let everywhere = || self.view.names().into_iter().map(str::to_owned).collect();
                let names = field.as_ref().map_or_else(everywhere, |field| self.names(field));
                let exact = field.as_ref().is_some_and(|field| field.text().is_some());
                let tests = names.iter().map(|name| self.is(name, value, exact)).collect::<Option<Vec<_>>>()?;
                let mut tests: Vec<Expr> = tests.into_iter().flatten().collect();
                if !exact {
                    // And whatever else an event has.
                    let path = field.as_ref().map(|field| pattern(&field.parts));
                    tests.push(self.of_members(Members::Is { path, value: Wanted::of(value) }));
                }
                any_of(tests).unwrap_or_else(|| lit(false))
            }
            QueryKind::Range { field, operator, value } => {
                let names = self.names(field);
                let tests = names.iter().map(|name| self.range(name, *operator, value)).collect::<Option<Vec<_>>>()?;
                let mut tests = tests;
                if field.text().is_none()
                    && let Some(bound) = value.text()
                {
                    let (path, operator) = (pattern(&field.parts), *operator);
                    tests.push(self.of_members(Members::Range { path, operator, bound: bound.to_owned() }));
                }
                any_of(tests).unwrap_or_else(|| lit(false))
            }
        };
        Some(marked(query.span, predicate))
    }

    /// A condition on an event's own members.
    fn of_members(&mut self, members: Members) -> Expr {
        let view = self.view;
        self.columns.entry(MEMBERS.to_owned()).or_insert_with(|| view.members_column(MEMBERS));
        call(members, vec![column(MEMBERS)])
    }

    /// Whether a field can be one that somebody mapped as nested: none that a view knows, or has members of.
    fn is_nested(&self, field: &Literal) -> bool {
        let Some(name) = field.text() else { return false };
        let inside = format!("{name}.");
        !self.view.resolve(name).known && !self.view.names().iter().any(|known| known.starts_with(&inside))
    }

    /// A condition on the members of a nested object.
    fn nested(&mut self, query: &Query) -> Option<Members> {
        let all = |lowering: &mut Self, parts: &[Query]| -> Option<Vec<Members>> {
            parts.iter().map(|part| lowering.nested(part)).collect()
        };
        Some(match &query.kind {
            QueryKind::Or(parts) => Members::Any(all(self, parts)?),
            QueryKind::And(parts) => Members::All(all(self, parts)?),
            QueryKind::Not(query) => Members::Not(Box::new(self.nested(query)?)),
            QueryKind::Is { field, value } => {
                let path = field.as_ref().map(|field| pattern(&field.parts));
                Members::Is { path, value: Wanted::of(value) }
            }
            QueryKind::Range { field, operator, value } => {
                let Some(bound) = value.text() else {
                    self.refused("a range has no wildcards", value.span);
                    return None;
                };
                Members::Range { path: pattern(&field.parts), operator: *operator, bound: bound.to_owned() }
            }
            QueryKind::Nested { field, query } => {
                let path = field.text().unwrap_or_default().split('.').map(str::to_owned).collect();
                Members::Nested { path, condition: Box::new(self.nested(query)?) }
            }
        })
    }

    fn conditions(&mut self, parts: &[Query]) -> Option<Vec<Expr>> {
        let conditions: Vec<Option<Expr>> = parts.iter().map(|part| self.condition(part)).collect();
        conditions.into_iter().collect()
    }

    /// Whether a field has a value; nothing where it cannot have it, which is an error if the field was named `exact`ly.
    fn is(&mut self, name: &str, value: &Literal, exact: bool) -> Option<Option<Expr>> {
        let field_type = self.scanned(name);
        if value.is_any() && !value.quoted {
            return Some(Some(call(ValueFunction::Exists, vec![column(name)])));
        }
        if is_text_field(name) {
            return Some(in_words(column(name), value));
        }
        if BODIES.contains(&name) {
            let whole = equal(name, field_type, value).ok();
            return Some(any_of(whole.into_iter().chain(in_words(column(name), value)).collect()));
        }
        match equal(name, field_type, value) {
            Err(message) if exact => self.refused(message, value.span).map(Some),
            test => Some(test.ok()),
        }
    }

    fn range(&mut self, name: &str, operator: RangeOperator, value: &Literal) -> Option<Expr> {
        let FieldType { kind, many } = self.scanned(name);
        let Some(text) = value.text() else { return self.refused("a range has no wildcards", value.span) };
        let bound = match kind {
            Kind::Text => Some(lit(text)),
            Kind::Ip => text.parse::<std::net::IpAddr>().ok().map(|_| lit(text)),
            Kind::Integer | Kind::Float | Kind::Seconds => text.parse::<f64>().ok().map(lit),
            Kind::Boolean => truth(text).map(lit),
            // Of a day, `>` and `<=` mean its end, `<` and `>=` its beginning.
            Kind::Milliseconds => elastic_date(text, false, 0)
                .map(|_| moment(text, matches!(operator, RangeOperator::Greater | RangeOperator::LessOrEqual))),
        };
        let Some(bound) = bound else { return self.refused(no_value(text, name, kind), value.span) };
        let field = column(name);
        if kind == Kind::Milliseconds && !many {
            // The scan prunes by plain comparisons of the time.
            return Some(match operator {
                RangeOperator::Less => field.lt(bound),
                RangeOperator::LessOrEqual => field.lt_eq(bound),
                RangeOperator::Greater => field.gt(bound),
                RangeOperator::GreaterOrEqual => field.gt_eq(bound),
            });
        }
        Some(compare(Some(operator), kind == Kind::Ip, field, bound))
    }
}

/// Whether a field that is no analysed text has a value; a message where no value of its type is meant.
fn equal(name: &str, field_type: FieldType, value: &Literal) -> Result<Expr, String> {
    let FieldType { kind, many } = field_type;
    let field = column(name);
    let text = match (kind, value.text()) {
        (Kind::Text | Kind::Ip, None) | (Kind::Text, Some(_)) => {
            let case = if kind == Kind::Text && name.ends_with(".caseless") { Case::Folded } else { Case::Exact };
            let pattern = value.text().map_or_else(|| pattern(&value.parts), Pattern::exact);
            return Ok(text_match(Matcher::new([pattern], case), field));
        }
        (_, None) => return Err(format!("`{name}` is no text: a pattern does not fit it")),
        (_, Some(text)) => text,
    };
    let is = |bound: Expr| if many { compare(None, false, field.clone(), bound) } else { field.clone().eq(bound) };
    let number = text.parse::<f64>().ok();
    let test = match kind {
        Kind::Ip => text.parse::<Network>().ok().map(|network| cidr_match(vec![network], field.clone())),
        Kind::Boolean => truth(text).map(|truth| is(lit(truth))),
        Kind::Integer => number.map(|number| if number.fract() == 0.0 { is(lit(number as i64)) } else { lit(false) }),
        Kind::Float | Kind::Seconds => number.map(|number| is(lit(number))),
        Kind::Milliseconds => elastic_date(text, false, 0).map(|_| {
            let side = |operator, up| compare(Some(operator), false, field.clone(), moment(text, up));
            side(RangeOperator::GreaterOrEqual, false).and(side(RangeOperator::LessOrEqual, true))
        }),
        Kind::Text => None,
    };
    test.ok_or_else(|| no_value(text, name, kind))
}

fn compare(operator: Option<RangeOperator>, addresses: bool, field: Expr, bound: Expr) -> Expr {
    call(ValueFunction::Compare { operator, addresses }, vec![field, bound])
}

fn moment(text: &str, up: bool) -> Expr {
    call(ValueFunction::Date { text: text.to_owned(), up }, vec![clock::now()])
}

/// That a text is no value of a field of this kind.
fn no_value(text: &str, name: &str, kind: Kind) -> String {
    let is = match kind {
        Kind::Text => "text",
        Kind::Ip => "an IP address",
        Kind::Integer | Kind::Float | Kind::Seconds => "a number",
        Kind::Boolean => "true or false",
        Kind::Milliseconds => "a date",
    };
    format!("`{text}` is no value of `{name}`, which is {is}")
}

/// The truth value that a text stands for. Logs write `Yes` and `No`, where the index has a boolean.
pub(crate) fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    }
}

pub(crate) fn is_text_field(name: &str) -> bool {
    name.ends_with(".text") || TEXT_FIELDS.contains(&name)
}

/// Texts with wildcards between them.
pub(crate) fn pattern(parts: &[String]) -> Pattern {
    let mut pieces = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 && pieces.last() != Some(&Piece::Many) {
            pieces.push(Piece::Many);
        }
        if !part.is_empty() {
            pieces.push(Piece::Literal(part.clone()));
        }
    }
    Pattern(pieces)
}

/// Whether analysed text has a value's words: in quotes one after the other, else any of them.
fn in_words(field: Expr, value: &Literal) -> Option<Expr> {
    let wanted: Vec<Pattern> = match value.text() {
        Some(text) => words(text).map(|word| Pattern::exact(&word)).collect(),
        // Patterns are not analysed but for case; blanks part them.
        None => value
            .parts
            .join("*")
            .split_whitespace()
            .map(|word| pattern(&word.to_lowercase().split('*').map(str::to_owned).collect::<Vec<_>>()))
            .collect(),
    };
    if wanted.is_empty() {
        return None;
    }
    // The same without regard to where words begin: quick, and what the engine looks for in the bytes of a record.
    let holds = |pattern: &Pattern| {
        let longest = pattern.literals().max_by_key(|literal| literal.len()).unwrap_or_default();
        Pattern(vec![Piece::Many, Piece::Literal(longest.to_owned()), Piece::Many])
    };
    let quick = |patterns: Vec<Pattern>| text_match(Matcher::new(patterns, Case::Folded), field.clone());
    let phrase = value.quoted;
    let quick = match (phrase, wanted.iter().any(|pattern| pattern.literals().next().is_none())) {
        (_, true) => None,
        (true, _) => all_of(wanted.iter().map(|pattern| quick(vec![holds(pattern)])).collect()),
        (false, _) => Some(quick(wanted.iter().map(holds).collect())),
    };
    let exact = call(ValueFunction::Words { words: wanted, phrase }, vec![field.clone()]);
    Some(quick.map_or(exact.clone(), |quick| quick.and(exact)))
}
