//! Documents of YAML to rules, correlations and filters. Whatever can be read is, so that all errors are found at once.
mod condition;
mod correlation;
mod detection;

use crate::ast::{Body, Document, Filter, LogSource, Rule};
use crate::yaml::{self, Entry, Node, Scalar, Shape, YamlDocument};
use mynah_syntax::{Diagnostic, Severity, Span, Spanned, nearest};

/// How many values of `action: global` may become part of other documents in one file.
const MOST_SHARED: usize = 1_000_000;

const STATUSES: [&str; 5] = ["stable", "test", "experimental", "deprecated", "unsupported"];
const LEVELS: [&str; 5] = ["informational", "low", "medium", "high", "critical"];
const RELATIONS: [&str; 6] = ["derived", "obsolete", "merged", "renamed", "similar", "correlation"];

/// Reads a file, and says what is wrong with its documents.
pub fn parse(text: &str) -> (Vec<Document>, Vec<Diagnostic>) {
    let (documents, diagnostics) = yaml::read(text);
    let mut parser = Parser { text, complete: true, diagnostics };
    let documents = parser.documents(documents);
    if documents.is_empty() && parser.diagnostics.is_empty() {
        parser.error("sigma/syntax", "there is no rule in this file", Span::at(0));
    }
    (documents, parser.diagnostics)
}

/// What reading one document after the other knows.
struct Parser<'t> {
    text: &'t str,
    /// Whether the document is there to its end: else what is missing may have been cut off.
    complete: bool,
    diagnostics: Vec<Diagnostic>,
}

impl Parser<'_> {
    /// The documents, with those of `action: global` and `action: repeat` put into the others.
    fn documents(&mut self, documents: Vec<YamlDocument>) -> Vec<Document> {
        let mut global: Option<Node> = None;
        let mut previous: Option<Node> = None;
        let mut shared = 0;
        let mut read = Vec::new();
        for YamlDocument { mut root, complete } in documents {
            self.complete = complete;
            let Shape::Map(entries) = &mut root.shape else {
                let message = "a document must be a map of keys such as `title` and `detection`";
                let diagnostic = Diagnostic::error("sigma/syntax", message, root.span);
                let is_query = root.text().is_some_and(|text| text.contains(['|', '=', '(']));
                self.diagnostics.push(match is_query {
                    true => diagnostic.with_help("this looks like a query of another language, not like a rule"),
                    false => diagnostic,
                });
                continue;
            };
            let action = entries.iter().position(|entry| entry.key.node == "action").map(|at| entries.remove(at).value);
            match action.as_ref().map(|action| action.text().unwrap_or("")) {
                None => {}
                Some("reset") => {
                    global = None;
                    if let (Some(first), Some(action)) = (root.entries().first(), &action) {
                        let message = "this document has an action alone: what else is in it is left out";
                        let diagnostic = Diagnostic::warning("sigma/reset-with-rule", message, action.span);
                        self.diagnostics.push(
                            diagnostic
                                .with_label(first.key.span, "left out")
                                .with_help("put the rule behind `---` into a document of its own"),
                        );
                    }
                    continue;
                }
                // One after another add up.
                Some("global") => {
                    match &mut global {
                        Some(common) => common.merge(root),
                        None => global = Some(root),
                    }
                    continue;
                }
                Some("repeat") if let Some(mut before) = previous.take() => {
                    before.merge(root);
                    root = before;
                }
                Some(action_text) => {
                    let span = action.as_ref().map_or(root.span, |action| action.span);
                    let message = match action_text {
                        "repeat" => "there is no document before this that could be repeated".to_owned(),
                        other => format!("there is no action `{other}`: `global`, `reset` and `repeat` are some"),
                    };
                    self.error("sigma/syntax", message, span);
                    continue;
                }
            }
            if let Some(common) = &global {
                shared += common.measure().0;
                if shared > MOST_SHARED {
                    let message =
                        format!("`action: global` adds more than {MOST_SHARED} values to the documents of this file");
                    self.error("sigma/syntax", message, root.span);
                    break;
                }
                let mut merged = common.clone();
                merged.merge(root);
                root = merged;
            }
            read.push(self.document(&root));
            previous = Some(root);
        }
        read
    }

    fn document(&mut self, root: &Node) -> Document {
        let first = root.entries().first().map_or(root.span, |entry| entry.key.span);
        let of_correlation = root.get("correlation");
        let of_filter = root.get("filter");
        let keys: &[&str] = match (of_correlation, of_filter) {
            (Some(_), _) => &["title"],
            (_, Some(_)) => &["title", "logsource"],
            _ => &["title", "logsource", "detection"],
        };
        self.require(root, keys, "", first);
        self.metadata(root);
        let arrays = root.get("sigma-version").is_some_and(|entry| self.version(&entry.value) >= 3);
        let log_source = root.get("logsource").map(|entry| self.log_source(entry));
        let body = if let Some(entry) = of_correlation {
            self.correlation(entry, root).map(Body::Correlation)
        } else if let Some(entry) = of_filter {
            let rules = entry.value.get("rules").map(|rules| self.strings(&rules.value)).unwrap_or_default();
            let is_any = rules.is_empty() || matches!(&rules[..], [only] if only.node.eq_ignore_ascii_case("any"));
            self.detections(entry, &["condition", "timeframe", "rules"], arrays)
                .map(|detections| Body::Filter(Filter { rules: (!is_any).then_some(rules), log_source, detections }))
        } else {
            let detections =
                root.get("detection").and_then(|entry| self.detections(entry, &["condition", "timeframe"], arrays));
            let log_source =
                log_source.unwrap_or(LogSource { span: first, category: None, product: None, service: None });
            detections.map(|detections| Body::Rule(Rule { log_source, detections }))
        };
        Document {
            span: root.span,
            title: self.string(root, "title").unwrap_or(Spanned::new(String::new(), first)),
            id: self.string(root, "id"),
            name: self.string(root, "name"),
            taxonomy: self.string(root, "taxonomy"),
            dates: ["date", "modified"].into_iter().filter_map(|key| self.string(root, key)).collect(),
            fields: root.get("fields").map(|fields| self.strings(&fields.value)).unwrap_or_default(),
            body: body.unwrap_or(Body::Unread),
        }
    }

    /// `status`, `level` and `related`, which matter to other tools only.
    fn metadata(&mut self, root: &Node) {
        for (key, known) in [("status", STATUSES), ("level", LEVELS)] {
            if let Some(written) = self.string(root, key) {
                self.one_of(&written, key, &known);
            }
        }
        for item in
            root.get("related").map_or(&[][..], |entry| entry.value.items()).iter().filter(|item| !item.is_null())
        {
            for key in ["id", "type"] {
                match self.string(item, key) {
                    Some(written) if key == "type" => self.one_of(&written, key, &RELATIONS),
                    None if self.complete => {
                        let message = format!("a related rule without `{key}`");
                        self.diagnostics.push(Diagnostic::warning("sigma/metadata", message, item.span));
                    }
                    _ => {}
                }
            }
        }
    }

    fn one_of(&mut self, written: &Spanned<String>, key: &str, known: &[&str]) {
        if !known.contains(&&*written.node) {
            let message = format!("there is no {key} `{}`", written.node);
            let diagnostic = Diagnostic::warning("sigma/metadata", message, written.span);
            self.diagnostics.push(match nearest(&written.node, known.iter().copied()) {
                Some(meant) => diagnostic.with_help(format!("did you mean `{meant}`?")),
                None => diagnostic.with_help(format!("there are {}", known.join(", "))),
            });
        }
    }

    /// The specification's version that a rule is written for: `3`, `2.1.0`, `v3`. Without one it is 2.
    fn version(&mut self, node: &Node) -> u32 {
        let written = node.scalar().map(Scalar::to_string).unwrap_or_default();
        let major = written.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
        major.unwrap_or_else(|| {
            let message = "the version of the specification is a number such as 3";
            self.diagnostics.push(Diagnostic::warning("sigma/metadata", message, node.span));
            2
        })
    }

    fn log_source(&mut self, entry: &Entry) -> LogSource {
        if !matches!(entry.value.shape, Shape::Map(_)) {
            let message = "`logsource` must be a map of `category`, `product` and `service`";
            self.error("sigma/syntax", message, entry.value.span);
        }
        LogSource {
            span: entry.key.span,
            category: self.string(&entry.value, "category"),
            product: self.string(&entry.value, "product"),
            service: self.string(&entry.value, "service"),
        }
    }

    /// Says which keys a map lacks. `of` is its name, unless it is the document.
    fn require(&mut self, map: &Node, keys: &[&str], of: &str, span: Span) {
        if !self.complete || !matches!(map.shape, Shape::Map(_)) {
            return;
        }
        for key in keys.iter().filter(|key| map.get(key).is_none()) {
            let of = if of.is_empty() { String::new() } else { format!(" in `{of}`") };
            let diagnostic = Diagnostic::error("sigma/missing-key", format!("there is no `{key}`{of}"), span);
            let names = map.entries().iter().map(|entry| entry.key.node.as_str());
            self.diagnostics.push(match nearest(key, names).filter(|name| !keys.contains(name)) {
                Some(written) => diagnostic.with_help(format!("is `{written}` meant to be it?")),
                None => diagnostic,
            });
        }
    }

    /// The text of a key; none where it is null or not there.
    fn string(&mut self, map: &Node, key: &str) -> Option<Spanned<String>> {
        let value = &map.get(key)?.value;
        let text = self.strings(value);
        if text.len() > 1 {
            self.error("sigma/syntax", format!("`{key}` must be one text"), value.span);
        }
        text.into_iter().next()
    }

    /// A text or a list of texts.
    fn strings(&mut self, node: &Node) -> Vec<Spanned<String>> {
        let mut texts = Vec::new();
        for item in node.items() {
            match item.scalar() {
                Some(Scalar::Null) => {}
                Some(scalar) => texts.push(Spanned::new(scalar.to_string(), item.span)),
                None => self.error("sigma/syntax", "this must be a text", item.span),
            }
        }
        texts
    }

    fn error(&mut self, code: &'static str, message: impl Into<String>, span: Span) {
        let is_said = |said: &Diagnostic| said.severity == Severity::Error && said.span == span && said.code == code;
        // The same key can be looked at for two reasons.
        if !self.diagnostics.iter().rev().take(8).any(is_said) {
            self.diagnostics.push(Diagnostic::error(code, message, span));
        }
    }
}
