use super::arguments::truth;
use super::{Arguments, Command};
use crate::expression::{Type, Typed, parse_number};
use crate::functions::Internal;
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_kernels::Cell;
use mynah_syntax::{Diagnostic, Spanned};

/// What `addtotals` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "addtotals",
    usage: "addtotals [fieldname=NAME] [FIELD, ...]",
    summary: "The sum of each row's numbers, in Total if not said otherwise.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/addtotals",
    examples: &[],
};

#[derive(Debug)]
struct AddTotals {
    name: String,
    fields: Vec<Spanned<String>>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let mut name = "Total".to_owned();
    let mut fields = Vec::new();
    while !arguments.is_empty() {
        if let Some((option, value)) = arguments.option(&["row", "col", "fieldname", "labelfield", "label"])? {
            match option {
                "fieldname" => name = value.node,
                "row" | "col" if truth(&value)? != (option == "row") => {
                    return Err(Diagnostic::error(
                        "spl/unsupported-option",
                        format!("`{option}={}` is not supported", value.node),
                        value.span,
                    ));
                }
                _ => {}
            }
        } else if !arguments.symbol(',') {
            fields.push(arguments.field()?);
        }
    }
    Ok(Box::new(AddTotals { name, fields }))
}

/// The sum of what are numbers.
pub(crate) static TOTAL: Internal = Internal {
    name: "row total",
    returns: Type::Number,
    code: |row| {
        let numbers = row.cells.iter().filter_map(|cell| match cell {
            Cell::Float(number) => Some(*number),
            Cell::Text(text) => parse_number(text),
            _ => None,
        });
        Cell::Float(numbers.sum())
    },
};

impl Command for AddTotals {
    fn needs(&self) -> Needs {
        Needs::default().read_all(self.fields.iter().cloned()).make(self.name.clone())
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let names = if self.fields.is_empty() {
            rows.names().into_iter().filter(|name| !name.starts_with('_') && *name != self.name).collect()
        } else {
            super::field_list::expand(&self.fields, &rows)
        };
        let inputs =
            names.iter().map(|name| rows.column(name)).filter(|typed| typed.ty != Type::Null).map(|typed| typed.expr);
        let inputs: Vec<_> = inputs.collect();
        let total = if inputs.is_empty() { Typed::number(0.0) } else { TOTAL.typed(inputs) };
        rows.with(vec![(self.name.clone(), total)], planner)
    }
}
