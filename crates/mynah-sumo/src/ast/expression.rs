use super::{Name, Place, Regex, Subquery, Text};
use mynah_syntax::Span;

/// A field expression: what `where` tests and `… as name` computes.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// `"text"`.
    Text(Text),
    /// `/regex/`, as an argument or behind `matches`.
    Regex(Regex),
    /// A number as it is written, with its suffix: `1.5Gi`.
    Number(String, Place),
    /// `true` or `false`.
    Boolean(bool, Place),
    /// `null`.
    Null(Place),
    /// A field.
    Field(Name),
    /// A dashboard's parameter that stands for itself.
    Parameter(String, Place),
    /// `!x`.
    Not(Box<Expression>, Place),
    /// `-x`.
    Negative(Box<Expression>, Place),
    /// All of these.
    And(Vec<Expression>),
    /// Any of these.
    Or(Vec<Expression>),
    /// `x = y`, `x + y`.
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    /// `x in (…)`, or with true `x not in (…)`.
    In(Box<Expression>, bool, Vec<Expression>, Place),
    /// `x ? y : z`.
    Choice(Box<Expression>, Box<Expression>, Box<Expression>),
    /// `x {{p}}`: a dashboard's parameter that holds an operator and a value.
    Templated(Box<Expression>, String, Place),
    /// `[subquery: …]`.
    Subquery(Box<Subquery>),
    /// `name(…)`.
    Call(Name, Vec<Expression>, Place),
}

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `=`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `contains`.
    Contains,
    /// `matches`, with a text with `*` in it, an expression that gives one, or a regular expression.
    Matches,
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Remainder,
}

impl BinaryOperator {
    /// The comparison that is written so.
    pub(crate) fn comparison(symbol: &str) -> Option<BinaryOperator> {
        Some(match symbol {
            "=" | "==" => BinaryOperator::Equal,
            "!=" | "<>" => BinaryOperator::NotEqual,
            "<" => BinaryOperator::Less,
            "<=" => BinaryOperator::LessOrEqual,
            ">" => BinaryOperator::Greater,
            ">=" => BinaryOperator::GreaterOrEqual,
            _ => return None,
        })
    }

    /// How it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOperator::Equal => "=",
            BinaryOperator::NotEqual => "!=",
            BinaryOperator::Less => "<",
            BinaryOperator::LessOrEqual => "<=",
            BinaryOperator::Greater => ">",
            BinaryOperator::GreaterOrEqual => ">=",
            BinaryOperator::Contains => "contains",
            BinaryOperator::Matches => "matches",
            BinaryOperator::Add => "+",
            BinaryOperator::Subtract => "-",
            BinaryOperator::Multiply => "*",
            BinaryOperator::Divide => "/",
            BinaryOperator::Remainder => "%",
        }
    }
}

impl Expression {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Expression::Text(text) => text.place.0,
            Expression::Regex(regex) => regex.place.0,
            Expression::Number(_, place)
            | Expression::Boolean(_, place)
            | Expression::Null(place)
            | Expression::Parameter(_, place)
            | Expression::Not(_, place)
            | Expression::Negative(_, place)
            | Expression::In(_, _, _, place)
            | Expression::Call(_, _, place) => place.0,
            Expression::Field(name) => name.span(),
            Expression::Templated(value, _, place) => value.span().to(place.0),
            Expression::Subquery(subquery) => subquery.place.0,
            Expression::And(parts) | Expression::Or(parts) => {
                parts.iter().map(Expression::span).reduce(Span::to).unwrap_or_default()
            }
            Expression::Binary(_, left, right) => left.span().to(right.span()),
            Expression::Choice(condition, _, otherwise) => condition.span().to(otherwise.span()),
        }
    }

    /// The parts of it that are expressions themselves.
    pub fn parts(&self) -> Vec<&Expression> {
        match self {
            Expression::Not(part, _) | Expression::Negative(part, _) | Expression::Templated(part, ..) => vec![part],
            Expression::And(parts) | Expression::Or(parts) => parts.iter().collect(),
            Expression::Binary(BinaryOperator::Matches, value, pattern)
                if matches!(**pattern, Expression::Regex(_)) =>
            {
                vec![value]
            }
            Expression::Binary(_, left, right) => vec![left, right],
            Expression::In(value, _, list, _) => std::iter::once(value.as_ref()).chain(list).collect(),
            Expression::Choice(condition, then, otherwise) => vec![condition, then, otherwise],
            Expression::Call(_, arguments, _) => arguments.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// How many expressions stand inside one another at its deepest place.
    pub fn depth(&self) -> usize {
        let mut deepest = 0;
        let mut open = vec![(self, 1)];
        while let Some((expression, depth)) = open.pop() {
            deepest = deepest.max(depth);
            open.extend(expression.parts().into_iter().map(|part| (part, depth + 1)));
        }
        deepest
    }

    /// Calls `visit` with this expression and every one inside it.
    pub fn walk(&self, visit: &mut dyn FnMut(&Expression)) {
        visit(self);
        for part in self.parts() {
            part.walk(visit);
        }
    }
}
