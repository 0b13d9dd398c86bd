use super::prelude::*;
use sha1::Sha1;
use sha2::Digest;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "sha1",
        usage: "sha1(text)",
        summary: "The SHA1 hash of the text, in lower-case hexadecimal.",
        page: super::page::CRYPTOGRAPHIC,
        examples: &[Example { query: r#"sha1("abc")"#, result: "a9993e364706816aba3e25717850c26c9cd0d89d" }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.each("", Type::Text, |row| {
        text(row.text(0).map(|text| super::hexadecimal::write(&Sha1::digest(text.as_bytes()))))
    })
}
