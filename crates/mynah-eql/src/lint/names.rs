//! Rules about the names of fields and categories.
use super::Linted;
use mynah_dialect::Lint;
use mynah_syntax::{Diagnostic, nearest};

pub(super) static TEXT_FIELD: Lint<Linted> = Lint::warning(
    "eql/text-field",
    "a field that is indexed as analysed text (`.text`)",
    "Elasticsearch refuses the search: EQL knows no text fields. The keyword field beside it holds the same value.",
    r#"process where process.name.text : "cmd.exe""#,
    r#"process where process.name : "cmd.exe""#,
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-text-fields",
    text_field,
);

fn text_field(linted: &Linted, diagnostics: &mut Vec<Diagnostic>) {
    for (field, span) in linted.fields() {
        let Some(keyword) = field.name.strip_suffix(".text") else { continue };
        // Unless there is a field beside it, `text` is just what it is called.
        if !linted.resolve(keyword).is_some_and(|name| name.known) {
            continue;
        }
        let message = format!("Elastic refuses `{}`, which is analysed text", field.name);
        let said = TEXT_FIELD.rule.diagnostic(message, span);
        diagnostics.push(said.with_fix(span, keyword, format!("write `{keyword}`")));
    }
}

pub(super) static UNKNOWN_CATEGORY: Lint<Linted> = Lint::info(Lint::warning(
    "eql/unknown-category",
    "an event category that the Elastic Common Schema does not have",
    "The query looks for events with this value in `event.category`, and no integration of Elastic writes it.",
    "proces where true",
    "process where true",
    "https://www.elastic.co/docs/reference/ecs/ecs-allowed-values-event-category",
    unknown_category,
));

/// The values of `event.category` that the schema allows.
pub(crate) const CATEGORIES: [&str; 19] = [
    "api",
    "authentication",
    "configuration",
    "database",
    "driver",
    "file",
    "host",
    "iam",
    "intrusion_detection",
    "library",
    "malware",
    "network",
    "package",
    "process",
    "registry",
    "session",
    "threat",
    "vulnerability",
    "web",
];

fn unknown_category(linted: &Linted, diagnostics: &mut Vec<Diagnostic>) {
    for filter in linted.query.filters() {
        let Some(category) = filter.category.as_deref().filter(|category| !CATEGORIES.contains(category)) else {
            continue;
        };
        let span = filter.category_place.0;
        let said = UNKNOWN_CATEGORY
            .rule
            .diagnostic(format!("the Elastic Common Schema has no event category `{category}`"), span)
            .finding_nothing();
        diagnostics.push(match nearest(category, CATEGORIES) {
            Some(known) => said.with_fix(span, known, format!("did you mean `{known}`?")),
            None => said.with_help("`any where …` looks at events of all categories"),
        });
    }
}

pub(super) static UNKNOWN_FIELD: Lint<Linted> = Lint::warning(
    "eql/unknown-field",
    "a field that no view has",
    "Elasticsearch refuses the search (`Unknown column`) if no index has the field. Here it has no value, so that the condition on it does not hold.",
    r#"process where process.nmae == "cmd.exe""#,
    r#"process where process.name == "cmd.exe""#,
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-optional-fields",
    unknown_field,
);

fn unknown_field(linted: &Linted, diagnostics: &mut Vec<Diagnostic>) {
    for (field, span) in linted.fields() {
        let Some(name) = linted.resolve(&field.name) else { continue };
        if name.known || field.optional {
            continue;
        }
        let said = UNKNOWN_FIELD.rule.diagnostic(format!("no view has a field `{}`", field.name), span);
        // Some views know what a wrong name is meant for.
        let bindings = &name.column.bindings;
        let meant = |known: &String| {
            !bindings.is_empty() && linted.resolve(known).is_some_and(|right| right.column.bindings == *bindings)
        };
        diagnostics.push(match &name.suggestion {
            Some(known) if meant(known) => said.with_fix(span, known, format!("it is `{known}`, and read as that")),
            Some(known) => said.with_fix(span, known, format!("did you mean `{known}`?")),
            None => said.with_help("if it is not in all of your data, mark it as optional: `?field`"),
        });
    }
}
