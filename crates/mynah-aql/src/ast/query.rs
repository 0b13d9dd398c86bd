use super::{At, Expr, Unit};
use mynah_syntax::Span;

/// One `SELECT`, or several joined by `UNION ALL`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    /// At least one.
    pub selects: Vec<Select>,
    pub at: At,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Select {
    /// Where `DISTINCT` stands, if it does.
    pub distinct: Option<At>,
    pub items: Vec<Item>,
    pub source: Source,
    pub filter: Option<Expr>,
    pub group_by: Vec<Expr>,
    pub having: Option<Expr>,
    pub order_by: Vec<Order>,
    pub limit: Option<Count>,
    pub offset: Option<Count>,
    pub time: Option<TimeFrame>,
    pub parameters: Vec<Parameter>,
    /// Where `SELECT` stands.
    pub keyword: At,
    pub at: At,
}

/// An element of the select list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    Star(At),
    Expr { expr: Expr, alias: Option<Alias> },
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alias {
    pub name: String,
    pub quote: Quote,
    pub at: At,
}

/// How an alias is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quote {
    None,
    Single,
    Double,
}

/// What follows `FROM`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Source {
    Table {
        name: String,
        alias: Option<Alias>,
        at: At,
    },
    Query {
        query: Box<Query>,
        alias: Option<Alias>,
    },
    /// What could not be read; there is a diagnostic for it.
    Error,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Order {
    pub expr: Expr,
    pub descending: bool,
}

/// The number of `LIMIT` or `OFFSET`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Count {
    pub number: u64,
    pub at: At,
}

/// The clause that bounds the time of the events.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TimeFrame {
    Last { count: u64, unit: Unit, at: At },
    Between { start: Option<Moment>, stop: Option<Moment>, at: At },
}

/// A time as `START` and `STOP` take it: a text, a number of milliseconds, or `PARSEDATETIME('1 hour ago')`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Moment {
    pub expr: Expr,
}

/// `NAME=value` after `PARAMETERS`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Parameter {
    pub name: String,
    pub value: Expr,
    pub at: At,
}

/// The clauses of a `SELECT`, in the order in which QRadar takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Clause {
    Where,
    GroupBy,
    Having,
    OrderBy,
    Limit,
    Offset,
    Time,
    Parameters,
}

impl Clause {
    pub fn words(self) -> &'static str {
        match self {
            Clause::Where => "WHERE",
            Clause::GroupBy => "GROUP BY",
            Clause::Having => "HAVING",
            Clause::OrderBy => "ORDER BY",
            Clause::Limit => "LIMIT",
            Clause::Offset => "OFFSET",
            Clause::Time => "the time clause",
            Clause::Parameters => "PARAMETERS",
        }
    }
}

impl Select {
    pub fn span(&self) -> Span {
        self.at.0
    }
}
