//! The TOML of a view file, as it is written. [`crate::binding`] is what becomes of it.
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// `views/PLATFORM/LOGSOURCE.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ViewFile {
    pub log_source: String,
    /// Another view of the platform whose fields this one has too, unless it gives its own.
    pub extends: Option<String>,
    /// Where the names are documented.
    #[serde(default)]
    #[allow(dead_code)]
    pub pages: Vec<String>,
    #[serde(default)]
    pub fields: BTreeMap<String, FieldEntry>,
}

/// `views/PLATFORM/platform.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlatformFile {
    /// Whether names match in any case.
    #[serde(default)]
    pub fold_names: bool,
    /// Whether a value that is an object or array shows as its compact JSON text, unless a field says otherwise.
    #[serde(default)]
    pub objects: Objects,
    /// How this platform writes "every element of an array" in a name, where it has a way (`{}`).
    #[serde(default)]
    pub each: Option<String>,
    /// Fields of which an event has one value whose name differs from site to site. Several values of such a field
    /// are the names that the event answers to, not values that it has at once; the first is the one to show.
    #[serde(default)]
    pub names: BTreeSet<String>,
    /// Types by name, for all log sources: exact names, or `*` patterns at either end. A name that is
    /// listed, or continues a listed `prefix.*`, is known even if no log source here has it.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
    /// Names for another form of a field, written behind it with a dot, and what is done to the values.
    #[serde(default)]
    pub forms: BTreeMap<String, Vec<String>>,
}

/// What a value that is an object (or an array, where one value is wanted) becomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Objects {
    /// Its compact JSON text.
    Json,
    /// No value.
    #[default]
    Absent,
}

/// A field: a path alone, one description, or several of which the first that gives a value counts.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum FieldEntry {
    Path(String),
    One(Box<FieldSpec>),
    Several(Vec<FieldSpec>),
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldSpec {
    pub from: Option<OneOrMany>,
    pub value: Option<toml::Value>,
    pub lookup: Option<LookupSpec>,
    pub template: Option<String>,
    pub meta: Option<String>,
    #[serde(rename = "type")]
    pub field_type: Option<String>,
    #[serde(default)]
    pub apply: Vec<String>,
    #[serde(default)]
    pub when: BTreeMap<String, OneOrMany>,
    pub objects: Option<Objects>,
    /// Its values are added to those of the entries before it, which else would leave it out.
    #[serde(default)]
    pub also: bool,
    /// For a field that ends in `*`: how the record writes what the name ends in.
    #[serde(default)]
    pub suffix: Suffix,
    /// Whether arrays on the paths, and at their ends, stand for their elements.
    #[serde(default)]
    pub arrays: bool,
    /// The field that this name is a common mistake for.
    pub alias_of: Option<String>,
}

/// How the record writes what a name ends in, where the field's name ends in `*`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Suffix {
    /// As the name does.
    #[default]
    Same,
    /// In camel case, where the name is in snake case: `userId` for `user_id`.
    Camel,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LookupSpec {
    /// The path of the value to look up.
    pub key: String,
    pub table: BTreeMap<String, OneOrMany>,
    pub default: Option<OneOrMany>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(Text),
    Many(Vec<Text>),
}

/// A text, or a number or truth value that stands for its text.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Text {
    Plain(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
}

impl From<Text> for String {
    fn from(text: Text) -> String {
        match text {
            Text::Plain(text) => text,
            Text::Integer(number) => number.to_string(),
            Text::Float(number) => number.to_string(),
            Text::Boolean(truth) => truth.to_string(),
        }
    }
}

impl OneOrMany {
    pub fn into_vec(self) -> Vec<String> {
        match self {
            OneOrMany::One(one) => vec![one.into()],
            OneOrMany::Many(many) => many.into_iter().map(String::from).collect(),
        }
    }
}
