//! Log sources, and the fields that they have.
use super::{Lint, RULES_PAGE, TAXONOMY_PAGE, whoami};
use crate::ast::LogSource;
use crate::log_source::{Wanted, known_values};
use crate::suggesting;
use mynah_syntax::{Diagnostic, Rule, nearest};
use mynah_view::PlatformView;
use std::collections::{BTreeSet, HashMap};

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
    whoami!(source: "product: onelogin\n    service: onelogin.events"),
    whoami!(),
    TAXONOMY_PAGE,
)
.info();

pub(super) fn no_log_source(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut said: HashMap<Vec<(&str, &str)>, Option<String>> = HashMap::new();
    for source in lint.log_sources() {
        let wanted = Wanted::of(source);
        if wanted.is_anything() {
            let message = "this `logsource` names no category, product or service: every event is looked at";
            diagnostics.push(NO_LOG_SOURCE.diagnostic(message, source.span));
            continue;
        }
        let help = said.entry(attributes(source)).or_insert_with(|| {
            wanted.sources(lint.view).is_empty().then(|| match meant(source, lint.view) {
                Some((attribute, right)) => format!("did you mean `{attribute}: {right}`?"),
                None => "a view of a log source says that it is one by fields `logsource.category`, \
                         `logsource.product` and `logsource.service`"
                    .to_owned(),
            })
        });
        if let Some(help) = help {
            let message = format!("there are no logs of {} here: the rule finds nothing", wanted.text());
            diagnostics.push(NO_LOG_SOURCE.diagnostic(message, source.span).with_help(help.clone()).finding_nothing());
        }
    }
}

/// What a `logsource` says, as a key.
fn attributes(source: &LogSource) -> Vec<(&'static str, &str)> {
    source.attributes().map(|(name, value)| (name, value.node.as_str())).collect()
}

/// The attribute of a `logsource` that no view has, and the one of some view that it is most like.
fn meant(source: &LogSource, view: &PlatformView) -> Option<(&'static str, String)> {
    source.attributes().find_map(|(name, value)| {
        let known = known_values(name, view);
        let is_known = known.iter().any(|known| known.eq_ignore_ascii_case(&value.node));
        let meant = nearest(&value.node, known.iter().map(String::as_str)).filter(|_| !is_known)?;
        Some((name, meant.to_owned()))
    })
}

pub(super) const UNKNOWN_FIELD: Rule = Rule::warning(
    "sigma/unknown-field",
    "a field that the log source does not have",
    "It has no value, so that what is looked for in it is not found.",
    whoami!(item: "Imagee|endswith: '\\whoami.exe'"),
    whoami!(),
    TAXONOMY_PAGE,
);

/// What there is in the events of a `logsource`.
struct Known<'a> {
    sources: Vec<mynah_event::LogSource>,
    /// Of names that are not among them, what is said, if anything is.
    said: HashMap<&'a str, Option<Diagnostic>>,
}

pub(super) fn unknown_field(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    // Rules of one file are mostly about the same logs and fields.
    let mut known: HashMap<Vec<(&str, &str)>, Known<'_>> = HashMap::new();
    for (_, rule) in lint.rules() {
        let known = known.entry(attributes(&rule.log_source)).or_insert_with(|| {
            let sources = Wanted::of(&rule.log_source).sources(lint.view);
            Known { sources, said: HashMap::new() }
        });
        let Known { sources, said } = known;
        if sources.is_empty() {
            continue;
        }
        for item in rule.detections.items() {
            let is_listed = |name: &&str| sources.iter().any(|source| lint.view.lists(source, name));
            let Some(name) = item.field.as_deref().filter(|name| !is_listed(name)) else { continue };
            let remark = said.entry(name).or_insert_with(|| {
                let names = sources.iter().flat_map(|source| lint.view.names_of(source));
                let close: BTreeSet<&str> = names.filter(|known| is_close(name, known)).collect();
                let meant = nearest(name, close);
                let bindings = crate::plan::resolve(lint.view, name).column.bindings;
                let is_read = bindings.iter().any(|(source, _)| sources.contains(source));
                // Views that take any name are asked only where another one is close.
                if meant.is_none() && is_read {
                    return None;
                }
                let message = format!("the log source has no field `{}`", crate::plan::shown(name));
                Some(suggesting(UNKNOWN_FIELD.diagnostic(message, item.span), meant))
            });
            diagnostics.extend(remark.clone().map(|remark| Diagnostic { span: item.span, ..remark }));
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
