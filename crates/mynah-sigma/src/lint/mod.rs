//! What can be said against a rule, a file each.
pub(crate) mod aggregation;
mod all_of_them;
mod all_without_list;
mod date_format;
mod duplicate_value;
mod escaped_wildcard;
mod id_format;
mod log_source_case;
pub(crate) mod missing_key;
mod no_data;
mod planned;
mod redundant_wildcard;
mod taxonomy;
mod timeframe;
mod unknown_field;
pub(crate) mod unknown_modifier;
mod unused_selection;

use crate::document::{Content, Document, Place};
use crate::plan::in_order;
use mynah_syntax::{Diagnostic, Rule};
use mynah_view::PlatformView;
use rsigma_parser::{Detection, DetectionItem, Detections, LogSource, SigmaRule};

/// The rules, in the order of their names; and those that reading and planning hold a file against.
pub(crate) static RULES: [Rule; 25] = [
    aggregation::RULE,
    all_of_them::RULE,
    all_without_list::RULE,
    date_format::RULE,
    duplicate_value::RULE,
    escaped_wildcard::RULE,
    id_format::RULE,
    log_source_case::RULE,
    missing_key::RULE,
    no_data::RULE,
    redundant_wildcard::RULE,
    taxonomy::RULE,
    timeframe::RULE,
    unknown_field::RULE,
    unknown_modifier::RULE,
    unused_selection::RULE,
    planned::CONDITION,
    planned::EMPTY,
    planned::METADATA,
    planned::REGEX,
    planned::REGEX_UNSUPPORTED,
    planned::UNKNOWN_PLACEHOLDER,
    planned::UNKNOWN_RULE,
    planned::UNKNOWN_SELECTION,
    planned::VALUE,
];

const CHECKS: [fn(&Lint<'_>, &mut Vec<Diagnostic>); 13] = [
    all_of_them::check,
    all_without_list::check,
    date_format::check,
    duplicate_value::check,
    escaped_wildcard::check,
    id_format::check,
    log_source_case::check,
    no_data::check,
    redundant_wildcard::check,
    taxonomy::check,
    timeframe::check,
    unknown_field::check,
    unused_selection::check,
];

/// Holds what could be read against every rule.
pub(crate) fn check(documents: &[Document], view: &PlatformView) -> Vec<Diagnostic> {
    let lint = Lint { documents, view };
    let mut diagnostics = Vec::new();
    for document in documents.iter().filter(|document| !matches!(document.content, Content::Unread)) {
        missing_key::check(document.outline.root(), &mut diagnostics);
    }
    for check in CHECKS {
        check(&lint, &mut diagnostics);
    }
    diagnostics
}

/// What a rule looks at.
struct Lint<'a> {
    documents: &'a [Document],
    view: &'a PlatformView,
}

impl<'a> Lint<'a> {
    /// The rules, with the places of their documents.
    fn rules(&self) -> impl Iterator<Item = (&'a SigmaRule, Place<'a>)> {
        self.documents.iter().filter_map(|document| match &document.content {
            Content::Rule(rule) => Some((&**rule, document.outline.root())),
            _ => None,
        })
    }

    /// The ids of all documents.
    fn ids(&self) -> impl Iterator<Item = (&'a Document, &'a str)> {
        self.documents.iter().filter_map(|document| {
            let id = match &document.content {
                Content::Rule(rule) => &rule.id,
                Content::Correlation(rule) => &rule.id,
                Content::Filter(rule) => &rule.id,
                Content::Action | Content::Unread => &None,
            };
            Some((document, id.as_deref()?))
        })
    }

    /// The search identifiers of rules and filters, with the map that they stand in.
    fn detections(&self) -> impl Iterator<Item = (&'a Detections, Place<'a>)> {
        self.documents.iter().filter_map(|document| match &document.content {
            Content::Rule(rule) => Some((&rule.detection, document.outline.root().key("detection"))),
            Content::Filter(filter) => Some((&filter.detection, document.outline.root().key("filter"))),
            _ => None,
        })
    }

    /// The items of all of them.
    fn items(&self) -> Vec<(&'a DetectionItem, Place<'a>)> {
        self.detections().flat_map(|(detections, place)| self.items_of(detections, place)).collect()
    }

    /// The items of one rule: fields and values, each with its key's place.
    fn items_of(&self, detections: &'a Detections, place: Place<'a>) -> Vec<(&'a DetectionItem, Place<'a>)> {
        let mut items = Vec::new();
        for (_, detection, at) in in_order(detections, place) {
            collect(detection, at, &mut items);
        }
        items
    }
}

fn collect<'a>(detection: &'a Detection, place: Place<'a>, items: &mut Vec<(&'a DetectionItem, Place<'a>)>) {
    match detection {
        Detection::AllOf(of) => items.extend(of.iter().enumerate().map(|(index, item)| (item, place.nth(index)))),
        Detection::AnyOf(parts) => {
            parts.iter().enumerate().for_each(|(index, part)| collect(part, place.nth(index), items));
        }
        Detection::And(parts) => parts.iter().for_each(|part| collect(part, place, items)),
        Detection::Keywords(_) | Detection::ArrayMatch { .. } | Detection::Conditional { .. } => {}
    }
}

/// Whether a filter for all rules is meant for this one: it says nothing else about the log source than the rule does.
pub(crate) fn same_log_source(filter: Option<&LogSource>, rule: &Document) -> bool {
    let (Some(filter), Content::Rule(rule)) = (filter, &rule.content) else { return true };
    let agrees = |filter: &Option<String>, rule: &Option<String>| filter.is_none() || filter == rule;
    let source = &rule.logsource;
    agrees(&filter.category, &source.category)
        && agrees(&filter.product, &source.product)
        && agrees(&filter.service, &source.service)
}
