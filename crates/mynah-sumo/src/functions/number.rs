//! `num`, `number`, `double`, `toInt`, `int`, `toLong`, `long`.
use super::{Function, Make};
use crate::ast::Expression;
use crate::plan::{Kind, Stage, Typed, lower};
use mynah_dialect::{Example, FunctionDoc};
use mynah_syntax::{Diagnostic, Span};

const PAGE: &str = "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/manually-cast-data-string-number/";

const NUMBER: FunctionDoc = FunctionDoc {
    name: "number",
    usage: "number(value), num(value)",
    summary: "A text as a number; null where it is none.",
    page: PAGE,
    examples: &[
        Example { query: "number(\"12.5\")", result: "12.5" },
        Example { query: "num(\"twelve\")", result: "null" },
    ],
};

const WHOLE: FunctionDoc = FunctionDoc {
    name: "toLong",
    usage: "toLong(value), toInt(value), int(value), long(value)",
    summary: "A value as a whole number, cut towards zero; null where it is no number.",
    page: PAGE,
    examples: &[
        Example { query: "toLong(\"42\")", result: "42" },
        Example { query: "toInt(3.9)", result: "3" },
        Example { query: "int(\"-3.9\")", result: "-3" },
    ],
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        doc: &NUMBER,
        names: &["number", "num", "double", "todouble"],
        arguments: (1, 1),
        make: Make::Plan(number),
    },
    Function { doc: &WHOLE, names: &["tolong", "toint", "int", "long"], arguments: (1, 1), make: Make::Plan(whole) },
];

fn cast(stage: &mut Stage<'_>, arguments: &[Expression], span: Span, kind: Kind) -> Result<Typed, Diagnostic> {
    match arguments {
        [argument] => Ok(lower(stage, argument)?.to(kind)),
        _ => Err(Diagnostic::error("sumo/arguments", "one argument is needed", span)),
    }
}

fn number(stage: &mut Stage<'_>, arguments: &[Expression], span: Span) -> Result<Typed, Diagnostic> {
    cast(stage, arguments, span, Kind::Number)
}

fn whole(stage: &mut Stage<'_>, arguments: &[Expression], span: Span) -> Result<Typed, Diagnostic> {
    cast(stage, arguments, span, Kind::Integer)
}
