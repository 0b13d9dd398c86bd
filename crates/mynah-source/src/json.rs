//! Just enough of JSON to find one's way in its text.
mod depth;
mod index;
mod keys;
mod scan;
mod text;
mod write;

pub(crate) use depth::is_too_deep;
pub use index::JsonIndex;
pub use keys::PlainKeys;
pub(crate) use scan::{skip_space, string_end, value_end};
pub use text::{JsonError, JsonText};
pub(crate) use write::write_string;

/// How deep a record's JSON may be nested. [`crate::Reader`] refuses records nested deeper, except that
/// it does not look into short lines of NDJSON, which cannot be nested much deeper.
pub const MAX_DEPTH: usize = 512;
