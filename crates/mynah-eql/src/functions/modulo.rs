use super::numeric;
use super::{Accepts, Function, Parameter, Returns};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Case, Cell};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "modulo",
        usage: "modulo(dividend, divisor)",
        summary: "What is left of a division, with the sign of the dividend. Null if either is null. A whole number divided by zero, where Elastic ends the search, is null.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-modulo",
        examples: &[
            Example { query: r#"modulo(10, 6)"#, result: "4" },
            Example { query: r#"modulo(10, 5)"#, result: "0" },
            Example { query: r#"modulo(10, 0.5)"#, result: "0.0" },
            Example { query: r#"modulo(10, -6)"#, result: "4" },
            Example { query: r#"modulo(-10, -6)"#, result: "-4" },
            Example { query: r#"modulo(null, 5)"#, result: "null" },
            Example { query: r#"modulo(7, null)"#, result: "null" },
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
    numeric::binary(row, |left, right| left.checked_rem(right), |left, right| left % right)
}
