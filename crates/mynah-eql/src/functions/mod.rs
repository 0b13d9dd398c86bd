//! Elastic's functions by family: what each says of itself, with examples that run as tests, and its code.
mod matching;
mod math;
mod row;
mod text;
mod units;

pub(crate) use row::RowFunction;
pub(crate) use text::text_of;

use crate::plan::ValueType;
use mynah_dialect::{Entry, FunctionTable};
use mynah_kernels::{Case, Cell, Piece};

/// All functions.
pub(crate) static FUNCTIONS: FunctionTable<FunctionCode> =
    FunctionTable(&[&math::FUNCTIONS, &matching::FUNCTIONS, &text::FUNCTIONS]);

/// The code of a function of single values; its arguments are of the types it accepts, or null.
pub(crate) type RowCode = for<'a> fn(&[Cell<'a>], Case) -> Cell<'a>;

/// How a call of a function is planned and run.
#[derive(Clone, Copy)]
pub(crate) struct FunctionCode {
    /// What its arguments may be; the last one may be given several times if the arity says so.
    pub(crate) accepts: &'static [Accepts],
    /// What it gives; none for a whole number if all arguments are, else a float.
    pub(crate) returns: Option<ValueType>,
    pub(crate) call: RowCode,
    /// Whether there is a variant `name~` that leaves case aside.
    pub(crate) folds: bool,
    /// For a test of a text against a constant that is not empty: the pattern that texts must fit to pass.
    pub(crate) pattern: Option<fn(Piece) -> Vec<Piece>>,
}

impl FunctionCode {
    const fn new(accepts: &'static [Accepts], returns: Option<ValueType>, call: RowCode) -> FunctionCode {
        FunctionCode { accepts, returns, call, folds: false, pattern: None }
    }

    const fn folding(self) -> FunctionCode {
        FunctionCode { folds: true, ..self }
    }

    const fn tested_as(self, pattern: fn(Piece) -> Vec<Piece>) -> FunctionCode {
        FunctionCode { pattern: Some(pattern), ..self }
    }
}

/// What the parameter that the argument at `index` is for is called, as the usage says, and may be.
pub(crate) fn parameter(function: &'static Entry<FunctionCode>, index: usize) -> Option<(&'static str, Accepts)> {
    let (_, inside) = function.doc.usage.split_once('(')?;
    let names = inside.split([' ', ',', '[', ']', ')']).filter(|name| !matches!(*name, "" | "..."));
    let parameters: Vec<_> = names.zip(function.code.accepts.iter().copied()).collect();
    parameters.get(index).or(parameters.last()).copied()
}

/// The values that a parameter may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accepts {
    /// Texts, addresses among them.
    Text,
    Number,
    /// Whole numbers.
    Integer,
    Boolean,
    Any,
}

/// A function's part of Elastic's page.
macro_rules! page {
    ($anchor:literal) => {
        concat!("https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-", $anchor)
    };
}
use page;
