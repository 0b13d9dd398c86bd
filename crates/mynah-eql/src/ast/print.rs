//! A tree as EQL: parentheses only where the tree needs them.
use super::{Arithmetic, Body, Comparison, EventFilter, Expr, ExprKind, Field, Pipe, Query, Sample, Sequence, Term};
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
        f.write_str("sequence")?;
        by(f, &self.by)?;
        if let Some(span) = &self.maxspan {
            write!(f, " with maxspan={}{}", span.count, span.unit.text())?;
        }
        self.terms.iter().try_for_each(|term| write!(f, "\n  {term}"))?;
        self.until.iter().try_for_each(|term| write!(f, "\nuntil {term}"))
    }
}

impl Display for Sample {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("sample")?;
        by(f, &self.by)?;
        self.terms.iter().try_for_each(|term| write!(f, "\n  {term}"))
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{} ]", if self.missing { "![ " } else { "[ " }, self.filter)?;
        by(f, &self.by)?;
        if self.runs != 1 {
            write!(f, " with runs={}", self.runs)?;
        }
        Ok(())
    }
}

impl Display for Pipe {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "| {}", self.name)?;
        if !self.arguments.is_empty() {
            f.write_char(' ')?;
            list(f, &self.arguments)?;
        }
        Ok(())
    }
}

fn by(f: &mut Formatter<'_>, keys: &[Expr]) -> fmt::Result {
    if keys.is_empty() {
        return Ok(());
    }
    f.write_str(" by ")?;
    list(f, keys)
}

fn list(f: &mut Formatter<'_>, expressions: &[Expr]) -> fmt::Result {
    expressions.iter().enumerate().try_for_each(|(i, expression)| {
        if i > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{expression}")
    })
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write(f, self, Binding::Or)
    }
}

impl Display for Field {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.optional {
            f.write_char('?')?;
        }
        self.name.split('.').enumerate().try_for_each(|(i, part)| {
            if i > 0 {
                f.write_char('.')?;
            }
            if is_word(part) { f.write_str(part) } else { write!(f, "`{}`", part.replace('`', "``")) }
        })
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
        ExprKind::Arithmetic(_, Arithmetic::Add | Arithmetic::Subtract, _) => Binding::Sum,
        ExprKind::Arithmetic(..) => Binding::Product,
        ExprKind::Negative(_) => Binding::Sign,
        // A negative number is read back as `-` before a number, unless it stands in parentheses.
        ExprKind::Integer(number) if *number < 0 => Binding::Sign,
        ExprKind::Float(number) if number.is_sign_negative() => Binding::Sign,
        ExprKind::In(_) | ExprKind::Match(_) => Binding::Predicate,
        _ => Binding::Primary,
    }
}

/// Writes an expression where at least `wanted` is needed.
fn write(f: &mut Formatter<'_>, expression: &Expr, wanted: Binding) -> fmt::Result {
    let parentheses = binding(expression) < wanted;
    if parentheses {
        f.write_char('(')?;
    }
    write_bare(f, expression)?;
    if parentheses {
        f.write_char(')')?;
    }
    Ok(())
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
            write!(f, "{}{}(", call.name, if call.folded { "~" } else { "" })?;
            list(f, &call.arguments)?;
            f.write_char(')')
        }
        ExprKind::Not(inner) => {
            f.write_str("not ")?;
            write(f, inner, Binding::Not)
        }
        ExprKind::And(parts) => chain(f, parts, " and ", Binding::Not),
        ExprKind::Or(parts) => chain(f, parts, " or ", Binding::And),
        ExprKind::Negative(inner) => {
            f.write_char('-')?;
            write(f, inner, Binding::Predicate)
        }
        ExprKind::Arithmetic(left, operator, right) => {
            let (text, own, tighter) = match operator {
                Arithmetic::Add => ("+", Binding::Sum, Binding::Product),
                Arithmetic::Subtract => ("-", Binding::Sum, Binding::Product),
                Arithmetic::Multiply => ("*", Binding::Product, Binding::Sign),
                Arithmetic::Divide => ("/", Binding::Product, Binding::Sign),
                Arithmetic::Modulo => ("%", Binding::Product, Binding::Sign),
            };
            write(f, left, own)?;
            write!(f, " {text} ")?;
            write(f, right, tighter)
        }
        ExprKind::Compare(left, operator, right) => {
            write(f, left, Binding::Sum)?;
            write!(f, " {} ", operator.text())?;
            write(f, right, Binding::Sum)
        }
        ExprKind::In(found) => {
            write(f, &found.value, Binding::Primary)?;
            f.write_str(if found.negated { " not in" } else { " in" })?;
            f.write_str(if found.folded { "~ (" } else { " (" })?;
            list(f, &found.list)?;
            f.write_char(')')
        }
        ExprKind::Match(found) => {
            write(f, &found.value, Binding::Primary)?;
            write!(f, " {} ", found.operator.text())?;
            if found.listed {
                f.write_char('(')?;
            }
            list(f, &found.patterns)?;
            if found.listed {
                f.write_char(')')?;
            }
            Ok(())
        }
    }
}

fn chain(f: &mut Formatter<'_>, parts: &[Expr], between: &str, wanted: Binding) -> fmt::Result {
    parts.iter().enumerate().try_for_each(|(i, part)| {
        if i > 0 {
            f.write_str(between)?;
        }
        write(f, part, wanted)
    })
}

impl Comparison {
    /// As EQL writes it.
    pub fn text(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }
}
