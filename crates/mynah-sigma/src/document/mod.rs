//! The documents of a file: what `rsigma-parser` makes of each, and where in the text each of its keys stands.
mod nesting;
mod outline;
mod problem;
mod split;

pub(crate) use outline::{Outline, Place};

use mynah_syntax::{Diagnostic, Span};
use rsigma_parser::{CorrelationRule, FilterRule, SigmaCollection, SigmaRule, parse_sigma_yaml};

/// One YAML document of a file.
pub(crate) struct Document {
    /// Where its keys stand.
    pub outline: Outline,
    /// What it says; nothing where it could not be read.
    pub content: Content,
}

/// What a document says.
pub(crate) enum Content {
    Rule(Box<SigmaRule>),
    Correlation(Box<CorrelationRule>),
    Filter(Box<FilterRule>),
    /// `action: global` and the like, whose keys went into other documents.
    Action,
    Unread,
}

impl Document {
    /// The names by which other documents refer to it.
    pub fn is_called(&self, name: &str) -> bool {
        let (id, own) = match &self.content {
            Content::Rule(rule) => (&rule.id, &rule.name),
            Content::Correlation(rule) => (&rule.id, &rule.name),
            Content::Filter(rule) => (&rule.id, &rule.name),
            Content::Action | Content::Unread => return false,
        };
        id.as_deref() == Some(name) || own.as_deref() == Some(name)
    }

    pub fn title(&self) -> &str {
        match &self.content {
            Content::Rule(rule) => &rule.title,
            Content::Correlation(rule) => &rule.title,
            Content::Filter(rule) => &rule.title,
            Content::Action | Content::Unread => "",
        }
    }
}

/// Reads a file, and says what is wrong with it.
pub(crate) fn read(text: &str) -> (Vec<Document>, Vec<Diagnostic>) {
    let parts = split::split(text);
    let mut diagnostics = Vec::new();
    let mut documents = Vec::new();
    let outlines: Vec<Outline> = parts.iter().map(|part| Outline::read(text, *part)).collect();
    if let Some(refused) = outlines.iter().find_map(|outline| nesting::check(outline, text)) {
        return (documents, vec![refused]);
    }
    // Actions hand keys from one document to later ones, which can then be read in their company only.
    let has_actions = outlines.iter().any(|outline| outline.root().key("action").exists());
    let mut before = Parsed::default();
    for (part, outline) in parts.iter().zip(outlines) {
        let from = if has_actions { 0 } else { part.start };
        let source = Span::new(from, part.end).of(text);
        let is_action = outline.root().key("action").text(text) == "global";
        let (content, errors) = match parse_sigma_yaml(source) {
            Ok(collection) => {
                let now = Parsed::of(&collection);
                let content = new_content(collection, &before);
                let errors = now.errors.get(before.errors.len()..).unwrap_or(&[]).to_vec();
                if has_actions {
                    before = now;
                }
                (content, errors)
            }
            Err(error) => (Content::Unread, vec![error.to_string()]),
        };
        let content = if is_action && matches!(content, Content::Unread) { Content::Action } else { content };
        problem::report(&content, &errors, &outline, text, from, &mut diagnostics);
        documents.push(Document { outline, content });
    }
    if documents.is_empty() {
        diagnostics.push(Diagnostic::error("sigma/syntax", "there is no rule in this file", Span::at(0)));
    }
    (documents, diagnostics)
}

/// How much a collection held.
#[derive(Default)]
struct Parsed {
    rules: usize,
    correlations: usize,
    filters: usize,
    errors: Vec<String>,
}

impl Parsed {
    fn of(collection: &SigmaCollection) -> Parsed {
        Parsed {
            rules: collection.rules.len(),
            correlations: collection.correlations.len(),
            filters: collection.filters.len(),
            errors: collection.errors.clone(),
        }
    }
}

/// What a collection holds more than before.
fn new_content(collection: SigmaCollection, before: &Parsed) -> Content {
    let SigmaCollection { rules, correlations, filters, .. } = collection;
    if let Some(rule) = rules.into_iter().nth(before.rules) {
        Content::Rule(Box::new(rule))
    } else if let Some(rule) = correlations.into_iter().nth(before.correlations) {
        Content::Correlation(Box::new(rule))
    } else if let Some(rule) = filters.into_iter().nth(before.filters) {
        Content::Filter(Box::new(rule))
    } else {
        Content::Unread
    }
}
