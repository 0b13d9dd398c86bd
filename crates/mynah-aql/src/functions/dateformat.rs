use super::{Call, Function, Kind};
use crate::plan::{Type, Typed, to_integer};
use datafusion::arrow::datatypes::DataType;
use jiff::tz::TimeZone;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::java_time::DatePattern;
use mynah_kernels::{Cell, row_function};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "DATEFORMAT",
        usage: "DATEFORMAT(milliseconds, 'pattern')",
        summary: "A time, in milliseconds since 1970, written by a pattern of Java's SimpleDateFormat, in UTC.",
        page: super::FORMATTING,
        examples: &[
            Example { query: r#"DATEFORMAT(1773489600000, 'yyyy-MM-dd HH:mm:ss')"#, result: r#"2026-03-14 12:00:00"# },
            Example { query: r#"DATEFORMAT(1773489600000, 'EEE, d MMM yyyy')"#, result: r#"Sat, 14 Mar 2026"# },
        ],
    },
    arity: (2, 2),
    kind: Kind::Scalar(dateformat),
};

fn dateformat(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    let text = call.literal(1)?.to_owned();
    let pattern =
        DatePattern::parse(&text).map_err(|fault| call.error(1, format!("this is no date pattern: {fault}")))?;
    let Some(time) = call.arguments.first() else {
        return Err(call.error(0, "DATEFORMAT takes a time".into()));
    };
    let function = row_function(format!("dateformat({text:?})"), DataType::Utf8, move |row| match row {
        [Cell::Integer(milliseconds)] => pattern.format(*milliseconds, &TimeZone::UTC).map_or(Cell::Null, Cell::text),
        _ => Cell::Null,
    });
    Ok(Typed::new(function.call(vec![to_integer(time)]), Type::Text))
}
