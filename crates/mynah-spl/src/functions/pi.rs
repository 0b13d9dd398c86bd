use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "pi",
        usage: "pi()",
        summary: "The constant pi, to 11 digits.",
        page: super::page::MATHEMATICAL,
        examples: &[Example { query: "pi()", result: "3.14159265358" }],
    },
    aliases: &[],
    arguments: (0, Some(0)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let _ = call;
    // As many digits as the product gives, which are not all that a double holds.
    #[allow(clippy::approx_constant)]
    Ok(Typed::number(3.141_592_653_58))
}
