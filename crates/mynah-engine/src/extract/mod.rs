//! From a record's bytes to the columns that a plan names, in one pass and nothing besides.
//!
//! A [`Program`] is made once for each log source and shape: a [`Trie`](trie::Trie) of the paths that the
//! columns' bindings mention, and for each column what to do with what was found there. Running it walks the
//! record's JSON text once, notes where the wanted values stand, and appends each column's value to its
//! builder; whatever no path leads to is skipped over unparsed.
mod columns;
mod json;
mod program;
#[cfg(test)]
mod tests;
mod trie;

pub(crate) use columns::Columns;
pub(crate) use program::{Captures, Program, RecordContext, bindings_of};
