use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "isnull",
        usage: "isnull(value)",
        summary: "Whether there is no value.",
        page: super::page::INFORMATIONAL,
        examples: &[
            Example { query: "isnull(null())", result: "true" },
            Example { query: r#"isnull("")"#, result: "false" },
        ],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let value = call.argument(0)?;
    if value.ty == Type::Multi {
        // A list without values is no value.
        return call.row("", Type::Boolean, |row| Cell::Boolean(row.values(0).is_empty()));
    }
    Ok(Typed::boolean(value.expr.is_null()))
}
