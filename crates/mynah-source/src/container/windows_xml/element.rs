use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// An XML element, read whole.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
    /// Its own text, that of its children not included.
    pub text: String,
}

/// How deep elements may be nested. Bounded, so that walking the tree may recurse.
const MAX_DEPTH: usize = 128;

impl Element {
    /// Reads the element that `xml` is.
    pub fn parse(xml: &str) -> Result<Element, String> {
        let broken = |error: &dyn std::fmt::Display| format!("the XML of this event is broken: {error}");
        let mut reader = Reader::from_str(xml);
        let mut open: Vec<Element> = Vec::new();
        loop {
            let done = match reader.read_event().map_err(|error| broken(&error))? {
                Event::Start(start) => {
                    if open.len() >= MAX_DEPTH {
                        return Err(format!("the XML of this event is nested deeper than {MAX_DEPTH}; left out"));
                    }
                    open.push(Element::begin(&start)?);
                    None
                }
                Event::Empty(start) => Some(Element::begin(&start)?),
                Event::End(_) => open.pop(),
                Event::Text(text) => {
                    if let Some(element) = open.last_mut() {
                        element.text.push_str(&text.xml10_content());
                    }
                    None
                }
                Event::CData(text) => {
                    if let Some(element) = open.last_mut() {
                        element.text.push_str(&text.xml10_content());
                    }
                    None
                }
                Event::GeneralRef(reference) => {
                    let character = match reference.resolve_char_ref() {
                        Ok(Some(character)) => character,
                        Ok(None) => named(&reference.xml10_content()),
                        Err(_) => char::REPLACEMENT_CHARACTER,
                    };
                    if let Some(element) = open.last_mut() {
                        element.text.push(character);
                    }
                    None
                }
                Event::Eof => return Err(broken(&"it breaks off")),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => None,
            };
            if let Some(done) = done {
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => return Ok(done),
                }
            }
        }
    }

    fn begin(start: &BytesStart<'_>) -> Result<Element, String> {
        let attributes = start
            .attributes()
            .map(|attribute| {
                let attribute = attribute.map_err(|error| format!("the XML of this event is broken: {error}"))?;
                let value =
                    attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or_else(|_| attribute.value.clone());
                Ok((attribute.key.as_ref().to_owned(), value.into_owned()))
            })
            .collect::<Result<_, String>>()?;
        Ok(Element { name: start.local_name().as_ref().to_owned(), attributes, ..Element::default() })
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What XML's own five entities stand for; it has no others.
fn named(name: &str) -> char {
    match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => char::REPLACEMENT_CHARACTER,
    }
}
