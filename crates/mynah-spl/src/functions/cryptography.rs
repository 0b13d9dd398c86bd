//! Hashes.
use super::prelude::*;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

family!(function, "CryptographicFunctions");

pub(super) static CRYPTOGRAPHY: [Entry; 4] = [
    function(
        "md5(text)",
        "The MD5 hash of the text, in lower-case hexadecimal.",
        &[example(r#"md5("abc")"#, "900150983cd24fb0d6963f7d28e17f72")],
        Exactly(1),
        Each(Type::Text, hash::<Md5>),
    ),
    function(
        "sha1(text)",
        "The SHA1 hash of the text, in lower-case hexadecimal.",
        &[example(r#"sha1("abc")"#, "a9993e364706816aba3e25717850c26c9cd0d89d")],
        Exactly(1),
        Each(Type::Text, hash::<Sha1>),
    ),
    function(
        "sha256(text)",
        "The SHA256 hash of the text, in lower-case hexadecimal.",
        &[example(r#"sha256("abc")"#, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")],
        Exactly(1),
        Each(Type::Text, hash::<Sha256>),
    ),
    function(
        "sha512(text)",
        "The SHA512 hash of the text, in lower-case hexadecimal.",
        &[example(
            r#"sha512("abc")"#,
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        )],
        Exactly(1),
        Each(Type::Text, hash::<Sha512>),
    ),
];

/// The text's hash in lower-case hexadecimal.
fn hash<D: Digest>(row: &super::Row<'_>) -> Cell<'static> {
    let hash = |text: &str| D::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    text(row.text(0).map(|text| hash(&text)))
}
