//! Diagnostics of queries.
use crate::sarif;
use mynah_event::Dialect;
use mynah_syntax::{Diagnostic, LineColumn, Rule, Severity};
use serde_json::{Value, json};

/// A query and its diagnostics.
#[derive(Debug, Clone, Copy)]
pub struct Checked<'a> {
    /// The name of its file.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Its dialect; none of a file that cannot be read.
    pub dialect: Option<Dialect>,
    /// Its diagnostics.
    pub diagnostics: &'a [Diagnostic],
}

/// An array with one object for each file. Spans have lines and columns besides the byte offsets, for editors.
pub fn json(checked: &[Checked<'_>]) -> Value {
    let diagnostic = |file: &Checked<'_>, diagnostic: &Diagnostic| {
        let mut value = json!(diagnostic);
        value["span"]["from"] = json!(LineColumn::of(file.text, diagnostic.span.start));
        value["span"]["to"] = json!(LineColumn::of(file.text, diagnostic.span.end));
        value
    };
    let file = |file: &Checked<'_>| {
        let diagnostics: Vec<Value> = file.diagnostics.iter().map(|one| diagnostic(file, one)).collect();
        json!({"file": file.file, "dialect": file.dialect.map(Dialect::name), "diagnostics": diagnostics})
    };
    checked.iter().map(file).collect()
}

/// A SARIF 2.1.0 log with the lint rules and a result for each diagnostic.
pub fn sarif<'r>(rules: impl IntoIterator<Item = &'r Rule>, checked: &[Checked<'_>]) -> Value {
    let rule = |rule: &Rule| {
        json!({
            "id": rule.code,
            "shortDescription": {"text": rule.what},
            "fullDescription": {"text": rule.why},
            "helpUri": rule.page,
        })
    };
    let results = checked.iter().flat_map(|file| file.diagnostics.iter().map(|diagnostic| result(file, diagnostic)));
    sarif::log(rules.into_iter().map(rule).collect(), results.collect())
}

fn result(file: &Checked<'_>, diagnostic: &Diagnostic) -> Value {
    let place = |offset| LineColumn::of(file.text, offset);
    let (from, to) = (place(diagnostic.span.start), place(diagnostic.span.end));
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let message = match &diagnostic.help {
        Some(help) => format!("{}\n{help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    json!({
        "ruleId": diagnostic.code,
        "level": level,
        "message": {"text": message},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": sarif::uri(file.file)},
            "region": {"startLine": from.line, "startColumn": from.column, "endLine": to.line, "endColumn": to.column},
        }}],
    })
}
