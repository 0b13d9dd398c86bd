use datafusion::logical_expr::Operator;
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
    /// All of them: the name in rules, the symbol, the operator of plans.
    const ALL: [(Comparison, &'static str, &'static str, Operator); 6] = [
        (Comparison::Less, "lt", "<", Operator::Lt),
        (Comparison::LessOrEqual, "lte", "<=", Operator::LtEq),
        (Comparison::Equal, "eq", "=", Operator::Eq),
        (Comparison::NotEqual, "neq", "!=", Operator::NotEq),
        (Comparison::GreaterOrEqual, "gte", ">=", Operator::GtEq),
        (Comparison::Greater, "gt", ">", Operator::Gt),
    ];

    /// The one that rules call so.
    pub fn named(name: &str) -> Option<Comparison> {
        Comparison::ALL.iter().find(|(_, known, ..)| *known == name).map(|(comparison, ..)| *comparison)
    }

    /// Its sign.
    pub fn symbol(self) -> &'static str {
        Comparison::ALL.iter().find(|(known, ..)| *known == self).map_or("", |(_, _, symbol, _)| symbol)
    }

    /// Its operator in plans.
    pub(crate) fn operator(self) -> Operator {
        Comparison::ALL.iter().find(|(known, ..)| *known == self).map_or(Operator::Eq, |(.., operator)| *operator)
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
