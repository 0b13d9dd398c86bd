use super::{Call, Function, Kind, text_to_text};
use crate::plan::Typed;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_dialect::{Example, FunctionDoc};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "BASE64",
        usage: "BASE64(payload)",
        summary: "The bytes in Base64.",
        page: super::FORMATTING,
        examples: &[Example { query: r#"BASE64('hello')"#, result: r#"aGVsbG8="# }],
    },
    arity: (1, 1),
    kind: Kind::Scalar(base64),
};

fn base64(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    Ok(text_to_text("base64", call.as_text(0), |text| STANDARD.encode(text)))
}
