use super::{Call, Function, Kind};
use crate::plan::{Constant, Type, Typed};
use datafusion::arrow::datatypes::DataType;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Cell, row_function};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "CONCAT",
        usage: "CONCAT(value, value, …)",
        summary: "The values one after the other, as one text. One without a value adds nothing.",
        page: super::FORMATTING,
        examples: &[
            Example { query: r#"CONCAT('a', ':', 5)"#, result: r#"a:5"# },
            Example { query: r#"CONCAT('a', NULL, 'b')"#, result: r#"ab"# },
        ],
    },
    arity: (1, usize::MAX),
    kind: Kind::Scalar(concat),
};

fn concat(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    let texts: Option<Vec<&str>> = call.arguments.iter().map(Typed::as_text).collect();
    if let Some(texts) = texts {
        return Ok(Typed::constant(Constant::Text(texts.concat())));
    }
    let arguments = (0..call.arguments.len()).map(|index| call.as_text(index)).collect();
    let function = row_function("concat", DataType::Utf8, |row| {
        Cell::text(row.iter().filter_map(Cell::as_text).collect::<String>())
    });
    Ok(Typed::new(function.call(arguments), Type::Text))
}
