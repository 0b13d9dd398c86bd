//! What can be said against a rule, apart from what keeps it from being read.
mod conditions;
mod errors;
mod log_sources;
mod metadata;
mod values;

use crate::ast::{Body, Detections, Document, Item, LogSource, Rule as SigmaRule};
use mynah_syntax::{Diagnostic, Rule};
use mynah_view::PlatformView;
use std::sync::LazyLock;

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

/// A rule's check.
type Check = fn(&Lint<'_>, &mut Vec<Diagnostic>);

/// The rules that are checked here, and how.
const CHECKS: [(Rule, Check); 15] = [
    (conditions::ALL_OF_THEM, conditions::all_of_them),
    (values::ALL_WITHOUT_LIST, values::all_without_list),
    (metadata::DATE_FORMAT, metadata::date_format),
    (values::DUPLICATE_VALUE, values::duplicate_value),
    (values::ESCAPED_WILDCARD, values::escaped_wildcard),
    (metadata::ID_FORMAT, metadata::id_format),
    (log_sources::LOG_SOURCE_CASE, log_sources::log_source_case),
    (log_sources::NO_LOG_SOURCE, log_sources::no_log_source),
    (values::QUOTED_NUMBER, values::quoted_number),
    (values::REDUNDANT_WILDCARD, values::redundant_wildcard),
    (metadata::TAXONOMY, metadata::taxonomy),
    (conditions::TIMEFRAME, conditions::timeframe),
    (log_sources::UNKNOWN_FIELD, log_sources::unknown_field),
    (conditions::UNUSED_RULE, conditions::unused_rule),
    (conditions::UNUSED_SELECTION, conditions::unused_selection),
];

/// All rules: those that are checked here, and those that reading and planning hold a file against.
pub(crate) fn rules() -> &'static [Rule] {
    static RULES: LazyLock<Vec<Rule>> =
        LazyLock::new(|| CHECKS.iter().map(|(rule, _)| *rule).chain(errors::RULES).collect());
    &RULES
}

/// Holds what could be read against every rule.
pub fn lint(documents: &[Document], view: &PlatformView) -> Vec<Diagnostic> {
    let lint = Lint { documents, view };
    let mut diagnostics = Vec::new();
    for (_, check) in CHECKS {
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
