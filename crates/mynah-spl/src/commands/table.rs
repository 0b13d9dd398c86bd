use super::field_list::expand_present;
use super::{Arguments, Command};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `table` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "table",
    usage: "table FIELD, ...",
    summary: "Just these fields, in this order; `*` in a name stands for any characters.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/table",
    examples: &[],
};

#[derive(Debug)]
struct Table {
    fields: Vec<Spanned<String>>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let fields = arguments.fields_until(&[])?;
    if fields.is_empty() {
        return Err(arguments.wrong(arguments.name.span, "the names of fields"));
    }
    Ok(Box::new(Table { fields }))
}

impl Command for Table {
    fn needs(&self) -> Needs {
        Needs::default().read_all(self.fields.iter().cloned()).close()
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let columns = expand_present(&self.fields, &rows, planner)?
            .into_iter()
            .map(|name| (name.clone(), rows.column(&name)))
            .collect();
        let mut rows = rows.project(columns, planner)?;
        rows.events = false;
        Ok(rows)
    }
}
