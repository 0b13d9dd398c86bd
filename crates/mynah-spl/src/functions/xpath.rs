//! The part of XPath that the `xpath` command has: paths of names, `*`, `//`, `..`, attributes and `text()`, and in brackets a
//! number, an attribute or element that must be there, or its value.
use super::xml::Document;
use super::{Internal, Row};
use crate::expression::Type;
use mynah_kernels::Cell;

/// A step of a path.
#[derive(Debug, Clone, PartialEq)]
struct Step<'p> {
    /// Whether it looks at all elements below, not only the next ones.
    deep: bool,
    kind: Kind<'p>,
    conditions: Vec<Condition<'p>>,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind<'p> {
    Element(&'p str),
    Attribute(&'p str),
    Text,
    Itself,
    Parent,
}

#[derive(Debug, Clone, PartialEq)]
enum Condition<'p> {
    /// The element of this number among those of its parent, from 1.
    Number(usize),
    Last,
    Attribute(&'p str, Option<&'p str>),
    Element(&'p str, Option<&'p str>),
    Value(&'p str),
}

/// Whether a path is one that [`XPATH`] follows.
pub(crate) fn is_path(path: &str) -> bool {
    parse(path).is_some()
}

fn parse(path: &str) -> Option<Vec<Step<'_>>> {
    let mut rest = path.trim();
    let mut steps = Vec::new();
    let mut first = true;
    while !rest.is_empty() {
        let deep = rest.starts_with("//");
        rest = match rest.strip_prefix("//").or_else(|| rest.strip_prefix('/')) {
            Some(after) => after,
            None if first => rest,
            None => return None,
        };
        first = false;
        let end = rest.find(['/', '[']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        rest = after;
        let mut conditions = Vec::new();
        while let Some(inner) = rest.strip_prefix('[') {
            let end = inner.find(']')?;
            conditions.push(condition(inner.get(..end)?.trim())?);
            rest = inner.get(end + 1..)?;
        }
        let kind = match name {
            "" => return None,
            "." => Kind::Itself,
            ".." => Kind::Parent,
            "text()" => Kind::Text,
            name => match name.strip_prefix('@') {
                Some(attribute) if is_name(attribute) => Kind::Attribute(attribute),
                None if is_name(name) => Kind::Element(name),
                _ => return None,
            },
        };
        steps.push(Step { deep, kind, conditions });
    }
    (!steps.is_empty()).then_some(steps)
}

fn is_name(name: &str) -> bool {
    name == "*" || !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'))
}

fn condition(text: &str) -> Option<Condition<'_>> {
    if let Ok(number) = text.parse() {
        return Some(Condition::Number(number));
    }
    if text == "last()" {
        return Some(Condition::Last);
    }
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => {
            let value = value.trim();
            let inner = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))?;
            (name.trim(), Some(inner))
        }
        None => (text, None),
    };
    match (name, value) {
        ("." | "text()", Some(value)) => Some(Condition::Value(value)),
        (name, value) => match name.strip_prefix('@') {
            Some(attribute) if is_name(attribute) => Some(Condition::Attribute(attribute, value)),
            None if is_name(name) => Some(Condition::Element(name, value)),
            _ => None,
        },
    }
}

/// What a path finds in an XML text, one value for each element or attribute. Texts that begin with a declaration have none,
/// as the command's page says.
fn found(xml: &str, path: &str) -> Vec<String> {
    let (document, Some(steps)) = (Document::parse(xml), parse(path)) else { return Vec::new() };
    if document.has_prologue {
        return Vec::new();
    }
    let mut at: Vec<Option<usize>> = vec![None];
    for (place, step) in steps.iter().enumerate() {
        let last = place + 1 == steps.len();
        let from: Vec<Option<usize>> = match (&step.kind, step.deep) {
            // The attributes of all elements below.
            (Kind::Attribute(_) | Kind::Text, true) => below(&document, &at).into_iter().map(Some).collect(),
            _ => at,
        };
        match &step.kind {
            Kind::Attribute(wanted) if last => {
                let elements = from.iter().flatten().filter_map(|element| document.elements.get(*element));
                let attributes = elements.flat_map(|element| &element.attributes);
                let named = attributes.filter(|(name, _)| *wanted == "*" || name == wanted);
                return named.map(|(_, value)| value.clone()).collect();
            }
            Kind::Text if last => return from.into_iter().flatten().map(|element| document.value(element)).collect(),
            Kind::Attribute(_) | Kind::Text => return Vec::new(),
            Kind::Itself => at = from,
            Kind::Parent => {
                let parents = from.iter().flatten().filter_map(|element| document.elements.get(*element));
                at = parents.map(|element| element.parent).collect();
                at.dedup();
            }
            Kind::Element(name) => at = named(&document, &from, step, name),
        }
    }
    at.into_iter().flatten().map(|element| document.value(element)).collect()
}

/// The elements of a name in or below some, that fulfil the conditions of a step.
fn named(document: &Document<'_>, from: &[Option<usize>], step: &Step<'_>, name: &str) -> Vec<Option<usize>> {
    let parents: Vec<Option<usize>> = match step.deep {
        true => from.iter().copied().chain(below(document, from).into_iter().map(Some)).collect(),
        false => from.to_vec(),
    };
    let mut found = Vec::new();
    for parent in parents {
        let mut children: Vec<usize> =
            document.children(parent).filter(|child| is_called(document, *child, name)).collect();
        for condition in &step.conditions {
            children = kept(document, children, condition);
        }
        found.extend(children.into_iter().map(Some));
    }
    found.sort();
    found.dedup();
    found
}

/// All elements in some, however deep.
fn below(document: &Document<'_>, from: &[Option<usize>]) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    for parent in from {
        match parent {
            None => return (0..document.elements.len()).collect(),
            Some(parent) => found.extend(parent + 1..document.elements.get(*parent).map_or(0, |element| element.end)),
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn is_called(document: &Document<'_>, element: usize, name: &str) -> bool {
    name == "*" || document.elements.get(element).is_some_and(|element| element.name == name)
}

fn kept(document: &Document<'_>, elements: Vec<usize>, condition: &Condition<'_>) -> Vec<usize> {
    match condition {
        Condition::Number(number) => {
            number.checked_sub(1).and_then(|place| elements.get(place)).into_iter().copied().collect()
        }
        Condition::Last => elements.last().into_iter().copied().collect(),
        Condition::Attribute(name, value) => {
            let has = |element: &usize| {
                let attributes = document.elements.get(*element).map(|element| element.attributes.iter());
                let mut attributes = attributes.into_iter().flatten();
                attributes.any(|(known, is)| known == name && value.is_none_or(|value| is == value))
            };
            elements.into_iter().filter(has).collect()
        }
        Condition::Element(name, value) => {
            let has = |element: &usize| {
                let mut children = document.children(Some(*element)).filter(|child| is_called(document, *child, name));
                children.any(|child| value.is_none_or(|value| document.value(child) == value))
            };
            elements.into_iter().filter(has).collect()
        }
        Condition::Value(value) => elements.into_iter().filter(|element| document.value(*element) == *value).collect(),
    }
}

/// The values at a path of XML text.
pub(crate) static XPATH: Internal = Internal { name: "values of xpath", returns: Type::Multi, code: xpath };

fn xpath(row: &Row<'_>) -> Cell<'static> {
    match row.text(0).zip(row.text(1)).map(|(xml, path)| found(&xml, &path)) {
        Some(values) if !values.is_empty() => Cell::texts(values),
        _ => Cell::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_find_elements_and_attributes() {
        let xml = "<foo><bar n='spock'>x</bar></foo><foo><bar n='scotty'><s>B</s><i>1</i></bar></foo>";
        for (path, values) in [
            ("//bar/@n", &["spock", "scotty"][..]),
            ("/foo/bar/@n", &["spock", "scotty"]),
            ("//bar[s=\"B\"]/i", &["1"]),
            ("//bar[@n='spock']", &["x"]),
            ("//foo/*/i/text()", &["1"]),
            ("//i/../s", &["B"]),
            ("foo/bar[1]/@*", &["spock", "scotty"]),
            ("//none", &[]),
        ] {
            assert_eq!(found(xml, path), values, "{path}");
        }
        assert!(found("<?xml version='1.0'?><a>1</a>", "//a").is_empty());
        assert!(!is_path("//a[contains(., 'x')]") && !is_path("") && !is_path("count(//a)") && is_path("//a"));
    }
}
