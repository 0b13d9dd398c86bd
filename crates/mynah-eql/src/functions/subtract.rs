use super::numeric;
use super::{Accepts, Function, Parameter, Returns};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Case, Cell};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "subtract",
        usage: "subtract(minuend, subtrahend)",
        summary: "The difference of two numbers. Null if either is null.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-subtract",
        examples: &[
            Example { query: r#"subtract(10, 2)"#, result: "8" },
            Example { query: r#"subtract(10.5, 0.5)"#, result: "10.0" },
            Example { query: r#"subtract(1, 0.2)"#, result: "0.8" },
            Example { query: r#"subtract(-2, 4)"#, result: "-6" },
            Example { query: r#"subtract(null, 2)"#, result: "null" },
            Example { query: r#"subtract(2, null)"#, result: "null" },
        ],
    },
    folds: false,
    parameters: &[
        Parameter { name: "minuend", accepts: Accepts::Number, optional: false },
        Parameter { name: "subtrahend", accepts: Accepts::Number, optional: false },
    ],
    repeats: false,
    returns: Returns::Number,
    pattern: None,
    call,
};

fn call<'a>(row: &[Cell<'a>], _: Case) -> Cell<'a> {
    numeric::binary(row, |left, right| left.checked_sub(right), |left, right| left - right)
}
