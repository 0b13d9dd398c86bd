use super::{Function, Kind};
use mynah_dialect::{Example, FunctionDoc};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "LOGSOURCENAME",
        usage: "LOGSOURCENAME(logsourceid)",
        summary: "The name of the log source that an event comes from.",
        page: super::RETRIEVAL,
        examples: &[Example {
            query: r#"LOGSOURCENAME(logsourceid)"#,
            result: r#"AmazonAWSCloudTrail @ 111122223333"#,
        }],
    },
    arity: (1, 1),
    kind: Kind::Lookup(&[("logsourceid", "LOGSOURCENAME(logsourceid)")]),
};
