use super::{Call, Function, Kind};
use crate::plan::{Type, Typed};
use mynah_dialect::{Example, FunctionDoc};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "STR",
        usage: "STR(value)",
        summary: "Any value as a text. Numbers with a fraction are written as Java writes a double: `3.0`, `1.0E7`.",
        page: super::FORMATTING,
        examples: &[
            Example { query: r#"CONCAT(STR(17), '!')"#, result: r#"17!"# },
            Example { query: r#"STR(2.50)"#, result: r#"2.5"# },
            Example { query: r#"STR(sourceip)"#, result: r#"192.0.2.7"# },
        ],
    },
    arity: (1, 1),
    kind: Kind::Scalar(str),
};

fn str(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    Ok(Typed::new(call.as_text(0), Type::Text))
}
