//! Documents to plan: each rule's rows, the correlations over them, all of a file's in one table.
mod condition;
mod correlation;
mod dates;
mod fields;
mod functions;
mod item;
mod members;
mod output;
mod rule;
mod together;

pub(crate) use correlation::{Measuring, Sessions};
pub(crate) use fields::{resolve, shown};
pub(crate) use functions::RowFunction;

use crate::ast::{Body, Document, Filter};
use datafusion::common::DataFusionError;
use datafusion::logical_expr::LogicalPlan;
use mynah_dialect::{Mode, PlanContext};
use mynah_event::LogSource;
use mynah_syntax::{Diagnostic, Span};
use mynah_view::ScanColumn;
use output::Rows;
use std::collections::{HashMap, HashSet};

/// What planning one file knows.
struct Planner<'a> {
    documents: &'a [Document],
    /// The rules and correlations that have a name or id; the first of several.
    called: HashMap<&'a str, usize>,
    /// What the view makes of the fields that were met.
    names: HashMap<String, ScanColumn>,
    /// The columns that tell whether an event is of a `logsource`, and the log sources of such events.
    logs: HashMap<String, (Vec<ScanColumn>, Vec<LogSource>)>,
    filters: Vec<&'a Filter>,
    context: &'a PlanContext<'a>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// The plan of a file: the rows of each rule that no correlation merely refers to, and of each correlation.
pub fn plan(
    documents: &[Document],
    context: &PlanContext<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<LogicalPlan> {
    let mut called: HashMap<&str, usize> = HashMap::new();
    for (index, document) in documents.iter().enumerate() {
        for name in [&document.id, &document.name].into_iter().flatten() {
            if !matches!(document.body, Body::Filter(_)) {
                called.entry(&name.node).or_insert(index);
            }
        }
    }
    let filters = documents.iter().filter_map(|document| match &document.body {
        Body::Filter(filter) => Some(filter),
        _ => None,
    });
    let hidden = referred_to(documents);
    let (names, logs) = (HashMap::new(), HashMap::new());
    let mut planner = Planner { documents, called, names, logs, filters: filters.collect(), context, diagnostics };
    let is_hidden = |document: &Document| {
        [&document.id, &document.name].into_iter().flatten().any(|name| hidden.contains(name.node.as_str()))
    };
    let is_shown = |document: &Document| matches!(document.body, Body::Rule(_)) && !is_hidden(document);
    let many = documents.iter().filter(|document| is_shown(document)).count() >= together::MANY;
    let mut tables: Vec<(usize, Option<Rows>)> = Vec::new();
    let mut rules: Vec<(usize, &Document)> = Vec::new();
    for (number, document) in documents.iter().enumerate() {
        let rows = match &document.body {
            Body::Rule(_) if many && is_shown(document) => {
                rules.push((number, document));
                continue;
            }
            Body::Rule(_) => planner.rule_rows(document),
            Body::Correlation(correlation) => planner.correlation_rows(document, correlation),
            Body::Filter(_) | Body::Unread => continue,
        };
        // A rule that is only referred to is planned for what there is to say about it.
        if !is_hidden(document) {
            tables.push((number, rows));
        }
    }
    let together = if rules.is_empty() { Some(None) } else { planner.together(&rules).map(Some) };
    let tables: Option<Vec<(usize, Rows)>> = tables.into_iter().map(|(number, rows)| Some((number, rows?))).collect();
    let span = documents.first().map_or(Span::at(0), |document| document.title.span);
    match tables.zip(together) {
        Some((tables, together)) if !tables.is_empty() || together.is_some() => {
            planner.built(output::united(tables, together), span)
        }
        Some(_) if !planner.diagnostics.iter().any(Diagnostic::is_error) => {
            let message = "there is no rule in this file that could find anything";
            planner.report(Diagnostic::error("sigma/syntax", message, span))
        }
        _ => None,
    }
}

/// The names of documents whose rows are no part of the result: a correlation refers to them, and does not say
/// `generate: true`.
fn referred_to(documents: &[Document]) -> HashSet<&str> {
    let correlations = documents.iter().filter_map(|document| match &document.body {
        Body::Correlation(correlation) if !correlation.generate => Some(&correlation.rules.node),
        _ => None,
    });
    correlations.flatten().map(|name| name.node.as_str()).collect()
}

impl<'a> Planner<'a> {
    /// What the view makes of a field.
    fn resolved(&mut self, field: &str) -> ScanColumn {
        if let Some(known) = self.names.get(field) {
            return known.clone();
        }
        let column = fields::resolve(self.context.view, field).column;
        self.names.insert(field.to_owned(), column.clone());
        column
    }

    fn report<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.diagnostics.push(diagnostic);
        None
    }

    /// What is understood and cannot be run yet: an error only where it is to be run.
    fn not_run_yet<T>(&mut self, what: &str, span: Span) -> Option<T> {
        let message = format!("{what} is not run yet");
        self.report(match self.context.mode {
            Mode::Run => Diagnostic::error("sigma/not-run-yet", message, span),
            Mode::Check => Diagnostic::info("sigma/not-run-yet", message, span),
        })
    }

    fn built<T>(&mut self, built: Result<T, DataFusionError>, span: Span) -> Option<T> {
        match built {
            Ok(built) => Some(built),
            Err(error) => self.report(Diagnostic::error("sigma/plan", format!("this rule has no plan: {error}"), span)),
        }
    }

    /// The filters that narrow a rule: those that name it, and those for all rules of its log source.
    fn filters_of(&self, document: &Document) -> Vec<&'a Filter> {
        let Body::Rule(rule) = &document.body else { return Vec::new() };
        let applies = |filter: &&&Filter| match (&filter.rules, &filter.log_source) {
            (Some(names), _) => names.iter().any(|name| document.is_called(&name.node)),
            (None, None) => true,
            // It says nothing else about the log source than the rule does.
            (None, Some(wanted)) => wanted.attributes().all(|(name, value)| {
                rule.log_source.attributes().any(|(known, own)| known == name && own.node == value.node)
            }),
        };
        self.filters.iter().filter(applies).copied().collect()
    }
}
