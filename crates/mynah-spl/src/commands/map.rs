//! A search for each row.
use super::prelude::*;
use crate::pipeline::{self, Parsing};
use crate::plan::{append, finish};
use crate::search::cell_texts;
use datafusion::arrow::array::RecordBatch;
use mynah_syntax::Span;

pub(super) static COMMANDS: [Entry; 1] = [bracketed(command(
    "map search=\"SEARCH\" | [SEARCH] [maxsearches=N]",
    "Runs a search for each of the first 10 rows, or N rows, with their values for `$field$`, and gives all results.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/map",
    map,
))];

/// How many rows are searched for where the query does not say.
const DEFAULT_SEARCHES: usize = 10;

#[derive(Debug)]
struct Map {
    template: Spanned<String>,
    most: usize,
}

fn map(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let (mut template, mut most) = (None, DEFAULT_SEARCHES);
    while !arguments.is_empty() {
        if let Some(inner) = arguments.brackets()? {
            template = Some(Spanned::new(inner.of(arguments.text).to_owned(), inner));
            continue;
        }
        match arguments.option(&["search", "maxsearches"])? {
            Some(("search", value)) => template = Some(value),
            Some((_, value)) => most = whole(&value)?,
            None => {
                return Err(arguments.wrong(arguments.rest(), "search=\"...\", a search in brackets, or maxsearches="));
            }
        }
    }
    let Some(template) = template else {
        return Err(arguments.wrong(arguments.name.span, "search=\"...\" or a search in brackets"));
    };
    let fields = fields(&template.node).into_iter().map(|name| Spanned::new(name, template.span));
    let needs = Needs::default().read_all(fields).close();
    on_rows(needs, Map { template, most }, |map, rows, wanted, planner| map.rows(rows, wanted, planner))
}

/// The fields whose values go into the search: those between two dollar signs.
fn fields(template: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('$') {
        match after.split_once('$') {
            Some((name, tail)) if is_name(name) => {
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
                rest = tail;
            }
            _ => rest = after,
        }
    }
    names
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '{' | '}' | ':' | '-'))
}

impl Map {
    fn rows(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let at = planner.at;
        let names = fields(&self.template.node);
        let missing = names.iter().find(|name| rows.scope().get(name).is_none() && !rows.scope().open);
        if let Some(name) = missing {
            let message = format!("there is no field `{name}` here for `${name}$`");
            return Err(Diagnostic::error("spl/unknown-field", message, self.template.span));
        }
        let columns = names.iter().map(|name| {
            let text = Typed::new(rows.column(name).into_text(), Type::Text);
            (name.clone(), text)
        });
        let mut columns: Vec<(String, Typed)> = columns.collect();
        if columns.is_empty() {
            columns.push(("row".to_owned(), Typed::number(1.0)));
        }
        let mut first = rows.first(self.most, planner)?.with_one_name(planner)?;
        first.events = false;
        let plan = finish(first.project(columns, planner)?, planner)?;
        let found = planner.context.rows(&plan).map_err(|needed| needed.at(at))?;
        let Some(batches) = found else {
            // In a check: the search by itself, whatever the values are.
            let text =
                names.iter().fold(self.template.node.clone(), |text, name| text.replace(&format!("${name}$"), "*"));
            return Ok(self.search(&text, wanted, planner)?.opened());
        };
        let mut sides = Vec::new();
        for batch in &batches {
            for row in 0..batch.num_rows() {
                let text = filled(&self.template.node, &names, batch, row);
                sides.push(self.search(&text, wanted, planner)?);
            }
        }
        if sides.is_empty() {
            // The columns of the search, and no rows.
            let text =
                names.iter().fold(self.template.node.clone(), |text, name| text.replace(&format!("${name}$"), "*"));
            return self.search(&text, wanted, planner)?.first(0, planner);
        }
        append(sides, planner)
    }

    /// The rows of one search.
    fn search(&self, text: &str, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let at = planner.at;
        let expanded = pipeline::expand(text, planner.context.site).map_err(|errors| {
            let first = errors.into_iter().next();
            first.unwrap_or_else(|| Diagnostic::error("spl/syntax", "the search of map is broken", at))
        });
        let expanded = expanded.map_err(|error| Diagnostic { span: self.template.span, ..error })?;
        // Places in the search with its values are none of the query: they are behind its end.
        let text = format!("{:length$}{}", "", expanded.text(), length = planner.length);
        let range = Span::new(planner.length, text.len());
        let rows = planner.all_at(self.template.span, |planner| {
            let parsed = pipeline::parse(&mut Parsing::new(&text), range)?;
            planner.pipeline(&parsed, wanted)
        });
        planner.at = at;
        rows
    }
}

/// The search with a row's values in it.
fn filled(template: &str, names: &[String], batch: &RecordBatch, row: usize) -> String {
    names.iter().fold(template.to_owned(), |text, name| {
        let values = batch.column_by_name(name).map(|column| cell_texts(column.as_ref(), row)).unwrap_or_default();
        // A quote in a value does not end the text that it stands in.
        let value = values.join(" ").replace('\\', "\\\\").replace('"', "\\\"");
        let is_word = value.chars().all(|c| c.is_alphanumeric() || "_.:-@*\\/".contains(c)) && !value.is_empty();
        let value = if is_word || quoted(&text, name) { value } else { format!("\"{value}\"") };
        text.replace(&format!("${name}$"), &value)
    })
}

/// Whether a field's place in the search stands in quotes.
fn quoted(template: &str, name: &str) -> bool {
    let place = template.find(&format!("${name}$")).unwrap_or(0);
    template.get(..place).is_some_and(|before| before.matches('"').count() % 2 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_between_dollar_signs() {
        assert_eq!(fields("search a=$x.y$ b=\"$z$\" cost=5$ $x.y$"), ["x.y", "z"]);
    }
}
