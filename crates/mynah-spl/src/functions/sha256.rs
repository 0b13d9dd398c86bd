use super::prelude::*;
use sha2::Digest;
use sha2::Sha256;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "sha256",
        usage: "sha256(text)",
        summary: "The SHA256 hash of the text, in lower-case hexadecimal.",
        page: super::page::CRYPTOGRAPHIC,
        examples: &[Example {
            query: r#"sha256("abc")"#,
            result: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.each("", Type::Text, |row| {
        text(row.text(0).map(|text| super::hexadecimal::write(&Sha256::digest(text.as_bytes()))))
    })
}
