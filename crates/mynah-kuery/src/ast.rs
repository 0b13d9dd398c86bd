//! A query as a tree. Lists of values (`field: (a or b)`) are conditions on the field, as in Kibana's own tree.
use crate::lexer::{SPECIAL, keyword};
use mynah_syntax::Span;
use std::fmt;

/// A condition and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The condition.
    pub kind: QueryKind,
    /// From its first byte to its last; of a value in a list, the value's.
    pub span: Span,
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum QueryKind {
    /// Any of several.
    Or(Vec<Query>),
    /// All of several.
    And(Vec<Query>),
    /// Not this one.
    Not(Box<Query>),
    /// A field that has a value; any field at all where none is given.
    Is {
        /// The field, which may have wildcards.
        field: Option<Literal>,
        /// The value; a lone `*` is any value.
        value: Literal,
    },
    /// A field whose value lies on one side of another.
    Range {
        /// The field.
        field: Literal,
        /// Which side.
        operator: RangeOperator,
        /// The value.
        value: Literal,
    },
    /// One object of a nested field that meets a condition.
    Nested {
        /// The field.
        field: Literal,
        /// The condition on its members.
        query: Box<Query>,
    },
}

/// How a range compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum RangeOperator {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl RangeOperator {
    /// All of them, those before that others begin with.
    pub(crate) const ALL: [RangeOperator; 4] =
        [RangeOperator::LessOrEqual, RangeOperator::Less, RangeOperator::GreaterOrEqual, RangeOperator::Greater];

    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            RangeOperator::Less => "<",
            RangeOperator::LessOrEqual => "<=",
            RangeOperator::Greater => ">",
            RangeOperator::GreaterOrEqual => ">=",
        }
    }
}

/// A name or a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// Its text, between the wildcards: one part more than there are wildcards. Escapes are resolved.
    pub parts: Vec<String>,
    /// Whether it stands in quotes, which makes it a phrase without wildcards.
    pub quoted: bool,
    /// Where it stands.
    pub span: Span,
}

impl QueryKind {
    /// The condition at its place.
    pub(crate) fn at(self, span: Span) -> Query {
        Query { kind: self, span }
    }
}

impl Literal {
    /// Its text, if it has no wildcards.
    pub fn text(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [text] => Some(text),
            _ => None,
        }
    }

    /// Whether it is `*` alone.
    pub fn is_any(&self) -> bool {
        self.parts.len() > 1 && self.parts.iter().all(String::is_empty)
    }
}

impl Query {
    /// Calls `visit` with the condition and every one in it.
    pub fn walk<'q>(&'q self, visit: &mut dyn FnMut(&'q Query)) {
        visit(self);
        match &self.kind {
            QueryKind::Or(parts) | QueryKind::And(parts) => parts.iter().for_each(|part| part.walk(visit)),
            QueryKind::Not(query) | QueryKind::Nested { query, .. } => query.walk(visit),
            QueryKind::Is { .. } | QueryKind::Range { .. } => {}
        }
    }

    /// The fields it names, each once, in the order of the text; not the members of nested ones.
    pub fn fields(&self) -> Vec<&Literal> {
        let mut fields: Vec<&Literal> = Vec::new();
        self.add_fields(&mut fields);
        fields
    }

    fn add_fields<'q>(&'q self, fields: &mut Vec<&'q Literal>) {
        match &self.kind {
            QueryKind::Or(parts) | QueryKind::And(parts) => parts.iter().for_each(|part| part.add_fields(fields)),
            QueryKind::Not(query) => query.add_fields(fields),
            QueryKind::Is { field: Some(field), .. } | QueryKind::Range { field, .. } => {
                if !fields.iter().any(|known| known.parts == field.parts) {
                    fields.push(field);
                }
            }
            QueryKind::Is { field: None, .. } | QueryKind::Nested { .. } => {}
        }
    }
}

/// As Kibana reads it back as the same tree.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, parts: &[Query], word: &str| {
            let parts = parts.iter().map(|part| match part.kind {
                QueryKind::Or(_) | QueryKind::And(_) => format!("({part})"),
                _ => part.to_string(),
            });
            f.write_str(&parts.collect::<Vec<_>>().join(word))
        };
        match &self.kind {
            QueryKind::Or(parts) => joined(f, parts, " or "),
            QueryKind::And(parts) => joined(f, parts, " and "),
            QueryKind::Not(query) => write!(f, "not ({query})"),
            QueryKind::Is { field: Some(field), value } => write!(f, "{field}: {value}"),
            QueryKind::Is { field: None, value } => write!(f, "{value}"),
            QueryKind::Range { field, operator, value } => write!(f, "{field} {} {value}", operator.symbol()),
            QueryKind::Nested { field, query } => write!(f, "{field}: {{ {query} }}"),
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.quoted {
            let text = self.parts.concat().replace('\\', "\\\\").replace('"', "\\\"");
            return write!(f, "\"{text}\"");
        }
        let escaped = |part: &String| part.split(' ').map(escaped).collect::<Vec<_>>().join(" ");
        f.write_str(&self.parts.iter().map(escaped).collect::<Vec<_>>().join("*"))
    }
}

/// A word with backslashes before what would mean something.
fn escaped(word: &str) -> String {
    let mut text = String::from(if keyword(word).is_some() { "\\" } else { "" });
    for c in word.chars() {
        match c {
            '\t' => text.push_str("\\t"),
            '\r' => text.push_str("\\r"),
            '\n' => text.push_str("\\n"),
            '\u{a0}' => text.push_str("\\u00a0"),
            c if SPECIAL.contains(c) => text.extend(['\\', c]),
            c => text.push(c),
        }
    }
    text
}
