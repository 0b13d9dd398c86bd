//! `replace`.
use super::{Function, Make};
use crate::ast::Expression;
use crate::plan::{Kind, Stage, Typed, compile, lower};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Cell, row_function};
use mynah_syntax::{Diagnostic, Span};

const DOC: FunctionDoc = FunctionDoc {
    name: "replace",
    usage: "replace(text, searched text or /regex/, replacement)",
    summary: "A text with every find replaced, in its own case. In the replacement of a regex `$1` and `${name}` stand for its groups, `$0` for all of the find. Null if any argument is null.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/replace/",
    examples: &[
        Example {
            query: "replace(\"http://a.example/flight/12345678/x\", /[0-9]{5,}/, \"\")",
            result: "http://a.example/flight//x",
        },
        Example {
            query: "replace(\"/flight/12345678/\", /(flight)\\/([0-9]{5,})/, \"new-$2-url\")",
            result: "/new-12345678-url/",
        },
        Example { query: "replace(\"a.b.c\", \".\", \"->\")", result: "a->b->c" },
        Example { query: "replace(null, \"a\", \"b\")", result: "null" },
    ],
};

pub(crate) const FUNCTIONS: &[Function] =
    &[Function { doc: &DOC, names: &["replace"], arguments: (3, 3), make: Make::Plan(make) }];

fn make(stage: &mut Stage<'_>, arguments: &[Expression], span: Span) -> Result<Typed, Diagnostic> {
    let [source, search, replacement] = arguments else {
        return Err(Diagnostic::error("sumo/arguments", DOC.usage, span));
    };
    let source = lower(stage, source)?.to(Kind::Text).expr;
    let by = lower(stage, replacement)?.to(Kind::Text).expr;
    if let Expression::Regex(regex) = search {
        let pattern = regex.pattern();
        let regex = compile(&pattern, regex.place.0)?;
        let function = row_function(format!("replace /{pattern}/"), Kind::Text.data_type(), move |row| match row {
            [Cell::Text(text), Cell::Text(by)] => {
                Cell::text(regex.replace_all(text, java_replacement(by).as_str()).into_owned())
            }
            _ => Cell::Null,
        });
        return Ok(Typed::new(function.call(vec![source, by]), Kind::Text));
    }
    let search = lower(stage, search)?.to(Kind::Text).expr;
    let function = row_function("replace", Kind::Text.data_type(), |row| match row {
        [Cell::Text(text), Cell::Text(search), Cell::Text(by)] if !search.is_empty() => {
            Cell::text(text.replace(search.as_ref(), by))
        }
        [Cell::Text(text), Cell::Text(_), Cell::Text(_)] => Cell::text(text.clone().into_owned()),
        _ => Cell::Null,
    });
    Ok(Typed::new(function.call(vec![source, search, by]), Kind::Text))
}

/// A replacement as Java writes it, as the `regex` crate wants it: `\$` is a dollar, and a group's number ends
/// with its digits.
fn java_replacement(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some('$') => out.push_str("$$"),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            '$' if rest.peek().is_some_and(char::is_ascii_digit) => {
                out.push_str("${");
                while let Some(digit) = rest.next_if(char::is_ascii_digit) {
                    out.push(digit);
                }
                out.push('}');
            }
            '$' if rest.peek() != Some(&'{') => out.push_str("$$"),
            other => out.push(other),
        }
    }
    out
}
