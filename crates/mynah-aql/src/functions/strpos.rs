use super::{Call, Function, Kind};
use crate::plan::{Constant, Type, Typed, to_integer};
use datafusion::arrow::datatypes::DataType;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Cell, row_function};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "STRPOS",
        usage: "STRPOS(text, part [, from])",
        summary: "Where a text first holds another, counted from 0, at or after the character `from`; -1 where it does not.",
        page: super::FORMATTING,
        examples: &[
            Example { query: r#"STRPOS('administrator', 'min')"#, result: r#"2"# },
            Example { query: r#"STRPOS('192.0.2.180', '2', 3)"#, result: r#"6"# },
            Example { query: r#"STRPOS('abc', 'x')"#, result: r#"-1"# },
        ],
    },
    arity: (2, 3),
    kind: Kind::Scalar(strpos),
};

fn strpos(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    let from = call.arguments.get(2).cloned().unwrap_or_else(|| Typed::constant(Constant::Integer(0)));
    let function = row_function("strpos", DataType::Int64, |row| match row {
        [Cell::Text(text), Cell::Text(part), Cell::Integer(from)] => {
            let skipped = usize::try_from(*from).unwrap_or(0);
            let start = text.char_indices().nth(skipped).map_or(text.len(), |(at, _)| at);
            let found =
                text.get(start..).and_then(|rest| rest.find(part.as_ref())).and_then(|at| text.get(..start + at));
            Cell::Integer(found.map_or(-1, |before| i64::try_from(before.chars().count()).unwrap_or(-1)))
        }
        _ => Cell::Null,
    });
    Ok(Typed::new(function.call(vec![call.as_text(0), call.as_text(1), to_integer(&from)]), Type::Integer))
}
