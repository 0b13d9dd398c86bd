//! Rows as the text of a search.
use super::inputlookup::text_rows;
use super::prelude::*;
use crate::plan::finish;
use crate::search::rows_as_text;

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

fn format(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    while arguments.option(&["maxresults", "mvsep", "emptystr"])?.is_some() {}
    let rest = arguments.rest();
    let words: Vec<String> = arguments.fields_until(&[])?.into_iter().map(|word| word.node).collect();
    if !words.is_empty() && words != ["(", "(", "AND", ")", "OR", ")"] {
        return Err(unsupported("format with words of its own", rest));
    }
    on_rows(Needs::default().close(), (), |_, rows, _, planner| as_search(rows, planner))
}

/// One row that holds the rows as the text of a search.
fn as_search(rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let at = planner.at;
    let plan = finish(rows, planner)?;
    let found = planner.context.rows(&plan);
    let found = found.map_err(|needed| needed.at(at))?;
    let text = found.map(|batches| rows_as_text(&batches, at)).transpose()?;
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
