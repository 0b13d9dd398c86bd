use super::{Call, Function, Kind};
use crate::plan::{Constant, Typed};
use mynah_dialect::{Example, FunctionDoc};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "NOW",
        usage: "NOW()",
        summary: "The query's clock, in milliseconds since 1970. Over files that is the moment just after the newest event, unless another is set.",
        page: super::FORMATTING,
        examples: &[
            Example { query: r#"NOW() - NOW()"#, result: r#"0"# },
            Example { query: r#"DATEFORMAT(NOW(), 'yyyy-MM-dd')"#, result: r#"2026-03-14"# },
        ],
    },
    arity: (0, 0),
    kind: Kind::Scalar(now),
};

fn now(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    Ok(Typed::constant(Constant::Integer(call.now)))
}
