use super::{At, Query};
use mynah_syntax::Span;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expr {
    pub kind: ExprKind,
    pub at: At,
}

impl Expr {
    pub fn new(kind: ExprKind, span: Span) -> Expr {
        Expr { kind, at: At(span) }
    }

    pub fn span(&self) -> Span {
        self.at.0
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ExprKind {
    /// A property or an alias, by name.
    Column {
        name: String,
        quoted: bool,
    },
    /// `'text'`.
    Text(String),
    Number(Number),
    Boolean(bool),
    Null,
    /// `-x`.
    Negate(Box<Expr>),
    Arithmetic(Box<Expr>, ArithmeticOp, Box<Expr>),
    Compare(Box<Expr>, CompareOp, Box<Expr>),
    /// Two or more conditions, all of which must hold. Not a chain of pairs: rules have thousands of them.
    And(Vec<Expr>),
    /// Two or more conditions, one of which must hold.
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Match {
        value: Box<Expr>,
        op: MatchOp,
        negated: bool,
        pattern: Box<Expr>,
    },
    In {
        value: Box<Expr>,
        negated: bool,
        list: InList,
    },
    Between {
        value: Box<Expr>,
        negated: bool,
        low: Box<Expr>,
        high: Box<Expr>,
    },
    IsNull {
        value: Box<Expr>,
        negated: bool,
    },
    Case {
        operand: Option<Box<Expr>>,
        branches: Vec<Branch>,
        otherwise: Option<Box<Expr>>,
    },
    /// `IF c THEN a ELSE b`.
    If {
        condition: Box<Expr>,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    /// `name(arguments)`.
    Call {
        name: String,
        name_at: At,
        distinct: bool,
        arguments: Vec<Expr>,
    },
    /// The `*` of `COUNT(*)`.
    Star,
    /// `TEXT SEARCH 'words'`.
    TextSearch(Box<Expr>),
    /// `LAST 1 DAYS` where a condition is expected.
    Last {
        count: u64,
        unit: Unit,
    },
    /// What could not be read; there is a diagnostic for it.
    Error,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Whole(i64),
    Hex(i64),
    Decimal(f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArithmeticOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    BitAnd,
    BitOr,
}

impl ArithmeticOp {
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CompareOp {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl CompareOp {
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MatchOp {
    Like,
    Ilike,
    Matches,
    Imatches,
}

impl MatchOp {
    pub fn word(self) -> &'static str {
        match self {
            MatchOp::Like => "LIKE",
            MatchOp::Ilike => "ILIKE",
            MatchOp::Matches => "MATCHES",
            MatchOp::Imatches => "IMATCHES",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum InList {
    Values(Vec<Expr>),
    Query(Box<Query>),
}

/// `WHEN when THEN then`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Branch {
    pub when: Expr,
    pub then: Expr,
}

/// The unit of a `LAST` clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    Minutes,
    Hours,
    Days,
}

impl Unit {
    pub fn word(self) -> &'static str {
        match self {
            Unit::Seconds => "SECONDS",
            Unit::Minutes => "MINUTES",
            Unit::Hours => "HOURS",
            Unit::Days => "DAYS",
        }
    }

    pub fn milliseconds(self) -> i64 {
        match self {
            Unit::Seconds => 1_000,
            Unit::Minutes => 60_000,
            Unit::Hours => 3_600_000,
            Unit::Days => 86_400_000,
        }
    }

    /// The unit that a word names, in either number and any case.
    pub fn parse(word: &str) -> Option<Unit> {
        let one_of = |names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
        if one_of(&["SECOND", "SECONDS"]) {
            Some(Unit::Seconds)
        } else if one_of(&["MINUTE", "MINUTES"]) {
            Some(Unit::Minutes)
        } else if one_of(&["HOUR", "HOURS"]) {
            Some(Unit::Hours)
        } else if one_of(&["DAY", "DAYS"]) {
            Some(Unit::Days)
        } else {
            None
        }
    }
}
