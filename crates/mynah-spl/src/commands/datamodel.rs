use super::{Arguments, Command};
use crate::datamodel;
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `datamodel` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "datamodel",
    usage: "datamodel MODEL DATASET search",
    summary: "The events of a data model, its name in front of its fields.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/datamodel",
    examples: &[],
};

#[derive(Debug)]
struct DataModel {
    model: Spanned<String>,
    dataset: Spanned<String>,
    prefixed: bool,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    while arguments.option(&["summariesonly", "allow_old_summaries"])?.is_some() {}
    let model = arguments.field()?;
    let dataset = arguments.field()?;
    let how = arguments.field()?;
    let prefixed = match how.node.as_str() {
        "search" => true,
        "flat" => false,
        _ => {
            return Err(Diagnostic::error(
                "spl/unsupported-option",
                format!("`datamodel ... {}` is not supported", how.node),
                how.span,
            ));
        }
    };
    while arguments.option(&["summariesonly", "allow_old_summaries", "strict_fields"])?.is_some() {}
    arguments.end()?;
    Ok(Box::new(DataModel { model, dataset, prefixed }))
}

impl Command for DataModel {
    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn lower(&self, _rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        Err(Diagnostic::error("spl/syntax", "datamodel stands first", planner.at))
    }

    fn generate(&self, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Option<Rows>, Diagnostic> {
        datamodel::rows(&self.model, Some(&self.dataset.node), self.prefixed, wanted, planner).map(Some)
    }
}
