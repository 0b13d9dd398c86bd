//! The part of XPath that `parse xml` takes: full paths downwards, with a position or an attribute's value.
//!
//! Source: <https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-xml-formatted-logs/>
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde::{Deserialize, Serialize};

/// The way to a value of an XML text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct XmlPath {
    steps: Vec<Step>,
    last: Last,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Step {
    /// `None` for `*`.
    name: Option<String>,
    which: Which,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Which {
    All,
    /// From 1.
    Number(usize),
    Last,
    Attribute(String, String),
}

/// What is wanted of the element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Last {
    /// As it is written.
    Whole,
    /// `text()`.
    Text,
    /// `@name`.
    Attribute(String),
}

/// An element, and where it stands among the others.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<usize>,
    start: usize,
    end: usize,
}

impl XmlPath {
    /// Reads a path; what of it is not supported is named in the error.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix('/').ok_or_else(|| format!("`{text}` does not begin with `/`"))?;
        if text.contains("//") || text.contains("..") || text.contains("::") {
            return Err(format!("`{text}` is not a full path downwards"));
        }
        let mut path = XmlPath { steps: Vec::new(), last: Last::Whole };
        for part in rest.split('/') {
            if path.last != Last::Whole {
                return Err(format!("`{text}` goes on behind its value"));
            }
            if part == "text()" {
                path.last = Last::Text;
            } else if let Some(name) = part.strip_prefix('@') {
                path.last = Last::Attribute(name.to_owned());
            } else {
                path.steps.push(step(part)?);
            }
        }
        if path.steps.is_empty() { Err(format!("`{text}` names no element")) } else { Ok(path) }
    }

    /// The first value in a text; `None` if there is none or the text is not XML.
    pub fn find(&self, text: &str) -> Option<String> {
        let from = text.find('<')?;
        let text = text.get(from..)?;
        let elements = read(text)?;
        let mut found: Vec<usize> = vec![0];
        for step in &self.steps {
            found = found
                .into_iter()
                .filter_map(|at| elements.get(at))
                .flat_map(|parent| step.of(parent, &elements))
                .collect();
        }
        found.into_iter().filter_map(|at| elements.get(at)).find_map(|element| match &self.last {
            Last::Whole => text.get(element.start..element.end).map(str::to_owned),
            Last::Text => Some(element.text.clone()),
            Last::Attribute(name) => element.attribute(name).map(str::to_owned),
        })
    }
}

fn step(part: &str) -> Result<Step, String> {
    let (name, which) = match part.split_once('[') {
        None => (part, Which::All),
        Some((name, rest)) => {
            let inner = rest.strip_suffix(']').ok_or_else(|| format!("a `[` of `{part}` is not closed"))?;
            let which = if inner == "last()" {
                Which::Last
            } else if let Some((attribute, value)) = inner.strip_prefix('@').and_then(|inner| inner.split_once('=')) {
                Which::Attribute(attribute.trim().to_owned(), value.trim().trim_matches(['"', '\'']).to_owned())
            } else {
                let number = inner.parse().ok().filter(|number| *number > 0);
                Which::Number(number.ok_or_else(|| format!("`[{inner}]` is not supported"))?)
            };
            (name, which)
        }
    };
    if name.is_empty() {
        return Err("a step of the path has no name".into());
    }
    Ok(Step { name: (name != "*").then(|| name.to_owned()), which })
}

impl Step {
    fn of(&self, parent: &Element, elements: &[Element]) -> Vec<usize> {
        let fits = |at: &usize| {
            elements.get(*at).is_some_and(|child| self.name.as_ref().is_none_or(|name| *name == child.name))
        };
        let named: Vec<usize> = parent.children.iter().copied().filter(fits).collect();
        match &self.which {
            Which::All => named,
            Which::Number(number) => named.into_iter().nth(number - 1).into_iter().collect(),
            Which::Last => named.into_iter().next_back().into_iter().collect(),
            Which::Attribute(name, value) => named
                .into_iter()
                .filter(|at| elements.get(*at).is_some_and(|child| child.attribute(name) == Some(value.as_str())))
                .collect(),
        }
    }
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn begin(start: &BytesStart<'_>, at: usize) -> Option<Element> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
            attributes.push((attribute.key.as_ref().to_owned(), value));
        }
        Some(Element { name: start.name().as_ref().to_owned(), attributes, start: at, ..Element::default() })
    }
}

/// All elements of a text; the first is the document, which holds the outermost one.
fn read(text: &str) -> Option<Vec<Element>> {
    let mut reader = Reader::from_str(text);
    let mut elements = vec![Element::default()];
    let mut open: Vec<usize> = vec![0];
    loop {
        let before = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        let after = usize::try_from(reader.buffer_position()).ok()?;
        let current = *open.last()?;
        match event {
            Event::Start(start) | Event::Empty(start) => {
                let is_empty = text.get(before..after).is_some_and(|tag| tag.ends_with("/>"));
                let at = elements.len();
                let mut element = Element::begin(&start, before)?;
                element.end = after;
                elements.push(element);
                elements.get_mut(current)?.children.push(at);
                if !is_empty {
                    open.push(at);
                }
            }
            Event::End(_) => {
                elements.get_mut(current)?.end = after;
                open.pop();
                // The outermost element is done: what follows is not part of it.
                if open.len() == 1 {
                    return Some(elements);
                }
            }
            Event::Text(text) => elements.get_mut(current)?.text.push_str(&text.xml10_content()),
            Event::CData(text) => elements.get_mut(current)?.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let text = &mut elements.get_mut(current)?.text;
                match reference.resolve_char_ref() {
                    Ok(Some(character)) => text.push(character),
                    _ => text.push_str(resolve_xml_entity(&reference.xml10_content()).unwrap_or("\u{fffd}")),
                }
            }
            Event::Eof => return (open.len() == 1 && elements.len() > 1).then_some(elements),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str = r#"10:00 <users><user id="123" role="manager"><name>Sally</name></user><user id="456"><name>Bob &amp; co</name></user></users>"#;

    fn find(path: &str) -> Option<String> {
        XmlPath::parse(path).unwrap().find(USERS)
    }

    #[test]
    fn documented_paths() {
        assert_eq!(find("/users/user/name/text()").as_deref(), Some("Sally"));
        assert_eq!(find("/users/user[2]/name/text()").as_deref(), Some("Bob & co"));
        assert_eq!(find("/users/user[last()]/@id").as_deref(), Some("456"));
        assert_eq!(find("/users/user[@id=456]/name").as_deref(), Some("<name>Bob &amp; co</name>"));
        assert_eq!(find("/users/user/@role").as_deref(), Some("manager"));
        assert_eq!(find("/users/other"), None);
        assert!(XmlPath::parse("//user").is_err());
        assert!(XmlPath::parse("/users/../x").is_err());
        assert_eq!(XmlPath::parse("/a").unwrap().find("<a><b></a>"), None);
    }
}
