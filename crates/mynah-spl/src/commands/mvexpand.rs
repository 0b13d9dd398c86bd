use super::arguments::whole;
use super::{Arguments, Command};
use crate::expression::{Type, Typed};
use crate::pipeline::Parsing;
use crate::plan::{Key, Needs, Planner, Rows, Wanted};
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::{Column, UnnestOptions};
use mynah_dialect::FunctionDoc;
use mynah_dialect::column;
use mynah_kernels::{Cell, Code, Function, Resources, call};
use mynah_syntax::{Diagnostic, Spanned};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What `mvexpand` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "mvexpand",
    usage: "mvexpand FIELD [limit=N]",
    summary: "One row for each value of the field.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/mvexpand",
    examples: &[],
};

#[derive(Debug)]
struct MvExpand {
    field: Spanned<String>,
    limit: Option<usize>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let field = arguments.field()?;
    let limit = arguments.option(&["limit"])?.map(|(_, value)| whole(&value)).transpose()?;
    arguments.end()?;
    Ok(Box::new(MvExpand { field, limit: limit.filter(|limit| *limit > 0) }))
}

/// The first values of several, or their places.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Spread {
    Values(usize),
    Places(usize),
}

impl Function for Spread {
    const NAME: &'static str = "spl.mvexpand";

    fn returns(&self) -> DataType {
        let of = if matches!(self, Spread::Values(_)) { DataType::Utf8 } else { DataType::Float64 };
        DataType::List(Arc::new(Field::new_list_field(of, true)))
    }

    fn code(&self, _: &Resources) -> datafusion::common::Result<Code> {
        let (Spread::Values(most) | Spread::Places(most)) = *self;
        let places = matches!(self, Spread::Places(_));
        Ok(Code::row(move |row| match row {
            [Cell::List(cells)] if places => {
                Cell::List((0..cells.len().min(most)).map(|at| Cell::Float(at as f64)).collect())
            }
            [Cell::List(cells)] if !cells.is_empty() => Cell::List(cells.iter().take(most).cloned().collect()),
            _ => Cell::Null,
        }))
    }
}

/// One row for each value, in their order; rows without a value stay.
pub(super) fn expand(
    rows: Rows,
    field: &str,
    limit: Option<usize>,
    planner: &mut Planner<'_>,
) -> Result<Rows, Diagnostic> {
    let typed = rows.column(field);
    if typed.ty != Type::Multi {
        return Ok(rows);
    }
    let (values, places) = (planner.fresh("values"), planner.fresh("place"));
    let most = limit.unwrap_or(usize::MAX);
    let numbered = call(Spread::Places(most), vec![typed.expr.clone()]);
    let cut = call(Spread::Values(most), vec![typed.expr]);
    let mut columns = rows.all();
    // Behind the order so far: the values of one row stay in their order.
    let mut order = rows.order().to_vec();
    order.push(Key::ascending(places.clone()));
    let rows = rows
        .with_hidden(vec![(values.clone(), cut), (places.clone(), numbered)], planner)?
        .map_plan(planner, |plan| {
            let columns = vec![Column::from_name(&values), Column::from_name(&places)];
            plan.unnest_columns_with_options(columns, UnnestOptions::default())
        })?
        .with_order(order);
    if let Some(known) = columns.iter_mut().find(|(name, _)| name == field) {
        known.1 = Typed { expr: column(&values), ty: Type::Text };
    }
    rows.project(columns, planner)
}

impl Command for MvExpand {
    fn needs(&self) -> Needs {
        Needs::default().read(self.field.node.clone(), self.field.span)
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        expand(rows, &self.field.node, self.limit, planner)
    }
}
