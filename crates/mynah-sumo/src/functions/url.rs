//! `urlencode`, `urldecode`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const ENCODE: FunctionDoc = FunctionDoc {
    name: "urlencode",
    usage: "urlencode(text)",
    summary: "A text as part of an address: what is not a letter, a digit or one of `.-*_` as `%XX`, a space as `+`.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/urlencode/",
    examples: &[Example { query: "urlencode(\"a b/c\")", result: "a+b%2Fc" }],
};

const DECODE: FunctionDoc = FunctionDoc {
    name: "urldecode",
    usage: "urldecode(text)",
    summary: "A text from an address: `%XX` and `+` become what they stand for.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/urldecode/",
    examples: &[Example { query: "urldecode(\"a+b%2Fc%zz\")", result: "a b/c%zz" }],
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        doc: &ENCODE,
        names: &["urlencode"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Text], Kind::Text, encode),
    },
    Function {
        doc: &DECODE,
        names: &["urldecode"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Text], Kind::Text, decode),
    },
];

fn encode<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let [Cell::Text(text)] = row else { return Cell::Null };
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'*' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    Cell::text(out)
}

fn decode<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let [Cell::Text(text)] = row else { return Cell::Null };
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let escaped = (*byte == b'%')
            .then(|| bytes.get(at + 1..at + 3).and_then(|d| std::str::from_utf8(d).ok()))
            .flatten()
            .filter(|digits| digits.bytes().all(|d| d.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escaped {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(if *byte == b'+' { b' ' } else { *byte });
                at += 1;
            }
        }
    }
    Cell::text(String::from_utf8_lossy(&out).into_owned())
}
