use mynah_syntax::{Span, Spanned};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// An expression of `eval` and `where`, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Its place in the query.
    pub span: Span,
}

/// What an [`Expression`] is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpressionKind {
    /// A number.
    Number {
        /// Its value.
        value: f64,
        /// How many digits stand behind its decimal point, as it was written.
        decimals: usize,
    },
    /// A text in double quotes, its escapes resolved.
    Text(String),
    /// A field: a bare name, or any name in single quotes.
    Field(String),
    /// A function call.
    Call {
        /// The function's name as it was written.
        name: Spanned<String>,
        /// The arguments, in order.
        arguments: Vec<Expression>,
    },
    /// `NOT x`, `-x`, `+x`.
    Unary {
        /// The operator.
        operator: UnaryOperator,
        /// What it applies to.
        operand: Box<Expression>,
    },
    /// `a OP b`.
    Binary {
        /// The operator, and where it stands.
        operator: Spanned<BinaryOperator>,
        /// The left operand.
        left: Box<Expression>,
        /// The right operand.
        right: Box<Expression>,
    },
    /// `x IN (a, b, ...)`.
    In {
        /// The value looked for.
        value: Box<Expression>,
        /// The values it may have.
        list: Vec<Expression>,
    },
}

/// An operator with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `NOT`.
    Not,
    /// `-`.
    Minus,
    /// `+`, which changes nothing.
    Plus,
}

/// An operator with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BinaryOperator {
    /// `XOR`, which binds loosest.
    Xor,
    /// `OR`.
    Or,
    /// `AND`.
    And,
    /// `=` and `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterEqual,
    /// `LIKE`, with `%` and `_`.
    Like,
    /// `.`, which joins texts.
    Concatenate,
    /// `+`: adds numbers, joins texts.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`, the remainder.
    Modulo,
}

impl BinaryOperator {
    /// Every operator, as it is written and how tightly it binds; higher is tighter.
    pub(super) const ALL: [(BinaryOperator, &str, u8); 16] = [
        (BinaryOperator::Xor, "XOR", 1),
        (BinaryOperator::Or, "OR", 2),
        (BinaryOperator::And, "AND", 3),
        (BinaryOperator::Equal, "=", COMPARISON),
        (BinaryOperator::NotEqual, "!=", COMPARISON),
        (BinaryOperator::Less, "<", COMPARISON),
        (BinaryOperator::LessEqual, "<=", COMPARISON),
        (BinaryOperator::Greater, ">", COMPARISON),
        (BinaryOperator::GreaterEqual, ">=", COMPARISON),
        (BinaryOperator::Like, "LIKE", COMPARISON),
        (BinaryOperator::Concatenate, ".", 6),
        (BinaryOperator::Add, "+", 6),
        (BinaryOperator::Subtract, "-", 6),
        (BinaryOperator::Multiply, "*", 7),
        (BinaryOperator::Divide, "/", 7),
        (BinaryOperator::Modulo, "%", 7),
    ];

    /// The operator that is written so, in any case.
    pub(super) fn written(symbol: &str) -> Option<BinaryOperator> {
        let symbol = if symbol == "==" { "=" } else { symbol };
        Self::ALL.iter().find(|(_, known, _)| known.eq_ignore_ascii_case(symbol)).map(|(operator, ..)| *operator)
    }

    /// How tightly it binds; higher is tighter.
    pub(super) fn binding(self) -> u8 {
        Self::ALL.iter().find(|(operator, ..)| *operator == self).map_or(0, |(.., binding)| *binding)
    }

    /// As it is written.
    pub fn symbol(self) -> &'static str {
        Self::ALL.iter().find(|(operator, ..)| *operator == self).map_or("", |(_, symbol, _)| *symbol)
    }
}

/// What puts another expression in place of a call, by its name, its arguments and its place.
pub(crate) type ChangeCall<'a> = dyn FnMut(&Spanned<String>, &[Expression], Span) -> Option<Expression> + 'a;

/// How tightly `NOT` binds its operand.
pub(super) const NOT: u8 = 4;
/// How tightly comparisons and `IN` bind.
pub(super) const COMPARISON: u8 = 5;
/// How tightly a sign binds.
pub(super) const SIGN: u8 = 8;

impl ExpressionKind {
    /// A number, of its text.
    pub(crate) fn number(written: &str) -> Option<ExpressionKind> {
        let value = written.parse().ok()?;
        let decimals = match written.split_once('.') {
            Some((_, digits)) if digits.bytes().all(|digit| digit.is_ascii_digit()) => digits.len(),
            _ => 0,
        };
        Some(ExpressionKind::Number { value, decimals })
    }
}

impl Expression {
    /// The fields it reads, sorted.
    ///
    /// ```
    /// let (expression, _) = mynah_spl::expression::parse(r#"if(a=1, 'b.c', "d")"#, 0);
    /// let names: Vec<String> = expression.unwrap().names().into_iter().collect();
    /// assert_eq!(names, ["a", "b.c"]);
    /// ```
    pub fn names(&self) -> BTreeSet<String> {
        self.fields().into_iter().map(|field| field.node).collect()
    }

    /// Every mention of a field, and where it stands.
    pub fn fields(&self) -> Vec<Spanned<String>> {
        let mut fields = Vec::new();
        self.walk(&mut |expression| match &expression.kind {
            ExpressionKind::Field(name) => fields.push(Spanned::new(name.clone(), expression.span)),
            // A search in quotes reads fields of its own.
            ExpressionKind::Call { name, arguments } if name.node.eq_ignore_ascii_case("searchmatch") => {
                if let Some(Expression { kind: ExpressionKind::Text(search), span }) = arguments.first() {
                    let names = crate::functions::searched_names(search);
                    fields.extend(names.into_iter().map(|name| Spanned::new(name, *span)));
                }
            }
            _ => {}
        });
        fields
    }

    /// Shows every part of it, itself first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expression)) {
        visit(self);
        match &self.kind {
            ExpressionKind::Number { .. } | ExpressionKind::Text(_) | ExpressionKind::Field(_) => {}
            ExpressionKind::Call { arguments, .. } => arguments.iter().for_each(|argument| argument.walk(visit)),
            ExpressionKind::Unary { operand, .. } => operand.walk(visit),
            ExpressionKind::Binary { left, right, .. } => {
                left.walk(visit);
                right.walk(visit);
            }
            ExpressionKind::In { value, list } => {
                value.walk(visit);
                list.iter().for_each(|item| item.walk(visit));
            }
        }
    }

    /// The same with the calls that `change` changes; what is inside these stays.
    pub(crate) fn with_calls(self, change: &mut ChangeCall<'_>) -> Expression {
        let span = self.span;
        let inside = |inner: Box<Expression>, change: &mut ChangeCall<'_>| Box::new(inner.with_calls(change));
        let kind = match self.kind {
            ExpressionKind::Call { name, arguments } => match change(&name, &arguments, span) {
                Some(changed) => return changed,
                None => {
                    let arguments = arguments.into_iter().map(|argument| argument.with_calls(change)).collect();
                    ExpressionKind::Call { name, arguments }
                }
            },
            ExpressionKind::Unary { operator, operand } => {
                ExpressionKind::Unary { operator, operand: inside(operand, change) }
            }
            ExpressionKind::Binary { operator, left, right } => {
                ExpressionKind::Binary { operator, left: inside(left, change), right: inside(right, change) }
            }
            ExpressionKind::In { value, list } => {
                let value = inside(value, change);
                ExpressionKind::In { value, list: list.into_iter().map(|item| item.with_calls(change)).collect() }
            }
            other => other,
        };
        Expression { kind, span }
    }

    /// Whether it tests something and is not made of tests: neither AND, OR, XOR or NOT, nor a field.
    pub(crate) fn is_test(&self) -> bool {
        match &self.kind {
            ExpressionKind::Call { .. } | ExpressionKind::In { .. } => true,
            ExpressionKind::Binary { operator, .. } => {
                !matches!(operator.node, BinaryOperator::And | BinaryOperator::Or | BinaryOperator::Xor)
            }
            _ => false,
        }
    }

    fn binding(&self) -> u8 {
        match &self.kind {
            ExpressionKind::Binary { operator, .. } => operator.node.binding(),
            ExpressionKind::In { .. } => COMPARISON,
            ExpressionKind::Unary { operator: UnaryOperator::Not, .. } => NOT,
            ExpressionKind::Unary { .. } => SIGN,
            _ => u8::MAX,
        }
    }

    /// Writes it, in parentheses where its place wants something that binds as tightly as `least`.
    fn write(&self, f: &mut fmt::Formatter<'_>, least: u8) -> fmt::Result {
        if self.binding() < least {
            return write!(f, "({self})");
        }
        write!(f, "{self}")
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            // `1e-3` has no point and some decimals all the same.
            ExpressionKind::Number { value, decimals: 0 } => write!(f, "{value}"),
            ExpressionKind::Number { value, decimals } => write!(f, "{value:.decimals$}"),
            ExpressionKind::Text(text) => write_quoted(f, text, '"'),
            ExpressionKind::Field(name) if super::lexer::is_bare_name(name) => f.write_str(name),
            ExpressionKind::Field(name) => write_quoted(f, name, '\''),
            ExpressionKind::Call { name, arguments } => {
                write!(f, "{}", name.node)?;
                write_list(f, arguments)
            }
            ExpressionKind::Unary { operator, operand } => {
                let (symbol, binding) = match operator {
                    UnaryOperator::Not => ("NOT ", NOT),
                    UnaryOperator::Minus => ("-", SIGN),
                    UnaryOperator::Plus => ("+", SIGN),
                };
                f.write_str(symbol)?;
                operand.write(f, binding)
            }
            ExpressionKind::Binary { operator, left, right } => {
                let binding = operator.node.binding();
                left.write(f, binding)?;
                write!(f, " {} ", operator.node.symbol())?;
                right.write(f, binding + 1)
            }
            ExpressionKind::In { value, list } => {
                value.write(f, COMPARISON)?;
                f.write_str(" IN ")?;
                write_list(f, list)
            }
        }
    }
}

fn write_list(f: &mut fmt::Formatter<'_>, list: &[Expression]) -> fmt::Result {
    f.write_str("(")?;
    for (i, item) in list.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    f.write_str(")")
}

fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str, quote: char) -> fmt::Result {
    write!(f, "{quote}")?;
    for c in text.chars() {
        match c {
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            '\r' => f.write_str("\\r")?,
            c if c == quote => write!(f, "\\{c}")?,
            c => write!(f, "{c}")?,
        }
    }
    write!(f, "{quote}")
}
