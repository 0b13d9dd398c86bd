//! The events of a data model.
use super::inputlookup::whole_table;
use super::prelude::*;
use crate::datamodel;

pub(super) static COMMANDS: [Entry; 2] = [
    generating(command(
        "datamodel MODEL DATASET search",
        "The events of a data model, its name in front of its fields.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/datamodel",
        datamodel,
    )),
    generating(command(
        "from datamodel:MODEL.DATASET | lookup:TABLE",
        "The events of a data model, or the rows of a lookup table.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/from",
        from,
    )),
];

#[derive(Debug)]
struct Events {
    command: &'static str,
    model: Spanned<String>,
    dataset: Option<String>,
    /// Whether the dataset's name stands in front of its fields.
    prefixed: bool,
}

fn datamodel(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    while arguments.option(&["summariesonly", "allow_old_summaries"])?.is_some() {}
    let model = arguments.field()?;
    // A dataset may be named by its way from the root.
    let dataset = arguments.field()?.node;
    let dataset = Some(dataset.rsplit('.').next().unwrap_or(&dataset).to_owned());
    let how = arguments.field()?;
    let prefixed = match how.node.as_str() {
        "search" => true,
        "flat" => false,
        other => return Err(unsupported(&format!("`datamodel ... {other}`"), how.span)),
    };
    while arguments.option(&["summariesonly", "allow_old_summaries", "strict_fields"])?.is_some() {}
    arguments.end()?;
    Ok(Box::new(Events { command: "datamodel", model, dataset, prefixed }))
}

fn from(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let rest = arguments.rest();
    let mut name = String::new();
    while let Some(token) = arguments.next()? {
        match token.node {
            Token::Word(part) | Token::Quoted(part) => name.push_str(&part),
            _ => return Err(arguments.wrong(token.span, "datamodel:NAME or lookup:NAME")),
        }
    }
    // A space serves as well as a colon.
    let named = name.split_once(':').or_else(|| {
        ["datamodel", "inputlookup", "lookup"].iter().find_map(|kind| Some((*kind, name.strip_prefix(kind)?)))
    });
    let (kind, name) = named.ok_or_else(|| arguments.wrong(rest, "datamodel:NAME or lookup:NAME"))?;
    match kind {
        "datamodel" => {
            let (model, dataset) = model_and_dataset(Spanned::new(name.to_owned(), rest));
            Ok(Box::new(Events { command: "from", model, dataset, prefixed: false }))
        }
        "lookup" | "inputlookup" => Ok(whole_table(Spanned::new(name.to_owned(), rest))),
        other => Err(unsupported(&format!("from `{other}:`"), rest)),
    }
}

/// `Endpoint.Processes`: a data model, and one of its datasets, which may be named by its way from the root.
pub(super) fn model_and_dataset(name: Spanned<String>) -> (Spanned<String>, Option<String>) {
    match name.node.split_once('.') {
        Some((model, path)) => {
            let dataset = path.rsplit('.').next().unwrap_or(path);
            (Spanned::new(model.to_owned(), name.span), Some(dataset.to_owned()))
        }
        None => (name, None),
    }
}

impl Command for Events {
    fn lower(&self, _rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        Err(Diagnostic::error("spl/syntax", format!("{} stands first", self.command), planner.at))
    }

    fn generate(&self, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Option<Rows>, Diagnostic> {
        datamodel::rows(&self.model, self.dataset.as_deref(), self.prefixed, wanted, planner).map(Some)
    }
}
