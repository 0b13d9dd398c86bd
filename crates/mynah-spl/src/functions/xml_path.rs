//! `spath`'s paths into XML: `a.b` for an element in another, `a.b{2}` for the second of its name, `a.b{@c}` for an attribute.
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::HashMap;

struct Step<'p> {
    name: &'p str,
    /// Which one of its name, from 1; any if not said.
    number: Option<usize>,
    attribute: Option<&'p str>,
}

fn step(part: &str) -> Step<'_> {
    let (name, braces) = part.split_at(part.find('{').unwrap_or(part.len()));
    let inner = braces.trim_start_matches('{').trim_end_matches('}');
    Step { name, number: inner.parse().ok(), attribute: inner.strip_prefix('@') }
}

/// An element that is open.
#[derive(Default)]
struct Open {
    /// Whether it and all around it are what the path says.
    fits: bool,
    /// How many children of each name it has so far.
    children: HashMap<String, usize>,
    text: String,
}

/// All values at a path of an XML text, the outermost element's name first; nothing where the text is none, as far as it is read.
pub(super) fn select(xml: &str, path: &str) -> Vec<String> {
    let steps: Vec<Step<'_>> = path.split('.').map(step).collect();
    let mut values = Vec::new();
    let mut open = vec![Open { fits: true, ..Open::default() }];
    let mut reader = Reader::from_str(xml);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(start) => {
                let child = enter(&start, &mut open, &steps, &mut values);
                open.push(child);
            }
            Event::Empty(start) => {
                enter(&start, &mut open, &steps, &mut values);
            }
            Event::End(_) => {
                let Some(ended) = open.pop() else { break };
                let whole = ended.fits && open.len() == steps.len() && ended.children.is_empty();
                if whole && steps.last().is_some_and(|step| step.attribute.is_none()) {
                    values.push(ended.text.trim().to_owned());
                }
            }
            Event::Text(text) => add(&mut open, &text.xml10_content()),
            Event::CData(text) => add(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(character)) => add(&mut open, character.encode_utf8(&mut [0; 4])),
                _ => add(&mut open, resolve_xml_entity(&reference.xml10_content()).unwrap_or("\u{fffd}")),
            },
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    values
}

fn add(open: &mut [Open], text: &str) {
    if let Some(current) = open.last_mut().filter(|current| current.fits) {
        current.text.push_str(text);
    }
}

/// The element that begins; the attribute that is wanted of it is among the values.
fn enter(start: &BytesStart<'_>, open: &mut [Open], steps: &[Step<'_>], values: &mut Vec<String>) -> Open {
    let (depth, name) = (open.len() - 1, start.name().as_ref().to_owned());
    let Some(parent) = open.last_mut() else { return Open::default() };
    let count = parent.children.entry(name.clone()).or_default();
    *count += 1;
    let wanted = steps.get(depth).filter(|step| step.name == name && step.number.is_none_or(|number| number == *count));
    let fits = parent.fits && wanted.is_some();
    if let Some(attribute) = wanted.and_then(|step| step.attribute).filter(|_| fits && depth + 1 == steps.len()) {
        let found = start.attributes().filter_map(Result::ok).find(|known| known.key.as_ref() == attribute);
        let value = found.and_then(|found| Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned()));
        values.extend(value);
    }
    Open { fits, ..Open::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_begin_at_the_outermost_element() {
        let xml = "<r><a id=\"1\">x &amp; y</a><a id=\"2\"><b>z</b></a><c/></r>";
        assert_eq!(select(xml, "r.a"), ["x & y"]);
        assert_eq!(select(xml, "r.a.b"), ["z"]);
        assert_eq!(select(xml, "r.a{@id}"), ["1", "2"]);
        assert_eq!(select(xml, "r.a{2}.b"), ["z"]);
        assert!(select(xml, "a").is_empty() && select("no", "a").is_empty() && select("<a", "a").is_empty());
    }
}
