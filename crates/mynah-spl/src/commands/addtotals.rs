//! The sum of the numbers of a row.
use super::prelude::*;
use crate::expression::parse_number;
use crate::functions::Internal;
use mynah_kernels::Cell;

pub(super) static COMMANDS: [Entry; 1] = [command(
    "addtotals [fieldname=NAME] [FIELD, ...]",
    "The sum of each row's numbers, in Total if not said otherwise.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/addtotals",
    addtotals,
)];

fn addtotals(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut name = "Total".to_owned();
    let mut fields = Vec::new();
    while !arguments.is_empty() {
        if let Some((option, value)) = arguments.option(&["row", "col", "fieldname", "labelfield", "label"])? {
            match option {
                "fieldname" => name = value.node,
                "row" | "col" if truth(&value)? != (option == "row") => {
                    return Err(unsupported(&format!("`{option}={}`", value.node), value.span));
                }
                _ => {}
            }
        } else if !arguments.symbol(',') {
            fields.push(arguments.field()?);
        }
    }
    on_rows(Needs::of(&fields).make(&name), (name, fields), |(name, fields), rows, _, planner| {
        let mut names = super::field_list::chosen(fields, &rows);
        names.retain(|known| !fields.is_empty() || known != name);
        let inputs = names.iter().map(|name| rows.column(name)).filter(|typed| typed.ty != Type::Null);
        let inputs: Vec<_> = inputs.map(|typed| typed.expr).collect();
        let total = if inputs.is_empty() { Typed::number(0.0) } else { TOTAL.typed(inputs) };
        rows.with(vec![(name.clone(), total)], planner)
    })
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
