//! Rows as the text of a search.
use super::inputlookup::text_rows;
use super::prelude::*;
use crate::pipeline::Pipeline;
use crate::plan::finish;
use crate::search::{Format, cell_texts};
use datafusion::arrow::array::RecordBatch;

pub(super) static COMMANDS: [Entry; 2] = [
    command(
        "format [\"(\" \"(\" \"AND\" \")\" \"OR\" \")\"]",
        "The rows as the text of a search, in the field search: what a subsearch does with its rows by itself.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/format",
        format,
    ),
    aliased(
        &["oldreturn"],
        command(
            "return [N] [NAME=FIELD | FIELD | $FIELD] ...",
            "The first row, or N rows, as the text of a search: NAME=value, or with $ the value alone.",
            "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/return",
            returned,
        ),
    ),
];

fn format(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut format = Format { most: usize::MAX, ..Format::default() };
    let mut words = Vec::new();
    while !arguments.is_empty() {
        if let Some((name, value)) = arguments.option(&["maxresults", "mvsep", "emptystr"])? {
            match name {
                "maxresults" => format.most = Some(whole(&value)?).filter(|most| *most > 0).unwrap_or(usize::MAX),
                "mvsep" => format.values = value.node,
                _ => format.empty = value.node,
            }
        } else if !arguments.symbol(',') {
            words.push(arguments.field()?.node);
        }
    }
    if !words.is_empty() {
        let count = words.len();
        format.words = words.try_into().map_err(|_| {
            let message = format!("format takes six words, and this has {count}");
            Diagnostic::error("spl/syntax", message, arguments.name.span)
        })?;
    }
    on_rows(Needs::default().close(), format, |format, rows, _, planner| {
        let found = found(rows, planner)?;
        one_text(found.map(|batches| format.text(&batches)), planner)
    })
}

/// The rows that there are; nothing without data.
fn found(rows: Rows, planner: &mut Planner<'_>) -> Result<Option<Vec<RecordBatch>>, Diagnostic> {
    let at = planner.at;
    let plan = finish(rows, planner)?;
    planner.context.rows(&plan).map_err(|needed| needed.at(at))
}

/// One row with a text in the field `search`.
fn one_text(text: Option<String>, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let missing = text.is_none();
    let rows = text_rows(&["search".to_owned()], &[vec![text]], planner)?;
    Ok(if missing { rows.opened() } else { rows })
}

/// The text that stands for a subsearch in the command around it: what `format` or `return` at its end gives, or else its rows
/// as `format` writes them. Nothing without data.
///
/// # Errors
/// Where the subsearch cannot be planned, or must be run first.
pub(super) fn text_of(pipeline: &Pipeline, planner: &mut Planner<'_>) -> Result<Option<String>, Diagnostic> {
    let rows = planner.pipeline(pipeline, &Wanted::default())?;
    planner.at = pipeline.span;
    let written = pipeline.steps.last().is_some_and(|step| ["format", "return"].contains(&step.name.node.as_str()));
    let Some(batches) = found(rows, planner)? else { return Ok(None) };
    if !written {
        return Ok(Some(Format::default().text(&batches)));
    }
    let texts = batches.iter().filter_map(|batch| batch.column_by_name("search"));
    let texts = texts.flat_map(|column| (0..column.len()).flat_map(|row| cell_texts(column.as_ref(), row)));
    Ok(Some(texts.collect::<Vec<_>>().join(" ")))
}

/// A field, and its name in the search; none where the value stands alone.
#[derive(Debug)]
struct Returned {
    name: Option<String>,
    field: Spanned<String>,
}

fn returned(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut count = 1;
    let mut parts = Vec::new();
    while !arguments.is_empty() {
        let field = arguments.field()?;
        if parts.is_empty()
            && let Ok(number) = field.node.parse()
        {
            count = number;
        } else if arguments.symbol('=') {
            parts.push(Returned { name: Some(field.node), field: arguments.field()? });
        } else if let Some(name) = field.node.strip_prefix('$') {
            parts.push(Returned { name: None, field: Spanned::new(name.to_owned(), field.span) });
        } else {
            parts.push(Returned { name: Some(field.node.clone()), field });
        }
        while arguments.symbol(',') {}
    }
    let parts = arguments.some(parts, "the names of fields")?;
    let needs = Needs::of(parts.iter().map(|part| &part.field)).close();
    on_rows(needs, (count.max(1), parts), |(count, parts), rows, _, planner| {
        let column = |(place, part): (usize, &Returned)| (place.to_string(), rows.column(&part.field.node));
        let columns = parts.iter().enumerate().map(column).collect();
        let mut first = rows.first(*count, planner)?.with_one_name(planner)?;
        first.events = false;
        let found = found(first.project(columns, planner)?, planner)?;
        let text = found.map(|batches| written(&batches, parts, *count));
        if text.as_ref().is_some_and(String::is_empty) {
            let message = "the subsearch gives no rows, and `return` makes no condition of none";
            planner.say(
                Diagnostic::warning("spl/empty-return", message, planner.at)
                    .with_help("Splunk takes its place for empty too; leave `return` out to find nothing then"),
            );
        }
        one_text(text, planner)
    })
}

/// Rows as `return` writes them: one as it is, several in parentheses with OR between them, each once. Quotes in values end
/// them, as in Splunk.
fn written(batches: &[RecordBatch], parts: &[Returned], count: usize) -> String {
    let mut rows: Vec<String> = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let fields = parts.iter().zip(batch.columns()).flat_map(|(part, column)| {
                let written = |value: String| match &part.name {
                    Some(name) => format!("{name}=\"{value}\""),
                    None => value,
                };
                cell_texts(column.as_ref(), row).into_iter().map(written)
            });
            let fields = fields.collect::<Vec<_>>().join(" ");
            let text = if count > 1 { format!("({fields})") } else { fields.clone() };
            if !fields.is_empty() && !rows.contains(&text) {
                rows.push(text);
            }
        }
    }
    rows.join(" OR ")
}
