use super::{Arguments, Command};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted, finish};
use crate::search::rows_as_text;
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `format` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "format",
    usage: "format [\"(\" \"(\" \"AND\" \")\" \"OR\" \")\"]",
    summary: "The rows as the text of a search, in the field search: what a subsearch does with its rows by itself.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/format",
    examples: &[],
};

#[derive(Debug)]
struct Format;

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    while arguments.option(&["maxresults", "mvsep", "emptystr"])?.is_some() {}
    let rest = arguments.rest();
    let words: Vec<String> = arguments.fields_until(&[])?.into_iter().map(|word: Spanned<String>| word.node).collect();
    if !words.is_empty() && words != ["(", "(", "AND", ")", "OR", ")"] {
        return Err(Diagnostic::error("spl/unsupported-option", "format with words of its own is not supported", rest));
    }
    Ok(Box::new(Format))
}

/// One row that holds the rows as the text of a search.
pub(super) fn as_search(rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let at = planner.at;
    let plan = finish(rows, planner)?;
    let found = planner.context.rows(&plan);
    let found = found.map_err(|needed| needed.at(at))?;
    let text = found.map(|batches| rows_as_text(&batches, at)).transpose()?;
    let missing = text.is_none();
    let rows = super::inputlookup::text_rows(&["search".to_owned()], &[vec![text]], planner)?;
    Ok(if missing { rows.opened() } else { rows })
}

impl Command for Format {
    fn needs(&self) -> Needs {
        Needs::default().close()
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        as_search(rows, planner)
    }
}
