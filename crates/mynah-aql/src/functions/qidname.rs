use super::{Function, Kind};
use mynah_dialect::{Example, FunctionDoc};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "QIDNAME",
        usage: "QIDNAME(qid)",
        summary: "The name of an event, which QRadar's log source type makes of it.",
        page: super::RETRIEVAL,
        examples: &[Example { query: r#"QIDNAME(qid)"#, result: r#"ConsoleLogin"# }],
    },
    arity: (1, 1),
    kind: Kind::Lookup(&[("qid", "QIDNAME(qid)")]),
};
