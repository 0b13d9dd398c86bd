use super::{Function, Kind};
use mynah_dialect::{Example, FunctionDoc};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "CATEGORYNAME",
        usage: "CATEGORYNAME(category)",
        summary: "The name of a low-level or high-level category.",
        page: super::RETRIEVAL,
        examples: &[Example { query: r#"CATEGORYNAME(category)"#, result: r#"Web Service Login Succeeded"# }],
    },
    arity: (1, 1),
    kind: Kind::Lookup(&[
        ("category", "CATEGORYNAME(category)"),
        ("highlevelcategory", "CATEGORYNAME(highlevelcategory)"),
    ]),
};
