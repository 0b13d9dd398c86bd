//! What can be said against a rule, apart from what keeps it from being read.
mod conditions;
mod errors;
mod log_sources;
mod metadata;
mod values;

use crate::ast::{Body, Detections, Document, Item, LogSource, Rule as SigmaRule};
use mynah_syntax::{Diagnostic, Rule};
use mynah_view::PlatformView;

const RULES_PAGE: &str =
    "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md";
const MODIFIERS_PAGE: &str =
    "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-modifiers.md";
const TAXONOMY_PAGE: &str =
    "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-taxonomy.md";
const CORRELATIONS_PAGE: &str =
    "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-correlation-rules-specification.md";

/// The rule of the examples, with some of its lines replaced: those at its head, the log source, the item, what
/// follows it, the condition.
macro_rules! whoami {
    ($(head: $head:literal)? $(source: $source:literal)? $(item: $item:literal)? $(then: $then:literal)?
     $(condition: $condition:literal)?) => {
        concat!(
            "title: Whoami\n",
            $($head, "\n",)?
            "logsource:\n    ", $crate::lint::or!(($($source)?) "product: windows\n    category: process_creation"),
            "\ndetection:\n    selection:\n        ", $crate::lint::or!(($($item)?) "Image|endswith: '\\whoami.exe'"), "\n",
            $($then, "\n",)?
            "    condition: ", $crate::lint::or!(($($condition)?) "selection"),
        )
    };
}

macro_rules! or {
    (() $default:literal) => {
        $default
    };
    (($value:literal) $default:literal) => {
        $value
    };
}

use {or, whoami};

/// The rules: those that are checked here, and those that reading and planning hold a file against.
pub(crate) static RULES: [Rule; 25] = [
    errors::AGGREGATION,
    conditions::ALL_OF_THEM,
    values::ALL_WITHOUT_LIST,
    metadata::DATE_FORMAT,
    values::DUPLICATE_VALUE,
    values::ESCAPED_WILDCARD,
    metadata::ID_FORMAT,
    log_sources::LOG_SOURCE_CASE,
    errors::MISSING_KEY,
    log_sources::NO_LOG_SOURCE,
    values::REDUNDANT_WILDCARD,
    metadata::TAXONOMY,
    conditions::TIMEFRAME,
    log_sources::UNKNOWN_FIELD,
    errors::UNKNOWN_MODIFIER,
    conditions::UNUSED_SELECTION,
    errors::CONDITION,
    errors::EMPTY,
    errors::METADATA,
    errors::REGEX,
    errors::REGEX_UNSUPPORTED,
    errors::UNKNOWN_PLACEHOLDER,
    errors::UNKNOWN_RULE,
    errors::UNKNOWN_SELECTION,
    errors::VALUE,
];

const CHECKS: [fn(&Lint<'_>, &mut Vec<Diagnostic>); 13] = [
    conditions::all_of_them,
    conditions::timeframe,
    conditions::unused_selection,
    log_sources::log_source_case,
    log_sources::no_log_source,
    log_sources::unknown_field,
    metadata::date_format,
    metadata::id_format,
    metadata::taxonomy,
    values::all_without_list,
    values::duplicate_value,
    values::escaped_wildcard,
    values::redundant_wildcard,
];

/// Holds what could be read against every rule.
pub fn lint(documents: &[Document], view: &PlatformView) -> Vec<Diagnostic> {
    let lint = Lint { documents, view };
    let mut diagnostics = Vec::new();
    for check in CHECKS {
        check(&lint, &mut diagnostics);
    }
    diagnostics
}

/// What a check looks at.
struct Lint<'a> {
    documents: &'a [Document],
    view: &'a PlatformView,
}

impl<'a> Lint<'a> {
    /// The rules.
    fn rules(&self) -> impl Iterator<Item = (&'a Document, &'a SigmaRule)> {
        self.documents.iter().filter_map(|document| match &document.body {
            Body::Rule(rule) => Some((document, rule)),
            _ => None,
        })
    }

    /// The log sources of rules.
    fn log_sources(&self) -> impl Iterator<Item = &'a LogSource> {
        self.rules().map(|(_, rule)| &rule.log_source)
    }

    /// The search identifiers of rules and filters.
    fn detections(&self) -> impl Iterator<Item = &'a Detections> {
        self.documents.iter().filter_map(|document| match &document.body {
            Body::Rule(rule) => Some(&rule.detections),
            Body::Filter(filter) => Some(&filter.detections),
            _ => None,
        })
    }

    /// The items of all of them.
    fn items(&self) -> impl Iterator<Item = &'a Item> {
        self.detections().flat_map(Detections::items)
    }
}
