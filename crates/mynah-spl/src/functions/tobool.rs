use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "tobool",
        usage: "tobool(value)",
        summary: "The truth value that the value stands for: `true`, `t`, `yes`, `1` in any case are true, `false`, `f`, `no`, `0` false, numbers other than 0 true; null for the rest.",
        page: super::page::CONVERSION,
        examples: &[
            Example { query: r#"tobool("true")"#, result: "true" },
            Example { query: "tobool(0)", result: "false" },
            Example { query: r#"tobool("maybe")"#, result: "null" },
        ],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Boolean, |row| match row.cell(0) {
        Cell::Boolean(truth) => Cell::Boolean(*truth),
        _ => match row.text(0).map(|text| text.to_ascii_lowercase()).as_deref() {
            Some("true" | "t" | "yes") => Cell::Boolean(true),
            Some("false" | "f" | "no") => Cell::Boolean(false),
            _ => row.number(0).map(|number| Cell::Boolean(number != 0.0)).into(),
        },
    })
}
