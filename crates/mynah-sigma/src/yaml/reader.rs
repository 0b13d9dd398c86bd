use super::{Entry, Node, Scalar, Shape, YamlDocument};
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, StrInput, StructureStyle, Tag};
use mynah_syntax::{Diagnostic, MAX_DEPTH, Span, Spanned};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// How many nodes aliases (`*a`) may repeat in one file. Each can stand for many, which can hold aliases again.
const MOST_REPEATED: usize = 100_000;

/// Reads a stream of documents, and says what is wrong with each. A document with an error in its syntax ends there;
/// the next one is read again. Documents that hold nothing are left out.
pub fn read(text: &str) -> (Vec<YamlDocument>, Vec<Diagnostic>) {
    let (documents, diagnostics, tab) = read_once(text);
    let Some(at) = tab else { return (documents, diagnostics) };
    // With a blank for each tab, the rest is read as it was most likely meant.
    let message = "YAML does not allow tabs in the indentation";
    let said = Diagnostic::error("sigma/yaml", message, Span::new(at, at + 1)).with_help("indent with blanks");
    let (again, more, _) = read_once(&without_tabs(text));
    match more.iter().any(|diagnostic| diagnostic.code == "sigma/yaml") {
        false => (again, std::iter::once(said).chain(more).collect()),
        true => (documents, diagnostics),
    }
}

/// The text with a blank for each tab of the indentation, so that all places stay.
fn without_tabs(text: &str) -> String {
    let line = |line: &str| {
        let rest = line.trim_start_matches([' ', '\t']);
        " ".repeat(line.len() - rest.len()) + rest
    };
    text.split_inclusive('\n').map(line).collect()
}

/// What the parser found, said as a person would say it who knows rules.
fn in_plain_words(info: String) -> Diagnostic {
    let (message, help) = match info.as_str() {
        info if info.contains("tabs disallowed") => {
            ("YAML does not allow tabs in the indentation".to_owned(), "indent with blanks")
        }
        "mapping values are not allowed in this context" => (
            "a colon with a blank behind it begins a value, and here there can be none".to_owned(),
            "put the text in single quotes",
        ),
        info if info.contains("quoted scalar") => {
            (format!("a text in quotes goes wrong here: {info}"), "look for a quotation mark that is never closed")
        }
        info => return Diagnostic::error("sigma/yaml", info, Span::at(0)),
    };
    Diagnostic::error("sigma/yaml", message, Span::at(0)).with_help(help)
}

/// The documents, what is wrong with them, and the first tab in an indentation that the parser did not get past.
fn read_once(text: &str) -> (Vec<YamlDocument>, Vec<Diagnostic>, Option<usize>) {
    let mut tab = None;
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut reader =
        Reader { text, open: Vec::new(), root: None, anchors: HashMap::new(), repeated: 0, diagnostics: Vec::new() };
    let mut documents = Vec::new();
    while let Some(next) = parser.next_event() {
        match next {
            Ok((Event::DocumentEnd, _)) => documents.extend(reader.document(true)),
            Ok((event, span)) => reader.event(event, span),
            Err(error) => {
                let at = text.floor_char_boundary(error.marker().byte_offset().unwrap_or(text.len()));
                let said = match error.kind() {
                    ErrorKind::RecursionLimitExceeded => {
                        let message = format!("nested more than {MAX_DEPTH} levels deep");
                        Diagnostic::error("syntax/too-deep", message, Span::at(at))
                    }
                    _ => in_plain_words(error.info()),
                };
                let before = text.get(..at).unwrap_or("");
                let line = before.rfind('\n').map_or(0, |end| end + 1);
                let indentation = text.get(line..).unwrap_or("").split(|c| c != ' ' && c != '\t').next().unwrap_or("");
                if error.info().contains("tab") {
                    tab = tab.or(indentation.find('\t').map(|column| line + column));
                }
                reader.diagnostics.push(Diagnostic { span: Span::at(at), ..said });
                documents.extend(reader.document(false));
                if !resumes(&mut parser) {
                    break;
                }
            }
        }
    }
    documents.retain(|document: &YamlDocument| !document.root.is_null());
    (documents, reader.diagnostics, tab)
}

/// Goes on with the next document after an error.
fn resumes<'t>(parser: &mut Parser<'t, StrInput<'t>>) -> bool {
    parser.proceed_next_document().unwrap_or(false)
}

/// The nodes of a document that are not complete yet.
struct Reader<'t> {
    text: &'t str,
    open: Vec<Open>,
    root: Option<Node>,
    /// What aliases can stand for.
    anchors: HashMap<usize, Node>,
    repeated: usize,
    diagnostics: Vec<Diagnostic>,
}

/// A list or mapping that goes on.
struct Open {
    anchor: usize,
    is_flow: bool,
    node: Node,
    /// A mapping's key that waits for its value.
    key: Option<Spanned<String>>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, at: granit_parser::Span) {
        let span = at.byte_range().map_or(Span::at(self.text.len()), Span::from);
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                // Blocks of text end with their last character, not with what separates them from the next key.
                let span = Span::new(span.start, span.start + span.of(self.text).trim_end().len());
                let is_plain = style == ScalarStyle::Plain;
                let value = if is_plain && span.start == span.end { "" } else { &*value };
                let scalar = self.typed(value, is_plain, tag.as_deref(), span);
                self.add(Node { span, shape: Shape::Scalar(scalar) }, anchor);
            }
            Event::SequenceStart(style, anchor, tag) => self.start(Shape::List(Vec::new()), style, anchor, tag, span),
            Event::MappingStart(style, anchor, tag) => self.start(Shape::Map(Vec::new()), style, anchor, tag, span),
            Event::SequenceEnd | Event::MappingEnd => self.close(span.end, true),
            Event::Alias(id) => self.alias(id, span),
            Event::UnresolvedAlias(name) => {
                let message = format!("there is no anchor `&{name}` before this");
                self.diagnostics.push(Diagnostic::error("sigma/yaml", message, span));
                self.add(Node { span, shape: Shape::Scalar(Scalar::Null) }, 0);
            }
            _ => {}
        }
    }

    fn start(&mut self, shape: Shape, style: StructureStyle, anchor: usize, tag: Option<Cow<'_, Tag>>, span: Span) {
        if tag.is_some_and(|tag| !tag.is_yaml_core_schema()) {
            self.refuse_tag(span);
        }
        let is_flow = style == StructureStyle::Flow;
        self.open.push(Open { anchor, is_flow, node: Node { span, shape }, key: None });
    }

    /// Completes the innermost list or mapping. `end` is where its bracket stands, if it has one.
    fn close(&mut self, end: usize, complete: bool) {
        let Some(mut open) = self.open.pop() else { return };
        if open.is_flow {
            open.node.span.end = end.max(open.node.span.end);
        }
        // Where the document was cut off, so may the value be.
        if let Some(key) = open.key.take().filter(|_| complete) {
            push(
                &mut open.node,
                Some(key.clone()),
                Node { span: Span::at(key.span.end), shape: Shape::Scalar(Scalar::Null) },
            );
        }
        self.refuse_twins(&mut open.node);
        self.add(open.node, open.anchor);
    }

    /// Puts a complete node where it belongs.
    fn add(&mut self, node: Node, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        let is_key = matches!(open.node.shape, Shape::Map(_)) && open.key.is_none();
        if !is_key {
            push(&mut open.node, open.key.take(), node);
            return;
        }
        let name = match &node.shape {
            Shape::Scalar(Scalar::Null) => String::new(),
            Shape::Scalar(scalar) => scalar.to_string(),
            _ => {
                self.diagnostics.push(Diagnostic::error("sigma/yaml", "a key must be a text", node.span));
                String::new()
            }
        };
        open.key = Some(Spanned::new(name, node.span));
    }

    fn alias(&mut self, id: usize, span: Span) {
        // An alias within what it stands for has no end.
        let Some(meant) = self.anchors.get(&id) else {
            self.diagnostics.push(Diagnostic::error("sigma/yaml", "an alias within its own anchor", span));
            return self.add(Node { span, shape: Shape::Scalar(Scalar::Null) }, 0);
        };
        let (count, depth) = meant.measure();
        self.repeated += count;
        let refused = if self.repeated > MOST_REPEATED {
            Some(("sigma/yaml", format!("aliases repeat more than {MOST_REPEATED} values")))
        } else if self.open.len() + depth > MAX_DEPTH {
            Some(("syntax/too-deep", format!("nested more than {MAX_DEPTH} levels deep")))
        } else {
            None
        };
        let shape = match refused {
            None => meant.shape.clone(),
            Some((code, message)) => {
                // Once is enough.
                if self.diagnostics.last().is_none_or(|last| last.message != message) {
                    self.diagnostics.push(Diagnostic::error(code, message, span));
                }
                Shape::Scalar(Scalar::Null)
            }
        };
        self.add(Node { span, shape }, 0);
    }

    /// The value of a scalar, by its tag or by how it is written.
    fn typed(&mut self, value: &str, is_plain: bool, tag: Option<&Tag>, span: Span) -> Scalar {
        match tag.map(|tag| (tag.is_yaml_core_schema(), tag.suffix())) {
            None if is_plain => Scalar::plain(value),
            None | Some((true, "str")) => Scalar::Text(value.to_owned()),
            Some((true, _)) => Scalar::plain(value),
            Some((false, "")) => Scalar::Text(value.to_owned()),
            Some((false, _)) => {
                self.refuse_tag(span);
                Scalar::Text(value.to_owned())
            }
        }
    }

    fn refuse_tag(&mut self, span: Span) {
        let message = "tags (`!name`) have no meaning in Sigma rules";
        self.diagnostics.push(Diagnostic::error("sigma/yaml", message, span));
    }

    /// Says which keys of a mapping stand twice, and leaves out the second.
    fn refuse_twins(&mut self, node: &mut Node) {
        let Shape::Map(entries) = &mut node.shape else { return };
        let mut seen = HashSet::new();
        entries.retain(|entry| {
            let is_new = seen.insert(entry.key.node.clone());
            if !is_new {
                let message = format!("the key `{}` stands twice", entry.key.node);
                self.diagnostics.push(Diagnostic::error("sigma/yaml", message, entry.key.span));
            }
            is_new
        });
    }

    /// What was read of a document.
    fn document(&mut self, complete: bool) -> Option<YamlDocument> {
        while !self.open.is_empty() {
            self.close(0, complete);
        }
        self.anchors.clear();
        self.root.take().map(|root| YamlDocument { root, complete })
    }
}

/// Puts a node into a list or mapping, which then reaches to its end.
fn push(into: &mut Node, key: Option<Spanned<String>>, value: Node) {
    into.span.end = into.span.end.max(value.span.end).max(key.as_ref().map_or(0, |key| key.span.end));
    match (&mut into.shape, key) {
        (Shape::List(items), _) => items.push(value),
        (Shape::Map(entries), Some(key)) => entries.push(Entry { key, value }),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_have_places() {
        let text = "title: A rule # remark\ntags:\n- one\n- two\nflow: {a: ['b', \"c\"]}\nlong: |\n    key: no key\n\nlast: x\n";
        let (documents, diagnostics) = read(text);
        assert_eq!(diagnostics, []);
        let root = &documents[0].root;
        let value = |key: &str| &root.get(key).unwrap().value;
        assert_eq!(value("title").span.of(text), "A rule");
        assert_eq!(value("tags").span.of(text), "one\n- two");
        assert_eq!(value("tags").items()[1].span.of(text), "two");
        assert_eq!(value("flow").span.of(text), "{a: ['b', \"c\"]}");
        assert_eq!(value("flow").get("a").unwrap().value.items()[0].span.of(text), "'b'");
        assert_eq!(value("long").span.of(text), "key: no key");
        assert_eq!(root.get("last").unwrap().key.span.of(text), "last");
    }

    #[test]
    fn an_error_ends_its_document_only() {
        let (documents, diagnostics) = read("a: [1\n---\n# nothing\n---\nb: *c\nb: 2\nd: !e f\n");
        assert_eq!(documents.len(), 2);
        assert!(!documents[0].complete && documents[1].complete);
        let codes: Vec<usize> = diagnostics.iter().map(|diagnostic| diagnostic.span.start).collect();
        assert_eq!(codes.len(), 4, "{diagnostics:?}");
    }

    #[test]
    fn aliases_have_a_bound() {
        let mut bomb = "a0: &a0 [x, x]\n".to_owned();
        for level in 1..40 {
            bomb += &format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1);
        }
        let (_, diagnostics) = read(&bomb);
        assert!(diagnostics[0].message.contains("repeat"), "{diagnostics:?}");
        let mut deep = "a0: &a0 [x]\n".to_owned();
        for level in 1..400 {
            deep += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
        }
        assert!(read(&deep).1.iter().any(|diagnostic| diagnostic.code == "syntax/too-deep"));
        assert!(read("a: &a [*a]").1[0].message.contains("own anchor"));
    }
}
