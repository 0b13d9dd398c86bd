use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "round",
        usage: "round(number [, decimals])",
        summary: "The number rounded to so many decimals, none by default; halves away from zero.",
        page: super::page::MATHEMATICAL,
        examples: &[
            Example { query: "round(3.5)", result: "4" },
            Example { query: "round(2.555, 2)", result: "2.56" },
            Example { query: "round(-2.5)", result: "-3" },
            Example { query: r#"round("x")"#, result: "null" },
        ],
    },
    aliases: &[],
    arguments: (1, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| {
        let decimals = if row.len() > 1 { row.integer(1) } else { Some(0) };
        match (row.number(0), decimals) {
            (Some(value), Some(decimals)) => number(Some(round(value, decimals.clamp(-300, 300) as i32))),
            _ => Cell::Null,
        }
    })
}

/// 2.555 is a little less in binary and still rounds to 2.56: a nudge by the last bits makes up for it.
fn round(value: f64, decimals: i32) -> f64 {
    let factor = 10f64.powi(decimals);
    let rounded = (value * factor * (1.0 + 4.0 * f64::EPSILON)).round() / factor;
    if rounded.is_finite() { rounded } else { value }
}
