use super::{Call, Function, Kind};
use crate::plan::{Constant, Type, Typed, to_integer};
use datafusion::arrow::datatypes::DataType;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Cell, row_function};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "SUBSTRING",
        usage: "SUBSTRING(text, begin [, end])",
        summary: "The characters from `begin` up to, not including, `end`, counted from 0; to the end of the text without `end`. What lies outside the text is left out.",
        page: super::FORMATTING,
        examples: &[
            Example { query: r#"SUBSTRING('administrator', 0, 5)"#, result: r#"admin"# },
            Example { query: r#"SUBSTRING('administrator', 5)"#, result: r#"istrator"# },
            Example { query: r#"SUBSTRING('abc', 2, 99)"#, result: r#"c"# },
        ],
    },
    arity: (2, 3),
    kind: Kind::Scalar(substring),
};

fn substring(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    let begin = call.arguments.get(1).cloned().unwrap_or_else(|| Typed::constant(Constant::Integer(0)));
    let end = call.arguments.get(2).cloned().unwrap_or_else(|| Typed::constant(Constant::Integer(i64::MAX)));
    let function = row_function("substring", DataType::Utf8, |row| match row {
        [Cell::Text(text), Cell::Integer(begin), Cell::Integer(end)] => {
            let begin = usize::try_from(*begin).unwrap_or(0);
            let end = usize::try_from(*end).unwrap_or(0);
            Cell::text(text.chars().skip(begin).take(end.saturating_sub(begin)).collect::<String>())
        }
        _ => Cell::Null,
    });
    Ok(Typed::new(function.call(vec![call.as_text(0), to_integer(&begin), to_integer(&end)]), Type::Text))
}
