//! What Splunk apps make of events when they are searched: props.conf, eventtypes.conf, tags.conf and data models.
use std::collections::{BTreeMap, BTreeSet};

/// Rules, kinds of events, tags and data models, all in SPL's text.
#[derive(Debug, Clone, Default)]
pub struct Knowledge {
    /// What props.conf says of events, stanza by stanza; of two that make one field the later counts.
    pub rules: Vec<EventRules>,
    /// Event types by name: searches.
    pub event_types: BTreeMap<String, String>,
    /// Tags by the field and the value that have them.
    pub tags: BTreeMap<(String, String), BTreeSet<String>>,
    /// Data models by name.
    pub models: BTreeMap<String, DataModel>,
    /// How many bytes of a text are looked through for all of its fields, where an app says so.
    pub extraction_cutoff: Option<usize>,
    /// What the apps have and Mynah does not read, a line each.
    pub left_out: Vec<String>,
}

/// The rules of one stanza of props.conf, in the order in which Splunk applies them.
#[derive(Debug, Clone)]
pub struct EventRules {
    /// Which events they are for.
    pub selector: Selector,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// Which events a stanza of props.conf is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// Those of a source type.
    SourceType(String),
    /// Those of a source, a pattern with `*`.
    Source(String),
    /// Those of a host, a pattern with `*`.
    Host(String),
}

/// How a field is made of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// The named groups of a regular expression over a field.
    Extract {
        /// The expression.
        regex: String,
        /// The field.
        field: String,
    },
    /// Another name.
    Alias {
        /// The field.
        field: String,
        /// Its other name.
        name: String,
        /// Whether a field of that name that the event has stays.
        only_new: bool,
    },
    /// A calculated field.
    Eval {
        /// The field.
        field: String,
        /// The expression.
        expression: String,
    },
    /// The arguments of a lookup.
    Lookup(String),
}

/// A data model.
#[derive(Debug, Clone, Default)]
pub struct DataModel {
    /// Its datasets, the root first.
    pub datasets: Vec<ModelDataset>,
}

/// A dataset of a data model.
#[derive(Debug, Clone, Default)]
pub struct ModelDataset {
    /// Its name.
    pub name: String,
    /// The dataset that it is a part of.
    pub parent: Option<String>,
    /// Which events belong to it: a search.
    pub constraint: String,
    /// What each field is: an eval expression.
    pub fields: BTreeMap<String, String>,
}
