use super::{Function, Kind};
use mynah_dialect::{Example, FunctionDoc};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "LOGSOURCETYPENAME",
        usage: "LOGSOURCETYPENAME(devicetype)",
        summary: "The name of the type of the log source that an event comes from. Given `logsourceid`, which QRadar misreads, it gives the same, and a warning.",
        page: super::RETRIEVAL,
        examples: &[Example { query: r#"LOGSOURCETYPENAME(devicetype)"#, result: r#"Amazon AWS CloudTrail"# }],
    },
    arity: (1, 1),
    kind: Kind::Lookup(&[
        ("devicetype", "LOGSOURCETYPENAME(devicetype)"),
        ("logsourcetypeid", "LOGSOURCETYPENAME(devicetype)"),
        ("logsourceid", "LOGSOURCETYPENAME(devicetype)"),
    ]),
};
