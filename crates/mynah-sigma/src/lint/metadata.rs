//! What a document says of itself.
use super::{Lint, RULES_PAGE, whoami};
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const DATE_FORMAT: Rule = Rule::warning(
    "sigma/date-format",
    "a date that is not written as YYYY-MM-DD",
    "The specification wants ISO 8601 with dashes; older rules have slashes.",
    whoami!(head: "date: 2026/03/14"),
    whoami!(head: "date: 2026-03-14"),
    RULES_PAGE,
);

pub(super) fn date_format(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for date in lint.rules().flat_map(|(document, _)| &document.dates) {
        let parsed = date.node.parse::<jiff::civil::Date>();
        if parsed.map(|parsed| parsed.to_string()).ok().as_ref() != Some(&date.node) {
            let message = format!("`{}` is no date like 2026-03-14", date.node);
            diagnostics.push(DATE_FORMAT.diagnostic(message, date.span));
        }
    }
}

pub(super) const ID_FORMAT: Rule = Rule::warning(
    "sigma/id-format",
    "an `id` that is no UUID",
    "Rules refer to each other by id, and tools that collect them take it for a UUID.",
    whoami!(head: "id: whoami-1"),
    whoami!(head: "id: 7b0a4f0c-54a1-4a8f-8a3b-0d2f6a3f5a11"),
    RULES_PAGE,
);

pub(super) fn id_format(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for id in lint.documents.iter().filter_map(|document| document.id.as_ref()) {
        let lengths: Vec<usize> = id.node.split('-').map(str::len).collect();
        let is_hex = id.node.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
        if lengths != [8, 4, 4, 4, 12] || !is_hex {
            diagnostics.push(ID_FORMAT.diagnostic(format!("`{}` is no UUID", id.node), id.span));
        }
    }
}

pub(super) const TAXONOMY: Rule = Rule {
    code: "sigma/taxonomy",
    severity: Severity::Error,
    what: "a taxonomy that is not Sigma's own",
    why: "Its field names are unknown here; the specification wants such rules handled by a tool that knows them.",
    bad: whoami!(head: "taxonomy: acme"),
    good: whoami!(head: "taxonomy: sigma"),
    page: RULES_PAGE,
};

pub(super) fn taxonomy(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for taxonomy in lint.rules().filter_map(|(document, _)| document.taxonomy.as_ref()) {
        if taxonomy.node != "sigma" {
            let message = format!("the taxonomy `{}` is not supported", taxonomy.node);
            diagnostics.push(TAXONOMY.diagnostic(message, taxonomy.span));
        }
    }
}
