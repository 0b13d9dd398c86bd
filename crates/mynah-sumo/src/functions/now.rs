//! `now`.
use super::{Function, Make};
use crate::ast::Expression;
use crate::plan::{Kind, Stage, Typed};
use datafusion::logical_expr::lit;
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Span};

const DOC: FunctionDoc = FunctionDoc {
    name: "now",
    usage: "now()",
    summary: "The query's clock in milliseconds since 1970.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/now/",
    examples: &[],
};

pub(crate) const FUNCTIONS: &[Function] =
    &[Function { doc: &DOC, names: &["now"], arguments: (0, 0), make: Make::Plan(make) }];

fn make(stage: &mut Stage<'_>, _: &[Expression], _: Span) -> Result<Typed, Diagnostic> {
    let now = if stage.dry { 0 } else { (stage.context.now)().milliseconds() };
    Ok(Typed::new(lit(now), Kind::Integer))
}
