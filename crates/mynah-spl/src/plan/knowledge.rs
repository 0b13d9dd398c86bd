//! What the site's Splunk apps make of events: fields of props.conf, event types and tags. Only what a query names is made.
use super::{Needs, Planner, Rows, Wanted, name_matches};
use crate::commands::lookup::AutomaticLookup;
use crate::commands::rex::Extraction;
use crate::commands::search::reads;
use crate::expression::{self, Expression, Type, Typed, case, or_keep, unify};
use crate::pipeline::Parsing;
use crate::search::{self, Search};
use datafusion::logical_expr::LogicalPlanBuilder;
use datafusion::prelude::Expr;
use mynah_dialect::{EventRule, Knowledge, Selector, unmarked};
use mynah_kernels::{Case, Matcher, WildcardSyntax, text_match};
use mynah_syntax::{Diagnostic, Span};
use std::collections::BTreeSet;

/// One rule that a query's fields need, in the order of application.
struct Applied<'a> {
    selector: &'a Selector,
    step: Step,
}

enum Step {
    Extract(Extraction),
    Alias { field: String, name: String, only_new: bool },
    Eval { field: String, expression: Expression },
    Lookup(AutomaticLookup),
}

impl Step {
    fn read(rule: &EventRule) -> Result<Step, Diagnostic> {
        Ok(match rule {
            EventRule::Extract { regex, field } => Step::Extract(Extraction::parse(regex, field)?),
            EventRule::Alias { field, name, only_new } => {
                Step::Alias { field: field.clone(), name: name.clone(), only_new: *only_new }
            }
            EventRule::Eval { field, expression } => match expression::parse(expression, 0) {
                (Some(expression), _) => Step::Eval { field: field.clone(), expression },
                (None, mut diagnostics) => {
                    let none = || Diagnostic::error("spl/syntax", "this is no expression", Span::default());
                    return Err(diagnostics.pop().unwrap_or_else(none));
                }
            },
            EventRule::Lookup(text) => Step::Lookup(AutomaticLookup::parse(text)?),
        })
    }

    fn makes(&self, name: &str) -> bool {
        match self {
            Step::Extract(extraction) => extraction.makes(name),
            Step::Alias { name: made, .. } => made == name,
            Step::Eval { field, .. } => field == name,
            Step::Lookup(lookup) => lookup.makes(name),
        }
    }

    fn reads(&self) -> Vec<String> {
        match self {
            Step::Extract(extraction) => vec![extraction.field().to_owned()],
            Step::Alias { field, .. } => vec![field.clone()],
            Step::Eval { expression, .. } => expression.names().into_iter().collect(),
            Step::Lookup(lookup) => lookup.reads().map(|field| field.node.clone()).collect(),
        }
    }

    /// The fields that it makes of the rows.
    fn columns(&self, rows: &Rows, planner: &mut Planner<'_>) -> Result<Vec<(String, Typed)>, Diagnostic> {
        Ok(match self {
            Step::Extract(extraction) => extraction.columns(rows),
            Step::Alias { field, name, only_new } => {
                let (value, old) = (rows.column(field), rows.column(name));
                let value = if *only_new { or_keep(old, value) } else { or_keep(value, old) };
                vec![(name.clone(), value)]
            }
            Step::Eval { field, expression } => {
                vec![(field.clone(), expression::lower_assignable(expression, rows.scope())?)]
            }
            Step::Lookup(lookup) => lookup.columns(rows, planner)?,
        })
    }
}

/// What the site makes of events for the fields that a query wants.
pub(super) struct Made<'a> {
    steps: Vec<Applied<'a>>,
    /// The searches of event types, by name.
    event_types: Vec<(&'a str, Search)>,
    /// The fields and values that have tags.
    tags: Vec<(&'a str, &'a str, Vec<&'a str>)>,
    /// What must be read of the events for it, besides.
    pub reads: Vec<String>,
}

impl<'a> Made<'a> {
    /// What is made for these fields; what a rule of the site cannot be read for is said.
    pub(super) fn of(wanted: &Wanted, planner: &mut Planner<'a>) -> Option<Made<'a>> {
        let knowledge = &planner.context.site.knowledge;
        let mut names: Vec<String> = wanted.names.iter().map(|name| name.node.clone()).collect();
        let mut made = Made { steps: Vec::new(), event_types: Vec::new(), tags: Vec::new(), reads: Vec::new() };
        let named = |names: &[String], name: &str| names.iter().any(|known| known == name);
        let tag_fields = names.iter().any(|name| name == "tag" || name.starts_with("tag::"));
        if tag_fields {
            for ((field, value), tags) in &knowledge.tags {
                made.tags.push((field.as_str(), value.as_str(), tags.iter().map(String::as_str).collect()));
                if !named(&names, field) {
                    names.push(field.clone());
                }
            }
        }
        if named(&names, "eventtype") {
            for (name, text) in &knowledge.event_types {
                let expanded = crate::pipeline::expand(text, planner.context.site);
                let parsed = expanded.map_err(|mut errors| errors.pop()).and_then(|source| {
                    let text = source.text();
                    search::parse(&mut Parsing::new(text), Span::new(0, text.len())).map_err(Some)
                });
                match parsed {
                    Ok(search) => made.event_types.push((name.as_str(), search)),
                    Err(error) => planner.say(unread(&format!("the event type `{name}`"), error)),
                }
            }
            for (_, search) in &made.event_types {
                names.extend(reads(search, Needs::default()).reads.into_iter().map(|name| name.node));
            }
        }
        // From the last step to the first: what a step reads, one before it may make.
        for rules in knowledge.rules.iter().rev() {
            for rule in rules.rules.iter().rev() {
                if !may_make(rule, &names) {
                    continue;
                }
                let step = match Step::read(rule) {
                    Ok(step) => step,
                    Err(error) => {
                        planner.say(unread("a rule of a props.conf", Some(error)));
                        continue;
                    }
                };
                if names.iter().any(|name| step.makes(name)) {
                    names.extend(step.reads());
                    made.steps.push(Applied { selector: &rules.selector, step });
                }
            }
        }
        made.steps.reverse();
        let any = !(made.steps.is_empty() && made.event_types.is_empty() && made.tags.is_empty());
        for applied in &made.steps {
            names.push(match applied.selector {
                Selector::SourceType(_) => "sourcetype".to_owned(),
                Selector::Source(_) => "source".to_owned(),
                Selector::Host(_) => "host".to_owned(),
            });
        }
        names.retain(|name| !name.contains('*'));
        made.reads = names;
        any.then_some(made)
    }

    /// The events with these fields.
    pub(super) fn applied(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut rows = rows;
        let mut steps = self.steps.iter().peekable();
        while let Some(Applied { selector, step }) = steps.next() {
            let here = selected(selector, &rows);
            let mut columns = step.columns(&rows, planner)?;
            // Calculated fields of a stanza do not see one another.
            while matches!(step, Step::Eval { .. })
                && let Some(next) =
                    steps.next_if(|next| next.selector == *selector && matches!(next.step, Step::Eval { .. }))
            {
                columns.extend(next.step.columns(&rows, planner)?);
            }
            if let Some(here) = here {
                // Other events keep what they have.
                for (name, new) in &mut columns {
                    *new = chosen(here.clone(), new.clone(), rows.column(name));
                }
            }
            rows = rows.with(columns, planner)?;
        }
        let rows = self.with_event_types(rows, planner)?;
        let rows = self.with_tags(rows, planner)?;
        // Places in an app's files are none of the query.
        rows.map_plan(planner, |plan| unmarked(plan.build()?).map(LogicalPlanBuilder::from))
    }

    fn with_event_types(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        if self.event_types.is_empty() {
            return Ok(rows);
        }
        let mut rows = rows;
        for layer in layers(&self.event_types) {
            let mut names = vec![rows.column("eventtype").into_multi()];
            for (name, search) in layer {
                let fits = search::lower(search, &rows)?;
                names.push(case(vec![(fits, datafusion::prelude::lit(*name))], None, Type::Text));
            }
            let all = crate::commands::derived::TOGETHER.typed(names);
            rows = rows.with(vec![("eventtype".to_owned(), all)], planner)?;
        }
        Ok(rows)
    }

    fn with_tags(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        if self.tags.is_empty() {
            return Ok(rows);
        }
        let mut all = vec![rows.column("tag").into_multi()];
        let mut by_field: Vec<(String, Vec<Expr>)> = Vec::new();
        for (field, value, tags) in &self.tags {
            let texts = rows.searched(field).into_texts();
            let fits = text_match(Matcher::wildcards([*value], WildcardSyntax::STARS, Case::Folded), texts);
            for tag in tags {
                let tag = case(vec![(fits.clone(), datafusion::prelude::lit(*tag))], None, Type::Text);
                all.push(tag.clone());
                let name = format!("tag::{field}");
                match by_field.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, tags)) => tags.push(tag),
                    None => by_field.push((name, vec![tag])),
                }
            }
        }
        let mut columns = vec![("tag".to_owned(), crate::commands::derived::TOGETHER.typed(all))];
        columns.extend(by_field.into_iter().map(|(name, tags)| (name, crate::commands::derived::TOGETHER.typed(tags))));
        rows.with(columns, planner)
    }
}

/// Event types in an order in which each comes after those that its search names; those that name one another come last.
fn layers<'e, 'a>(event_types: &'e [(&'a str, Search)]) -> Vec<Vec<&'e (&'a str, Search)>> {
    let mut left: Vec<&(&str, Search)> = event_types.iter().collect();
    let mut layers = Vec::new();
    while !left.is_empty() {
        let names: Vec<&str> = left.iter().map(|(name, _)| *name).collect();
        let (ready, waiting): (Vec<_>, Vec<_>) = left.iter().partition(|(_, search)| !builds_on(search, &names));
        if ready.is_empty() {
            layers.push(waiting);
            break;
        }
        layers.push(ready);
        left = waiting;
    }
    layers
}

/// Whether a search names one of these event types.
fn builds_on(search: &Search, event_types: &[&str]) -> bool {
    let mut found = false;
    search.walk(&mut |part| {
        if let Search::Compare(comparison) = part
            && comparison.field.node == "eventtype"
        {
            let named = |value: &str, name: &str| name_matches(&value.to_lowercase(), &name.to_lowercase());
            found |= comparison.values.iter().any(|value| event_types.iter().any(|name| named(&value.text, name)));
        }
    });
    found
}

/// The names of all fields that the site can make of events.
pub(super) fn made_names(knowledge: &Knowledge) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for step in knowledge.rules.iter().flat_map(|rules| &rules.rules).filter_map(|rule| Step::read(rule).ok()) {
        match step {
            Step::Extract(extraction) => names.extend(extraction.names().map(str::to_owned)),
            Step::Alias { name, .. } => {
                names.insert(name);
            }
            Step::Eval { field, .. } => {
                names.insert(field);
            }
            Step::Lookup(lookup) => names.extend(lookup.names().map(str::to_owned)),
        }
    }
    if !knowledge.event_types.is_empty() {
        names.insert("eventtype".to_owned());
    }
    if !knowledge.tags.is_empty() {
        names.insert("tag".to_owned());
        names.extend(knowledge.tags.keys().map(|(field, _)| format!("tag::{field}")));
    }
    names
}

/// Whether a rule can make one of these fields, before it is read.
fn may_make(rule: &EventRule, names: &[String]) -> bool {
    match rule {
        EventRule::Extract { regex, .. } => names.iter().any(|name| regex.contains(&format!("<{name}>"))),
        EventRule::Alias { name: made, .. } | EventRule::Eval { field: made, .. } => names.contains(made),
        EventRule::Lookup(_) => true,
    }
}

fn unread(what: &str, error: Option<Diagnostic>) -> Diagnostic {
    let why = error.map(|error| format!(": {}", error.message)).unwrap_or_default();
    Diagnostic::warning("spl/app-rule", format!("{what} of a Splunk app is left out{why}"), Span::default())
}

/// The new value for the events that a rule is for, and the old one for the others.
fn chosen(here: Expr, new: Typed, old: Typed) -> Typed {
    let ty = unify([new.ty, old.ty]);
    if ty == Type::Null {
        return Typed::null();
    }
    Typed::new(case(vec![(here, new.into_type(ty))], Some(old.into_type(ty)), ty), ty)
}

/// Whether a stanza is for an event; nothing where it is for all.
fn selected(selector: &Selector, rows: &Rows) -> Option<Expr> {
    let (field, pattern) = match selector {
        Selector::SourceType(name) => ("sourcetype", name.clone()),
        // `...` is any number of folders.
        Selector::Source(pattern) => ("source", pattern.replace("...", "*")),
        Selector::Host(pattern) => ("host", pattern.clone()),
    };
    if pattern.chars().all(|c| c == '*') {
        return None;
    }
    let matcher = Matcher::wildcards([pattern.as_str()], WildcardSyntax::STARS, Case::Exact);
    Some(text_match(matcher, rows.searched(field).into_texts()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_types_come_after_those_they_build_on() {
        let texts = [("c", "eventtype=b*"), ("a", "x=1"), ("b1", "eventtype=a OR y=2"), ("d", "eventtype=d")];
        let search = |text: &str| search::parse(&mut Parsing::new(text), Span::new(0, text.len()));
        let event_types: Vec<_> = texts.into_iter().map(|(name, text)| (name, search(text).unwrap())).collect();
        let names = |layer: Vec<&(&'static str, Search)>| layer.into_iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let layers: Vec<_> = layers(&event_types).into_iter().map(names).collect();
        assert_eq!(layers, [vec!["a"], vec!["b1"], vec!["c"], vec!["d"]]);
    }
}
