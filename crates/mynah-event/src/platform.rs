use serde::{Deserialize, Serialize};
use std::fmt;

/// A product that stores and searches logs; or Sigma's taxonomy, which is nobody's product but looks at logs in
/// its own way too.
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
    /// Sigma's taxonomy of field names.
    Sigma,
}

impl Platform {
    /// All of them.
    pub const ALL: [Platform; 5] =
        [Platform::Elastic, Platform::Qradar, Platform::Splunk, Platform::Sumologic, Platform::Sigma];

    /// Its name, which is its folder's name under `views/`.
    pub fn name(self) -> &'static str {
        match self {
            Platform::Elastic => "elastic",
            Platform::Qradar => "qradar",
            Platform::Splunk => "splunk",
            Platform::Sumologic => "sumologic",
            Platform::Sigma => "sigma",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
