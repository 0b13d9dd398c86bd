//! The names Sumo Logic gives to what it knows of a message itself.
//!
//! Source: <https://www.sumologic.com/help/docs/search/get-started-with-search/search-basics/built-in-metadata/>

/// The built-in metadata fields, in the vendor's spelling.
pub(crate) const METADATA: [&str; 12] = [
    "_collector",
    "_messageCount",
    "_messageTime",
    "_raw",
    "_receiptTime",
    "_size",
    "_source",
    "_sourceCategory",
    "_sourceHost",
    "_sourceName",
    "_format",
    "_view",
];

/// Where Sumo Logic stores a message, which says nothing about the message: partitions, views and tiers.
pub(crate) const STORAGE: [&str; 4] = ["_index", "_view", "_datatier", "_dataTier"];

/// The vendor's spelling of a metadata field, if it is one.
pub(crate) fn metadata(name: &str) -> Option<&'static str> {
    METADATA.into_iter().find(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a name is about storage.
pub(crate) fn is_storage(name: &str) -> bool {
    STORAGE.iter().any(|known| known.eq_ignore_ascii_case(name))
}
