use super::units::folded;
use super::{Accepts, Function, Parameter, Returns};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Case, Cell, Pattern, Piece};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "startsWith",
        usage: "startsWith(source, substring)",
        summary: "Whether a text begins with another. Null if either is null.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-startswith",
        examples: &[
            Example { query: r#"startsWith("regsvr32.exe", "regsvr32")"#, result: "true" },
            Example { query: r#"startsWith("regsvr32.exe", "Regsvr32")"#, result: "false" },
            Example { query: r#"startsWith("regsvr32.exe", "explorer")"#, result: "false" },
            Example { query: r#"startsWith("", "")"#, result: "true" },
            Example { query: r#"startsWith~("regsvr32.exe", "Regsvr32")"#, result: "true" },
            Example { query: r#"startsWith("regsvr32.exe", null)"#, result: "null" },
            Example { query: r#"startsWith(null, "regsvr32")"#, result: "null" },
            Example { query: r#"startsWith(null, null)"#, result: "null" },
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
            Cell::Boolean(source.starts_with(part.as_ref()))
        }
        _ => Cell::Null,
    }
}

/// What every such source fits.
fn pattern(part: &str) -> Option<Pattern> {
    (!part.is_empty()).then(|| Pattern(vec![Piece::Literal(part.to_owned()), Piece::Many]))
}
