//! Conditions, and what is there at all.
use super::{Make, argument, function, of_text, unary};
use crate::plan::{Kind, Typed, choice};
use mynah_dialect::{Arity, Entry, example};
use mynah_kernels::Cell;
use mynah_syntax::Diagnostic;

pub(super) const FUNCTIONS: &[Entry<Make>] = &[
    function(
        "if(condition, value if true, value if false)",
        "One of two values. A condition that compares null is false.",
        page!("search-operators/if/"),
        &[
            example("if(2 > 1, \"yes\", \"no\")", "yes"),
            example("if(\"abc\" matches \"x*\", 1, 0)", "0"),
            example("3 < 2 ? \"less\" : \"more\"", "more"),
        ],
        Arity::Exactly(3),
        Make::Plan(|draft, arguments, span| match arguments {
            [condition, then, otherwise] => choice(draft, condition, then, otherwise),
            _ => Err(Diagnostic::error("sumo/arguments", "`if` takes 3 arguments", span)),
        }),
    ),
    unary(
        "isNull(value)",
        "Whether there is no value.",
        page!("search-operators/isnull-isempty-isblank/"),
        &[
            example("isNull(null)", "true"),
            example("isNull(\"\")", "false"),
            example("isNull(\" \")", "false"),
            example("isNull(\"bob\")", "false"),
        ],
        Make::Plan(|draft, arguments, span| {
            let value = argument(draft, arguments, 0, span)?.to(Kind::Text);
            Ok(Typed::new(value.expr.is_null(), Kind::Boolean))
        }),
    ),
    unary(
        "isEmpty(value)",
        "Whether there is no value, or one without characters.",
        page!("search-operators/isnull-isempty-isblank/"),
        &[
            example("isEmpty(null)", "true"),
            example("isEmpty(\"\")", "true"),
            example("isEmpty(\" \")", "false"),
            example("isEmpty(\"bob\")", "false"),
        ],
        of_text(Kind::Boolean, |row| Cell::Boolean(!matches!(row, [Cell::Text(text)] if !text.is_empty()))),
    ),
    unary(
        "isBlank(value)",
        "Whether there is no value, or one of white space alone.",
        page!("search-operators/isnull-isempty-isblank/"),
        &[
            example("isBlank(null)", "true"),
            example("isBlank(\"\")", "true"),
            example("isBlank(\" \")", "true"),
            example("isBlank(\" bob \")", "false"),
        ],
        of_text(Kind::Boolean, |row| Cell::Boolean(!matches!(row, [Cell::Text(text)] if !text.trim().is_empty()))),
    ),
    unary(
        "isNumeric(value)",
        "Whether a value is a number, or a text that is one.",
        page!("search-operators/isnumeric/"),
        &[example("isNumeric(\"5.4\")", "true"), example("isNumeric(\"five\")", "false")],
        Make::Rows(&[Kind::Number], Kind::Boolean, |row| Cell::Boolean(matches!(row, [Cell::Float(_)]))),
    ),
];
