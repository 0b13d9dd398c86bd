//! Log sources, and the fields that they have.
use super::{Lint, RULES_PAGE, TAXONOMY_PAGE, whoami};
use crate::log_source::Wanted;
use crate::suggesting;
use mynah_syntax::{Diagnostic, Rule, nearest};

pub(super) const LOG_SOURCE_CASE: Rule = Rule::warning(
    "sigma/log-source-case",
    "a category, product or service that is not in lower case",
    "The specification writes them in lower case with underscores; most tools compare them as they are.",
    whoami!(source: "product: Windows\n    category: process_creation"),
    whoami!(),
    RULES_PAGE,
);

pub(super) fn log_source_case(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (_, value) in lint.log_sources().flat_map(|source| source.attributes()) {
        if value.node.chars().any(|c| c.is_uppercase() || c == ' ') {
            let right = value.node.to_lowercase().replace(' ', "_");
            let message = format!("`{}` is not in lower case", value.node);
            let diagnostic = LOG_SOURCE_CASE.diagnostic(message, value.span);
            diagnostics.push(diagnostic.with_fix(value.span, &right, format!("write `{right}`")));
        }
    }
}

pub(super) const NO_LOG_SOURCE: Rule = Rule::warning(
    "sigma/no-log-source",
    "a `logsource` that no view has",
    "The rule runs and finds nothing, whatever the data. A view of one's own can say which events are of this log \
          source.",
    whoami!(source: "product: okta\n    service: okta"),
    whoami!(),
    TAXONOMY_PAGE,
)
.info();

pub(super) fn no_log_source(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for source in lint.log_sources() {
        let wanted = Wanted::of(source);
        if wanted.is_anything() {
            let message = "this `logsource` names no category, product or service: every event is looked at";
            diagnostics.push(NO_LOG_SOURCE.diagnostic(message, source.span));
        } else if wanted.sources(lint.view).is_empty() {
            let message = format!("there are no logs of {} here: the rule finds nothing", wanted.text());
            let help = "a view of a log source says that it is one by fields `logsource.category`, \
                        `logsource.product` and `logsource.service`";
            diagnostics.push(NO_LOG_SOURCE.diagnostic(message, source.span).with_help(help).finding_nothing());
        }
    }
}

pub(super) const UNKNOWN_FIELD: Rule = Rule::warning(
    "sigma/unknown-field",
    "a field that the log source does not have",
    "It has no value, so that what is looked for in it is not found.",
    whoami!(item: "Imagee|endswith: '\\whoami.exe'"),
    whoami!(),
    TAXONOMY_PAGE,
);

pub(super) fn unknown_field(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (_, rule) in lint.rules() {
        let sources = Wanted::of(&rule.log_source).sources(lint.view);
        if sources.is_empty() {
            continue;
        }
        let known: Vec<&str> =
            sources.iter().flat_map(|source| lint.view.names_of(source)).map(|(name, _)| name).collect();
        for item in rule.detections.items() {
            let Some(name) = item.field.as_deref().filter(|name| !known.contains(name)) else { continue };
            let meant = nearest(name, known.iter().copied().filter(|known| is_close(name, known)));
            let bindings = lint.view.resolve(name).column.bindings;
            let is_read = bindings.iter().any(|(source, _)| sources.contains(source));
            // Views that take any name are asked only where another one is close.
            if meant.is_none() && is_read {
                continue;
            }
            let message = format!("the log source has no field `{name}`");
            let diagnostic = UNKNOWN_FIELD.diagnostic(message, item.span);
            diagnostics.push(suggesting(diagnostic, meant));
        }
    }
}

/// Whether a name is another but for a letter or two in its middle, or for its case.
fn is_close(name: &str, known: &str) -> bool {
    let (name, known) = (name.to_lowercase(), known.to_lowercase());
    let same = |left: &mut dyn Iterator<Item = char>, right: &mut dyn Iterator<Item = char>| {
        left.zip(right).take_while(|(left, right)| left == right).count()
    };
    let before = same(&mut name.chars(), &mut known.chars());
    let after = same(&mut name.chars().rev(), &mut known.chars().rev());
    before > 0 && before + after + 2 >= name.chars().count().max(known.chars().count())
}
