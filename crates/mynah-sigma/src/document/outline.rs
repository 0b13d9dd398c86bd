//! Where the keys of a YAML document stand.
//!
//! `rsigma-parser` gives values without places. This reads no values, only block style's keys and list items
//! by their indentation; what is written otherwise (in braces, through anchors) has the place of what is around it.
use mynah_syntax::{MAX_DEPTH, Span};

/// The keys and list items of a document, as a tree.
pub(crate) struct Outline {
    nodes: Vec<Node>,
}

struct Node {
    /// The key without quotes; none for a list item.
    name: Option<String>,
    /// The key, or the item's dash.
    key: Span,
    /// From the value's first byte to its last, those of its children included.
    value: Span,
    indent: isize,
    depth: usize,
    parent: usize,
    children: Vec<usize>,
}

/// A key or list item of a document; or, where that was not found, the nearest one around it.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    outline: &'a Outline,
    node: usize,
    found: bool,
}

impl<'a> Place<'a> {
    /// The value of a key.
    pub fn key(self, name: &str) -> Place<'a> {
        self.child(|node| node.name.as_deref() == Some(name))
    }

    /// The n-th key or item of a map or list.
    pub fn nth(self, index: usize) -> Place<'a> {
        let child = self.found.then(|| self.node().and_then(|node| node.children.get(index))).flatten();
        Place { node: child.copied().unwrap_or(self.node), found: child.is_some(), ..self }
    }

    fn child(self, is: impl Fn(&Node) -> bool) -> Place<'a> {
        let child = self.children().find(|child| child.node().is_some_and(&is));
        child.unwrap_or(Place { found: false, ..self })
    }

    /// The keys or items, in the order of the text.
    pub fn children(self) -> impl Iterator<Item = Place<'a>> {
        let children = self.node().filter(|_| self.found).map_or(&[][..], |node| node.children.as_slice());
        children.iter().map(move |node| Place { node: *node, found: true, ..self })
    }

    /// Whether it was found.
    pub fn exists(self) -> bool {
        self.found
    }

    /// The key's name.
    pub fn name(self) -> Option<&'a str> {
        self.node()?.name.as_deref()
    }

    /// Where the key stands; where a list item has no key, the item.
    pub fn span(self) -> Span {
        match self.node() {
            Some(node) if node.name.is_some() => node.key,
            Some(node) if !node.value.of_nothing() => node.value,
            Some(node) => node.key,
            None => Span::at(0),
        }
    }

    /// Where the value stands; the key where there is none.
    pub fn value(self) -> Span {
        match self.node() {
            Some(node) if !node.value.of_nothing() => node.value,
            _ => self.span(),
        }
    }

    /// The value as written, without quotes around it; empty where the key was not found.
    pub fn text(self, text: &'a str) -> &'a str {
        if !self.found {
            return "";
        }
        let Some(node) = self.node() else { return "" };
        let value = node.value.of(text).trim();
        let quoted = |quote: char| value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote));
        quoted('\'').or_else(|| quoted('"')).unwrap_or(value)
    }

    fn node(self) -> Option<&'a Node> {
        self.outline.nodes.get(self.node)
    }
}

trait Nothing {
    fn of_nothing(&self) -> bool;
}

impl Nothing for Span {
    fn of_nothing(&self) -> bool {
        self.start >= self.end
    }
}

/// A scalar that goes on over lines.
enum Open {
    /// `|` or `>`: whatever is indented deeper.
    Block { indent: isize },
    /// Until its quote is closed.
    Quoted(char),
    /// Until its brackets are closed.
    Flow(usize),
}

impl Outline {
    /// Reads the part of a text that is one document.
    pub fn read(text: &str, part: Span) -> Outline {
        let root = Node {
            name: None,
            key: Span::at(part.start),
            value: part,
            indent: -1,
            depth: 0,
            parent: 0,
            children: Vec::new(),
        };
        let mut outline = Outline { nodes: vec![root] };
        let mut last = 0;
        let mut open: Option<Open> = None;
        let mut at = part.start;
        for line in part.of(text).split_inclusive('\n') {
            let start = at;
            at += line.len();
            let body = line.trim_end();
            let indent = body.len() - body.trim_start().len();
            let end = start + body.len();
            match open.take() {
                Some(Open::Block { indent: of }) if body.is_empty() || indent as isize > of => {
                    outline.extend(last, start + indent, end);
                    open = Some(Open::Block { indent: of });
                    continue;
                }
                Some(Open::Quoted(quote)) => {
                    outline.extend(last, start + indent, end);
                    open = (!closes(body, quote)).then_some(Open::Quoted(quote));
                    continue;
                }
                Some(Open::Flow(depth)) => {
                    outline.extend(last, start + indent, end);
                    open = flow(body, depth).map(Open::Flow);
                    continue;
                }
                _ => {}
            }
            if body.is_empty() || body.trim_start().starts_with('#') {
                continue;
            }
            let (mut column, mut rest) = (indent, body.trim_start());
            let mut began = false;
            // Dashes of list items, several in a row for lists of lists.
            while rest == "-" || rest.starts_with("- ") {
                let key = Span::new(start + column, start + column + 1);
                last = outline.push(None, key, column as isize, last);
                let after = rest.get(1..).unwrap_or("");
                let next = after.trim_start();
                column += 1 + (after.len() - next.len());
                rest = next;
                began = true;
            }
            if let Some((name, key_length, value)) = key_of(rest) {
                let key = Span::new(start + column, start + column + key_length);
                last = outline.push(Some(name), key, column as isize, last);
                column = body.len() - value.len();
                rest = value;
                began = true;
            }
            if rest.is_empty() {
                continue;
            }
            if !began {
                // A plain scalar goes on.
                outline.extend(last, start + indent, end);
                continue;
            }
            let value = uncommented(rest);
            outline.extend(last, start + column, start + column + value.len());
            let indent = outline.nodes.get(last).map_or(0, |node| node.indent);
            open = match value.chars().next() {
                Some('|' | '>') => Some(Open::Block { indent }),
                Some(quote @ ('"' | '\'')) => {
                    (!closes(value.get(1..).unwrap_or(""), quote)).then_some(Open::Quoted(quote))
                }
                Some('{' | '[') => flow(value, 0).map(Open::Flow),
                _ => None,
            };
        }
        outline
    }

    /// The document itself, whose keys are its first level.
    pub fn root(&self) -> Place<'_> {
        Place { outline: self, node: 0, found: true }
    }

    /// The scalars of the document, as they are written.
    pub fn scalars(&self) -> impl Iterator<Item = Span> {
        let whole = self.nodes.len() == 1;
        self.nodes
            .iter()
            .enumerate()
            .filter(move |(index, node)| node.children.is_empty() && (*index > 0 || whole))
            .map(|(_, node)| node.value)
    }

    fn push(&mut self, name: Option<String>, key: Span, indent: isize, last: usize) -> usize {
        let is_item = name.is_none();
        let mut parent = last;
        while let Some(node) = self.nodes.get(parent).filter(|_| parent != 0) {
            // The items of a list may stand as far left as the key whose value the list is.
            let holds = node.indent < indent || (is_item && node.indent == indent && node.name.is_some());
            if holds {
                break;
            }
            parent = node.parent;
        }
        let depth = self.nodes.get(parent).map_or(0, |node| node.depth + 1);
        if depth > MAX_DEPTH {
            // Nothing that deep has a meaning: it is part of what is around it.
            self.cover(last, key.start, key.end);
            return last;
        }
        let index = self.nodes.len();
        self.nodes.push(Node { name, key, value: Span::at(key.end), indent, depth, parent, children: Vec::new() });
        if let Some(node) = self.nodes.get_mut(parent) {
            node.children.push(index);
        }
        self.cover(parent, key.start, key.end);
        index
    }

    /// Makes text part of a node's value.
    fn extend(&mut self, node: usize, start: usize, end: usize) {
        if node != 0 {
            self.cover(node, start, end);
        }
    }

    /// The same for the nodes around it.
    fn cover(&mut self, mut index: usize, start: usize, end: usize) {
        while index != 0
            && let Some(node) = self.nodes.get_mut(index)
        {
            node.value =
                if node.value.of_nothing() { Span::new(start, end) } else { node.value.to(Span::new(start, end)) };
            index = node.parent;
        }
    }
}

/// The key that a line begins with: its name, its length as written, and what follows its colon.
fn key_of(line: &str) -> Option<(String, usize, &str)> {
    let (name, length) = match line.chars().next()? {
        quote @ ('"' | '\'') => {
            let inner = line.get(1..)?;
            let end = inner.find(quote)?;
            (inner.get(..end)?.to_owned(), end + 2)
        }
        '{' | '[' | '#' | '&' | '*' | '!' | '|' | '>' | '%' | '@' | '`' => return None,
        _ => {
            let colon = line
                .match_indices(':')
                .map(|(at, _)| at)
                .find(|at| line.get(at + 1..).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t'])))?;
            let key = line.get(..colon)?;
            if key.contains(" #") {
                return None;
            }
            (key.trim_end().to_owned(), key.trim_end().len())
        }
    };
    let rest = line.get(length..)?.trim_start().strip_prefix(':')?;
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| (name, length, rest.trim_start()))
}

/// A value on one line without the comment behind it.
fn uncommented(value: &str) -> &str {
    let quoted = |quote: char| {
        let inner = value.get(1..)?;
        close(inner, quote).and_then(|end| value.get(..end + 2))
    };
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => quoted(quote).unwrap_or(value),
        _ => value.find(" #").and_then(|at| value.get(..at)).unwrap_or(value).trim_end(),
    }
}

/// Where the quote that closes a scalar stands in what follows its first quote.
fn close(text: &str, quote: char) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if c == '\\' && quote == '"' {
            characters.next();
        } else if c == quote {
            // Two single quotes are one that is part of the text.
            if quote == '\'' && characters.next_if(|(_, next)| *next == '\'').is_some() {
                continue;
            }
            return Some(at);
        }
    }
    None
}

fn closes(text: &str, quote: char) -> bool {
    close(text, quote).is_some()
}

/// How many brackets are open after a line; none where all are closed.
fn flow(line: &str, mut depth: usize) -> Option<usize> {
    let mut quote: Option<char> = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    (depth > 0).then_some(depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
title: A rule # remark
description: |
    key: no key
tags:
- one
- two
detection:
    selection:
        - 'Image|endswith':
              - 'a: b'
              - \"c\"
          User: x
        - Other: y
    keywords: ['a',
      'b']
    condition: selection
";

    fn outline() -> Outline {
        Outline::read(TEXT, Span::new(0, TEXT.len()))
    }

    #[test]
    fn keys_have_places() {
        let outline = outline();
        let root = outline.root();
        assert_eq!(root.key("title").value().of(TEXT), "A rule");
        assert!(!root.key("key").exists());
        assert_eq!(root.key("tags").nth(1).value().of(TEXT), "two");
        let selection = root.key("detection").key("selection");
        assert_eq!(selection.span().of(TEXT), "selection");
        let first = selection.nth(0).key("Image|endswith");
        assert_eq!(first.span().of(TEXT), "'Image|endswith'");
        assert_eq!(first.nth(0).text(TEXT), "a: b");
        assert_eq!(first.nth(1).span().of(TEXT), "\"c\"");
        assert_eq!(selection.nth(0).nth(1).name(), Some("User"));
        assert_eq!(selection.nth(1).key("Other").text(TEXT), "y");
        assert_eq!(root.key("detection").key("condition").text(TEXT), "selection");
        assert_eq!(root.key("detection").children().count(), 3);
    }

    #[test]
    fn what_is_not_found_has_the_place_around_it() {
        let outline = outline();
        let missing = outline.root().key("detection").key("filter").key("Image").nth(3);
        assert!(!missing.exists());
        assert_eq!(missing.span().of(TEXT), "detection");
    }
}
