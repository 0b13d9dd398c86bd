//! YAML with places: a file is read once, into nodes that know where they stand.
mod offsets;
mod reader;
mod scalar;

pub(crate) use offsets::Offsets;
pub use reader::read;
pub use scalar::Scalar;

use mynah_syntax::{Span, Spanned};

/// The lines that stand between the documents of a stream, line ends included.
///
/// ```
/// let text = "title: A\n---\ntitle: B\n";
/// assert_eq!(mynah_sigma::yaml::separators(text).map(|line| line.of(text)).collect::<Vec<_>>(), ["---\n"]);
/// ```
pub fn separators(text: &str) -> impl Iterator<Item = Span> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(move |line| {
        at += line.len();
        (line, Span::new(at - line.len(), at))
    });
    lines.filter(|(line, _)| line.trim_end() == "---" || line.starts_with("--- ")).map(|(_, span)| span)
}

/// One document of a YAML stream.
#[derive(Debug, Clone, PartialEq)]
pub struct YamlDocument {
    /// What it holds.
    pub root: Node,
    /// Whether it was read to its end; after an error in its syntax it ends there.
    pub complete: bool,
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// From its first byte to its last, quotes included.
    pub span: Span,
    /// What it is.
    pub shape: Shape,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A text, a number, true, false or null.
    Scalar(Scalar),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order of the text. No key stands twice.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key, a number or the like as it is written.
    pub key: Spanned<String>,
    /// Its value.
    pub value: Node,
}

impl Node {
    /// The entries of a mapping; none of anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.shape {
            Shape::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The entry of a key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key.node == key)
    }

    /// The scalar that it is.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.shape {
            Shape::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text that it is: a number is none.
    pub fn text(&self) -> Option<&str> {
        self.scalar()?.text()
    }

    /// The items of a list; anything else is its own only item.
    pub fn items(&self) -> &[Node] {
        match &self.shape {
            Shape::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// Whether there is nothing: null, or a document without any node.
    pub fn is_null(&self) -> bool {
        self.scalar() == Some(&Scalar::Null)
    }

    /// How many nodes it is made of, and how deep it goes.
    pub(crate) fn measure(&self) -> (usize, usize) {
        let inner: Vec<&Node> = match &self.shape {
            Shape::Scalar(_) => Vec::new(),
            Shape::List(items) => items.iter().collect(),
            Shape::Map(entries) => entries.iter().map(|entry| &entry.value).collect(),
        };
        let sizes = inner.into_iter().map(Node::measure);
        let (count, depth) = sizes.fold((0, 0), |(sum, most), (count, depth)| (sum + count, depth.max(most)));
        (count + 1, depth + 1)
    }

    /// Puts another mapping's entries over this one's; mappings in both become one.
    pub(crate) fn merge(&mut self, other: Node) {
        self.span = other.span;
        match (&mut self.shape, other.shape) {
            (Shape::Map(own), Shape::Map(entries)) => {
                for entry in entries {
                    match own.iter_mut().find(|known| known.key.node == entry.key.node) {
                        Some(known) => {
                            known.key.span = entry.key.span;
                            known.value.merge(entry.value);
                        }
                        None => own.push(entry),
                    }
                }
            }
            (own, shape) => *own = shape,
        }
    }
}
