//! The functions of field expressions: a file for each page of the vendor's reference.
mod ascii;
mod base64;
mod cidr;
mod concat;
mod contains;
mod format;
mod format_date;
mod haversine;
mod hex;
mod if_;
mod ip;
mod ip_number;
mod is_null;
mod is_numeric;
mod json_array;
mod length;
mod luhn;
mod math;
mod now;
mod number;
mod parse_date;
mod query_time;
mod replace;
mod seconds;
mod substring;
mod text_case;
mod to_string;
mod tourl;
mod trim;
mod url;

pub(crate) use contains::contains;

use crate::ast::{Expression, Name};
use crate::plan::{Kind, Stage, Typed, lower};
use mynah_dialect::FunctionDoc;
use mynah_kernels::{Cell, row_function};
use mynah_syntax::{Diagnostic, Span, nearest};

/// A function: what it says of itself and how it is made.
pub(crate) struct Function {
    pub doc: &'static FunctionDoc,
    /// Its names in lower case.
    pub names: &'static [&'static str],
    /// The least and the most arguments.
    pub arguments: (usize, usize),
    pub make: Make,
}

/// How a call becomes an expression.
pub(crate) enum Make {
    /// Row by row: the arguments become these kinds (the last for all that follow; [`Kind::Null`] leaves them
    /// as they are), the body gives values of the second kind.
    Rows(&'static [Kind], Kind, Body),
    /// In its own way.
    Plan(fn(&mut Stage<'_>, &[Expression], Span) -> Result<Typed, Diagnostic>),
}

/// The values of one row to the value of the function.
pub(crate) type Body = for<'a> fn(&[Cell<'a>]) -> Cell<'a>;

/// Arguments without an end.
pub(crate) const MANY: usize = usize::MAX;

/// All functions.
pub(crate) fn all() -> impl Iterator<Item = &'static Function> {
    [
        ascii::FUNCTIONS,
        base64::FUNCTIONS,
        cidr::FUNCTIONS,
        concat::FUNCTIONS,
        contains::FUNCTIONS,
        format::FUNCTIONS,
        format_date::FUNCTIONS,
        haversine::FUNCTIONS,
        hex::FUNCTIONS,
        if_::FUNCTIONS,
        ip::FUNCTIONS,
        ip_number::FUNCTIONS,
        is_null::FUNCTIONS,
        is_numeric::FUNCTIONS,
        json_array::FUNCTIONS,
        length::FUNCTIONS,
        luhn::FUNCTIONS,
        math::FUNCTIONS,
        now::FUNCTIONS,
        number::FUNCTIONS,
        parse_date::FUNCTIONS,
        query_time::FUNCTIONS,
        replace::FUNCTIONS,
        seconds::FUNCTIONS,
        substring::FUNCTIONS,
        text_case::FUNCTIONS,
        to_string::FUNCTIONS,
        tourl::FUNCTIONS,
        trim::FUNCTIONS,
        url::FUNCTIONS,
    ]
    .into_iter()
    .flatten()
}

/// The function of a name, in any case.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    let name = name.to_lowercase();
    all().find(|function| function.names.contains(&name.as_str()))
}

/// A call.
pub(crate) fn call(
    stage: &mut Stage<'_>,
    name: &Name,
    arguments: &[Expression],
    span: Span,
) -> Result<Typed, Diagnostic> {
    let Some(function) = find(&name.text) else {
        let mut error =
            Diagnostic::error("sumo/unknown-function", format!("there is no function `{}`", name.text), name.span());
        if let Some(near) = nearest(&name.text, all().map(|function| function.doc.name)) {
            error = error.with_fix(name.span(), near, format!("did you mean `{near}`?"));
        }
        return Err(error);
    };
    let (least, most) = function.arguments;
    if arguments.len() < least || arguments.len() > most {
        let message = format!("`{}` does not take {} arguments", function.doc.name, arguments.len());
        return Err(Diagnostic::error("sumo/arguments", message, span).with_help(function.doc.usage));
    }
    match function.make {
        Make::Plan(make) => make(stage, arguments, span),
        Make::Rows(takes, gives, body) => {
            let mut values = Vec::with_capacity(arguments.len());
            for (index, argument) in arguments.iter().enumerate() {
                let kind = takes.get(index).or(takes.last()).copied().unwrap_or(Kind::Null);
                values.push(lower(stage, argument)?.to(kind).expr);
            }
            Ok(Typed::new(row_function(function.doc.name, gives.data_type(), body).call(values), gives))
        }
    }
}

/// The text of a constant argument, which some functions need to be prepared.
pub(crate) fn constant_text(argument: &Expression, what: &str) -> Result<String, Diagnostic> {
    match argument {
        Expression::Text(text) => Ok(text.value()),
        other => {
            Err(Diagnostic::error("sumo/arguments", format!("{what} must be a text in double quotes"), other.span()))
        }
    }
}
