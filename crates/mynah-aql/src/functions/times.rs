//! Functions of times, which are milliseconds since 1970.
use super::{Call, FunctionCode, RowFunction, formatting};
use crate::plan::{Type, Typed, named_moment};
use mynah_dialect::Arity::Exactly;
use mynah_dialect::{Entry, clock, example};
use mynah_kernels::java_time::DatePattern;
use mynah_syntax::Diagnostic;

pub(super) static FUNCTIONS: [Entry<FunctionCode>; 4] = [
    formatting(
        "DATEFORMAT(milliseconds, 'pattern')",
        "A time, in milliseconds since 1970, written by a pattern of Java's SimpleDateFormat, in UTC.",
        &[
            example("DATEFORMAT(1773489600000, 'yyyy-MM-dd HH:mm:ss')", "2026-03-14 12:00:00"),
            example("DATEFORMAT(1773489600000, 'EEE, d MMM yyyy')", "Sat, 14 Mar 2026"),
        ],
        Exactly(2),
        FunctionCode::Expr(|call| {
            let pattern = pattern(call, 1)?;
            call.arguments.truncate(1);
            Ok(call.row(&[Type::Integer], RowFunction::DateFormat { pattern }))
        }),
    ),
    formatting(
        "NOW()",
        "The query's clock, in milliseconds since 1970. Over files that is the moment just after the newest event, unless another is set.",
        &[example("NOW() - NOW()", "0"), example("DATEFORMAT(NOW(), 'yyyy-MM-dd')", "2026-03-14")],
        Exactly(0),
        FunctionCode::Expr(|_| Ok(Typed::new(clock::now(), Type::Integer))),
    ),
    formatting(
        "PARSEDATETIME('time')",
        "The time that a text names, in milliseconds since 1970: a date with time, `now`, `today`, `yesterday`, or `2 hours ago`.",
        &[
            example("PARSEDATETIME('2026-03-14 12:00')", "1773489600000"),
            example("PARSEDATETIME('1 hour ago')", "1773486000000"),
            example("PARSEDATETIME('now') - NOW()", "0"),
        ],
        Exactly(1),
        FunctionCode::Expr(|call| match call.argument(0).as_text() {
            Some(text) => named_moment(text).ok_or_else(|| {
                let message = format!("`{text}` is no time: write 'yyyy-MM-dd HH:mm:ss', 'now', or '2 hours ago'");
                call.error(0, message)
            }),
            None => {
                call.arguments.push(Typed::new(clock::now(), Type::Integer));
                Ok(call.row(&[Type::Text, Type::Integer], RowFunction::ParseDateTime))
            }
        }),
    ),
    formatting(
        "PARSETIMESTAMP('pattern', text)",
        "The time that a text holds, in milliseconds since 1970, read by a pattern of Java's SimpleDateFormat; in UTC where the text names no zone. No value where it does not fit.",
        &[
            example("PARSETIMESTAMP('yyyy-MM-dd HH:mm:ss', '2026-03-14 12:00:00')", "1773489600000"),
            example("PARSETIMESTAMP('yyyy-MM-dd', 'today')", "null"),
        ],
        Exactly(2),
        FunctionCode::Expr(|call| {
            let pattern = pattern(call, 0)?;
            call.arguments.remove(0);
            Ok(call.row(&[Type::Text], RowFunction::ParseTimestamp { pattern }))
        }),
    ),
];

/// The date pattern that an argument is.
fn pattern(call: &Call<'_>, index: usize) -> Result<String, Box<Diagnostic>> {
    let text = call.literal(index)?;
    match DatePattern::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(fault) => Err(call.error(index, format!("this is no date pattern: {fault}"))),
    }
}
