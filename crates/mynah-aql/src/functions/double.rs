use super::{Call, Function, Kind};
use crate::plan::{Type, Typed, to_float};
use mynah_dialect::{Example, FunctionDoc};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "DOUBLE",
        usage: "DOUBLE(value)",
        summary: "The value as a number with a fraction; no value for a text that is none.",
        page: super::FORMATTING,
        examples: &[
            Example { query: r#"DOUBLE('1234')"#, result: r#"1234.0"# },
            Example { query: r#"DOUBLE('12.5')"#, result: r#"12.5"# },
            Example { query: r#"DOUBLE('x')"#, result: r#"null"# },
        ],
    },
    arity: (1, 1),
    kind: Kind::Scalar(double),
};

fn double(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    match call.arguments.first() {
        Some(value) => Ok(Typed::new(to_float(value), Type::Float)),
        None => Err(call.error(0, "DOUBLE takes a value".into())),
    }
}
