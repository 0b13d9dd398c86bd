use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "urldecode",
        usage: "urldecode(text)",
        summary: "The text with `%20` and its like resolved; `+` stays.",
        page: super::page::TEXT,
        examples: &[
            Example {
                query: r#"urldecode("http%3A%2F%2Fexample.com%2Fa%20b%3Fq%3D1")"#,
                result: "http://example.com/a b?q=1",
            },
            Example { query: r#"urldecode("100%")"#, result: "100%" },
        ],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.each("", Type::Text, |row| text(row.text(0).map(|text| decode(&text))))
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hexadecimal = after.get(..2).filter(|_| first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match hexadecimal
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
        {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or(&[]);
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
