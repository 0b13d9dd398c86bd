//! `queryStartTime`, `queryEndTime`, `queryTimeRange`.
use super::{Function, Make};
use crate::ast::Expression;
use crate::plan::{Kind, Stage, Typed};
use datafusion::logical_expr::lit;
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Span};

const PAGE: &str = "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/querystarttime/";

const START: FunctionDoc = FunctionDoc {
    name: "queryStartTime",
    usage: "queryStartTime()",
    summary: "The start of the query's time range in milliseconds since 1970: over files, the time of the oldest event.",
    page: PAGE,
    examples: &[],
};

const END: FunctionDoc = FunctionDoc {
    name: "queryEndTime",
    usage: "queryEndTime()",
    summary: "The end of the query's time range in milliseconds since 1970, which is its clock.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/queryendtime/",
    examples: &[],
};

const RANGE: FunctionDoc = FunctionDoc {
    name: "queryTimeRange",
    usage: "queryTimeRange()",
    summary: "The length of the query's time range in milliseconds.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/querytimerange/",
    examples: &[],
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function { doc: &START, names: &["querystarttime"], arguments: (0, 0), make: Make::Plan(start) },
    Function { doc: &END, names: &["queryendtime"], arguments: (0, 0), make: Make::Plan(end) },
    Function { doc: &RANGE, names: &["querytimerange"], arguments: (0, 0), make: Make::Plan(range) },
];

fn bounds(stage: &mut Stage<'_>) -> Result<(i64, i64), Diagnostic> {
    if stage.dry {
        return Ok((0, 0));
    }
    let end = (stage.context.now)().milliseconds();
    Ok((stage.oldest_event()?.unwrap_or(end), end))
}

fn start(stage: &mut Stage<'_>, _: &[Expression], _: Span) -> Result<Typed, Diagnostic> {
    Ok(Typed::new(lit(bounds(stage)?.0), Kind::Integer))
}

fn end(stage: &mut Stage<'_>, _: &[Expression], _: Span) -> Result<Typed, Diagnostic> {
    let end = if stage.dry { 0 } else { (stage.context.now)().milliseconds() };
    Ok(Typed::new(lit(end), Kind::Integer))
}

fn range(stage: &mut Stage<'_>, _: &[Expression], _: Span) -> Result<Typed, Diagnostic> {
    let (start, end) = bounds(stage)?;
    Ok(Typed::new(lit(end - start), Kind::Integer))
}
