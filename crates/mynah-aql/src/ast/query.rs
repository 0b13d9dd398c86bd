use super::{At, Expr, Unit};
use mynah_syntax::Span;

/// One `SELECT`, or several joined by `UNION ALL`.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// At least one.
    pub selects: Vec<Select>,
    /// Its place.
    pub at: At,
}

/// One `SELECT`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Select {
    /// Where `DISTINCT` stands, if it does.
    pub distinct: Option<At>,
    /// The select list.
    pub items: Vec<Item>,
    /// `FROM`.
    pub source: Source,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// `GROUP BY`.
    pub group_by: Vec<Expr>,
    /// `HAVING`.
    pub having: Option<Expr>,
    /// `ORDER BY`.
    pub order_by: Vec<Order>,
    /// `LIMIT`.
    pub limit: Option<Count>,
    /// `OFFSET`.
    pub offset: Option<Count>,
    /// `LAST`, or `START` and `STOP`.
    pub time: Option<TimeFrame>,
    /// `PARAMETERS`.
    pub parameters: Vec<Parameter>,
    /// Where `SELECT` stands.
    pub keyword: At,
    /// Its place.
    pub at: At,
}

/// An element of the select list.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// `*`.
    Star(At),
    /// `expression AS alias`.
    Expr {
        /// The expression.
        expr: Expr,
        /// What its column is called.
        alias: Option<Alias>,
    },
}

/// The name that a column or source is given.
#[derive(Debug, Clone, PartialEq)]
pub struct Alias {
    /// The name.
    pub name: String,
    /// How it is quoted.
    pub quote: Quote,
    /// Its place.
    pub at: At,
}

/// How an alias is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quote {
    /// Not at all.
    None,
    /// `'name'`.
    Single,
    /// `"name"`.
    Double,
}

/// What follows `FROM`.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Source {
    /// `events`.
    Table {
        /// Its name.
        name: String,
        /// What it is called in the query.
        alias: Option<Alias>,
        /// Its place.
        at: At,
    },
    /// `(SELECT …)`.
    Query {
        /// The query.
        query: Box<Query>,
        /// What it is called.
        alias: Option<Alias>,
    },
    /// What could not be read; there is a diagnostic for it.
    #[default]
    Error,
}

/// An element of `ORDER BY`.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// What is sorted by.
    pub expr: Expr,
    /// Whether `DESC` stands behind it.
    pub descending: bool,
}

/// The number of `LIMIT` or `OFFSET`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Count {
    /// The number.
    pub number: u64,
    /// Its place.
    pub at: At,
}

/// The clause that bounds the time of the events.
#[derive(Debug, Clone, PartialEq)]
pub enum TimeFrame {
    /// `LAST 5 MINUTES`.
    Last {
        /// How many.
        count: u64,
        /// Of what.
        unit: Unit,
        /// Its place.
        at: At,
    },
    /// `START a STOP b`. Each is a text, a number of milliseconds, or `PARSEDATETIME('1 hour ago')`.
    Between {
        /// The time after START.
        start: Option<Expr>,
        /// The time after STOP.
        stop: Option<Expr>,
        /// Its place.
        at: At,
    },
}

impl TimeFrame {
    /// Its place.
    pub fn span(&self) -> Span {
        match self {
            TimeFrame::Last { at, .. } | TimeFrame::Between { at, .. } => at.0,
        }
    }
}

/// `NAME=value` after `PARAMETERS`.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Expr,
    /// Its place.
    pub at: At,
}

/// The clauses of a `SELECT`, in the order in which QRadar takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clause {
    /// `WHERE`
    Where,
    /// `GROUP BY`
    GroupBy,
    /// `HAVING`
    Having,
    /// `ORDER BY`
    OrderBy,
    /// `LIMIT`
    Limit,
    /// `OFFSET`
    Offset,
    /// `LAST`, `START`, `STOP`
    Time,
    /// `PARAMETERS`
    Parameters,
}

impl Clause {
    /// As AQL writes it.
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
    /// Its place.
    pub fn span(&self) -> Span {
        self.at.0
    }
}
