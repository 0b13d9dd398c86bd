//! `isNull`, `isEmpty`, `isBlank`.
use super::{Function, Make};
use crate::ast::Expression;
use crate::plan::{Kind, Stage, Typed, lower};
use datafusion::logical_expr::Expr;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Cell, row_function};
use mynah_syntax::{Diagnostic, Span};

const PAGE: &str =
    "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/isnull-isempty-isblank/";

const IS_NULL: FunctionDoc = FunctionDoc {
    name: "isNull",
    usage: "isNull(value)",
    summary: "Whether there is no value.",
    page: PAGE,
    examples: &[
        Example { query: "isNull(null)", result: "true" },
        Example { query: "isNull(\"\")", result: "false" },
        Example { query: "isNull(\" \")", result: "false" },
        Example { query: "isNull(\"bob\")", result: "false" },
    ],
};

const IS_EMPTY: FunctionDoc = FunctionDoc {
    name: "isEmpty",
    usage: "isEmpty(value)",
    summary: "Whether there is no value, or one without characters.",
    page: PAGE,
    examples: &[
        Example { query: "isEmpty(null)", result: "true" },
        Example { query: "isEmpty(\"\")", result: "true" },
        Example { query: "isEmpty(\" \")", result: "false" },
        Example { query: "isEmpty(\"bob\")", result: "false" },
    ],
};

const IS_BLANK: FunctionDoc = FunctionDoc {
    name: "isBlank",
    usage: "isBlank(value)",
    summary: "Whether there is no value, or one of white space alone.",
    page: PAGE,
    examples: &[
        Example { query: "isBlank(null)", result: "true" },
        Example { query: "isBlank(\"\")", result: "true" },
        Example { query: "isBlank(\" \")", result: "true" },
        Example { query: "isBlank(\" bob \")", result: "false" },
    ],
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function { doc: &IS_NULL, names: &["isnull"], arguments: (1, 1), make: Make::Plan(is_null) },
    Function { doc: &IS_EMPTY, names: &["isempty"], arguments: (1, 1), make: Make::Plan(is_empty) },
    Function { doc: &IS_BLANK, names: &["isblank"], arguments: (1, 1), make: Make::Plan(is_blank) },
];

fn argument(stage: &mut Stage<'_>, arguments: &[Expression], span: Span) -> Result<Expr, Diagnostic> {
    match arguments {
        [argument] => Ok(lower(stage, argument)?.to(Kind::Text).expr),
        _ => Err(Diagnostic::error("sumo/arguments", "one argument is needed", span)),
    }
}

fn is_null(stage: &mut Stage<'_>, arguments: &[Expression], span: Span) -> Result<Typed, Diagnostic> {
    Ok(Typed::new(argument(stage, arguments, span)?.is_null(), Kind::Boolean))
}

fn is_empty(stage: &mut Stage<'_>, arguments: &[Expression], span: Span) -> Result<Typed, Diagnostic> {
    let value = argument(stage, arguments, span)?;
    let empty = row_function("isEmpty", Kind::Boolean.data_type(), |row| match row {
        [Cell::Text(text)] => Cell::Boolean(text.is_empty()),
        _ => Cell::Boolean(true),
    });
    Ok(Typed::new(empty.call(vec![value]), Kind::Boolean))
}

fn is_blank(stage: &mut Stage<'_>, arguments: &[Expression], span: Span) -> Result<Typed, Diagnostic> {
    let value = argument(stage, arguments, span)?;
    let blank = row_function("isBlank", Kind::Boolean.data_type(), |row| match row {
        [Cell::Text(text)] => Cell::Boolean(text.trim().is_empty()),
        _ => Cell::Boolean(true),
    });
    Ok(Typed::new(blank.call(vec![value]), Kind::Boolean))
}
