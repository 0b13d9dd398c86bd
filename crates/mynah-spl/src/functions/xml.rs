//! XML texts as elements, and `spath`'s paths into them: `a.b` for all elements of a name in another, also `a.b{}`, `a.b{2}` for
//! the second of them, `a.b{@c}` for an attribute.
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::BTreeSet;
use std::ops::Range;

/// An element.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub parent: Option<usize>,
    /// Where the elements behind it begin that are not in it.
    pub end: usize,
    /// Its own text, without that of elements in it.
    text: String,
    /// Where its content stands.
    content: Range<usize>,
    has_elements: bool,
    /// Whether the text closes it.
    pub is_whole: bool,
}

/// The elements of a text in their order, as far as it is XML; it may have several that stand in no other.
#[derive(Debug)]
pub(super) struct Document<'x> {
    xml: &'x str,
    pub elements: Vec<Element>,
    /// Whether a declaration or a document type stands before them.
    pub has_prologue: bool,
}

impl<'x> Document<'x> {
    pub(super) fn parse(xml: &'x str) -> Document<'x> {
        let mut document = Document { xml, elements: Vec::new(), has_prologue: false };
        let mut reader = Reader::from_str(xml);
        let mut open: Vec<usize> = Vec::new();
        loop {
            let before = position(&reader);
            let Ok(event) = reader.read_event() else { break };
            match event {
                Event::Start(start) => {
                    let element = document.enter(&start, open.last().copied(), position(&reader));
                    open.push(element);
                }
                Event::Empty(start) => {
                    let element = document.enter(&start, open.last().copied(), position(&reader));
                    document.leave(element, position(&reader));
                }
                Event::End(_) => {
                    let Some(element) = open.pop() else { break };
                    document.leave(element, before);
                }
                Event::Text(text) => document.add(&open, &text.xml10_content()),
                Event::CData(text) => document.add(&open, &text.xml10_content()),
                Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                    Ok(Some(character)) => document.add(&open, character.encode_utf8(&mut [0; 4])),
                    _ => document.add(&open, resolve_xml_entity(&reference.xml10_content()).unwrap_or("\u{fffd}")),
                },
                Event::Decl(_) | Event::DocType(_) => document.has_prologue = true,
                Event::Eof => break,
                Event::Comment(_) | Event::PI(_) => {}
            }
        }
        // What is never closed is no element.
        let end = document.elements.len();
        for element in open {
            if let Some(element) = document.elements.get_mut(element) {
                (element.end, element.is_whole) = (end, false);
            }
        }
        document
    }

    fn enter(&mut self, start: &BytesStart<'_>, parent: Option<usize>, content: usize) -> usize {
        let attributes = start.attributes().filter_map(Result::ok).filter_map(|attribute| {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
            Some((attribute.key.as_ref().to_owned(), value))
        });
        let element = Element {
            name: start.name().as_ref().to_owned(),
            attributes: attributes.collect(),
            parent,
            content: content..content,
            ..Element::default()
        };
        if let Some(parent) = parent.and_then(|parent| self.elements.get_mut(parent)) {
            parent.has_elements = true;
        }
        self.elements.push(element);
        self.elements.len() - 1
    }

    fn leave(&mut self, element: usize, end_of_content: usize) {
        let end = self.elements.len();
        if let Some(element) = self.elements.get_mut(element) {
            (element.end, element.is_whole) = (end, true);
            element.content.end = end_of_content.max(element.content.start);
        }
    }

    fn add(&mut self, open: &[usize], text: &str) {
        if let Some(element) = open.last().and_then(|element| self.elements.get_mut(*element)) {
            element.text.push_str(text);
        }
    }

    /// The elements that stand directly in another, or in none.
    pub(super) fn children(&self, parent: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        let first = parent.map_or(0, |parent| parent + 1);
        let end = match parent {
            Some(parent) => self.elements.get(parent).map_or(first, |element| element.end),
            None => self.elements.len(),
        };
        let mut next = first;
        std::iter::from_fn(move || {
            let child = next;
            next = self.elements.get(child).filter(|_| child < end)?.end.max(child + 1);
            Some(child)
        })
    }

    /// What an element holds: its text, or where it has elements in it all of that as it is written.
    pub(super) fn value(&self, element: usize) -> String {
        match self.elements.get(element) {
            Some(element) if element.has_elements => {
                self.xml.get(element.content.clone()).unwrap_or("").trim().to_owned()
            }
            Some(element) => element.text.trim().to_owned(),
            None => String::new(),
        }
    }

    /// The names that `spath` gives the texts and attributes of the elements.
    pub(super) fn names(&self) -> BTreeSet<String> {
        let mut paths: Vec<String> = Vec::with_capacity(self.elements.len());
        let mut names = BTreeSet::new();
        for element in &self.elements {
            let path = match element.parent.and_then(|parent| paths.get(parent)) {
                Some(parent) => format!("{parent}.{}", element.name),
                None => element.name.clone(),
            };
            names.extend(element.attributes.iter().map(|(name, _)| format!("{path}{{@{name}}}")));
            if !element.has_elements {
                names.insert(path.clone());
            }
            paths.push(path);
        }
        names
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// A step of a path.
struct Step<'p> {
    name: &'p str,
    /// Which one of its name, from 1; any if not said.
    number: Option<usize>,
    attribute: Option<&'p str>,
}

fn step(part: &str) -> Step<'_> {
    let (name, mut braces) = part.split_at(part.find('{').unwrap_or(part.len()));
    let mut step = Step { name, number: None, attribute: None };
    while let Some((inner, rest)) = braces.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        match inner.strip_prefix('@') {
            Some(attribute) => step.attribute = Some(attribute),
            None => step.number = inner.parse().ok().or(step.number),
        }
        braces = rest;
    }
    step
}

/// All values at a path of an XML text, the outermost element's name first; nothing where the text is none, as far as it is read.
pub(super) fn select(xml: &str, path: &str) -> Vec<String> {
    let document = Document::parse(xml);
    let steps: Vec<Step<'_>> = path.split('.').map(step).collect();
    let mut at: Vec<Option<usize>> = vec![None];
    for step in &steps {
        let mut found = Vec::new();
        for parent in at {
            let named = |child: &usize| document.elements.get(*child).is_some_and(|child| child.name == step.name);
            let named = document.children(parent).filter(named);
            match step.number {
                Some(number) => {
                    found.extend(number.checked_sub(1).and_then(|place| named.skip(place).next()).map(Some))
                }
                None => found.extend(named.map(Some)),
            }
        }
        at = found;
    }
    let attribute = steps.last().and_then(|step| step.attribute);
    let values = at.into_iter().flatten().filter_map(|element| match attribute {
        Some(wanted) => {
            let attributes = &document.elements.get(element)?.attributes;
            attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone())
        }
        None => document.elements.get(element).filter(|element| element.is_whole).map(|_| document.value(element)),
    });
    values.collect()
}

/// The names that `spath` gives the values of an XML text.
pub(crate) fn names(xml: &str) -> BTreeSet<String> {
    Document::parse(xml).names()
}

#[cfg(test)]
mod tests {
    use super::*;

    const XML: &str = "<r><a id=\"1\">x &amp; y</a><a id=\"2\"><b>z</b></a><c/></r>";

    #[test]
    fn paths_begin_at_the_outermost_element() {
        assert_eq!(select(XML, "r.a"), ["x & y", "<b>z</b>"]);
        assert_eq!(select(XML, "r.a{}.b"), ["z"]);
        assert_eq!(select(XML, "r.a{@id}"), ["1", "2"]);
        assert_eq!(select(XML, "r.a{2}{@id}"), ["2"]);
        assert_eq!(select(XML, "r.a{2}.b"), ["z"]);
        assert!(select(XML, "a").is_empty() && select("no", "a").is_empty() && select("<a", "a").is_empty());
    }

    #[test]
    fn texts_and_attributes_have_names() {
        assert_eq!(names(XML).into_iter().collect::<Vec<_>>(), ["r.a", "r.a.b", "r.a{@id}", "r.c"]);
        assert!(names("{\"a\":1}").is_empty());
    }
}
