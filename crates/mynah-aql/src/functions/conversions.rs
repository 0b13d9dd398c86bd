//! From one type to another.
use super::{FunctionCode, RowFunction, formatting};
use crate::plan::{Type, Typed, to_float, to_integer};
use mynah_dialect::Arity::Exactly;
use mynah_dialect::{Entry, example};

pub(super) static FUNCTIONS: [Entry<FunctionCode>; 2] = [
    formatting(
        "DOUBLE(value)",
        "The value as a number with a fraction; no value for a text that is none.",
        &[example("DOUBLE('1234')", "1234.0"), example("DOUBLE('12.5')", "12.5"), example("DOUBLE('x')", "null")],
        Exactly(1),
        FunctionCode::Expr(|call| Ok(Typed::new(to_float(&call.argument(0)), Type::Float))),
    ),
    formatting(
        "LONG(value)",
        "The value as a whole number: of a text the number it holds, of a fraction the whole part, of an IPv4 address its 32 bits. No value for a text that is neither.",
        &[
            example("LONG('1234')", "1234"),
            example("LONG(5.9)", "5"),
            example("LONG(sourceip)", "3221225991"),
            example("LONG('x')", "null"),
        ],
        Exactly(1),
        FunctionCode::Expr(|call| {
            let value = call.argument(0);
            Ok(match value.ty {
                Type::Integer | Type::Null | Type::Boolean => Typed::new(to_integer(&value), Type::Integer),
                Type::Float => call.row(&[Type::Float], RowFunction::Long),
                Type::Text | Type::Ip | Type::Bytes => call.row(&[Type::Text], RowFunction::Long),
            })
        }),
    ),
];
