use super::numeric;
use super::{Accepts, Function, Parameter, Returns};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Case, Cell};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "add",
        usage: "add(addend, addend)",
        summary: "The sum of two numbers: a whole one of two whole ones. Null if either is null.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-add",
        examples: &[
            Example { query: r#"add(4, 5)"#, result: "9" },
            Example { query: r#"add(4, 0.5)"#, result: "4.5" },
            Example { query: r#"add(0.5, 0.25)"#, result: "0.75" },
            Example { query: r#"add(4, -2)"#, result: "2" },
            Example { query: r#"add(-2, -2)"#, result: "-4" },
            Example { query: r#"add(null, 4)"#, result: "null" },
            Example { query: r#"add(4, null)"#, result: "null" },
        ],
    },
    folds: false,
    parameters: &[
        Parameter { name: "addend", accepts: Accepts::Number, optional: false },
        Parameter { name: "addend", accepts: Accepts::Number, optional: false },
    ],
    repeats: false,
    returns: Returns::Number,
    pattern: None,
    call,
};

fn call<'a>(row: &[Cell<'a>], _: Case) -> Cell<'a> {
    numeric::binary(row, |left, right| left.checked_add(right), |left, right| left + right)
}
