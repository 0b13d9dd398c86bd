use super::{Function, Kind};
use mynah_dialect::FunctionDoc;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "PROTOCOLNAME",
        usage: "PROTOCOLNAME(protocolid)",
        summary: "The name of a network protocol.",
        page: super::RETRIEVAL,
        examples: &[],
    },
    arity: (1, 1),
    kind: Kind::Lookup(&[("protocolid", "PROTOCOLNAME(protocolid)")]),
};
