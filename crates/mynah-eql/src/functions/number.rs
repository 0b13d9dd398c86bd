use super::{Accepts, Function, Parameter, Returns};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Case, Cell};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "number",
        usage: "number(text [, base])",
        summary: "A text as a number. Hexadecimal if it begins with `0x`, else decimal, unless a base is given. Null if it is null, or, where Elastic ends the search, if it is no number.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-number",
        examples: &[
            Example { query: r#"number("1337")"#, result: "1337" },
            Example { query: r#"number("42.5")"#, result: "42.5" },
            Example { query: r#"number("deadbeef", 16)"#, result: "3735928559" },
            Example { query: r#"number("0xdeadbeef")"#, result: "3735928559" },
            Example { query: r#"number("0xdeadbeef", 16)"#, result: "3735928559" },
            Example { query: r#"number("+1337")"#, result: "1337" },
            Example { query: r#"number("-1337")"#, result: "-1337" },
            Example { query: r#"number("  1337  ")"#, result: "1337" },
            Example { query: r#"number(null)"#, result: "null" },
            Example { query: r#"number(null, 16)"#, result: "null" },
            Example { query: r#"number("0xdeadbeef", null)"#, result: "3735928559" },
            Example { query: r#"number("1337", null)"#, result: "1337" },
        ],
    },
    folds: false,
    parameters: &[
        Parameter { name: "text", accepts: Accepts::Text, optional: false },
        Parameter { name: "base", accepts: Accepts::Integer, optional: true },
    ],
    repeats: false,
    returns: Returns::Float,
    pattern: None,
    call,
};

fn call<'a>(row: &[Cell<'a>], _: Case) -> Cell<'a> {
    let [Cell::Text(text), base @ ..] = row else { return Cell::Null };
    let text = text.trim();
    let hexadecimal = text.strip_prefix("0x");
    let base = match base.first().and_then(Cell::as_integer) {
        Some(base) => base,
        None if hexadecimal.is_some() => 16,
        None => 10,
    };
    let digits = hexadecimal.filter(|_| base == 16).unwrap_or(text);
    let Some(radix) = u32::try_from(base).ok().filter(|radix| (2..=36).contains(radix)) else { return Cell::Null };
    if let Ok(whole) = i64::from_str_radix(digits, radix) {
        return Cell::Integer(whole);
    }
    let decimal = (radix == 10).then(|| digits.parse::<f64>().ok()).flatten();
    decimal.filter(|number| number.is_finite()).map(Cell::Float).into()
}
