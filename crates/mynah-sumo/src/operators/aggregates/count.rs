//! `count`.
use super::{Aggregator, Call, only};
use crate::ast::Expression;
use crate::plan::{Aggregated, Kind, Stage, lower as lower_expression};
use datafusion::functions_aggregate::expr_fn;
use datafusion::logical_expr::lit;
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

pub(super) const COUNT: Aggregator = Aggregator { doc: &DOC, name: "count", lower };

const DOC: FunctionDoc = FunctionDoc {
    name: "count",
    usage: "| count[(field)] [as name] [by field, …]; | count field, …",
    summary: "How many rows there are, or how many with a value of a field; `_count` if it is given no name.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/group-aggregate-operators/count-count-distinct-and-count-frequent/",
    examples: &[],
};

/// The number of rows under a name.
pub(in crate::operators) fn count(name: String) -> Aggregated {
    Aggregated {
        name,
        kind: Kind::Integer,
        arguments: Vec::new(),
        call: Box::new(|_, _| Ok(expr_fn::count(lit(1i64)))),
        after: None,
    }
}

fn lower(stage: &mut Stage<'_>, call: &Call) -> Result<Vec<Aggregated>, Diagnostic> {
    let name = call.label("_count");
    match call.arguments.as_slice() {
        [] | [Expression::Number(..)] => Ok(vec![count(name)]),
        [Expression::Field(field)] if field.text.eq_ignore_ascii_case("_raw") => Ok(vec![count(name)]),
        [argument] => Ok(vec![Aggregated {
            name,
            kind: Kind::Integer,
            arguments: vec![lower_expression(stage, argument)?],
            call: Box::new(|arguments, _| Ok(expr_fn::count(only(arguments)?))),
            after: None,
        }]),
        _ => Err(Diagnostic::error("sumo/arguments", "`count` takes one field", call.span())),
    }
}
