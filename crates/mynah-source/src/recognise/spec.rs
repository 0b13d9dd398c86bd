//! The TOML of a log source's definition, as it is written.
use crate::text::TextSpec;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `sources/LOGSOURCE.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceFile {
    pub name: String,
    /// The log source whose records these are a part of.
    pub extends: Option<String>,
    /// Where the records are documented.
    #[serde(default, skip_serializing)]
    #[allow(dead_code)]
    pub pages: Vec<String>,
    /// Whether nothing tells these records from those of `extends`, so that they are what the user says they are.
    #[serde(default)]
    pub by_name: bool,
    /// Where an event's time stands: paths of the log source, in order of preference.
    #[serde(default)]
    pub time: Vec<String>,
    /// What sets these records apart from those of `extends`, in paths of the log source.
    #[serde(default)]
    pub when: BTreeMap<String, OneOrMany>,
    #[serde(default, rename = "shape")]
    pub shapes: Vec<ShapeSpec>,
    /// Shapes that come as lines of text, and how they are taken apart.
    #[serde(default, rename = "text")]
    pub texts: Vec<TextSpec>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShapeSpec {
    pub name: String,
    /// What a record of this shape has, in paths of the record; several tables are alternatives.
    #[serde(rename = "where")]
    pub conditions: OneOrManyTables,
    /// Where this shape has what the log source's paths stand for: prefix to prefixes.
    #[serde(default)]
    pub paths: BTreeMap<String, OneOrMany>,
    /// Whether a nested member may also be written as one key with dots.
    #[serde(default)]
    pub dotted: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrManyTables {
    One(BTreeMap<String, OneOrMany>),
    Many(Vec<BTreeMap<String, OneOrMany>>),
}

impl OneOrManyTables {
    pub fn into_vec(self) -> Vec<BTreeMap<String, OneOrMany>> {
        match self {
            OneOrManyTables::One(one) => vec![one],
            OneOrManyTables::Many(many) => many,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub fn as_slice(&self) -> &[String] {
        match self {
            OneOrMany::One(one) => std::slice::from_ref(one),
            OneOrMany::Many(many) => many,
        }
    }
}
