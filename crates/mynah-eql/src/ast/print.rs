//! A tree as EQL: parentheses only where the tree needs them.
use super::{Arithmetic, Body, Comparison, EventFilter, Expr, ExprKind, Field, Pipe, Query, Sample, Sequence, Term};
use datafusion::logical_expr::Operator;
use std::fmt::{self, Display, Formatter, Write};

/// How tightly an expression holds together: a looser one needs parentheses inside a tighter one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Sign,
    /// What `in`, `:` and their like stand behind.
    Predicate,
    Primary,
}

/// A text as a string in double quotes.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{{{:04x}}}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Expressions as a list, with a comma between each two.
fn list(expressions: &[Expr]) -> String {
    joined(expressions, Binding::Or, ", ")
}

fn joined(expressions: &[Expr], wanted: Binding, between: &str) -> String {
    let parts: Vec<String> = expressions.iter().map(|part| Within(part, wanted).to_string()).collect();
    parts.join(between)
}

/// ` by a, b`, or nothing.
fn by(keys: &[Expr]) -> String {
    if keys.is_empty() { String::new() } else { format!(" by {}", list(keys)) }
}

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.body {
            Body::Event(filter) => write!(f, "{filter}")?,
            Body::Sequence(sequence) => write!(f, "{sequence}")?,
            Body::Sample(sample) => write!(f, "{sample}")?,
        }
        self.pipes.iter().try_for_each(|pipe| write!(f, "\n{pipe}"))
    }
}

impl Display for EventFilter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.category {
            None => f.write_str("any")?,
            Some(name) if is_word(name) => f.write_str(name)?,
            Some(name) => f.write_str(&quote(name))?,
        }
        write!(f, " where {}", self.condition)
    }
}

impl Display for Sequence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "sequence{}", by(&self.by))?;
        if let Some(span) = &self.maxspan {
            write!(f, " with maxspan={}{}", span.count, span.unit.text)?;
        }
        self.terms.iter().try_for_each(|term| write!(f, "\n  {term}"))?;
        self.until.iter().try_for_each(|term| write!(f, "\nuntil {term}"))
    }
}

impl Display for Sample {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "sample{}", by(&self.by))?;
        self.terms.iter().try_for_each(|term| write!(f, "\n  {term}"))
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}[ {} ]{}", if self.missing { "!" } else { "" }, self.filter, by(&self.by))?;
        if self.runs == 1 { Ok(()) } else { write!(f, " with runs={}", self.runs) }
    }
}

impl Display for Pipe {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(format!("| {} {}", self.name, list(&self.arguments)).trim_end())
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Within(self, Binding::Or))
    }
}

impl Display for Field {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let quoted =
            |part: &str| if is_word(part) { part.to_owned() } else { format!("`{}`", part.replace('`', "``")) };
        let parts: Vec<String> = self.name.split('.').map(quoted).collect();
        write!(f, "{}{}", if self.optional { "?" } else { "" }, parts.join("."))
    }
}

/// Whether a name needs no quotes.
fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '@')
        && name.chars().skip(1).all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !crate::parser::is_keyword(&name.to_ascii_lowercase())
}

fn binding(expression: &Expr) -> Binding {
    match &expression.kind {
        ExprKind::Or(_) => Binding::Or,
        ExprKind::And(_) => Binding::And,
        ExprKind::Not(_) => Binding::Not,
        ExprKind::Compare(..) => Binding::Comparison,
        ExprKind::Arithmetic(_, operator, _) if operator.is_sum() => Binding::Sum,
        ExprKind::Arithmetic(..) => Binding::Product,
        ExprKind::Negative(_) => Binding::Sign,
        // A negative number is read back as `-` before a number, unless it stands in parentheses.
        ExprKind::Integer(number) if *number < 0 => Binding::Sign,
        ExprKind::Float(number) if number.is_sign_negative() => Binding::Sign,
        ExprKind::In(_) | ExprKind::Match(_) => Binding::Predicate,
        _ => Binding::Primary,
    }
}

/// An expression where at least such a binding is needed.
struct Within<'e>(&'e Expr, Binding);

impl Display for Within<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if binding(self.0) >= self.1 {
            return write_bare(f, self.0);
        }
        f.write_char('(')?;
        write_bare(f, self.0)?;
        f.write_char(')')
    }
}

fn write_bare(f: &mut Formatter<'_>, expression: &Expr) -> fmt::Result {
    match &expression.kind {
        ExprKind::Null => f.write_str("null"),
        ExprKind::Boolean(truth) => write!(f, "{truth}"),
        ExprKind::Integer(number) => write!(f, "{number}"),
        // `{:?}` always shows a fraction or an exponent, so that it stays a float.
        ExprKind::Float(number) if number.is_finite() => write!(f, "{number:?}"),
        ExprKind::Float(_) => f.write_str("1e999"),
        ExprKind::Text(text) => f.write_str(&quote(text)),
        ExprKind::Field(field) => write!(f, "{field}"),
        ExprKind::Call(call) => {
            write!(f, "{}{}({})", call.name, if call.folded { "~" } else { "" }, list(&call.arguments))
        }
        ExprKind::Not(inner) => write!(f, "not {}", Within(inner, Binding::Not)),
        ExprKind::And(parts) => f.write_str(&joined(parts, Binding::Not, " and ")),
        ExprKind::Or(parts) => f.write_str(&joined(parts, Binding::And, " or ")),
        ExprKind::Negative(inner) => write!(f, "-{}", Within(inner, Binding::Predicate)),
        ExprKind::Arithmetic(left, operator, right) => {
            let tighter = if operator.is_sum() { Binding::Product } else { Binding::Sign };
            write!(f, "{} {} {}", Within(left, binding(expression)), operator.text(), Within(right, tighter))
        }
        ExprKind::Compare(left, operator, right) => {
            write!(f, "{} {} {}", Within(left, Binding::Sum), operator.text(), Within(right, Binding::Sum))
        }
        ExprKind::In(found) => {
            let (not, folded) = (if found.negated { "not " } else { "" }, if found.folded { "~" } else { "" });
            write!(f, "{} {not}in{folded} ({})", Within(&found.value, Binding::Primary), list(&found.list))
        }
        ExprKind::Match(found) => {
            let (open, close) = if found.listed { ("(", ")") } else { ("", "") };
            let (value, operator) = (Within(&found.value, Binding::Primary), found.operator.text());
            write!(f, "{value} {operator} {open}{}{close}", list(&found.patterns))
        }
    }
}

impl Arithmetic {
    /// All of them, as EQL writes them, and the functions that do the same.
    const ALL: [(Arithmetic, &'static str, &'static str); 5] = [
        (Arithmetic::Add, "+", "add"),
        (Arithmetic::Subtract, "-", "subtract"),
        (Arithmetic::Multiply, "*", "multiply"),
        (Arithmetic::Divide, "/", "divide"),
        (Arithmetic::Modulo, "%", "modulo"),
    ];

    /// The one that EQL writes so.
    pub(crate) fn parse(text: &str) -> Option<Arithmetic> {
        Arithmetic::ALL.iter().find(|(_, written, _)| *written == text).map(|(found, ..)| *found)
    }

    /// As EQL writes it.
    pub fn text(self) -> &'static str {
        Arithmetic::ALL.iter().find(|(known, ..)| *known == self).map_or("", |(_, text, _)| text)
    }

    /// The function that does the same.
    pub(crate) fn function(self) -> &'static str {
        Arithmetic::ALL.iter().find(|(known, ..)| *known == self).map_or("", |(.., function)| function)
    }

    /// Whether it is one of a sum, and not of a product.
    pub(crate) fn is_sum(self) -> bool {
        matches!(self, Arithmetic::Add | Arithmetic::Subtract)
    }
}

impl Comparison {
    /// All of them, as EQL writes them and as plans do.
    pub(crate) const ALL: [(Comparison, &'static str, Operator); 6] = [
        (Comparison::Equal, "==", Operator::Eq),
        (Comparison::NotEqual, "!=", Operator::NotEq),
        (Comparison::Less, "<", Operator::Lt),
        (Comparison::LessOrEqual, "<=", Operator::LtEq),
        (Comparison::Greater, ">", Operator::Gt),
        (Comparison::GreaterOrEqual, ">=", Operator::GtEq),
    ];

    /// The one that EQL writes so.
    pub(crate) fn parse(text: &str) -> Option<Comparison> {
        Comparison::ALL.iter().find(|(_, written, _)| *written == text).map(|(found, ..)| *found)
    }

    /// As EQL writes it.
    pub fn text(self) -> &'static str {
        Comparison::ALL.iter().find(|(known, ..)| *known == self).map_or("", |(_, text, _)| text)
    }

    /// The operator of plans.
    pub(crate) fn operator(self) -> Operator {
        Comparison::ALL.iter().find(|(known, ..)| *known == self).map_or(Operator::Eq, |(.., operator)| *operator)
    }
}
