use super::units::folded;
use super::{Accepts, Function, Parameter, Returns};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Case, Cell, Pattern, Piece};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "endsWith",
        usage: "endsWith(source, substring)",
        summary: "Whether a text ends with another. Null if either is null.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-endswith",
        examples: &[
            Example { query: r#"endsWith("regsvr32.exe", ".exe")"#, result: "true" },
            Example { query: r#"endsWith("regsvr32.exe", ".EXE")"#, result: "false" },
            Example { query: r#"endsWith("regsvr32.exe", ".dll")"#, result: "false" },
            Example { query: r#"endsWith("", "")"#, result: "true" },
            Example { query: r#"endsWith~("regsvr32.exe", ".EXE")"#, result: "true" },
            Example { query: r#"endsWith("regsvr32.exe", null)"#, result: "null" },
            Example { query: r#"endsWith(null, ".exe")"#, result: "null" },
        ],
    },
    folds: true,
    parameters: &[
        Parameter { name: "source", accepts: Accepts::Text, optional: false },
        Parameter { name: "substring", accepts: Accepts::Text, optional: false },
    ],
    repeats: false,
    returns: Returns::Boolean,
    pattern: Some(pattern),
    call,
};

fn call<'a>(row: &[Cell<'a>], case: Case) -> Cell<'a> {
    match row {
        [Cell::Text(source), Cell::Text(part)] => {
            let (source, part) = (folded(source, case), folded(part, case));
            Cell::Boolean(source.ends_with(part.as_ref()))
        }
        _ => Cell::Null,
    }
}

/// What every such source fits.
fn pattern(part: &str) -> Option<Pattern> {
    (!part.is_empty()).then(|| Pattern(vec![Piece::Many, Piece::Literal(part.to_owned())]))
}
