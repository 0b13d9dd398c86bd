//! `hexToDec`, `decToHex`, `parseHex`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const HEX_TO_DEC: FunctionDoc = FunctionDoc {
    name: "hexToDec",
    usage: "hexToDec(text)",
    summary: "The number that hexadecimal digits stand for, with or without `0x`. Null where they are none.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/hextodec/",
    examples: &[
        Example { query: "hexToDec(\"ff\")", result: "255" },
        Example { query: "hexToDec(\"0x1f4\")", result: "500" },
    ],
};

const DEC_TO_HEX: FunctionDoc = FunctionDoc {
    name: "decToHex",
    usage: "decToHex(number)",
    summary: "A whole number in hexadecimal digits, in upper case.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/dectohex/",
    examples: &[Example { query: "decToHex(255)", result: "FF" }],
};

const PARSE_HEX: FunctionDoc = FunctionDoc {
    name: "parseHex",
    usage: "parseHex(text)",
    summary: "The number that hexadecimal digits stand for.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parsehex/",
    examples: &[Example { query: "parseHex(\"12D230\")", result: "1233456" }],
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        doc: &HEX_TO_DEC,
        names: &["hextodec"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Text], Kind::Integer, read),
    },
    Function {
        doc: &PARSE_HEX,
        names: &["parsehex"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Text], Kind::Integer, read),
    },
    Function {
        doc: &DEC_TO_HEX,
        names: &["dectohex"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Integer], Kind::Text, write),
    },
];

fn read<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let [Cell::Text(text)] = row else { return Cell::Null };
    let digits = text.trim().trim_start_matches("0x").trim_start_matches("0X");
    i64::from_str_radix(digits, 16).ok().map(Cell::Integer).into()
}

fn write<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    match row {
        [Cell::Integer(number)] => Cell::text(format!("{number:X}")),
        _ => Cell::Null,
    }
}
