//! `parseDate`.
use super::format_date::pattern_and_zone;
use super::{Function, Make};
use crate::ast::Expression;
use crate::plan::{Kind, Stage, Typed, lower};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Cell, row_function};
use mynah_syntax::{Diagnostic, Span};

const DOC: FunctionDoc = FunctionDoc {
    name: "parseDate",
    usage: "parseDate(text, pattern [, time zone])",
    summary: "The time that a text begins with, in milliseconds since 1970, after a pattern of Java's SimpleDateFormat. Null where it does not fit.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parsedate/",
    examples: &[
        Example { query: "parseDate(\"20170720000030\", \"yyyyMMddHHmmss\")", result: "1500508830000" },
        Example {
            query: "parseDate(\"2019-11-18T19:00:00.000-08:00\", \"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\")",
            result: "1574132400000",
        },
        Example { query: "parseDate(\"other 3/4/2005\", \"MM/dd/yyyy\")", result: "null" },
    ],
};

pub(crate) const FUNCTIONS: &[Function] =
    &[Function { doc: &DOC, names: &["parsedate"], arguments: (2, 3), make: Make::Plan(make) }];

fn make(stage: &mut Stage<'_>, arguments: &[Expression], span: Span) -> Result<Typed, Diagnostic> {
    let [date, rest @ ..] = arguments else { return Err(Diagnostic::error("sumo/arguments", DOC.usage, span)) };
    let (pattern, zone, key) = pattern_and_zone(rest.first(), rest.get(1), "")?;
    let date = lower(stage, date)?.to(Kind::Text).expr;
    let function = row_function(format!("parseDate {key}"), Kind::Integer.data_type(), move |row| match row {
        [Cell::Text(text)] => pattern.read(text, &zone).map(Cell::Integer).into(),
        _ => Cell::Null,
    });
    Ok(Typed::new(function.call(vec![date]), Kind::Integer))
}
