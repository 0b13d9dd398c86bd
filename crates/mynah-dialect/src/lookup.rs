use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A table that queries look values up in: a CSV file of the site, with the settings of its definition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LookupTable {
    /// The columns' names.
    pub columns: Vec<String>,
    /// The rows; each as long as `columns`.
    #[serde(serialize_with = "rows")]
    pub rows: Arc<Vec<Vec<String>>>,
    /// Whether values match in their own case only.
    pub case_sensitive: bool,
    /// How a column matches, where not by equality.
    pub match_types: Vec<(String, MatchType)>,
    /// How many rows may match; the first ones count.
    pub max_matches: usize,
    /// How many rows must match, else `default_match` is given for each missing one.
    pub min_matches: usize,
    /// The value of every output column where too few rows match.
    pub default_match: Option<String>,
    /// Which rows an event's time allows, where the table has a column of times.
    pub time: Option<LookupTime>,
}

/// How a lookup's rows match an event's time: the latest row counts that is not later than the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LookupTime {
    /// The column of times.
    pub column: String,
    /// The format that they are in, in the platform's language.
    pub format: String,
    /// How many seconds an event is later than the row, at least.
    pub min_offset: i64,
    /// And at most.
    pub max_offset: i64,
}

/// How a lookup's column matches an event's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum MatchType {
    /// The row's value is a pattern with `*`.
    Wildcard,
    /// The row's value is a network, `10.0.0.0/8`.
    Cidr,
}

impl LookupTable {
    /// A table that matches by equality, in any case of letters unless `case_sensitive`, all rows.
    pub fn new(columns: Vec<String>, rows: Vec<Vec<String>>, case_sensitive: bool) -> Self {
        LookupTable {
            columns,
            rows: Arc::new(rows),
            case_sensitive,
            match_types: Vec::new(),
            max_matches: 1000,
            min_matches: 0,
            default_match: None,
            time: None,
        }
    }

    /// What tells it from any other table: plans name it by this, and whoever runs them has it among the
    /// [`mynah_kernels::Resources`] under this name.
    pub fn digest(&self) -> String {
        // A table of texts and settings can always be written.
        let written = serde_json::to_vec(self).unwrap_or_default();
        Sha256::digest(&written).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn rows<S: serde::Serializer>(rows: &Arc<Vec<Vec<String>>>, serializer: S) -> Result<S::Ok, S::Error> {
    rows.as_ref().serialize(serializer)
}
