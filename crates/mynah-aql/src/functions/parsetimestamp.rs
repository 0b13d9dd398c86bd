use super::{Call, Function, Kind};
use crate::plan::{Constant, Type, Typed};
use datafusion::arrow::datatypes::DataType;
use jiff::tz::TimeZone;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::java_time::DatePattern;
use mynah_kernels::{Cell, row_function};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "PARSETIMESTAMP",
        usage: "PARSETIMESTAMP('pattern', text)",
        summary: "The time that a text holds, in milliseconds since 1970, read by a pattern of Java's SimpleDateFormat; in UTC where the text names no zone. No value where it does not fit.",
        page: super::FORMATTING,
        examples: &[
            Example {
                query: r#"PARSETIMESTAMP('yyyy-MM-dd HH:mm:ss', '2026-03-14 12:00:00')"#,
                result: r#"1773489600000"#,
            },
            Example { query: r#"PARSETIMESTAMP('yyyy-MM-dd', 'today')"#, result: r#"null"# },
        ],
    },
    arity: (2, 2),
    kind: Kind::Scalar(parsetimestamp),
};

fn parsetimestamp(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    let text = call.literal(0)?.to_owned();
    let pattern =
        DatePattern::parse(&text).map_err(|fault| call.error(0, format!("this is no date pattern: {fault}")))?;
    if let Some(constant) = call.arguments.get(1).and_then(Typed::as_text) {
        return Ok(match pattern.read(constant, &TimeZone::UTC) {
            Some(milliseconds) => Typed::constant(Constant::Integer(milliseconds)),
            None => Typed::constant(Constant::Null),
        });
    }
    let function = row_function(format!("parsetimestamp({text:?})"), DataType::Int64, move |row| match row {
        [Cell::Text(text)] => pattern.read(text, &TimeZone::UTC).map_or(Cell::Null, Cell::Integer),
        _ => Cell::Null,
    });
    Ok(Typed::new(function.call(vec![call.as_text(1)]), Type::Integer))
}
