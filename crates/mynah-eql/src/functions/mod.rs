//! Elastic's functions by family: what each says of itself, with examples that run as tests, and its code.
mod matching;
mod math;
mod row;
mod text;
mod units;

pub(crate) use row::RowFunction;
pub(crate) use text::text_of;

use mynah_dialect::FunctionTable;
use mynah_kernels::{Case, Cell, Piece};

/// All functions.
pub(crate) static FUNCTIONS: FunctionTable<FunctionCode> =
    FunctionTable(&[&math::FUNCTIONS, &matching::FUNCTIONS, &text::FUNCTIONS]);

/// The code of a function of single values; its arguments are of the types it accepts, or null.
pub(crate) type RowCode = for<'a> fn(&[Cell<'a>], Case) -> Cell<'a>;

/// How a call of a function is planned and run.
#[derive(Clone, Copy)]
pub(crate) struct FunctionCode {
    /// What its arguments are called and may be; the last one may be given several times if the arity says so.
    pub(crate) parameters: &'static [(&'static str, Accepts)],
    /// What it gives.
    pub(crate) returns: Returns,
    pub(crate) call: RowCode,
    /// Whether there is a variant `name~` that leaves case aside.
    pub(crate) folds: bool,
    /// For a test of a text against a constant that is not empty: the pattern that texts must fit to pass.
    pub(crate) pattern: Option<fn(Piece) -> Vec<Piece>>,
}

impl FunctionCode {
    const fn new(parameters: &'static [(&'static str, Accepts)], returns: Returns, call: RowCode) -> FunctionCode {
        FunctionCode { parameters, returns, call, folds: false, pattern: None }
    }

    const fn folding(self) -> FunctionCode {
        FunctionCode { folds: true, ..self }
    }

    const fn tested_as(self, pattern: fn(Piece) -> Vec<Piece>) -> FunctionCode {
        FunctionCode { pattern: Some(pattern), ..self }
    }

    /// The parameter that the argument at `index` is for.
    pub(crate) fn parameter(&self, index: usize) -> Option<(&'static str, Accepts)> {
        self.parameters.get(index).or(self.parameters.last()).copied()
    }
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

/// The type of the value that a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Returns {
    Text,
    /// A whole number.
    Integer,
    /// Any number.
    Float,
    /// A whole number if all arguments are, else a float.
    Number,
    Boolean,
}

/// A function's part of Elastic's page.
macro_rules! page {
    ($anchor:literal) => {
        concat!("https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-", $anchor)
    };
}
use page;
