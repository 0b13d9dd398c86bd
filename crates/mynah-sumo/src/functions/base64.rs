//! `base64Encode`, `base64Decode`.
use super::{Function, Make};
use crate::plan::Kind;
use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const ENCODE: FunctionDoc = FunctionDoc {
    name: "base64Encode",
    usage: "base64Encode(text)",
    summary: "A text in base64.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/base64encode/",
    examples: &[Example { query: "base64Encode(\"whoami\")", result: "d2hvYW1p" }],
};

const DECODE: FunctionDoc = FunctionDoc {
    name: "base64Decode",
    usage: "base64Decode(text)",
    summary: "The text that a base64 text holds. What is not base64 is given back as it is.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/base64decode/",
    examples: &[
        Example { query: "base64Decode(\"d2hvYW1p\")", result: "whoami" },
        Example { query: "base64Decode(\"?\")", result: "?" },
    ],
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        doc: &ENCODE,
        names: &["base64encode"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Text], Kind::Text, encode),
    },
    Function {
        doc: &DECODE,
        names: &["base64decode"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Text], Kind::Text, decode),
    },
];

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

fn encode<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    match row {
        [Cell::Text(text)] => Cell::text(STANDARD.encode(text.as_bytes())),
        _ => Cell::Null,
    }
}

fn decode<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let [Cell::Text(text)] = row else { return Cell::Null };
    match LENIENT.decode(text.trim()) {
        Ok(bytes) => Cell::text(String::from_utf8_lossy(&bytes).into_owned()),
        Err(_) => Cell::text(text.clone().into_owned()),
    }
}
