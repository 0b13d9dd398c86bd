//! Sigma's rules, correlations and filters, which belong together whatever files they are in.
//!
//! Its keys: <https://github.com/SigmaHQ/sigma-specification/tree/main/specification>.
use super::rule::{Rule, manifest};
use super::security_content::text_of;
use super::{Loaded, NotLoaded};
use mynah_detection::{Confidence, Level, Manifest, Status};
use mynah_event::Dialect;
use mynah_sigma::yaml;
use mynah_syntax::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use yaml_serde::Value;

/// One document of a file.
#[derive(Debug)]
pub(super) struct Document {
    file: PathBuf,
    /// The line, from 1, on which it begins.
    line: usize,
    text: String,
    keys: Value,
}

impl Document {
    fn get(&self, key: &str) -> Option<String> {
        self.keys.get(key).and_then(text_of)
    }

    fn has(&self, key: &str) -> bool {
        self.keys.get(key).is_some()
    }

    fn list(&self, key: &str) -> Vec<String> {
        texts(self.keys.get(key))
    }

    /// The rules that its correlation or its filter names.
    fn named(&self, key: &str) -> Vec<String> {
        texts(self.keys.get(key).and_then(|part| part.get("rules")))
    }

    fn refused(&self, reason: impl Into<String>) -> NotLoaded {
        NotLoaded { line: Some(self.line), title: self.get("title"), ..NotLoaded::new(&self.file, reason) }
    }
}

fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Sequence(values)) => values.iter().filter_map(text_of).collect(),
        Some(value) => text_of(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Whether a text is of Sigma, or would be if it were not broken: one of its keys stands at the beginning of a line.
pub(super) fn may_be(text: &str) -> bool {
    let keys = ["detection:", "logsource:", "correlation:", "filter:", "action:"];
    text.lines().any(|line| keys.iter().any(|key| line.starts_with(key)))
}

/// Reads the documents of a file. YAML of something else has none.
pub(super) fn read(path: &Path, text: String, loaded: &mut Loaded) {
    // Documents that set keys for those behind them are one rule together.
    let is_collection = text.lines().any(|line| line.starts_with("action:"));
    let parts = if is_collection { vec![(1, text.as_str())] } else { documents(&text) };
    for (line, part) in parts {
        let parsed = if is_collection { first_rule(part) } else { yaml_serde::from_str::<Value>(part) };
        let mut keys = match parsed {
            Ok(keys) => keys,
            Err(error) => {
                if part.lines().any(|line| line.starts_with("detection:") || line.starts_with("logsource:")) {
                    loaded.refused.push(NotLoaded::broken_yaml(path, line, &error));
                }
                continue;
            }
        };
        // Of the largest part it is only asked whether it is there: it is read by whoever plans the rule.
        if let Some(detection) = keys.get_mut("detection") {
            *detection = Value::Null;
        }
        if ["detection", "correlation", "filter"].iter().any(|key| keys.get(key).is_some()) {
            loaded.sigma.push(Document { file: path.to_owned(), line, text: part.to_owned(), keys });
        }
    }
}

/// The keys of the first document of a collection, with those of the first rule in it.
fn first_rule(text: &str) -> Result<Value, yaml_serde::Error> {
    let mut all = yaml_serde::Mapping::new();
    for (_, part) in documents(text) {
        if let Value::Mapping(keys) = yaml_serde::from_str::<Value>(part)? {
            for (key, value) in keys {
                all.entry(key).or_insert(value);
            }
        }
    }
    Ok(Value::Mapping(all))
}

/// The documents of a stream, each with its first line.
fn documents(text: &str) -> Vec<(usize, &str)> {
    let separators: Vec<Span> = yaml::separators(text).collect();
    let starts = std::iter::once(0).chain(separators.iter().map(|line| line.end));
    let ends = separators.iter().map(|line| line.start).chain([text.len()]);
    let mut first = 1;
    let parts = starts.zip(ends).map(|(start, end)| {
        let part = text.get(start..end).unwrap_or_default();
        let line = first;
        first += part.matches('\n').count() + 1;
        (line, part)
    });
    parts.filter(|(_, part)| !part.trim().is_empty()).collect()
}

/// Makes rules of the documents: a correlation has the rules that it names with it, and a rule the filters that name it.
pub(super) fn assemble(loaded: &mut Loaded) {
    let documents = std::mem::take(&mut loaded.sigma);
    let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
    for (number, document) in documents.iter().enumerate().filter(|(_, document)| !document.has("filter")) {
        for name in [document.get("id"), document.get("name")].into_iter().flatten() {
            by_name.entry(name).or_insert(number);
        }
    }
    let mut filters: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, document) in documents.iter().enumerate().filter(|(_, document)| document.has("filter")) {
        for name in document.named("filter") {
            match by_name.get(&name) {
                Some(rule) => filters.entry(*rule).or_default().push(number),
                None if name == "any" => {
                    let rules = documents.iter().enumerate().filter(|(_, document)| document.has("detection"));
                    rules.for_each(|(rule, _)| filters.entry(rule).or_default().push(number));
                }
                None => loaded.left_out.push(document.refused(format!("the rule that it filters is not here: {name}"))),
            }
        }
    }
    // A rule that a correlation names alerts for itself only if the correlation says so.
    let mut parts: BTreeSet<usize> = BTreeSet::new();
    for document in documents.iter().filter(|document| document.has("correlation")) {
        let generates = document.keys.get("correlation").and_then(|part| part.get("generate"));
        if generates.and_then(Value::as_bool) != Some(true) {
            parts.extend(document.named("correlation").iter().filter_map(|name| by_name.get(name)));
        }
    }
    for (number, document) in documents.iter().enumerate().filter(|(_, document)| !document.has("filter")) {
        if parts.contains(&number) {
            loaded.left_out.push(document.refused("it is a part of a correlation, and alerts through that only"));
            continue;
        }
        let mut with: BTreeSet<usize> = BTreeSet::new();
        match gather(number, &documents, &by_name, &mut with) {
            Ok(()) => {}
            Err(missing) => {
                let reason = format!("the correlation names a rule that is not here: {missing}");
                loaded.refused.push(document.refused(reason));
                continue;
            }
        }
        let filtered: BTreeSet<usize> = with.iter().filter_map(|rule| filters.get(rule)).flatten().copied().collect();
        let others = with.iter().filter(|other| **other != number).chain(&filtered);
        let others = others.filter_map(|other| documents.get(*other)).map(|other| other.text.as_str());
        let text = std::iter::once(document.text.as_str()).chain(others).collect::<Vec<_>>().join("\n---\n");
        loaded.packages.push(rule(document, text).package(&document.file));
    }
}

/// Adds a document and those that its correlation names; gives the name of one that is missing.
fn gather(
    number: usize,
    documents: &[Document],
    by_name: &BTreeMap<String, usize>,
    with: &mut BTreeSet<usize>,
) -> Result<(), String> {
    let mut open = vec![number];
    while let Some(number) = open.pop() {
        if !with.insert(number) {
            continue;
        }
        for name in documents.get(number).map(|document| document.named("correlation")).unwrap_or_default() {
            open.push(*by_name.get(&name).ok_or(name)?);
        }
    }
    Ok(())
}

fn rule(document: &Document, text: String) -> Rule {
    let status = document.get("status").and_then(|status| Status::from_name(&status)).unwrap_or(Status::Experimental);
    let manifest = Manifest {
        id: document.get("id").unwrap_or_default(),
        status,
        description: document.get("description").unwrap_or_default().trim().to_owned(),
        references: document.list("references"),
        author: document.get("author"),
        date: document.get("date"),
        modified: document.get("modified"),
        license: document.get("license"),
        tags: document.list("tags"),
        level: document.get("level").and_then(|level| Level::from_name(&level)).unwrap_or(Level::Low),
        // The specification says of a status how often its rules are wrong, and has no key of its own for it.
        confidence: match status {
            Status::Stable => Confidence::High,
            Status::Test => Confidence::Medium,
            _ => Confidence::Low,
        },
        falsepositives: document.list("falsepositives"),
        ..manifest(document.get("title").unwrap_or_default())
    };
    Rule { manifest, playbook: None, dialect: Dialect::Sigma, query: text, line: document.line }
}
