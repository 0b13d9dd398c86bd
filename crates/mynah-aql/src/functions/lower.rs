use super::{Call, Function, Kind, text_to_text};
use crate::plan::Typed;
use mynah_dialect::{Example, FunctionDoc};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "LOWER",
        usage: "LOWER(text)",
        summary: "The text in small letters.",
        page: super::FORMATTING,
        examples: &[
            Example { query: r#"LOWER('Alice@EXAMPLE.org')"#, result: r#"alice@example.org"# },
            Example { query: r#"LOWER(NULL)"#, result: r#"null"# },
        ],
    },
    arity: (1, 1),
    kind: Kind::Scalar(lower),
};

fn lower(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    let text = call.as_text(0);
    let mut lowered = text_to_text("lower", text.clone(), str::to_lowercase);
    lowered.lower_of = Some(Box::new(text));
    Ok(lowered)
}
