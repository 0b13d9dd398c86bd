use super::Token;
use super::inputlookup;
use super::tstats::Source;
use super::{Arguments, Command};
use crate::datamodel;
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `from` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "from",
    usage: "from datamodel:MODEL.DATASET | lookup:TABLE",
    summary: "The events of a data model, or the rows of a lookup table.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/from",
    examples: &[],
};

#[derive(Debug)]
struct From {
    source: Source,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
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
            let (model, dataset) = name.split_once('.').map_or((name, None), |(model, dataset)| (model, Some(dataset)));
            let source = Source { model: Spanned::new(model.to_owned(), rest), dataset: dataset.map(str::to_owned) };
            Ok(Box::new(From { source }))
        }
        "lookup" | "inputlookup" => Ok(inputlookup::whole_table(Spanned::new(name.to_owned(), rest))),
        other => Err(Diagnostic::error("spl/unsupported-option", format!("from `{other}:` is not supported"), rest)),
    }
}

impl Command for From {
    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn lower(&self, _rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        Err(Diagnostic::error("spl/syntax", "from stands first", planner.at))
    }

    fn generate(&self, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Option<Rows>, Diagnostic> {
        let dataset = self.source.dataset.as_deref().and_then(|path| path.rsplit('.').next());
        datamodel::rows(&self.source.model, dataset, false, wanted, planner).map(Some)
    }
}
