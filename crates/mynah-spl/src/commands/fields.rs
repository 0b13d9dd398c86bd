use super::field_list::{expand, expand_present};
use super::{Arguments, Command};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `fields` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "fields",
    usage: "fields [+|-] FIELD, ...",
    summary: "Keeps just these fields, and `_time` and `_raw`; with a minus, all but these.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/fields",
    examples: &[],
};

#[derive(Debug)]
struct Fields {
    keep: bool,
    fields: Vec<Spanned<String>>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let rest = arguments.rest();
    let keep = !rest.of(arguments.text).starts_with('-');
    if rest.of(arguments.text).starts_with(['-', '+']) {
        arguments.seek(rest.start + 1);
    }
    let fields = arguments.fields_until(&[])?;
    if fields.is_empty() {
        return Err(arguments.wrong(arguments.name.span, "the names of fields"));
    }
    Ok(Box::new(Fields { keep, fields }))
}

impl Command for Fields {
    fn needs(&self) -> Needs {
        if self.keep { Needs::default().read_all(self.fields.iter().cloned()) } else { Needs::default() }
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        if !self.keep {
            let named = expand(&self.fields, &rows);
            return rows.without(&named, planner);
        }
        let named = expand_present(&self.fields, &rows, planner)?;
        let internal = |name: &str| name == "_time" || name == "_raw";
        let mut columns: Vec<String> =
            rows.names().into_iter().filter(|name| internal(name) && !named.contains(name)).collect();
        // Events keep their shape, `_time` first; other results the order of the list.
        columns.extend(named);
        let columns = columns.into_iter().map(|name| (name.clone(), rows.column(&name))).collect();
        rows.project(columns, planner)
    }
}
