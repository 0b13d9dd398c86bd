use super::numeric;
use super::{Accepts, Function, Parameter, Returns};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Case, Cell};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "multiply",
        usage: "multiply(factor, factor)",
        summary: "The product of two numbers. Null if either is null.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-multiply",
        examples: &[
            Example { query: r#"multiply(2, 2)"#, result: "4" },
            Example { query: r#"multiply(0.5, 2)"#, result: "1.0" },
            Example { query: r#"multiply(0.25, 2)"#, result: "0.5" },
            Example { query: r#"multiply(-2, 2)"#, result: "-4" },
            Example { query: r#"multiply(-2, -2)"#, result: "4" },
            Example { query: r#"multiply(null, 2)"#, result: "null" },
        ],
    },
    folds: false,
    parameters: &[
        Parameter { name: "factor", accepts: Accepts::Number, optional: false },
        Parameter { name: "factor", accepts: Accepts::Number, optional: false },
    ],
    repeats: false,
    returns: Returns::Number,
    pattern: None,
    call,
};

fn call<'a>(row: &[Cell<'a>], _: Case) -> Cell<'a> {
    numeric::binary(row, |left, right| left.checked_mul(right), |left, right| left * right)
}
