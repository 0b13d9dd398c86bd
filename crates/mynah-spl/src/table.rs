//! What the tables of commands, functions and aggregates share.
use mynah_dialect::Entry;

/// The name that a usage begins with: `substr` of `substr(text, start [, length])`.
pub(crate) const fn name_of(usage: &'static str) -> &'static str {
    let mut length = 0;
    let mut rest = usage.as_bytes();
    while let [b'a'..=b'z' | b'0'..=b'9' | b'_', more @ ..] = rest {
        length += 1;
        rest = more;
    }
    usage.split_at(length).0
}

/// The same entry with other names.
pub(crate) const fn aliased<C: Copy>(aliases: &'static [&'static str], entry: Entry<C>) -> Entry<C> {
    Entry { aliases, ..entry }
}
