use super::units::{Units, folded};
use super::{Accepts, Function, Parameter, Returns};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Case, Cell};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "indexOf",
        usage: "indexOf(source, substring [, start])",
        summary: "Where a text first holds another, counted from 0, not before `start`. Null if it does not, or if an argument is null.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-indexof",
        examples: &[
            Example { query: r#"indexOf("subdomain.example.com", "d")"#, result: "3" },
            Example { query: r#"indexOf("subdomain.example.com", "D")"#, result: "null" },
            Example { query: r#"indexOf("subdomain.example.com", ".")"#, result: "9" },
            Example { query: r#"indexOf("subdomain.example.com", ".", 9)"#, result: "9" },
            Example { query: r#"indexOf("subdomain.example.com", ".", 10)"#, result: "17" },
            Example { query: r#"indexOf("subdomain.example.com", ".", -6)"#, result: "9" },
            Example { query: r#"indexOf~("subdomain.example.com", "D")"#, result: "3" },
            Example { query: r#"indexOf("", "")"#, result: "0" },
            Example { query: r#"indexOf("subdomain.example.com", "")"#, result: "0" },
            Example { query: r#"indexOf("subdomain.example.com", "", 9)"#, result: "9" },
            Example { query: r#"indexOf("subdomain.example.com", "z")"#, result: "null" },
            Example { query: r#"indexOf("subdomain.example.com", ".", 30)"#, result: "null" },
            Example { query: r#"indexOf(null, ".", 9)"#, result: "null" },
            Example { query: r#"indexOf("subdomain.example.com", null, 9)"#, result: "null" },
            Example { query: r#"indexOf("subdomain.example.com", ".", null)"#, result: "null" },
        ],
    },
    folds: true,
    parameters: &[
        Parameter { name: "source", accepts: Accepts::Text, optional: false },
        Parameter { name: "substring", accepts: Accepts::Text, optional: false },
        Parameter { name: "start", accepts: Accepts::Integer, optional: true },
    ],
    repeats: false,
    returns: Returns::Integer,
    pattern: None,
    call,
};

fn call<'a>(row: &[Cell<'a>], case: Case) -> Cell<'a> {
    let (source, part, start) = match row {
        [Cell::Text(source), Cell::Text(part)] => (source, part, 0),
        [Cell::Text(source), Cell::Text(part), Cell::Integer(start)] => (source, part, *start),
        _ => return Cell::Null,
    };
    let source = Units::of(&folded(source, case));
    // What is negative counts as 0; what is too large for this machine is behind every text.
    let start = usize::try_from(start.max(0)).unwrap_or(usize::MAX);
    source.find(&Units::of(&folded(part, case)), start).and_then(|at| i64::try_from(at).ok()).map(Cell::Integer).into()
}
