use super::numbers::at_rank;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "perc",
        usage: "perc95(field) | p95(field) | exactperc95(field) | upperperc95(field)",
        summary: "The percentile of the values that are numbers, by nearest rank: the least of them that at least so many percent do not exceed. All spellings give the exact one.",
        page: super::page::AGGREGATE,
        examples: &[
            Example { query: "p50(n)", result: "2" },
            Example { query: "perc75(n)", result: "3" },
            Example { query: "exactperc99.9(n)", result: "4" },
        ],
    },
    aliases: &["p", "percentile", "exactperc", "upperperc"],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let share = call.percentile.unwrap_or(50.0) / 100.0;
    let rank = move |count: usize| ((share * count as f64).ceil() as usize).max(1) - 1;
    Ok(Aggregate::plain(at_rank(format!("spl_perc {share}"), call.value()?, rank), Type::Number))
}
