//! Sums: of the numbers of a row, and of those of a column.
use super::prelude::*;
use crate::expression::parse_number;
use crate::functions::Internal;
use crate::plan::append;
use datafusion::functions_aggregate::expr_fn::sum;
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_kernels::Cell;

pub(super) static COMMANDS: [Entry; 2] = [
    command(
        "addcoltotals [labelfield=NAME] [label=TEXT] [FIELD, ...]",
        "One more row with the sum of each column's numbers.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/addcoltotals",
        |arguments, _| read(arguments, Totals { row: false, col: true, ..Totals::default() }),
    ),
    command(
        "addtotals [row=BOOL] [col=BOOL] [fieldname=NAME] [labelfield=NAME] [label=TEXT] [FIELD, ...]",
        "The sum of each row's numbers, in Total if not said otherwise; with col=true one more row with those of the columns.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/addtotals",
        |arguments, _| read(arguments, Totals { row: true, ..Totals::default() }),
    ),
];

#[derive(Debug, Default)]
struct Totals {
    row: bool,
    col: bool,
    name: Option<String>,
    /// The field that says what the last row is, and what it says.
    label_field: Option<String>,
    label: Option<String>,
    fields: Vec<Spanned<String>>,
}

fn read(arguments: &mut Arguments<'_>, totals: Totals) -> Parsed {
    let mut totals = totals;
    while !arguments.is_empty() {
        if let Some((option, value)) = arguments.option(&["row", "col", "fieldname", "labelfield", "label"])? {
            match option {
                "fieldname" => totals.name = Some(value.node),
                "row" => totals.row = truth(&value)?,
                "col" => totals.col = truth(&value)?,
                "labelfield" => totals.label_field = Some(value.node),
                _ => totals.label = Some(value.node),
            }
        } else if !arguments.symbol(',') {
            totals.fields.push(arguments.field()?);
        }
    }
    let needs = match totals.fields.as_slice() {
        [] => Needs::default().read_all([Spanned::new("*".to_owned(), arguments.name.span)]),
        fields => Needs::of(fields),
    };
    let needs = if totals.row { needs.make(totals.name()) } else { needs };
    on_rows(needs, totals, |totals, rows, _, planner| {
        let rows = if totals.row { totals.of_rows(rows, planner)? } else { rows };
        if totals.col { totals.of_columns(rows, planner) } else { Ok(rows) }
    })
}

impl Totals {
    fn name(&self) -> String {
        self.name.clone().unwrap_or_else(|| "Total".to_owned())
    }

    fn of_rows(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut names = super::field_list::chosen(&self.fields, &rows);
        names.retain(|known| !self.fields.is_empty() || *known != self.name());
        let inputs = names.iter().map(|name| rows.column(name)).filter(|typed| typed.ty != Type::Null);
        let inputs: Vec<_> = inputs.map(|typed| typed.expr).collect();
        let total = if inputs.is_empty() { Typed::number(0.0) } else { TOTAL.typed(inputs) };
        rows.with(vec![(self.name(), total)], planner)
    }

    fn of_columns(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut names = super::field_list::chosen(&self.fields, &rows);
        names.retain(|name| rows.scope().get(name).is_some() && self.label_field.as_ref() != Some(name));
        let sums = names.iter().map(|name| (planner.fresh("total"), rows.column(name).into_number()));
        let sums: Vec<(String, Expr)> = sums.collect();
        let none: Vec<Expr> = Vec::new();
        let calls: Vec<Expr> = sums.iter().map(|(hidden, number)| sum(number.clone()).alias(hidden)).collect();
        let mut columns: Vec<(String, Typed)> = names
            .into_iter()
            .zip(&sums)
            .map(|(name, (hidden, _))| (name, Typed::new(column(hidden), Type::Number)))
            .collect();
        if let Some(field) = &self.label_field {
            columns.push((field.clone(), Typed::text(self.label.as_deref().unwrap_or("Total"))));
        }
        if columns.is_empty() {
            return Ok(rows);
        }
        let mut totals = rows.clone().with_order(Vec::new()).with_one_name(planner)?;
        totals.events = false;
        let totals = match calls.is_empty() {
            true => return Ok(rows),
            false => totals.map_plan(planner, |plan| plan.aggregate(none, calls))?.project(columns, planner)?,
        };
        append(vec![rows, totals], planner)
    }
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
        // Rust's own sum of nothing is -0.
        Cell::Float(numbers.fold(0.0, |sum, number| sum + number))
    },
};
