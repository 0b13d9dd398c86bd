use super::pivot::pivot;
use super::{Arguments, Command};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `xyseries` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "xyseries",
    usage: "xyseries ROW SPLIT VALUE, ...",
    summary: "A row for each value of the first field and a column for each value of the second, which holds the third.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/xyseries",
    examples: &[],
};

#[derive(Debug)]
struct XySeries {
    row: Spanned<String>,
    split: Spanned<String>,
    values: Vec<Spanned<String>>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    while arguments.option(&["grouped", "sep", "format"])?.is_some() {}
    let row = arguments.field()?;
    while arguments.symbol(',') {}
    let split = arguments.field()?;
    let values = arguments.fields_until(&[])?;
    if values.is_empty() {
        return Err(arguments.wrong(arguments.rest(), "the field that holds the values"));
    }
    Ok(Box::new(XySeries { row, split, values }))
}

impl Command for XySeries {
    fn needs(&self) -> Needs {
        Needs::default().read_all([&self.row, &self.split].into_iter().chain(&self.values).cloned()).close()
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut rows = rows;
        // The rows need all the columns, set or not.
        for field in [&self.row, &self.split].into_iter().chain(&self.values) {
            if rows.scope().get(&field.node).is_none() {
                let text = crate::expression::Typed {
                    expr: rows.column(&field.node).into_text(),
                    ty: crate::expression::Type::Text,
                };
                rows = rows.with(vec![(field.node.clone(), text)], planner)?;
            }
        }
        pivot(rows, &self.row.node, &self.split.node, &super::by::names(&self.values), planner)
    }
}
