//! The functions of field expressions, in files by family. The table is the registry: a call in a plan is the
//! function's name.
mod condition;
mod conversion;
mod decode;
mod format;
mod hash;
mod math;
mod network;
mod replace;
mod text;
mod time;

pub(crate) use decode::Decode;
pub(crate) use format::Format;
pub(crate) use hash::Hash;
pub(crate) use replace::Replace;
pub(crate) use text::contains;
pub(crate) use time::Date;

use crate::ast::{Expression, Name};
use crate::plan::{Draft, Kind, Typed, lower};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result as PlanResult, exec_err};
use datafusion::prelude::Expr;
use mynah_dialect::{Arity, Entry, Example, FunctionTable};
use mynah_kernels::{Cell, Code, Resources, call as call_function};
use mynah_syntax::{Diagnostic, Span};
use serde::{Deserialize, Serialize};

/// All functions.
pub(crate) static FUNCTIONS: FunctionTable<Make> = FunctionTable(&[
    condition::FUNCTIONS,
    conversion::FUNCTIONS,
    decode::FUNCTIONS,
    format::FUNCTIONS,
    hash::FUNCTIONS,
    math::FUNCTIONS,
    network::FUNCTIONS,
    replace::FUNCTIONS,
    text::FUNCTIONS,
    time::FUNCTIONS,
]);

/// How a call becomes an expression.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Make {
    /// Row by row: the arguments become these kinds (the last for all that follow), the body gives values of the
    /// second kind.
    Rows(&'static [Kind], Kind, Body),
    /// The same as `Rows`, after a look at the arguments as they are written.
    Checked(fn(&[Expression]) -> Result<(), Diagnostic>, &'static [Kind], Kind, Body),
    /// A condition of one text that drops the rows for which it has no answer.
    DropsNull(Body),
    /// Of one number.
    One(fn(f64) -> f64),
    /// Of two numbers.
    Two(fn(f64, f64) -> f64),
    /// The argument as another kind.
    Cast(Kind),
    /// In its own way.
    Plan(fn(&mut Draft<'_>, &[Expression], Span) -> Result<Typed, Diagnostic>),
}

/// The values of one row to the value of the function.
pub(crate) type Body = for<'a> fn(&[Cell<'a>]) -> Cell<'a>;

/// An entry of the table.
const fn function(
    usage: &'static str,
    summary: &'static str,
    page: &'static str,
    examples: &'static [Example],
    arity: Arity,
    code: Make,
) -> Entry<Make> {
    Entry::new(called(usage), usage, summary, page, examples, arity, code)
}

/// A function of one argument.
const fn unary(
    usage: &'static str,
    summary: &'static str,
    page: &'static str,
    examples: &'static [Example],
    code: Make,
) -> Entry<Make> {
    function(usage, summary, page, examples, Arity::Exactly(1), code)
}

/// The name that a usage begins with.
const fn called(usage: &str) -> &str {
    let mut rest = usage.as_bytes();
    while let [first, behind @ ..] = rest {
        if *first == b'(' {
            break;
        }
        rest = behind;
    }
    usage.split_at(usage.len() - rest.len()).0
}

/// A function of one text.
const fn of_text(gives: Kind, body: Body) -> Make {
    Make::Rows(&[Kind::Text], gives, body)
}

/// The call of a function that works row by row.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Call {
    function: String,
}

impl mynah_kernels::Function for Call {
    const NAME: &'static str = "sumo.call";

    fn returns(&self) -> DataType {
        match FUNCTIONS.find(&self.function).map(|entry| entry.code) {
            Some(Make::Rows(_, gives, _) | Make::Checked(_, _, gives, _)) => gives.data_type(),
            Some(Make::DropsNull(_)) => DataType::Boolean,
            Some(Make::One(_) | Make::Two(_)) => DataType::Float64,
            _ => DataType::Utf8,
        }
    }

    fn code(&self, _: &Resources) -> PlanResult<Code> {
        match FUNCTIONS.find(&self.function).map(|entry| entry.code) {
            Some(Make::Rows(_, _, body) | Make::Checked(_, _, _, body) | Make::DropsNull(body)) => Ok(Code::row(body)),
            Some(Make::One(compute)) => Ok(Code::row(move |row| match row {
                [Cell::Float(x)] => Cell::Float(compute(*x)),
                _ => Cell::Null,
            })),
            Some(Make::Two(compute)) => Ok(Code::row(move |row| match row {
                [Cell::Float(x), Cell::Float(y)] => Cell::Float(compute(*x, *y)),
                _ => Cell::Null,
            })),
            _ => exec_err!("there is no function `{}`", self.function),
        }
    }

    fn display(&self, arguments: &[Expr]) -> Option<String> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        Some(format!("{}({})", self.function, arguments.join(", ")))
    }
}

/// A call, planned.
pub(crate) fn call(
    draft: &mut Draft<'_>,
    name: &Name,
    arguments: &[Expression],
    span: Span,
) -> Result<Typed, Diagnostic> {
    let Some(entry) = FUNCTIONS.find(&name.text) else {
        return Err(FUNCTIONS.unknown("sumo/unknown-function", &name.text, name.span()));
    };
    entry.check("sumo/arguments", arguments.len(), span)?;
    let (takes, gives): (&[Kind], Kind) = match entry.code {
        Make::Plan(make) => return make(draft, arguments, span),
        Make::Cast(kind) => return Ok(argument(draft, arguments, 0, span)?.to(kind)),
        Make::Rows(takes, gives, _) => (takes, gives),
        Make::Checked(check, takes, gives, _) => {
            check(arguments)?;
            (takes, gives)
        }
        Make::DropsNull(_) => (&[Kind::Text], Kind::Boolean),
        Make::One(_) | Make::Two(_) => (&[Kind::Number], Kind::Number),
    };
    let mut values = Vec::with_capacity(arguments.len());
    for (index, argument) in arguments.iter().enumerate() {
        let kind = takes.get(index).or(takes.last()).copied().unwrap_or(Kind::Null);
        values.push(lower(draft, argument)?.to(kind).expr);
    }
    let value = call_function(Call { function: entry.doc.name.to_owned() }, values);
    if matches!(entry.code, Make::DropsNull(_)) {
        draft.answered.push(value.clone().is_not_null());
    }
    Ok(Typed::new(value, gives))
}

/// Whether a function drops the rows for which it has no answer.
pub(crate) fn drops_null(name: &str) -> bool {
    matches!(FUNCTIONS.find(name).map(|entry| entry.code), Some(Make::DropsNull(_)))
}

/// The next whole number below.
pub(crate) fn floor(number: Expr) -> Expr {
    call_function(Call { function: "floor".to_owned() }, vec![number])
}

/// One of the arguments, planned.
fn argument(draft: &mut Draft<'_>, arguments: &[Expression], index: usize, span: Span) -> Result<Typed, Diagnostic> {
    match arguments.get(index) {
        Some(argument) => lower(draft, argument),
        None => Err(Diagnostic::error("sumo/arguments", format!("argument {} is missing", index + 1), span)),
    }
}

/// The text of a constant argument, which some functions need to be prepared.
fn constant_text(argument: &Expression, what: &str) -> Result<String, Diagnostic> {
    match argument {
        Expression::Text(text) => Ok(text.value()),
        other => {
            Err(Diagnostic::error("sumo/arguments", format!("{what} must be a text in double quotes"), other.span()))
        }
    }
}
