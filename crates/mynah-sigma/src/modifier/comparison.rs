use serde::{Deserialize, Serialize};

/// How a number is compared.
#[allow(missing_docs, reason = "the names say it")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

impl Comparison {
    /// All of them: the name in rules, the symbol.
    const ALL: [(Comparison, &'static str, &'static str); 6] = [
        (Comparison::Less, "lt", "<"),
        (Comparison::LessOrEqual, "lte", "<="),
        (Comparison::Equal, "eq", "="),
        (Comparison::NotEqual, "neq", "!="),
        (Comparison::GreaterOrEqual, "gte", ">="),
        (Comparison::Greater, "gt", ">"),
    ];

    /// The one that rules call so.
    pub fn named(name: &str) -> Option<Comparison> {
        Comparison::ALL.iter().find(|(_, known, _)| *known == name).map(|(comparison, ..)| *comparison)
    }

    /// Its sign.
    pub fn symbol(self) -> &'static str {
        Comparison::ALL.iter().find(|(known, ..)| *known == self).map_or("", |(.., symbol)| symbol)
    }

    /// Whether two numbers compare so.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::GreaterOrEqual => left >= right,
            Comparison::Greater => left > right,
        }
    }
}

/// What of another field's value must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum FieldComparison {
    Equal,
    Contains,
    StartsWith,
    EndsWith,
    Order(Comparison),
}

/// A part of a date: of the week ISO's number, the others as people count them.
#[allow(missing_docs, reason = "the names say it")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DatePart {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}
