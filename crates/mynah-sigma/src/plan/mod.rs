//! Documents to plan: each rule's rows, the correlations over them, all of a file's in one table.
mod balanced;
mod condition;
pub(crate) mod correlation;
mod dates;
mod detection;
mod fields;
mod item;
mod keywords;
mod output;
mod rule;
mod unary;

pub(crate) use fields::{in_order, plain_name};

use crate::document::{Content, Document};
use crate::lint;
use datafusion::common::DataFusionError;
use datafusion::logical_expr::LogicalPlan;
use mynah_dialect::{Mode, PlanContext};
use mynah_syntax::{Diagnostic, Span};
use output::Rows;

/// What planning one file knows.
pub(crate) struct Planner<'a> {
    pub documents: &'a [Document],
    pub context: &'a PlanContext<'a>,
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

impl Planner<'_> {
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
}

/// The plan of a file: the rows of each rule that no correlation merely refers to, and of each correlation.
pub(crate) fn plan(
    documents: &[Document],
    context: &PlanContext<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<LogicalPlan> {
    let mut planner = Planner { documents, context, diagnostics };
    let mut tables: Vec<Option<Rows>> = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let shown = is_shown(index, documents);
        let rows = match &document.content {
            Content::Rule(_) => rule::rows(&mut planner, index),
            Content::Correlation(_) => correlation::rows(&mut planner, index),
            Content::Filter(_) | Content::Action | Content::Unread => continue,
        };
        // A rule that is only referred to is planned for what there is to say about it.
        if shown {
            tables.push(rows);
        }
    }
    let tables: Option<Vec<Rows>> = tables.into_iter().collect();
    let span = documents.first().map_or(Span::at(0), |document| document.outline.root().key("title").value());
    match tables {
        Some(tables) if !tables.is_empty() => {
            let built = output::united(tables);
            planner.built(built, span)
        }
        Some(_) if !planner.diagnostics.iter().any(Diagnostic::is_error) => planner.report(Diagnostic::error(
            "sigma/syntax",
            "there is no rule in this file that could find anything",
            span,
        )),
        _ => None,
    }
}

/// Whether a document's rows are part of the result: not so for rules that a correlation refers to, unless it says
/// `generate: true`.
fn is_shown(index: usize, documents: &[Document]) -> bool {
    let Some(document) = documents.get(index) else { return false };
    let mut referring = documents.iter().filter_map(|other| match &other.content {
        Content::Correlation(rule) if rule.rules.iter().any(|name| document.is_called(name)) => Some(rule.generate),
        _ => None,
    });
    referring.all(|generate| generate)
}

/// The documents that filter a rule.
fn filters<'a>(documents: &'a [Document], rule: &Document) -> Vec<&'a Document> {
    use rsigma_parser::FilterRuleTarget;
    let applies = |document: &&Document| match &document.content {
        Content::Filter(filter) => match &filter.rules {
            FilterRuleTarget::Any => lint::same_log_source(filter.logsource.as_ref(), rule),
            FilterRuleTarget::Specific(names) => names.iter().any(|name| rule.is_called(name)),
        },
        _ => false,
    };
    documents.iter().filter(applies).collect()
}
