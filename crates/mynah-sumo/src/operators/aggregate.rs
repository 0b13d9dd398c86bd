//! `count by x`, `sum(x) as y, avg(z) by w`: groups and what is computed of each.
use super::aggregates::{self, Call};
use crate::ast::{Expression, Name, commas};
use crate::lexer::TokenKind;
use crate::parser::{Parsed, Parser};
use crate::plan::{Stage, aggregate, lower};
use mynah_syntax::Diagnostic;
use std::fmt;

/// An aggregate.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Aggregate {
    pub calls: Vec<Call>,
    pub keys: Vec<Key>,
}

/// What rows are grouped by: a field, or an expression with a name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Key {
    pub value: Expression,
    pub name: Option<Name>,
}

impl Key {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        let value = if p.at_name() && !(p.peek().kind == TokenKind::Word && p.peek_second().is("(")) {
            Expression::Field(p.name()?)
        } else {
            p.expression()?
        };
        Ok(Key { value, name: p.alias()? })
    }

    /// The field's name in the result.
    pub fn label(&self) -> String {
        match (&self.name, &self.value) {
            (Some(name), _) => name.text.clone(),
            (None, Expression::Field(name)) => name.text.clone(),
            (None, other) => other.to_string(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.value)?;
        match &self.name {
            Some(name) => write!(f, " as {name}"),
            None => Ok(()),
        }
    }
}

impl Aggregate {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        let mut calls = vec![Call::parse(p)?];
        let mut keys = Vec::new();
        loop {
            if p.at_end() {
                break;
            }
            if p.at_symbol(",") {
                p.bump();
                // A list of fields without `by`, as `count a, b` has it, does not begin with a comma.
                calls.push(Call::parse(p)?);
                continue;
            }
            let by = p.eat_word("group");
            if p.eat_word("by") || by || p.at_name() {
                loop {
                    keys.push(Key::parse(p)?);
                    if !p.eat_symbol(",") || p.at_end() {
                        break;
                    }
                }
                // `sum(x) by y as z`: the name of the value, put last.
            }
            break;
        }
        Ok(Aggregate { calls, keys })
    }

    /// The expressions in it.
    pub fn expressions(&self) -> Vec<&Expression> {
        self.calls.iter().flat_map(|call| &call.arguments).chain(self.keys.iter().map(|key| &key.value)).collect()
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let mut keys = Vec::new();
        for key in &self.keys {
            let value = lower(stage, &key.value)?;
            let label = match (&key.name, &key.value) {
                // The field's own spelling, whatever the query's.
                (None, Expression::Field(name)) => {
                    stage.field(&name.text).map_or_else(|| stage.spelling(&name.text), |field| field.name.clone())
                }
                _ => key.label(),
            };
            keys.push((label, value));
        }
        let mut calls = Vec::new();
        for call in &self.calls {
            calls.extend(aggregates::lower(stage, call)?);
        }
        aggregate(stage, keys, calls)
    }
}

impl fmt::Display for Aggregate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        commas(f, &self.calls)?;
        if self.keys.is_empty() {
            return Ok(());
        }
        f.write_str(" by ")?;
        commas(f, &self.keys)
    }
}
