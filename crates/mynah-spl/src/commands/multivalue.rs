//! Fields of several values: made, joined, spread over rows and collected from them.
use super::aggregation;
use super::derived;
use super::prelude::*;
use crate::aggregates::AggregateCall;
use crate::plan::Key;
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::{Column, UnnestOptions};
use mynah_dialect::column;
use mynah_kernels::{Cell, Code, Function, Regex, Resources, call};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

pub(super) static COMMANDS: [Entry; 4] = [
    command(
        "makemv [delim=TEXT | tokenizer=REGEX] [allowempty=BOOL] FIELD",
        "Cuts a field's text into several values.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/makemv",
        makemv,
    ),
    command(
        "mvcombine [delim=TEXT] FIELD",
        "One row for rows that differ in one field only, which gets all their values.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/mvcombine",
        mvcombine,
    ),
    command(
        "mvexpand FIELD [limit=N]",
        "One row for each value of the field.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/mvexpand",
        mvexpand,
    ),
    command(
        "nomv FIELD",
        "The values of a field as one text, a line each.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/nomv",
        nomv,
    ),
];

fn makemv(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let (mut delimiter, mut tokenizer, mut allow_empty) = (" ".to_owned(), None, false);
    while let Some((name, value)) = arguments.option(&["delim", "tokenizer", "allowempty", "setsv"])? {
        match name {
            "delim" => delimiter = value.node,
            "tokenizer" => tokenizer = Some(super::rex::regular_expression(&value)?),
            "allowempty" => allow_empty = truth(&value)?,
            _ if truth(&value)? => return Err(unsupported("`setsv=true`", value.span)),
            _ => {}
        }
    }
    let field = arguments.last_field()?;
    let cut = tokenizer.map_or(Cut::Delimiter { text: delimiter, allow_empty }, Cut::Tokenizer);
    on_rows(Needs::of([&field]), (field.node, cut), |(field, cut), rows, _, planner| {
        let old = rows.column(field);
        if matches!(old.ty, Type::Multi | Type::Null) {
            return Ok(rows);
        }
        let new = Typed::new(call(cut.clone(), vec![old.into_text()]), Type::Multi);
        rows.with(vec![(field.clone(), new)], planner)
    })
}

/// How a text is cut into values.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Cut {
    Delimiter { text: String, allow_empty: bool },
    Tokenizer(Regex),
}

impl Function for Cut {
    const NAME: &'static str = "spl.makemv";

    fn returns(&self) -> DataType {
        Type::Multi.data_type()
    }

    fn code(&self, _: &Resources) -> datafusion::common::Result<Code> {
        let cut = self.clone();
        Ok(Code::try_row(move |row| {
            let [Cell::Text(text)] = row else { return Ok(Cell::Null) };
            let values: Vec<String> = match &cut {
                Cut::Delimiter { text: delimiter, allow_empty } => text
                    .split(delimiter.as_str())
                    .filter(|part| *allow_empty || !part.is_empty())
                    .map(str::to_owned)
                    .collect(),
                Cut::Tokenizer(regex) => {
                    let matches = regex.all_captures(text, usize::MAX)?;
                    matches.iter().filter_map(|groups| groups.get(1)).map(str::to_owned).collect()
                }
            };
            Ok(if values.is_empty() { Cell::Null } else { Cell::texts(values) })
        }))
    }
}

fn nomv(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let field = arguments.last_field()?;
    on_rows(Needs::of([&field]), field.node, |field, rows, _, planner| {
        let old = rows.column(field);
        if old.ty != Type::Multi {
            return Ok(rows);
        }
        let new = match rows.delimiter(field).map(str::to_owned) {
            Some(delimiter) => {
                let at = planner.at;
                let values = vec![derived::field(field, at), derived::text(&delimiter, at)];
                derived::lowered(&derived::call("mvjoin", values, at), &rows)?
            }
            None => Typed::new(old.into_text(), Type::Text),
        };
        rows.with(vec![(field.clone(), new)], planner)
    })
}

fn mvcombine(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut delimiter = " ".to_owned();
    while let Some((_, value)) = arguments.option(&["delim"])? {
        delimiter = value.node;
    }
    let field = arguments.last_field()?;
    on_rows(Needs::of([&field]), (field, delimiter), |(field, delimiter), rows, _, planner| {
        let columns: Vec<_> = rows.all().into_iter().filter(|(name, _)| name != "_raw").collect();
        let others: Vec<String> =
            columns.iter().map(|(name, _)| name.clone()).filter(|name| *name != field.node).collect();
        let rows = rows.project(columns, planner)?;
        let call = format!("list('{0}') as \"{0}\"", field.node);
        let (call, _) = AggregateCall::parse_prefix(&call, field.span.start)?;
        Ok(aggregation::aggregate(rows, &others, &[call], planner)?.delimited([field.node.clone()], delimiter))
    })
}

fn mvexpand(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let field = arguments.field()?;
    let limit = arguments.option(&["limit"])?.map(|(_, value)| whole(&value)).transpose()?;
    arguments.end()?;
    let limit = limit.filter(|limit| *limit > 0);
    on_rows(Needs::of([&field]), (field.node, limit), |(field, limit), rows, _, planner| {
        expand(rows, field, *limit, planner)
    })
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
    order.push(Key::ascending(&places));
    let rows = rows
        .with_hidden(vec![(values.clone(), cut), (places.clone(), numbered)], planner)?
        .map_plan(planner, |plan| {
            let columns = vec![Column::from_name(&values), Column::from_name(&places)];
            plan.unnest_columns_with_options(columns, UnnestOptions::default())
        })?
        .with_order(order);
    if let Some(known) = columns.iter_mut().find(|(name, _)| name == field) {
        known.1 = Typed::new(column(&values), Type::Text);
    }
    rows.project(columns, planner)
}
