use super::{Call, Function, Kind};
use crate::plan::{Type, Typed};
use mynah_dialect::{Example, FunctionDoc};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "UTF8",
        usage: "UTF8(payload)",
        summary: "The payload as a text: the record's own.",
        page: super::FORMATTING,
        examples: &[
            Example { query: r#"STRLEN(UTF8(payload)) > 0"#, result: r#"true"# },
            Example { query: r#"UTF8('text')"#, result: r#"text"# },
        ],
    },
    arity: (1, 1),
    kind: Kind::Scalar(utf8),
};

fn utf8(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    Ok(Typed::new(call.as_text(0), Type::Text))
}
