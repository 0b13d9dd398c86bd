use super::{Call, Function, Kind};
use crate::plan::{Type, Typed, to_float, to_integer, to_text};
use datafusion::arrow::datatypes::DataType;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Cell, row_function};
use mynah_syntax::Diagnostic;
use std::net::Ipv4Addr;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "LONG",
        usage: "LONG(value)",
        summary: "The value as a whole number: of a text the number it holds, of a fraction the whole part, of an IPv4 address its 32 bits. No value for a text that is neither.",
        page: super::FORMATTING,
        examples: &[
            Example { query: r#"LONG('1234')"#, result: r#"1234"# },
            Example { query: r#"LONG(5.9)"#, result: r#"5"# },
            Example { query: r#"LONG(sourceip)"#, result: r#"3221225991"# },
            Example { query: r#"LONG('x')"#, result: r#"null"# },
        ],
    },
    arity: (1, 1),
    kind: Kind::Scalar(long),
};

fn long(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    let Some(value) = call.arguments.first() else {
        return Err(call.error(0, "LONG takes a value".into()));
    };
    let function = |argument| {
        row_function("long", DataType::Int64, |row| match row {
            [Cell::Float(number)] if number.is_finite() => Cell::Integer(number.trunc() as i64),
            [Cell::Text(text)] => {
                let text = text.trim();
                let whole = text
                    .parse::<i64>()
                    .ok()
                    .or_else(|| text.parse::<Ipv4Addr>().ok().map(|address| i64::from(u32::from(address))));
                let cut =
                    || text.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| number.trunc() as i64);
                whole.or_else(cut).map_or(Cell::Null, Cell::Integer)
            }
            _ => Cell::Null,
        })
        .call(vec![argument])
    };
    let number = match value.ty {
        Type::Float => function(to_float(value)),
        Type::Integer | Type::Null | Type::Boolean => to_integer(value),
        Type::Text | Type::Ip | Type::Bytes => function(to_text(value)),
    };
    Ok(Typed::new(number, Type::Integer))
}
