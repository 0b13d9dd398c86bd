//! `count_distinct`.
use super::{Aggregator, Call, only};
use crate::plan::{Aggregated, Kind, Stage, Typed, lower as lower_expression};
use datafusion::arrow::datatypes::DataType;
use datafusion::functions_aggregate::expr_fn;
use mynah_dialect::FunctionDoc;
use mynah_kernels::{Cell, row_function};
use mynah_syntax::Diagnostic;

pub(super) const COUNT_DISTINCT: Aggregator = Aggregator { doc: &DOC, name: "count_distinct", lower };

const DOC: FunctionDoc = FunctionDoc {
    name: "count_distinct",
    usage: "| count_distinct(field [, field …]) [as name] [by field, …]",
    summary: "How many different values (or combinations of values) there are, the empty text among them; `_count_distinct` if it is given no name. Always exact.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/group-aggregate-operators/count-count-distinct-and-count-frequent/",
    examples: &[],
};

fn lower(stage: &mut Stage<'_>, call: &Call) -> Result<Vec<Aggregated>, Diagnostic> {
    let mut values = Vec::new();
    for argument in &call.arguments {
        values.push(lower_expression(stage, argument)?);
    }
    let value = match values.len() {
        0 => return Err(Diagnostic::error("sumo/arguments", "`count_distinct` takes a field", call.span())),
        1 => values.remove(0),
        _ => {
            // Combinations as one text in which no value runs into the next.
            let tuple = row_function("tuple", DataType::Utf8, |row| {
                Cell::text(
                    row.iter()
                        .map(|cell| cell.as_text().map_or("-".to_owned(), |text| format!("{}:{text}", text.len())))
                        .collect::<String>(),
                )
            });
            let texts = values.into_iter().map(|value| value.to(Kind::Text).expr).collect();
            Typed::new(tuple.call(texts), Kind::Text)
        }
    };
    Ok(vec![Aggregated {
        name: call.label("_count_distinct"),
        kind: Kind::Integer,
        arguments: vec![value],
        call: Box::new(|arguments, _| Ok(expr_fn::count_distinct(only(arguments)?))),
        after: None,
    }])
}
