//! `if`, the function form of `condition ? value : value`.
use super::{Function, Make};
use crate::ast::Expression;
use crate::plan::{Stage, Typed, choice};
use mynah_dialect::{Example, FunctionDoc};
use mynah_syntax::{Diagnostic, Span};

const DOC: FunctionDoc = FunctionDoc {
    name: "if",
    usage: "if(condition, value if true, value if false)",
    summary: "One of two values. A condition that compares null is false.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/if/",
    examples: &[
        Example { query: "if(2 > 1, \"yes\", \"no\")", result: "yes" },
        Example { query: "if(\"abc\" matches \"x*\", 1, 0)", result: "0" },
        Example { query: "3 < 2 ? \"less\" : \"more\"", result: "more" },
    ],
};

pub(crate) const FUNCTIONS: &[Function] =
    &[Function { doc: &DOC, names: &["if"], arguments: (3, 3), make: Make::Plan(make) }];

fn make(stage: &mut Stage<'_>, arguments: &[Expression], span: Span) -> Result<Typed, Diagnostic> {
    match arguments {
        [condition, then, otherwise] => choice(stage, condition, then, otherwise),
        _ => Err(Diagnostic::error("sumo/arguments", DOC.usage, span)),
    }
}
