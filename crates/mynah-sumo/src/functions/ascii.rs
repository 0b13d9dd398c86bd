//! `hexToAscii`, `asciiToHex`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const HEX_TO_ASCII: FunctionDoc = FunctionDoc {
    name: "hexToAscii",
    usage: "hexToAscii(text)",
    summary: "The text whose bytes these hexadecimal digits are. Null where they are none.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/hextoascii/",
    examples: &[Example { query: "hexToAscii(\"4D796E6168\")", result: "Mynah" }],
};

const ASCII_TO_HEX: FunctionDoc = FunctionDoc {
    name: "asciiToHex",
    usage: "asciiToHex(text)",
    summary: "The bytes of a text as hexadecimal digits, in upper case.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/asciitohex/",
    examples: &[Example { query: "asciiToHex(\"Mynah\")", result: "4D796E6168" }],
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        doc: &HEX_TO_ASCII,
        names: &["hextoascii"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Text], Kind::Text, decode),
    },
    Function {
        doc: &ASCII_TO_HEX,
        names: &["asciitohex"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Text], Kind::Text, encode),
    },
];

fn decode<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let [Cell::Text(text)] = row else { return Cell::Null };
    let digits: Option<Vec<u8>> = text.trim().chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect();
    let Some(digits) = digits.filter(|digits| digits.len() % 2 == 0) else { return Cell::Null };
    let bytes: Vec<u8> =
        digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    Cell::text(String::from_utf8_lossy(&bytes).into_owned())
}

fn encode<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    match row {
        [Cell::Text(text)] => Cell::text(text.bytes().map(|byte| format!("{byte:02X}")).collect::<String>()),
        _ => Cell::Null,
    }
}
