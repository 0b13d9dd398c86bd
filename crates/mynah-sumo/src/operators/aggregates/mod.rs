//! The aggregating functions, a file for each page of the vendor's reference.
mod average;
mod count;
mod count_distinct;
mod first_last;
mod median;
mod min_max;
mod most_recent;
mod percentile;
mod stddev;
mod sum;
mod values;

use crate::ast::{Expression, Name, Place, commas};
use crate::lexer::TokenKind;
use crate::parser::{Parsed, Parser};
use crate::plan::{Aggregated, Kind, Stage, Typed, lower as lower_expression};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Span};
use std::fmt;

pub(super) use count::count;

/// An aggregating function.
pub(super) struct Aggregator {
    pub doc: &'static FunctionDoc,
    /// In lower case.
    pub name: &'static str,
    pub lower: fn(&mut Stage<'_>, &Call) -> Result<Vec<Aggregated>, Diagnostic>,
}

fn all() -> [&'static Aggregator; 14] {
    [
        &average::AVG,
        &count::COUNT,
        &count_distinct::COUNT_DISTINCT,
        &first_last::FIRST,
        &first_last::LAST,
        &median::MEDIAN,
        &min_max::MIN,
        &min_max::MAX,
        &most_recent::MOST_RECENT,
        &most_recent::LEAST_RECENT,
        &percentile::PCT,
        &stddev::STDDEV,
        &sum::SUM,
        &values::VALUES,
    ]
}

pub(super) fn docs() -> impl Iterator<Item = &'static FunctionDoc> {
    all().into_iter().map(|aggregator| aggregator.doc)
}

fn find(name: &str) -> Option<&'static Aggregator> {
    all().into_iter().find(|aggregator| aggregator.name.eq_ignore_ascii_case(name))
}

/// A call of an aggregating function: `sum(x) as y`, `count`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    pub function: Name,
    pub arguments: Vec<Expression>,
    /// `count(*)`.
    pub star: bool,
    pub name: Option<Name>,
    pub place: Place,
}

/// Whether an aggregate begins here, and not a field expression with a function of the same name.
pub(super) fn begins(p: &Parser<'_>) -> bool {
    let (word, next) = (p.peek(), p.peek_second());
    if find(word.text).is_none() {
        return false;
    }
    // `count` alone is one; the others are called, or name their field without brackets.
    let called = next.is("(");
    if word.is_word("count") {
        return true;
    }
    if !called {
        return word.is_word("count_distinct") && next.kind == TokenKind::Word;
    }
    // `min(a, b)` is the lesser of two numbers.
    let two = word.is_word("min") || word.is_word("max");
    !(two && arguments_ahead(p) > 1)
}

fn arguments_ahead(p: &Parser<'_>) -> usize {
    let mut ahead = p.ahead();
    ahead.bump();
    ahead.bump();
    ahead.arguments().map_or(1, |arguments| arguments.len())
}

impl Call {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        let start = p.peek();
        if start.kind != TokenKind::Word || find(start.text).is_none() {
            return Err(p.unexpected("an aggregating function"));
        }
        let function = p.name()?;
        let mut call = Call { function, arguments: Vec::new(), star: false, name: None, place: Place::default() };
        if p.eat_symbol("(") {
            if p.at_symbol("*") && p.peek_second().is(")") {
                p.bump();
                p.bump();
                call.star = true;
            } else if !p.eat_symbol(")") {
                loop {
                    call.arguments.push(p.expression()?);
                    if p.eat_symbol(")") {
                        break;
                    }
                    p.expect_symbol(",")?;
                }
            }
        } else if p.at_symbol("*") && start.is_word("count") {
            p.bump();
            call.star = true;
        } else if start.is_word("count_distinct") && p.at_name() {
            call.arguments.push(Expression::Field(p.name()?));
        }
        call.name = p.alias()?;
        call.place = Place(p.since(start.span.start));
        Ok(call)
    }

    /// Where it stands.
    fn span(&self) -> Span {
        self.place.0
    }

    /// The field it makes: its own name, or the function's with an underscore.
    fn label(&self, default: &str) -> String {
        self.name.as_ref().map_or_else(|| default.to_owned(), |name| name.text.clone())
    }

    /// Its one argument.
    fn argument(&self, stage: &mut Stage<'_>) -> Result<Typed, Diagnostic> {
        match self.arguments.as_slice() {
            [argument] => lower_expression(stage, argument),
            _ => Err(Diagnostic::error(
                "sumo/arguments",
                format!("`{}` takes one field", self.function.text),
                self.span(),
            )),
        }
    }

    /// Its one argument as a number.
    fn number(&self, stage: &mut Stage<'_>) -> Result<Typed, Diagnostic> {
        Ok(self.argument(stage)?.to(Kind::Number))
    }
}

/// The values of a call.
pub(super) fn lower(stage: &mut Stage<'_>, call: &Call) -> Result<Vec<Aggregated>, Diagnostic> {
    match find(&call.function.text) {
        Some(aggregator) => (aggregator.lower)(stage, call),
        None => Err(Diagnostic::error(
            "sumo/unknown-function",
            format!("there is no aggregating function `{}`", call.function.text),
            call.span(),
        )),
    }
}

/// The only argument of an aggregate's call.
fn only(arguments: Vec<datafusion::prelude::Expr>) -> datafusion::common::Result<datafusion::prelude::Expr> {
    match arguments.into_iter().next() {
        Some(argument) => Ok(argument),
        None => datafusion::common::plan_err!("an aggregate without an argument"),
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.function.text)?;
        if self.star {
            f.write_str("(*)")?;
        } else if !self.arguments.is_empty() {
            f.write_str("(")?;
            commas(f, &self.arguments)?;
            f.write_str(")")?;
        }
        match &self.name {
            Some(name) => write!(f, " as {name}"),
            None => Ok(()),
        }
    }
}
