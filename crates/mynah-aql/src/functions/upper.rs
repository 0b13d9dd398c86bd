use super::{Call, Function, Kind, text_to_text};
use crate::plan::Typed;
use mynah_dialect::{Example, FunctionDoc};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "UPPER",
        usage: "UPPER(text)",
        summary: "The text in capitals.",
        page: super::FORMATTING,
        examples: &[Example { query: r#"UPPER('Alice')"#, result: r#"ALICE"# }],
    },
    arity: (1, 1),
    kind: Kind::Scalar(upper),
};

fn upper(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    Ok(text_to_text("upper", call.as_text(0), str::to_uppercase))
}
