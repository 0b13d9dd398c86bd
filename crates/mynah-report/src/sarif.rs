use mynah_detection::{About, Confidence, Level};
use serde_json::{Value, json};

/// What a rule of a log is made of.
pub(crate) struct Rule<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub title: &'a str,
    pub about: &'a About,
    pub level: Level,
    pub confidence: Confidence,
}

impl Rule<'_> {
    /// The rule as a `reportingDescriptor`.
    pub fn descriptor(&self) -> Value {
        let about = self.about;
        let mut help = format!("Known false positives: {}", about.falsepositives.join("; "));
        if let Some(playbook) = &about.playbook {
            help.push_str("\n\n");
            help.push_str(playbook);
        }
        json!({
            "id": self.id,
            "name": self.name,
            "shortDescription": {"text": self.title},
            "fullDescription": {"text": about.description},
            "helpUri": about.references.first(),
            "help": {"text": help},
            "defaultConfiguration": {"level": level(self.level)},
            "properties": {
                "tags": about.tags,
                "precision": self.confidence.name(),
                "security-severity": severity(self.level),
            },
        })
    }
}

/// A path as the relative reference that SARIF has for a file.
pub(crate) fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '\\' => uri.push('/'),
            ' ' => uri.push_str("%20"),
            '%' => uri.push_str("%25"),
            '#' => uri.push_str("%23"),
            '?' => uri.push_str("%3F"),
            c => uri.push(c),
        }
    }
    uri
}

/// A level in SARIF's words.
pub(crate) fn level(level: Level) -> &'static str {
    match level {
        Level::High | Level::Critical => "error",
        Level::Medium => "warning",
        Level::Low | Level::Informational => "note",
    }
}

/// A level as the number that GitHub's code scanning makes its own levels of
/// (<https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>).
fn severity(level: Level) -> &'static str {
    match level {
        Level::Critical => "9.5",
        Level::High => "8.0",
        Level::Medium => "5.5",
        Level::Low => "2.5",
        Level::Informational => "0.0",
    }
}

/// A SARIF 2.1.0 log of one run (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).
pub(crate) fn log(rules: Vec<Value>, results: Vec<Value>) -> Value {
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "mynah", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "results": results,
        }],
    })
}
