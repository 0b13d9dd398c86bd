//! Functions of texts.
use super::{Call, FunctionCode, RowFunction, formatting};
use crate::plan::{Type, Typed, regex};
use mynah_dialect::Arity::{AtLeast, Between, Exactly};
use mynah_dialect::{Entry, example};
use mynah_syntax::Diagnostic;

pub(super) static FUNCTIONS: [Entry<FunctionCode>; 11] = [
    formatting(
        "BASE64(payload)",
        "The bytes in Base64.",
        &[example("BASE64('hello')", "aGVsbG8=")],
        Exactly(1),
        FunctionCode::Row(&[Type::Text], RowFunction::Base64),
    ),
    formatting(
        "CONCAT(value, value, …)",
        "The values one after the other, as one text. One without a value adds nothing.",
        &[example("CONCAT('a', ':', 5)", "a:5"), example("CONCAT('a', NULL, 'b')", "ab")],
        AtLeast(1),
        FunctionCode::Row(&[Type::Text], RowFunction::Concat),
    ),
    formatting(
        "LOWER(text)",
        "The text in small letters.",
        &[example("LOWER('Alice@EXAMPLE.org')", "alice@example.org"), example("LOWER(NULL)", "null")],
        Exactly(1),
        FunctionCode::Expr(|call| {
            let lower_of = Some(Box::new(call.as_text(0)));
            Ok(Typed { lower_of, ..call.row(&[Type::Text], RowFunction::Lower) })
        }),
    ),
    formatting(
        "REPLACEALL('expression', text, 'replacement')",
        "The text with everything that fits a regular expression replaced. `$1` in the replacement is what the first group fitted.",
        &[
            example("REPLACEALL('[0-9]{4}', 'card 1234 5678', 'xxxx')", "card xxxx xxxx"),
            example("REPLACEALL('(a)(b)', 'xaby', '$2$1')", "xbay"),
            example("REPLACEALL('(?<=user=)\\w+', 'user=ana; user=bob', '?')", "user=?; user=?"),
        ],
        Exactly(3),
        FunctionCode::Expr(|call| replace(call, true)),
    ),
    formatting(
        "REPLACEFIRST('expression', text, 'replacement')",
        "The text with the first thing that fits a regular expression replaced. `$1` in the replacement is what the first group fitted.",
        &[
            example("REPLACEFIRST('[0-9]{4}', 'card 1234 5678', 'xxxx')", "card xxxx 5678"),
            example("REPLACEFIRST('(a)(b)', 'xaby', '$2$1')", "xbay"),
        ],
        Exactly(3),
        FunctionCode::Expr(|call| replace(call, false)),
    ),
    formatting(
        "STR(value)",
        "Any value as a text. Numbers with a fraction are written as Java writes a double: `3.0`, `1.0E7`.",
        &[example("CONCAT(STR(17), '!')", "17!"), example("STR(2.50)", "2.5"), example("STR(sourceip)", "192.0.2.7")],
        Exactly(1),
        FunctionCode::Expr(|call| Ok(Typed::new(call.as_text(0), Type::Text))),
    ),
    formatting(
        "STRLEN(text)",
        "How many characters a text has.",
        &[example("STRLEN('root')", "4"), example("STRLEN('né')", "2")],
        Exactly(1),
        FunctionCode::Row(&[Type::Text], RowFunction::Strlen),
    ),
    formatting(
        "STRPOS(text, part [, from])",
        "Where a text first holds another, counted from 0, at or after the character `from`; -1 where it does not.",
        &[
            example("STRPOS('administrator', 'min')", "2"),
            example("STRPOS('192.0.2.180', '2', 3)", "6"),
            example("STRPOS('abc', 'x')", "-1"),
        ],
        Between(2, 3),
        FunctionCode::Row(&[Type::Text, Type::Text, Type::Integer], RowFunction::Strpos),
    ),
    formatting(
        "SUBSTRING(text, begin [, end])",
        "The characters from `begin` up to, not including, `end`, counted from 0; to the end of the text without `end`. What lies outside the text is left out.",
        &[
            example("SUBSTRING('administrator', 0, 5)", "admin"),
            example("SUBSTRING('administrator', 5)", "istrator"),
            example("SUBSTRING('abc', 2, 99)", "c"),
        ],
        Between(2, 3),
        FunctionCode::Row(&[Type::Text, Type::Integer, Type::Integer], RowFunction::Substring),
    ),
    formatting(
        "UPPER(text)",
        "The text in capitals.",
        &[example("UPPER('Alice')", "ALICE")],
        Exactly(1),
        FunctionCode::Row(&[Type::Text], RowFunction::Upper),
    ),
    formatting(
        "UTF8(payload)",
        "The payload as a text: the record's own.",
        &[example("STRLEN(UTF8(payload)) > 0", "true"), example("UTF8('text')", "text")],
        Exactly(1),
        FunctionCode::Expr(|call| Ok(Typed::new(call.as_text(0), Type::Text))),
    ),
];

fn replace(call: &mut Call<'_>, all: bool) -> Result<Typed, Box<Diagnostic>> {
    let regex = regex(call.literal(0)?).map_err(|message| call.error(0, message))?;
    let replacement = call.literal(2)?.to_owned();
    let text = call.arguments.swap_remove(1);
    call.arguments = vec![text];
    Ok(call.row(&[Type::Text], RowFunction::Replace { regex, replacement, all }))
}
