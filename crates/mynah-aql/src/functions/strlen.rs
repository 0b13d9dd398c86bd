use super::{Call, Function, Kind};
use crate::plan::{Type, Typed};
use datafusion::arrow::datatypes::DataType;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Cell, row_function};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "STRLEN",
        usage: "STRLEN(text)",
        summary: "How many characters a text has.",
        page: super::FORMATTING,
        examples: &[
            Example { query: r#"STRLEN('root')"#, result: r#"4"# },
            Example { query: r#"STRLEN('né')"#, result: r#"2"# },
        ],
    },
    arity: (1, 1),
    kind: Kind::Scalar(strlen),
};

fn strlen(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    let function = row_function("strlen", DataType::Int64, |row| match row {
        [Cell::Text(text)] => Cell::Integer(i64::try_from(text.chars().count()).unwrap_or(i64::MAX)),
        _ => Cell::Null,
    });
    Ok(Typed::new(function.call(vec![call.as_text(0)]), Type::Integer))
}
