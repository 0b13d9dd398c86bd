use super::string::text_of;
use super::{Accepts, Function, Parameter, Returns};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Case, Cell};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "concat",
        usage: "concat(value [, ...])",
        summary: "The values one behind the other, as text. Null if any of them is null.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-concat",
        examples: &[
            Example { query: r#"concat("process is ", "regsvr32.exe")"#, result: "process is regsvr32.exe" },
            Example { query: r#"concat("regsvr32.exe", " ", 42)"#, result: "regsvr32.exe 42" },
            Example { query: r#"concat("regsvr32.exe", " ", 42.5)"#, result: "regsvr32.exe 42.5" },
            Example { query: r#"concat("regsvr32.exe", " ", true)"#, result: "regsvr32.exe true" },
            Example { query: r#"concat("regsvr32.exe")"#, result: "regsvr32.exe" },
            Example { query: r#"concat(null, "regsvr32.exe")"#, result: "null" },
            Example { query: r#"concat(null)"#, result: "null" },
        ],
    },
    folds: false,
    parameters: &[Parameter { name: "value", accepts: Accepts::Any, optional: false }],
    repeats: true,
    returns: Returns::Text,
    pattern: None,
    call,
};

fn call<'a>(row: &[Cell<'a>], _: Case) -> Cell<'a> {
    let mut joined = String::new();
    for cell in row {
        match text_of(cell) {
            Some(text) => joined.push_str(&text),
            None => return Cell::Null,
        }
    }
    Cell::text(joined)
}
