//! What a query says, as a tree. Every part knows its place in the text; two trees are equal if they
//! say the same, wherever it stands. Its `Display` is EQL again.
mod print;
mod visit;

use mynah_syntax::Span;
use serde::{Deserialize, Serialize};

pub(crate) use print::quote;

/// A place in the text, which does not count when trees are compared.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place(pub Span);

impl PartialEq for Place {
    fn eq(&self, _: &Place) -> bool {
        true
    }
}

/// A whole query.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What is searched for.
    pub body: Body,
    /// What is done to the matches, in order.
    pub pipes: Vec<Pipe>,
}

/// The three kinds of query.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Single events.
    Event(EventFilter),
    /// Events in an order.
    Sequence(Sequence),
    /// Events that share values, in any order.
    Sample(Sample),
}

/// `category where condition`.
#[derive(Debug, Clone, PartialEq)]
pub struct EventFilter {
    /// The value that `event.category` must have; `None` is `any`.
    pub category: Option<String>,
    /// The place of the category.
    pub category_place: Place,
    /// What must hold.
    pub condition: Expr,
}

impl EventFilter {
    /// Its place.
    pub fn span(&self) -> Span {
        self.category_place.0.to(self.condition.span())
    }
}

/// `sequence by … with maxspan=… [ … ] [ … ] until [ … ]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Sequence {
    /// The fields that all events share.
    pub by: Vec<Expr>,
    /// The longest time from the first event to the last.
    pub maxspan: Option<TimeSpan>,
    /// The events, in order.
    pub terms: Vec<Term>,
    /// The event that ends a sequence before its time.
    pub until: Option<Term>,
    /// The place of the word `sequence`.
    pub place: Place,
}

/// `sample by … [ … ] [ … ]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The fields that all events share.
    pub by: Vec<Expr>,
    /// The events.
    pub terms: Vec<Term>,
    /// The place of the word `sample`.
    pub place: Place,
}

/// One event of a sequence or sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Whether there must be no such event (`![ … ]`).
    pub missing: bool,
    /// Which events.
    pub filter: EventFilter,
    /// The fields that hold the shared values in this event.
    pub by: Vec<Expr>,
    /// How many such events there must be in a row.
    pub runs: u32,
    /// Its place.
    pub place: Place,
}

/// A length of time: `30s`.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeSpan {
    /// How many.
    pub count: u64,
    /// Of what.
    pub unit: TimeUnit,
}

impl TimeSpan {
    /// How long it is.
    pub fn milliseconds(&self) -> i64 {
        i64::try_from(self.count).unwrap_or(i64::MAX).saturating_mul(self.unit.milliseconds)
    }
}

/// What a [`TimeSpan`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeUnit {
    /// As EQL writes it: `ms`.
    pub text: &'static str,
    /// How long it is.
    pub milliseconds: i64,
}

impl TimeUnit {
    /// All units.
    pub const ALL: [TimeUnit; 5] = [
        TimeUnit { text: "ms", milliseconds: 1 },
        TimeUnit { text: "s", milliseconds: 1_000 },
        TimeUnit { text: "m", milliseconds: 60_000 },
        TimeUnit { text: "h", milliseconds: 3_600_000 },
        TimeUnit { text: "d", milliseconds: 86_400_000 },
    ];

    /// The unit that EQL writes so.
    pub fn parse(text: &str) -> Option<TimeUnit> {
        TimeUnit::ALL.into_iter().find(|unit| unit.text == text)
    }
}

/// `| name argument, …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipe {
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub arguments: Vec<Expr>,
    /// Its place, from the name on.
    pub place: Place,
}

/// An expression and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its place.
    pub place: Place,
}

impl Expr {
    /// Its place.
    pub fn span(&self) -> Span {
        self.place.0
    }
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Float(f64),
    /// A string.
    Text(String),
    /// A field.
    Field(Field),
    /// A call of a function.
    Call(Call),
    /// `not …`
    Not(Box<Expr>),
    /// `… and … and …`: two or more.
    And(Vec<Expr>),
    /// `… or … or …`: two or more.
    Or(Vec<Expr>),
    /// `-…`
    Negative(Box<Expr>),
    /// `… + …`
    Arithmetic(Box<Expr>, Arithmetic, Box<Expr>),
    /// `… == …`
    Compare(Box<Expr>, Comparison, Box<Expr>),
    /// `… in (…)`
    In(In),
    /// `… : …`, `… like (…)`, `… regex …`
    Match(Match),
}

/// A field of the event.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name, with dots, without backticks.
    pub name: String,
    /// Whether the data need not have it (`?name`).
    pub optional: bool,
}

/// A call of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Its name as it is written.
    pub name: String,
    /// Whether it leaves case aside (`name~`).
    pub folded: bool,
    /// The place of the name, `~` included.
    pub name_place: Place,
    /// What it is given.
    pub arguments: Vec<Expr>,
}

/// The operators of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
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
}

/// The operators that compare two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// Whether it asks for equality, or for none.
    pub fn is_equality(self) -> bool {
        matches!(self, Comparison::Equal | Comparison::NotEqual)
    }
}

/// `value in (…)`.
#[derive(Debug, Clone, PartialEq)]
pub struct In {
    /// What is looked for.
    pub value: Box<Expr>,
    /// Whether it must be absent (`not in`).
    pub negated: bool,
    /// Whether case is left aside (`in~`).
    pub folded: bool,
    /// Where it is looked for.
    pub list: Vec<Expr>,
}

/// `value : pattern`, and its like.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// What is matched.
    pub value: Box<Expr>,
    /// How.
    pub operator: Matching,
    /// The place of the operator.
    pub operator_place: Place,
    /// The patterns, constants.
    pub patterns: Vec<Expr>,
    /// Whether they stand in parentheses.
    pub listed: bool,
}

/// The operators that match a text with patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matching {
    /// `:`
    Colon,
    /// `like`
    Like,
    /// `like~`
    LikeFolded,
    /// `regex`
    Regex,
    /// `regex~`
    RegexFolded,
}

impl Matching {
    /// As EQL writes it.
    pub fn text(self) -> &'static str {
        match self {
            Matching::Colon => ":",
            Matching::Like => "like",
            Matching::LikeFolded => "like~",
            Matching::Regex => "regex",
            Matching::RegexFolded => "regex~",
        }
    }

    /// Whether case is left aside.
    pub fn is_folded(self) -> bool {
        !matches!(self, Matching::Like | Matching::Regex)
    }

    /// Whether the patterns are regular expressions.
    pub fn is_regex(self) -> bool {
        matches!(self, Matching::Regex | Matching::RegexFolded)
    }
}
