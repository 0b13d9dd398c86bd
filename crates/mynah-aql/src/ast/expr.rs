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
    /// A value behind which a [`Test`] stands, with or without NOT: `value [NOT] LIKE pattern`.
    Test {
        /// What is tested.
        value: Box<Expr>,
        /// Whether it must fail.
        negated: bool,
        /// What it must be.
        test: Test,
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
    /// All of them, as AQL writes them, and how tightly each binds.
    const ALL: [(ArithmeticOp, &'static str, u8); 8] = [
        (ArithmeticOp::Add, "+", 3),
        (ArithmeticOp::Subtract, "-", 3),
        (ArithmeticOp::Multiply, "*", 4),
        (ArithmeticOp::Divide, "/", 4),
        (ArithmeticOp::Modulo, "%", 4),
        (ArithmeticOp::Power, "^", 5),
        (ArithmeticOp::BitAnd, "&", 2),
        (ArithmeticOp::BitOr, "|", 1),
    ];

    /// As AQL writes it.
    pub fn symbol(self) -> &'static str {
        ArithmeticOp::ALL.iter().find(|(known, ..)| *known == self).map_or("", |(_, symbol, _)| symbol)
    }

    /// How tightly it binds; all of them bind to the left.
    pub fn strength(self) -> u8 {
        ArithmeticOp::ALL.iter().find(|(known, ..)| *known == self).map_or(0, |(.., strength)| *strength)
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

/// What a value must be.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// `LIKE pattern`, and its kin.
    Match(MatchOp, Box<Expr>),
    /// `IN (a, b)`.
    In(Vec<Expr>),
    /// `IN (SELECT …)`.
    InQuery(Box<Query>),
    /// `BETWEEN low AND high`.
    Between(Box<Expr>, Box<Expr>),
    /// `IS NULL`; `IS NOT NULL` is its negation.
    Null,
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
pub struct Unit {
    /// As AQL writes it: `SECONDS`.
    pub word: &'static str,
    /// How long it is.
    pub milliseconds: i64,
}

impl Unit {
    /// `DAYS`
    pub const DAYS: Unit = Unit { word: "DAYS", milliseconds: 86_400_000 };

    /// All units.
    const ALL: [Unit; 4] = [
        Unit { word: "SECONDS", milliseconds: 1_000 },
        Unit { word: "MINUTES", milliseconds: 60_000 },
        Unit { word: "HOURS", milliseconds: 3_600_000 },
        Unit::DAYS,
    ];

    /// The unit that a word names, in either number and any case.
    pub fn parse(word: &str) -> Option<Unit> {
        let names =
            |many: &str| many.eq_ignore_ascii_case(word) || many.trim_end_matches('S').eq_ignore_ascii_case(word);
        Unit::ALL.into_iter().find(|unit| names(unit.word))
    }
}
