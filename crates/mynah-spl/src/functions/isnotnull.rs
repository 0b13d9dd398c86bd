use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "isnotnull",
        usage: "isnotnull(value)",
        summary: "Whether there is a value.",
        page: super::page::INFORMATIONAL,
        examples: &[
            Example { query: r#"isnotnull("")"#, result: "true" },
            Example { query: "isnotnull(null())", result: "false" },
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
        return call.row("", Type::Boolean, |row| Cell::Boolean(!row.values(0).is_empty()));
    }
    Ok(Typed::boolean(value.expr.is_not_null()))
}
