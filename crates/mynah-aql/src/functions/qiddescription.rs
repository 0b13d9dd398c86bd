use super::{Function, Kind};
use mynah_dialect::{Example, FunctionDoc};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "QIDDESCRIPTION",
        usage: "QIDDESCRIPTION(qid)",
        summary: "The description of an event.",
        page: super::RETRIEVAL,
        examples: &[Example { query: r#"QIDDESCRIPTION(qid)"#, result: r#"ConsoleLogin"# }],
    },
    arity: (1, 1),
    kind: Kind::Lookup(&[("qid", "QIDDESCRIPTION(qid)")]),
};
