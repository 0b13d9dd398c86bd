use super::{Function, Kind};
use mynah_dialect::FunctionDoc;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "LOGSOURCEGROUPNAME",
        usage: "LOGSOURCEGROUPNAME(devicegrouplist)",
        summary: "The names of the groups that an event's log source is in. Groups are a deployment's own: a view must have the field `LOGSOURCEGROUPNAME(devicegrouplist)`.",
        page: super::RETRIEVAL,
        examples: &[],
    },
    arity: (1, 1),
    kind: Kind::Lookup(&[
        ("devicegrouplist", "LOGSOURCEGROUPNAME(devicegrouplist)"),
        ("logsourceid", "LOGSOURCEGROUPNAME(devicegrouplist)"),
    ]),
};
