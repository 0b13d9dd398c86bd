use serde::{Deserialize, Serialize};
use std::fmt;

/// A product that stores and searches logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Elastic Security.
    Elastic,
    /// IBM QRadar.
    Qradar,
    /// Splunk.
    Splunk,
    /// Sumo Logic.
    Sumologic,
}

impl Platform {
    /// All of them.
    pub const ALL: [Platform; 4] = [Platform::Elastic, Platform::Qradar, Platform::Splunk, Platform::Sumologic];

    /// Its name, which is its folder's name under `views/`.
    pub fn name(self) -> &'static str {
        match self {
            Platform::Elastic => "elastic",
            Platform::Qradar => "qradar",
            Platform::Splunk => "splunk",
            Platform::Sumologic => "sumologic",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
