use super::units::folded;
use super::{Accepts, Function, Parameter, Returns};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Case, Cell, Pattern, Piece};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "stringContains",
        usage: "stringContains(source, substring)",
        summary: "Whether a text contains another. Nothing contains the empty text, nor does the empty text contain anything. Null if either is null.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-stringcontains",
        examples: &[
            Example { query: r#"stringContains("start regsvr32.exe", "regsvr32")"#, result: "true" },
            Example { query: r#"stringContains("start regsvr32.exe", "Regsvr32")"#, result: "false" },
            Example { query: r#"stringContains("start regsvr32.exe", "start ")"#, result: "true" },
            Example { query: r#"stringContains("start regsvr32.exe", "explorer")"#, result: "false" },
            Example { query: r#"stringContains~("start regsvr32.exe", "Regsvr32")"#, result: "true" },
            Example { query: r#"stringContains("", "")"#, result: "false" },
            Example { query: r#"stringContains("start regsvr32.exe", "")"#, result: "false" },
            Example { query: r#"stringContains(null, "regsvr32")"#, result: "null" },
            Example { query: r#"stringContains("start regsvr32.exe", null)"#, result: "null" },
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
            Cell::Boolean(!part.is_empty() && source.contains(part.as_ref()))
        }
        _ => Cell::Null,
    }
}

/// What every such source fits.
fn pattern(part: &str) -> Option<Pattern> {
    (!part.is_empty()).then(|| Pattern(vec![Piece::Many, Piece::Literal(part.to_owned()), Piece::Many]))
}
