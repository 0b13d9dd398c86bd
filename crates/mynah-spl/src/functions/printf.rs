use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "printf",
        usage: "printf(format, value, ...)",
        summary: "The values in a format as in C: `%d %i %u %s %c %f %F %e %E %g %G %x %X %o %%`, with flags, width and precision.",
        page: super::page::CONVERSION,
        examples: &[
            Example { query: r#"printf("%05.2f|%-4s|%x", 3.14159, "ab", 255)"#, result: "03.14|ab  |ff" },
            Example { query: r#"printf("%+d %%", 7)"#, result: "+7 %" },
            Example { query: r#"printf("%c", "splunk")"#, result: "s" },
            Example { query: r#"printf("%e", 12345.678)"#, result: "1.234568e+04" },
        ],
    },
    aliases: &[],
    arguments: (1, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Text, |row| {
        let Some(format) = row.text(0) else { return Cell::Null };
        text(super::printf_format::format(&format, |index| {
            let index = index + 1;
            (index < row.len()).then(|| (row.text(index).unwrap_or_default().into_owned(), row.number(index)))
        }))
    })
}
