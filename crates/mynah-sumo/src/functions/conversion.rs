//! Values as numbers, texts and times.
use super::{Make, of_text, unary};
use crate::plan::Kind;
use mynah_dialect::{Entry, example};
use mynah_kernels::Cell;

const CASTS: &str = page!("search-operators/manually-cast-data-string-number/");

pub(super) const FUNCTIONS: &[Entry<Make>] = &[
    Entry {
        aliases: &["num", "double", "toDouble"],
        ..unary(
            "number(value), num(value)",
            "A text as a number; null where it is none.",
            CASTS,
            &[example("number(\"12.5\")", "12.5"), example("num(\"twelve\")", "null")],
            Make::Cast(Kind::Number),
        )
    },
    Entry {
        aliases: &["toInt", "int", "long"],
        ..unary(
            "toLong(value), toInt(value), int(value), long(value)",
            "A value as a whole number, cut towards zero; null where it is no number.",
            CASTS,
            &[example("toLong(\"42\")", "42"), example("toInt(3.9)", "3"), example("int(\"-3.9\")", "-3")],
            Make::Cast(Kind::Integer),
        )
    },
    Entry {
        aliases: &["string"],
        ..unary(
            "toString(value)",
            "A value as text.",
            CASTS,
            &[example("concat(toString(2.0), toString(true))", "2true")],
            Make::Cast(Kind::Text),
        )
    },
    unary(
        "hexToDec(text)",
        "The number that up to 16 hexadecimal digits stand for, with or without `0x`; of 16 digits, those that begin \
         with 8 or more stand for a negative one. Null where they are none.",
        page!("search-operators/hextodec/"),
        &[
            example("hexToDec(\"ff\")", "255"),
            example("hexToDec(\"0x1f4\")", "500"),
            example("hexToDec(\"FFFFFFFFFFFFFFFE\")", "-2"),
        ],
        of_text(Kind::Integer, hexadecimal),
    ),
    unary(
        "parseHex(text)",
        "The number that hexadecimal digits stand for.",
        page!("parse-operators/parsehex/"),
        &[example("parseHex(\"12D230\")", "1233456")],
        of_text(Kind::Integer, hexadecimal),
    ),
    unary(
        "decToHex(number)",
        "A whole number in hexadecimal digits, in upper case.",
        page!("search-operators/dectohex/"),
        &[example("decToHex(255)", "FF")],
        Make::Rows(&[Kind::Integer], Kind::Text, |row| match row {
            [Cell::Integer(number)] => Cell::text(format!("{number:X}")),
            _ => Cell::Null,
        }),
    ),
    unary(
        "fromMillis(milliseconds)",
        "The time of a number of milliseconds since 1970, which is how times are held.",
        page!("search-operators/"),
        &[example("formatDate(fromMillis(1773489600000), \"yyyy\")", "2026")],
        Make::Cast(Kind::Integer),
    ),
    unary(
        "toMillis(time)",
        "A time as milliseconds since 1970.",
        page!("search-operators/"),
        &[example("toMillis(\"1500\")", "1500")],
        Make::Cast(Kind::Integer),
    ),
    unary(
        "fromSeconds(seconds)",
        "The time of a number of seconds since 1970.",
        page!("search-operators/"),
        &[example("fromSeconds(1773489600)", "1773489600000")],
        Make::Rows(&[Kind::Number], Kind::Integer, |row| match row {
            [Cell::Float(seconds)] => Cell::Integer((seconds * 1e3) as i64),
            _ => Cell::Null,
        }),
    ),
    unary(
        "toSeconds(time)",
        "A time as seconds since 1970.",
        page!("search-operators/"),
        &[example("toSeconds(1773489600000)", "1773489600")],
        Make::One(|milliseconds| milliseconds / 1e3),
    ),
];

fn hexadecimal<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let [Cell::Text(text)] = row else { return Cell::Null };
    let text = text.trim();
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    // Sixteen digits are a number in two's complement.
    u64::from_str_radix(digits, 16).ok().map(|number| Cell::Integer(number.cast_signed())).into()
}
