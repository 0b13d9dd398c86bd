use super::{Call, Function, Kind};
use crate::plan::{Constant, Type, Typed, parse_moment};
use datafusion::arrow::datatypes::DataType;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Cell, row_function};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "PARSEDATETIME",
        usage: "PARSEDATETIME('time')",
        summary: "The time that a text names, in milliseconds since 1970: a date with time, `now`, `today`, `yesterday`, or `2 hours ago`.",
        page: super::FORMATTING,
        examples: &[
            Example { query: r#"PARSEDATETIME('2026-03-14 12:00')"#, result: r#"1773489600000"# },
            Example { query: r#"PARSEDATETIME('1 hour ago')"#, result: r#"1773486000000"# },
            Example { query: r#"PARSEDATETIME('now') - NOW()"#, result: r#"0"# },
        ],
    },
    arity: (1, 1),
    kind: Kind::Scalar(parsedatetime),
};

fn parsedatetime(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    let now = call.now;
    if let Some(text) = call.arguments.first().and_then(Typed::as_text) {
        return match parse_moment(text, now) {
            Some(milliseconds) => Ok(Typed::constant(Constant::Integer(milliseconds))),
            None => {
                Err(call.error(0, format!("`{text}` is no time: write 'yyyy-MM-dd HH:mm:ss', 'now', or '2 hours ago'")))
            }
        };
    }
    let function = row_function(format!("parsedatetime(now {now})"), DataType::Int64, move |row| match row {
        [Cell::Text(text)] => parse_moment(text, now).map_or(Cell::Null, Cell::Integer),
        _ => Cell::Null,
    });
    Ok(Typed::new(function.call(vec![call.as_text(0)]), Type::Integer))
}
