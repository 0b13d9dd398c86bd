use super::prelude::*;
use sha2::Digest;
use sha2::Sha512;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "sha512",
        usage: "sha512(text)",
        summary: "The SHA512 hash of the text, in lower-case hexadecimal.",
        page: super::page::CRYPTOGRAPHIC,
        examples: &[Example {
            query: r#"sha512("abc")"#,
            result: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.each("", Type::Text, |row| {
        text(row.text(0).map(|text| super::hexadecimal::write(&Sha512::digest(text.as_bytes()))))
    })
}
