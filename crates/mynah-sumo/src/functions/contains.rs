//! `contains`, as a function and between two values.
use super::{Function, Make};
use crate::plan::{Kind, Typed};
use datafusion::arrow::datatypes::DataType;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Cell, row_function};

const DOC: FunctionDoc = FunctionDoc {
    name: "contains",
    usage: "contains(text, part)",
    summary: "Whether the second text is in the first, in its own case. Of an empty and another text, false.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/contains/",
    examples: &[
        Example { query: "contains(\"cmd /c whoami\", \"whoami\")", result: "true" },
        Example { query: "contains(\"cmd /c whoami\", \"Whoami\")", result: "false" },
        Example { query: "contains(\"a\", \"\")", result: "false" },
        Example { query: "contains(\"\", \"\")", result: "true" },
    ],
};

pub(crate) const FUNCTIONS: &[Function] = &[Function {
    doc: &DOC,
    names: &["contains"],
    arguments: (2, 2),
    make: Make::Rows(&[Kind::Text], Kind::Boolean, test),
}];

/// `left contains right`.
pub(crate) fn contains(left: Typed, right: Typed) -> Typed {
    let function = row_function(DOC.name, DataType::Boolean, test);
    Typed::new(function.call(vec![left.to(Kind::Text).expr, right.to(Kind::Text).expr]), Kind::Boolean)
}

fn test<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    match row {
        [Cell::Text(text), Cell::Text(part)] => {
            Cell::Boolean(text.contains(part.as_ref()) && text.is_empty() == part.is_empty())
        }
        _ => Cell::Null,
    }
}
