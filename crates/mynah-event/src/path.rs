use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// One step of a [`Path`]. Serialised as a text, null or a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Segment {
    /// Into an object, by key.
    Key(Arc<str>),
    /// Into every element of an array.
    Each,
    /// Into one element of an array, from 0.
    Index(usize),
}

/// The way from a record's document to one value (or, through [`Segment::Each`], several).
///
/// Written with dots between keys, `[]` for every element, `[2]` for one, and quotes around a key
/// that holds a dot, a bracket or a quote: `a.b[].c`, `identity.claims."http://x.org/upn"`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Path(pub Vec<Segment>);

impl Path {
    /// Reads the written form. Never fails: what is not special is part of a key.
    ///
    /// ```
    /// use mynah_event::{Path, Segment};
    /// assert_eq!(Path::parse("a[].b").0, [Segment::Key("a".into()), Segment::Each, Segment::Key("b".into())]);
    /// assert_eq!(Path::parse("a[1]").0, [Segment::Key("a".into()), Segment::Index(1)]);
    /// assert_eq!(Path::parse(r#"x."y.z""#).0, [Segment::Key("x".into()), Segment::Key("y.z".into())]);
    /// assert_eq!(Path::parse("").0, []);
    /// ```
    pub fn parse(text: &str) -> Path {
        let mut segments = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('"')
                && let Some((key, after)) = after.split_once('"')
            {
                segments.push(Segment::Key(key.into()));
                rest = after;
            } else if let Some(after) = rest.strip_prefix("[]") {
                segments.push(Segment::Each);
                rest = after;
            } else if let Some((index, after)) =
                rest.strip_prefix('[').and_then(|r| r.split_once(']')).and_then(|(i, r)| Some((i.parse().ok()?, r)))
            {
                segments.push(Segment::Index(index));
                rest = after;
            } else {
                // At least one character, so that a stray bracket cannot stop the loop.
                let first = rest.chars().next().map_or(0, char::len_utf8);
                let end = rest.get(first..).and_then(|r| r.find(['.', '['])).map_or(rest.len(), |i| first + i);
                let (key, after) = rest.split_at(end);
                segments.push(Segment::Key(key.into()));
                rest = after;
            }
            rest = rest.strip_prefix('.').unwrap_or(rest);
        }
        Path(segments)
    }

    /// A path of keys only.
    ///
    /// ```
    /// use mynah_event::Path;
    /// assert_eq!(Path::keys(["a", "b.c"]).to_string(), r#"a."b.c""#);
    /// ```
    pub fn keys<'a>(keys: impl IntoIterator<Item = &'a str>) -> Path {
        Path(keys.into_iter().map(|key| Segment::Key(key.into())).collect())
    }

    /// This path and then `other`.
    pub fn join(&self, other: &Path) -> Path {
        Path(self.0.iter().chain(&other.0).cloned().collect())
    }

    /// Whether it can reach more than one value.
    pub fn is_multi(&self) -> bool {
        self.0.contains(&Segment::Each)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Each => f.write_str("[]")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) => {
                    if i > 0 {
                        f.write_str(".")?;
                    }
                    if key.is_empty() || key.contains(['.', '[', '"']) {
                        write!(f, "\"{key}\"")?;
                    } else {
                        f.write_str(key)?;
                    }
                }
            }
        }
        Ok(())
    }
}
