use crate::Platform;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A query language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// QRadar's Ariel Query Language.
    Aql,
    /// Elastic's Event Query Language.
    Eql,
    /// Splunk's Search Processing Language.
    Spl,
    /// Sumo Logic's search language.
    Sumo,
    /// Sigma, the vendor-neutral rule format.
    Sigma,
    /// Kibana's query language (KQL).
    Kuery,
}

impl Dialect {
    /// All of them, in the order in which they are listed to people.
    pub const ALL: [Dialect; 6] =
        [Dialect::Aql, Dialect::Eql, Dialect::Spl, Dialect::Sumo, Dialect::Sigma, Dialect::Kuery];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Aql => "aql",
            Dialect::Eql => "eql",
            Dialect::Spl => "spl",
            Dialect::Sumo => "sumo",
            Dialect::Sigma => "sigma",
            Dialect::Kuery => "kuery",
        }
    }

    /// The extensions of its files, without the dot.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Dialect::Aql => &["aql"],
            Dialect::Eql => &["eql"],
            Dialect::Spl => &["spl"],
            Dialect::Sumo => &["sumo"],
            Dialect::Sigma => &["yml", "yaml"],
            Dialect::Kuery => &["kuery"],
        }
    }

    /// The dialect of that name, in any case.
    ///
    /// ```
    /// assert_eq!(mynah_event::Dialect::from_name("EQL"), Some(mynah_event::Dialect::Eql));
    /// ```
    pub fn from_name(name: &str) -> Option<Dialect> {
        Dialect::ALL.into_iter().find(|dialect| dialect.name().eq_ignore_ascii_case(name))
    }

    /// The dialect of files that end in `extension` (without the dot, in any case).
    pub fn from_extension(extension: &str) -> Option<Dialect> {
        let ends = |dialect: &Dialect| dialect.extensions().iter().any(|known| known.eq_ignore_ascii_case(extension));
        Dialect::ALL.into_iter().find(ends)
    }

    /// The platform whose language it is.
    pub fn platform(self) -> Platform {
        match self {
            Dialect::Aql => Platform::Qradar,
            Dialect::Eql => Platform::Elastic,
            Dialect::Spl => Platform::Splunk,
            Dialect::Sumo => Platform::Sumologic,
            Dialect::Sigma => Platform::Sigma,
            Dialect::Kuery => Platform::Elastic,
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
