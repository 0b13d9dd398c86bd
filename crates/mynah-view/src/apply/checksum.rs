use std::borrow::Cow;

/// FNV-1a: short, and the same everywhere, which the standard library's hasher does not promise.
pub(super) fn checksum<'a>(value: &str) -> Cow<'a, str> {
    let hash = value.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    Cow::Owned((hash & 0x7fff_ffff).to_string())
}
