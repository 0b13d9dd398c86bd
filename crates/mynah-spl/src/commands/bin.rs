//! Buckets of times and numbers.
use super::continuous::{MOST_BINS, chosen};
use super::prelude::*;
use super::span::{Width, bucket, width};
use crate::expression::number_text;
use crate::functions::Internal;
use datafusion::prelude::lit;
use mynah_kernels::Cell;

pub(super) static COMMANDS: [Entry; 1] = [aliased(
    &["bucket", "discretize"],
    command(
        "bin [span=SPAN | bins=N] FIELD [AS NAME]",
        "The bucket that a time or number falls into: of a time its beginning, of another number its range.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/bin",
        bin,
    ),
)];

#[derive(Debug)]
struct Bin {
    field: String,
    name: String,
    width: Option<Width>,
    /// How many buckets there are at most, where nobody says how wide they are.
    bins: usize,
}

fn bin(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let (mut field, mut name, mut found): (Option<Spanned<String>>, _, _) = (None, None, None);
    let mut bins = MOST_BINS;
    while !arguments.is_empty() {
        if let Some((option, value)) = arguments.option(&["span", "bins", "minspan", "start", "end", "aligntime"])? {
            match option {
                "span" if value.node.eq_ignore_ascii_case("auto") => {}
                "span" => found = Some(width(&value)?),
                "aligntime" if matches!(value.node.as_str(), "earliest" | "latest") => {
                    return Err(unsupported("`aligntime`", value.span));
                }
                "bins" => bins = whole(&value)?.max(2),
                "start" | "end" | "minspan" => {}
                _ => return Err(unsupported(&format!("`{option}`"), value.span)),
            }
        } else if arguments.keyword("as") {
            name = Some(arguments.field()?);
        } else if let Some(before) = &field {
            return Err(arguments.wrong(before.span.to(arguments.rest()), "one field"));
        } else {
            field = Some(arguments.field()?);
        }
    }
    let Some(field) = field else { return Err(arguments.wrong(arguments.name.span, "the name of a field")) };
    let needs = Needs::of([&field]).make_all(name.iter().map(|name| &name.node));
    let name = name.unwrap_or_else(|| field.clone()).node;
    on_rows(needs, Bin { field: field.node, name, width: found, bins }, |bin, rows, _, planner| {
        let old = rows.column(&bin.field);
        if old.ty == Type::Null {
            return Ok(rows);
        }
        let width = match bin.width {
            Some(width) => width,
            None => chosen(&rows, &bin.field, bin.bins, planner)?,
        };
        let mut new = bucket(old, width);
        if let (Width::Units(units), false) = (width, bin.field == "_time") {
            new = RANGE.typed(vec![new.expr, lit(units)]);
        }
        rows.with(vec![(bin.name.clone(), new)], planner)
    })
}

/// The range that begins with a number, so wide.
pub(crate) static RANGE: Internal = Internal {
    name: "range of numbers",
    returns: Type::Text,
    code: |row| {
        let range = |(start, width)| format!("{}-{}", number_text(start), number_text(start + width));
        row.number(0).zip(row.number(1)).map(|ends| Cell::text(range(ends))).into()
    },
};
