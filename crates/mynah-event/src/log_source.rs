use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A kind of telemetry, by its dotted name: `aws.cloudtrail`, `windows.sysmon`.
///
/// Which there are is data (`sources/*.toml` of `mynah-source`), so this is a name and no more. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LogSource(Arc<str>);

impl LogSource {
    /// JSON objects that no other log source claims.
    pub const JSON: &'static str = "json";

    /// The log source of that name.
    pub fn new(name: &str) -> Self {
        LogSource(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LogSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
