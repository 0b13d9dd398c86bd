use super::{Accepts, Function, Parameter, Returns};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Case, Cell};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "length",
        usage: "length(text)",
        summary: "How many characters a text has; one beyond U+FFFF counts as two, as in Java. Null if it is null.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-length",
        examples: &[
            Example { query: r#"length("explorer.exe")"#, result: "12" },
            Example { query: r#"length("start explorer.exe")"#, result: "18" },
            Example { query: r#"length("")"#, result: "0" },
            Example { query: r#"length(null)"#, result: "null" },
        ],
    },
    folds: false,
    parameters: &[Parameter { name: "text", accepts: Accepts::Text, optional: false }],
    repeats: false,
    returns: Returns::Integer,
    pattern: None,
    call,
};

fn call<'a>(row: &[Cell<'a>], _: Case) -> Cell<'a> {
    match row {
        [Cell::Text(text)] => i64::try_from(text.encode_utf16().count()).ok().map(Cell::Integer).into(),
        _ => Cell::Null,
    }
}
