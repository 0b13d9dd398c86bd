//! Rows as the text of a search.
use super::inputlookup::text_rows;
use super::prelude::*;
use crate::plan::finish;
use crate::search::{row_fields, rows_as_text};
use datafusion::arrow::array::RecordBatch;

pub(super) static COMMANDS: [Entry; 2] = [
    command(
        "format [\"(\" \"(\" \"AND\" \")\" \"OR\" \")\"]",
        "The rows as the text of a search, in the field search: what a subsearch does with its rows by itself.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/format",
        format,
    ),
    command(
        "return [N] [NAME=FIELD | FIELD | $FIELD] ...",
        "The first row, or N rows, as the text of a search: NAME=value, or with $ the value alone.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/return",
        returned,
    ),
];

/// The words around and between rows and fields, as `format` has them.
#[derive(Debug)]
struct Words {
    /// Before a row, before its fields, between these, behind them, between rows, behind all.
    words: [String; 6],
    /// Between several values of a field.
    values: String,
    /// Of no rows.
    empty: String,
    most: usize,
}

fn format(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut format = Words {
        words: ["(", "(", "AND", ")", "OR", ")"].map(str::to_owned),
        values: "OR".to_owned(),
        empty: "NOT ()".to_owned(),
        most: 0,
    };
    let mut own = false;
    let mut words = Vec::new();
    while !arguments.is_empty() {
        if let Some((name, value)) = arguments.option(&["maxresults", "mvsep", "emptystr"])? {
            own = true;
            match name {
                "maxresults" => format.most = whole(&value)?,
                "mvsep" => format.values = value.node,
                _ => format.empty = value.node,
            }
        } else if !arguments.symbol(',') {
            words.push(arguments.field()?.node);
        }
    }
    if !words.is_empty() {
        own |= words != format.words;
        let count = words.len();
        format.words = words.try_into().map_err(|_| {
            let message = format!("format takes six words, and this has {count}");
            Diagnostic::error("spl/syntax", message, arguments.name.span)
        })?;
    }
    let format = own.then_some(format);
    on_rows(Needs::default().close(), format, |format, rows, _, planner| as_search(rows, format.as_ref(), planner))
}

impl Words {
    /// The rows as text, in these words.
    fn text(&self, batches: &[RecordBatch]) -> String {
        let [all, row, field, row_end, between, all_end] = &self.words;
        let mut rows = Vec::new();
        let most = if self.most == 0 { usize::MAX } else { self.most };
        for batch in batches {
            for number in 0..batch.num_rows() {
                let fields = row_fields(batch, number).map(|(name, values)| {
                    let values = values.into_iter().map(|value| {
                        let value = value.replace('\\', "\\\\").replace('"', "\\\"");
                        if name == "search" || name == "query" { value } else { format!("{name}=\"{value}\"") }
                    });
                    let values: Vec<String> = values.collect();
                    match values.len() {
                        1 => values.concat(),
                        _ => format!("( {} )", values.join(&format!(" {} ", self.values))),
                    }
                });
                let fields: Vec<String> = fields.collect();
                if !fields.is_empty() && rows.len() < most {
                    rows.push(format!("{row} {} {row_end}", fields.join(&format!(" {field} "))));
                }
            }
        }
        if rows.is_empty() {
            return self.empty.clone();
        }
        format!("{all} {} {all_end}", rows.join(&format!(" {between} ")))
    }
}

/// One row that holds the rows as the text of a search.
fn as_search(rows: Rows, format: Option<&Words>, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let at = planner.at;
    let plan = finish(rows, planner)?;
    let found = planner.context.rows(&plan);
    let found = found.map_err(|needed| needed.at(at))?;
    let text = found.map(|batches| match format {
        Some(format) => Ok(format.text(&batches)),
        None => rows_as_text(&batches, at),
    });
    let text = text.transpose()?;
    let missing = text.is_none();
    let rows = text_rows(&["search".to_owned()], &[vec![text]], planner)?;
    Ok(if missing { rows.opened() } else { rows })
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
    on_rows(needs, (count, parts), |(count, parts), rows, _, planner| {
        // A field named `search` is taken as a term by the search around it.
        let named = |part: &Returned| part.name.clone().unwrap_or_else(|| "search".to_owned());
        let columns = parts.iter().map(|part| (named(part), rows.column(&part.field.node))).collect();
        rows.first((*count).max(1), planner)?.project(columns, planner)
    })
}
