use super::{BinaryOperator, Name, Place, Subquery, Text};
use mynah_syntax::Span;

/// What stands before the first pipe: which messages the query is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Scope {
    /// `*`, or nothing: all of them.
    All(Place),
    /// A keyword, with wildcards or without.
    Word(String, Place),
    /// `"a phrase"`.
    Phrase(Text),
    /// `_sourceCategory=value`: a field and what it must be.
    Field(Name, BinaryOperator, Box<Scope>),
    /// `!x`.
    Not(Box<Scope>, Place),
    /// All of these.
    And(Vec<Scope>),
    /// Any of these.
    Or(Vec<Scope>),
    /// `cat path://"…"`: the rows of a lookup table instead of messages.
    Cat(String, Place),
    /// `[subquery: …]`.
    Subquery(Box<Subquery>),
}

impl Scope {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Scope::All(place) | Scope::Word(_, place) | Scope::Not(_, place) | Scope::Cat(_, place) => place.0,
            Scope::Subquery(subquery) => subquery.place.0,
            Scope::Phrase(text) => text.place.0,
            Scope::Field(name, _, value) => name.span().to(value.span()),
            Scope::And(parts) | Scope::Or(parts) => parts.iter().map(Scope::span).reduce(Span::to).unwrap_or_default(),
        }
    }

    /// Calls `visit` with this and every scope inside it.
    pub fn walk(&self, visit: &mut dyn FnMut(&Scope)) {
        visit(self);
        match self {
            Scope::And(parts) | Scope::Or(parts) => parts.iter().for_each(|part| part.walk(visit)),
            Scope::Not(part, _) => part.walk(visit),
            _ => {}
        }
    }
}
