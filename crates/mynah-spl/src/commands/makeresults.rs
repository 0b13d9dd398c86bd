use super::arguments::{truth, whole};
use super::{Arguments, Command};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

/// What `makeresults` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "makeresults",
    usage: "makeresults [count=N]",
    summary: "So many rows that hold nothing but the present time.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/makeresults",
    examples: &[],
};

/// How many rows are made at most.
const MAX_COUNT: usize = 100_000;

#[derive(Debug)]
struct MakeResults {
    count: usize,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let mut count = 1;
    while let Some((name, value)) = arguments.option(&["count", "annotate", "splunk_server", "format", "data"])? {
        match name {
            "count" => count = whole(&value)?,
            "annotate" => {
                truth(&value)?;
            }
            "splunk_server" => {}
            _ => {
                return Err(Diagnostic::error(
                    "spl/unsupported-option",
                    format!("`{name}` is not supported"),
                    value.span,
                ));
            }
        }
        if count > MAX_COUNT {
            return Err(Diagnostic::error(
                "spl/too-many-rows",
                format!("makeresults makes at most {MAX_COUNT} rows"),
                value.span,
            ));
        }
    }
    arguments.end()?;
    Ok(Box::new(MakeResults { count }))
}

impl Command for MakeResults {
    fn needs(&self) -> Needs {
        Needs::default().close()
    }

    fn lower(&self, _rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let made = self.generate(wanted, planner)?;
        made.ok_or_else(|| Diagnostic::error("spl/syntax", "makeresults stands first", planner.at))
    }

    fn generate(&self, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Option<Rows>, Diagnostic> {
        let rows = super::inputlookup::text_rows(&[], &vec![Vec::new(); self.count], planner)?;
        rows.project(vec![("_time".to_owned(), crate::functions::time::now())], planner).map(Some)
    }
}
