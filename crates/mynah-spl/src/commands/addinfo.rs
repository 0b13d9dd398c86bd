use super::{Arguments, Command};
use crate::expression::Typed;
use crate::functions::time::moment;
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

/// What `addinfo` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "addinfo",
    usage: "addinfo",
    summary: "Adds info_min_time, info_max_time, info_search_time and info_sid. Over files the range is all time.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/addinfo",
    examples: &[],
};

#[derive(Debug)]
struct AddInfo;

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    arguments.end()?;
    Ok(Box::new(AddInfo))
}

impl Command for AddInfo {
    fn needs(&self) -> Needs {
        ["info_min_time", "info_max_time", "info_search_time", "info_sid"]
            .into_iter()
            .fold(Needs::default(), Needs::make)
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let columns = vec![
            ("info_min_time".to_owned(), Typed::number(0.0)),
            ("info_max_time".to_owned(), moment()),
            ("info_search_time".to_owned(), moment()),
            ("info_sid".to_owned(), Typed::text("mynah")),
        ];
        rows.with(columns, planner)
    }
}
