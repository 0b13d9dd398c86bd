use crate::context::Context;
use serde_json::Value;

/// A kind of attack that a source's logs have in them.
#[derive(Debug, Clone, Copy)]
pub struct Attack {
    /// What happens, in a few words.
    pub name: &'static str,
    /// The technique of MITRE ATT&CK.
    pub technique: &'static str,
    /// A text that each record of this attack holds and no other record of the source does, if case is no matter.
    pub sign: &'static str,
    pub(crate) record: fn(&mut Context) -> Value,
}
