use super::{At, Query};
use mynah_syntax::Span;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its place.
    pub at: At,
}

impl Expr {
    /// An expression at a place.
    pub fn new(kind: ExprKind, span: Span) -> Expr {
        Expr { kind, at: At(span) }
    }

    /// Its place.
    pub fn span(&self) -> Span {
        self.at.0
    }
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A property or an alias.
    Column {
        /// Its name.
        name: String,
        /// Whether it stands in double quotes.
        quoted: bool,
    },
    /// `'text'`.
    Text(String),
    /// A number.
    Number(Number),
    /// `TRUE`, `FALSE`.
    Boolean(bool),
    /// `NULL`.
    Null,
    /// `-x`.
    Negate(Box<Expr>),
    /// `a + b`.
    Arithmetic(Box<Expr>, ArithmeticOp, Box<Expr>),
    /// `a = b`.
    Compare(Box<Expr>, CompareOp, Box<Expr>),
    /// Two or more conditions, all of which must hold. Not a chain of pairs: rules have thousands of them.
    And(Vec<Expr>),
    /// Two or more conditions, one of which must hold.
    Or(Vec<Expr>),
    /// `NOT x`.
    Not(Box<Expr>),
    /// `value [NOT] LIKE pattern`.
    Match {
        /// What is matched.
        value: Box<Expr>,
        /// How.
        op: MatchOp,
        /// Whether NOT stands before the operator.
        negated: bool,
        /// The pattern.
        pattern: Box<Expr>,
    },
    /// `value [NOT] IN (…)`.
    In {
        /// What is looked for.
        value: Box<Expr>,
        /// Whether NOT stands before IN.
        negated: bool,
        /// Where it is looked for.
        list: InList,
    },
    /// `value [NOT] BETWEEN low AND high`.
    Between {
        /// What is compared.
        value: Box<Expr>,
        /// Whether NOT stands before BETWEEN.
        negated: bool,
        /// The least value.
        low: Box<Expr>,
        /// The greatest value.
        high: Box<Expr>,
    },
    /// `value IS [NOT] NULL`.
    IsNull {
        /// What is looked at.
        value: Box<Expr>,
        /// Whether NOT stands before NULL.
        negated: bool,
    },
    /// `CASE [operand] WHEN … THEN … [ELSE …] END`.
    Case {
        /// What the values after WHEN are compared with; without it they are conditions.
        operand: Option<Box<Expr>>,
        /// The cases.
        branches: Vec<Branch>,
        /// The value after ELSE.
        otherwise: Option<Box<Expr>>,
    },
    /// `IF c THEN a ELSE b`.
    If {
        /// The condition.
        condition: Box<Expr>,
        /// The value if it holds.
        then: Box<Expr>,
        /// The value if it does not.
        otherwise: Box<Expr>,
    },
    /// `name(arguments)`.
    Call {
        /// The function.
        name: String,
        /// The place of its name.
        name_at: At,
        /// Whether DISTINCT stands before the arguments.
        distinct: bool,
        /// What it is given.
        arguments: Vec<Expr>,
    },
    /// The `*` of `COUNT(*)`.
    Star,
    /// `TEXT SEARCH 'words'`.
    TextSearch(Box<Expr>),
    /// `LAST 1 DAYS` where a condition is expected.
    Last {
        /// How many.
        count: u64,
        /// Of what.
        unit: Unit,
    },
    /// What could not be read; there is a diagnostic for it.
    Error,
}

/// A number, as it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// `31`.
    Whole(i64),
    /// `0x1F`.
    Hex(i64),
    /// `1.5`.
    Decimal(f64),
}

/// The operators of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `^`
    Power,
    /// `&`
    BitAnd,
    /// `|`
    BitOr,
}

impl ArithmeticOp {
    /// As AQL writes it.
    pub fn symbol(self) -> &'static str {
        match self {
            ArithmeticOp::Add => "+",
            ArithmeticOp::Subtract => "-",
            ArithmeticOp::Multiply => "*",
            ArithmeticOp::Divide => "/",
            ArithmeticOp::Modulo => "%",
            ArithmeticOp::Power => "^",
            ArithmeticOp::BitAnd => "&",
            ArithmeticOp::BitOr => "|",
        }
    }

    /// How tightly it binds; all of them bind to the left.
    pub fn strength(self) -> u8 {
        match self {
            ArithmeticOp::BitOr => 1,
            ArithmeticOp::BitAnd => 2,
            ArithmeticOp::Add | ArithmeticOp::Subtract => 3,
            ArithmeticOp::Multiply | ArithmeticOp::Divide | ArithmeticOp::Modulo => 4,
            ArithmeticOp::Power => 5,
        }
    }
}

/// The operators that compare two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

impl CompareOp {
    /// As AQL writes it.
    pub fn symbol(self) -> &'static str {
        match self {
            CompareOp::Equal => "=",
            CompareOp::NotEqual => "!=",
            CompareOp::Less => "<",
            CompareOp::LessEqual => "<=",
            CompareOp::Greater => ">",
            CompareOp::GreaterEqual => ">=",
        }
    }
}

/// The operators that match a text with a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchOp {
    /// `LIKE`
    Like,
    /// `ILIKE`
    Ilike,
    /// `MATCHES`
    Matches,
    /// `IMATCHES`
    Imatches,
}

impl MatchOp {
    /// As AQL writes it.
    pub fn word(self) -> &'static str {
        match self {
            MatchOp::Like => "LIKE",
            MatchOp::Ilike => "ILIKE",
            MatchOp::Matches => "MATCHES",
            MatchOp::Imatches => "IMATCHES",
        }
    }
}

/// What stands after `IN`.
#[derive(Debug, Clone, PartialEq)]
pub enum InList {
    /// `(a, b)`.
    Values(Vec<Expr>),
    /// `(SELECT …)`.
    Query(Box<Query>),
}

/// `WHEN when THEN then`.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// What is compared with the operand, or a condition.
    pub when: Expr,
    /// The value.
    pub then: Expr,
}

/// The unit of a `LAST` clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `SECONDS`
    Seconds,
    /// `MINUTES`
    Minutes,
    /// `HOURS`
    Hours,
    /// `DAYS`
    Days,
}

/// The units, as AQL writes them and in milliseconds.
const UNITS: [(&str, Unit, i64); 4] = [
    ("SECONDS", Unit::Seconds, 1_000),
    ("MINUTES", Unit::Minutes, 60_000),
    ("HOURS", Unit::Hours, 3_600_000),
    ("DAYS", Unit::Days, 86_400_000),
];

impl Unit {
    /// As AQL writes it.
    pub fn word(self) -> &'static str {
        UNITS.iter().find(|(_, unit, _)| *unit == self).map_or("", |(word, ..)| word)
    }

    /// How long it is.
    pub fn milliseconds(self) -> i64 {
        UNITS.iter().find(|(_, unit, _)| *unit == self).map_or(0, |(_, _, length)| *length)
    }

    /// The unit that a word names, in either number and any case.
    pub fn parse(word: &str) -> Option<Unit> {
        let names =
            |many: &str| many.eq_ignore_ascii_case(word) || many.trim_end_matches('S').eq_ignore_ascii_case(word);
        UNITS.iter().find(|(many, ..)| names(many)).map(|(_, unit, _)| *unit)
    }
}
