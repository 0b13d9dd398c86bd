use super::prelude::*;
use md5::Md5;
use sha2::Digest;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "md5",
        usage: "md5(text)",
        summary: "The MD5 hash of the text, in lower-case hexadecimal.",
        page: super::page::CRYPTOGRAPHIC,
        examples: &[Example { query: r#"md5("abc")"#, result: "900150983cd24fb0d6963f7d28e17f72" }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.each("", Type::Text, |row| {
        text(row.text(0).map(|text| super::hexadecimal::write(&Md5::digest(text.as_bytes()))))
    })
}
