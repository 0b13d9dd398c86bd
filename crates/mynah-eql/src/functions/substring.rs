use super::units::Units;
use super::{Accepts, Function, Parameter, Returns};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Case, Cell};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "substring",
        usage: "substring(source, start [, end])",
        summary: "The part of a text from `start` up to, not including, `end`; counted from 0, and from the end if negative. An empty text if there is no such part; null if an argument is.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-substring",
        examples: &[
            Example { query: r#"substring("start regsvr32.exe", 6)"#, result: "regsvr32.exe" },
            Example { query: r#"substring("start regsvr32.exe", 0, 5)"#, result: "start" },
            Example { query: r#"substring("start regsvr32.exe", 6, 14)"#, result: "regsvr32" },
            Example { query: r#"substring("start regsvr32.exe", -4)"#, result: ".exe" },
            Example { query: r#"substring("start regsvr32.exe", -4, -1)"#, result: ".ex" },
            Example { query: r#"substring("abc", 5)"#, result: "" },
            Example { query: r#"substring("abc", -9, 2)"#, result: "ab" },
        ],
    },
    folds: false,
    parameters: &[
        Parameter { name: "source", accepts: Accepts::Text, optional: false },
        Parameter { name: "start", accepts: Accepts::Integer, optional: false },
        Parameter { name: "end", accepts: Accepts::Integer, optional: true },
    ],
    repeats: false,
    returns: Returns::Text,
    pattern: None,
    call,
};

fn call<'a>(row: &[Cell<'a>], _: Case) -> Cell<'a> {
    let (source, start, end) = match row {
        [Cell::Text(source), Cell::Integer(start)] => (source, *start, None),
        [Cell::Text(source), Cell::Integer(start), Cell::Integer(end)] => (source, *start, Some(*end)),
        _ => return Cell::Null,
    };
    let units = Units::of(source);
    let length = units.len();
    let place = |position: i64| match usize::try_from(position) {
        Ok(from_start) => from_start.min(length),
        // A negative one counts from the end, and ends at the start.
        Err(_) => length.saturating_sub(usize::try_from(position.unsigned_abs()).unwrap_or(usize::MAX)),
    };
    let (start, end) = (place(start), end.map_or(length, place));
    Cell::text(if start < end { units.slice(start, end) } else { String::new() })
}
