use crate::ast::Place;
use mynah_syntax::Span;
use std::fmt;

/// The name of a field. Names match in any case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    /// The name itself, without quoting.
    pub text: String,
    /// Whether it is written `%"…"`.
    pub quoted: bool,
    pub place: Place,
}

impl Name {
    /// Where it stands.
    pub fn span(&self) -> Span {
        self.place.0
    }

    /// The form in which names are compared.
    pub fn key(&self) -> String {
        self.text.to_lowercase()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.quoted {
            write!(f, "%\"{}\"", self.text.replace('\\', "\\\\").replace('"', "\\\""))
        } else {
            f.write_str(&self.text)
        }
    }
}
