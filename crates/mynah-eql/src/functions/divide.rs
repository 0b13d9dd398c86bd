use super::numeric;
use super::{Accepts, Function, Parameter, Returns};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Case, Cell};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "divide",
        usage: "divide(dividend, divisor)",
        summary: "The quotient of two numbers; of two whole numbers without its fraction. Null if either is null. A whole number divided by zero, where Elastic ends the search, is null.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-divide",
        examples: &[
            Example { query: r#"divide(4, 2)"#, result: "2" },
            Example { query: r#"divide(4, 3)"#, result: "1" },
            Example { query: r#"divide(4, 0.5)"#, result: "8.0" },
            Example { query: r#"divide(0.5, 4)"#, result: "0.125" },
            Example { query: r#"divide(0.5, 0.25)"#, result: "2.0" },
            Example { query: r#"divide(4, -2)"#, result: "-2" },
            Example { query: r#"divide(-4, -2)"#, result: "2" },
            Example { query: r#"divide(null, 4)"#, result: "null" },
            Example { query: r#"divide(4, null)"#, result: "null" },
            Example { query: r#"divide(4, 0)"#, result: "null" },
        ],
    },
    folds: false,
    parameters: &[
        Parameter { name: "dividend", accepts: Accepts::Number, optional: false },
        Parameter { name: "divisor", accepts: Accepts::Number, optional: false },
    ],
    repeats: false,
    returns: Returns::Number,
    pattern: None,
    call,
};

fn call<'a>(row: &[Cell<'a>], _: Case) -> Cell<'a> {
    numeric::binary(row, |left, right| left.checked_div(right), |left, right| left / right)
}
