//! `pct`.
use super::{Aggregator, Call, only};
use crate::ast::Expression;
use crate::parser::number_value;
use crate::plan::{Aggregated, Kind, Stage, Typed, lower as lower_expression};
use datafusion::functions_aggregate::expr_fn::percentile_cont;
use datafusion::logical_expr::lit;
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

pub(super) const PCT: Aggregator = Aggregator { doc: &DOC, name: "pct", lower };

const DOC: FunctionDoc = FunctionDoc {
    name: "pct",
    usage: "| pct(field, percentile [, …]) [as name] [by field, …]",
    summary: "Percentiles of the numbers of a field, between two of them where none is exactly there; `_field_pct_percentile` if they are given no name. Always exact.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/group-aggregate-operators/pct-percentile/",
    examples: &[],
};

/// One percentile, from 0 to 100.
pub(super) fn percentile(name: String, value: Typed, percent: f64) -> Aggregated {
    Aggregated {
        name,
        kind: Kind::Number,
        arguments: vec![value],
        call: Box::new(move |arguments, _| {
            Ok(percentile_cont(only(arguments)?.sort(true, false), lit(percent / 100.0)))
        }),
        after: None,
    }
}

fn lower(stage: &mut Stage<'_>, call: &Call) -> Result<Vec<Aggregated>, Diagnostic> {
    let [field, percents @ ..] = call.arguments.as_slice() else {
        return Err(Diagnostic::error("sumo/arguments", "`pct` takes a field and percentiles", call.span()));
    };
    if percents.is_empty() {
        return Err(Diagnostic::error("sumo/arguments", "`pct` takes a field and percentiles", call.span()));
    }
    let value = lower_expression(stage, field)?.to(Kind::Number);
    let mut all = Vec::new();
    for percent in percents {
        let number = match percent {
            Expression::Number(text, _) => {
                number_value(text).filter(|n| (0.0..=100.0).contains(n)).map(|n| (n, text.clone()))
            }
            _ => None,
        };
        let Some((number, text)) = number else {
            let message = "a percentile is a number from 0 to 100";
            return Err(Diagnostic::error("sumo/arguments", message, percent.span()));
        };
        let own = match field {
            Expression::Field(name) => format!("_{}_pct_{text}", name.text),
            _ => format!("_pct_{text}"),
        };
        let name = if percents.len() == 1 { call.label(&own) } else { own };
        all.push(percentile(name, value.clone(), number));
    }
    Ok(all)
}
