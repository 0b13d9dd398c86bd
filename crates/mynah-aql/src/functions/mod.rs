//! AQL's functions and operators, by family: what each says of itself, with examples that run as tests, and how a call is
//! planned. [`RowFunction`] is what the plans hold of them.
mod aggregates;
mod conversions;
mod lookups;
mod operators;
mod refused;
mod row;
mod site;
mod text;
mod times;

pub(crate) use row::RowFunction;
pub(crate) use site::networks;

use crate::lint::no_value;
use crate::plan::{Type, Typed, to_text};
use datafusion::logical_expr::SortExpr;
use datafusion::prelude::Expr;
use mynah_dialect::{Arity, Entry, Example, FunctionDoc, FunctionTable, PlanContext};
use mynah_kernels::Cell;
use mynah_syntax::{Diagnostic, Span};

/// The page that most functions are on.
const FORMATTING: &str =
    "https://www.ibm.com/docs/en/qsip/7.6.0?topic=language-aql-data-calculation-formatting-functions";
/// The page of the functions that look something up.
const RETRIEVAL: &str = "https://www.ibm.com/docs/en/SS42VS_7.5/com.ibm.qradar.doc/r_aql_data_functions.html";

/// A function of the page on formatting.
const fn formatting(
    usage: &'static str,
    summary: &'static str,
    examples: &'static [Example],
    arity: Arity,
    code: FunctionCode,
) -> Entry<FunctionCode> {
    Entry::new(name_of(usage), usage, summary, FORMATTING, examples, arity, code)
}

/// The name with which a usage begins, before the parenthesis.
const fn name_of(usage: &'static str) -> &'static str {
    let mut length = 0;
    while length < usage.len() && usage.as_bytes()[length] != b'(' {
        length += 1;
    }
    usage.split_at(length).0
}

/// The code of calls with arguments that a function does not take.
pub(crate) const ARGUMENTS: &str = "aql/arguments";

/// All functions; those that cannot be run are last.
pub(crate) static FUNCTIONS: FunctionTable<FunctionCode> = FunctionTable(&[
    &aggregates::FUNCTIONS,
    &conversions::FUNCTIONS,
    &lookups::FUNCTIONS,
    &site::FUNCTIONS,
    &text::FUNCTIONS,
    &times::FUNCTIONS,
    &refused::FUNCTIONS,
]);

/// How a call is planned.
pub(crate) enum FunctionCode {
    /// A function of one event's values, which become of these types; the last one stands for all behind it.
    Row(&'static [Type], RowFunction),
    /// A function of one event with more to it than that.
    Expr(fn(&mut Call<'_>) -> Result<Typed, Box<Diagnostic>>),
    /// The name behind an id: the properties it takes, and the view's field that holds the name of each.
    Lookup(&'static [(&'static str, &'static str)]),
    /// A function of a group's events.
    Aggregate(fn(Grouped<'_>) -> Result<Aggregated, String>),
    /// One whose answer only a QRadar has, and why: no value.
    Refused(&'static str),
}

/// Whether a name is that of an aggregate.
pub(crate) fn is_aggregate(name: &str) -> bool {
    FUNCTIONS.find(name).is_some_and(|function| matches!(function.code, FunctionCode::Aggregate(_)))
}

/// The view's fields that hold the names behind a property's ids.
pub(crate) fn companions(field: &str) -> impl Iterator<Item = &'static str> {
    let lookups = FUNCTIONS.entries().filter_map(|function| match function.code {
        FunctionCode::Lookup(fields) => Some(fields),
        _ => None,
    });
    lookups.flatten().filter(move |(known, _)| *known == field).map(|(_, companion)| *companion)
}

/// What functions and operators say of themselves, in the order of their names; those that cannot be run are not among them.
pub(crate) fn docs() -> Vec<&'static FunctionDoc> {
    let runs = FUNCTIONS.entries().filter(|function| !matches!(function.code, FunctionCode::Refused(_)));
    let mut docs: Vec<_> = runs.map(|function| &function.doc).chain(&operators::OPERATORS).collect();
    docs.sort_by_key(|doc| doc.name);
    docs
}

/// That a function has no value here, and why: a warning, or where a condition rests on it an error, since that could only
/// ever find nothing.
pub(crate) fn without_value(name: &str, why: &str, span: Span, decides: bool) -> Result<Diagnostic, Box<Diagnostic>> {
    if decides {
        let message = format!("{name} cannot be run: {why}");
        return Err(Box::new(Diagnostic::error("aql/unsupported-function", message, span)));
    }
    Ok(no_value(&format!("{name} has no value here: {why}"), span))
}

/// What an aggregate is given.
pub(crate) struct Grouped<'a> {
    /// Its argument; none if that is `*`.
    pub argument: Option<Typed>,
    pub distinct: bool,
    /// The order of the events in a group.
    pub order: &'a [SortExpr],
}

/// An aggregate of the plan.
pub(crate) struct Aggregated {
    pub expr: Expr,
    /// What it gives.
    pub ty: Type,
    /// What it is in AQL.
    pub shown: Type,
}

/// A call of a function of one event.
pub(crate) struct Call<'c> {
    /// The query's text, for fixes.
    pub text: &'c str,
    pub name: &'static str,
    pub span: Span,
    pub arguments: Vec<Typed>,
    pub spans: Vec<Span>,
    pub context: &'c PlanContext<'c>,
    /// Whether a condition rests on it.
    pub decides: bool,
    pub warnings: Vec<Diagnostic>,
}

impl Call<'_> {
    /// The call of a function of the row's values, with all arguments, as these types; the last one stands for all behind it.
    pub fn row(&self, types: &[Type], function: RowFunction) -> Typed {
        let types = types.iter().chain(std::iter::repeat(types.last().unwrap_or(&Type::Text)));
        function.of(&self.arguments.iter().zip(types.copied()).collect::<Vec<_>>())
    }

    /// An argument that the arity says is there.
    fn argument(&self, index: usize) -> Typed {
        self.arguments.get(index).cloned().unwrap_or_else(|| Typed::constant(Cell::Null))
    }

    /// An argument as a text.
    fn as_text(&self, index: usize) -> Expr {
        to_text(&self.argument(index))
    }

    /// An argument that must be written as a text in single quotes.
    fn literal(&self, index: usize) -> Result<&str, Box<Diagnostic>> {
        match self.arguments.get(index).and_then(Typed::as_text) {
            Some(text) => Ok(text),
            None => Err(self.error(index, format!("{} takes a text in single quotes here", self.name))),
        }
    }

    /// What is wrong with an argument.
    fn error(&self, index: usize, message: String) -> Box<Diagnostic> {
        Box::new(Diagnostic::error(ARGUMENTS, message, self.spans.get(index).copied().unwrap_or(self.span)))
    }
}
