//! The rows of lookup tables.
use super::prelude::*;
use crate::expression::Scope;
use crate::plan::{Key, append};
use crate::search::{self, Search};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::LogicalPlanBuilder;
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;

pub(super) static COMMANDS: [Entry; 1] = [generating(command(
    "inputlookup [append=BOOL] [start=N] [max=N] TABLE [where SEARCH]",
    "The rows of a lookup table; with append=true behind the rows so far.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/inputlookup",
    inputlookup,
))];

#[derive(Debug)]
struct InputLookup {
    table: Spanned<String>,
    append: bool,
    start: usize,
    max: Option<usize>,
    filter: Option<Search>,
}

fn inputlookup(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    let (mut append, mut start, mut max) = (false, 0, None);
    let mut options = |arguments: &mut Arguments<'_>| -> Result<(), Diagnostic> {
        while let Some((name, value)) = arguments.option(&["append", "start", "max", "strict"])? {
            match name {
                "append" => append = truth(&value)?,
                "start" => start = whole(&value)?,
                "max" => max = Some(whole(&value)?),
                _ => {
                    truth(&value)?;
                }
            }
        }
        Ok(())
    };
    options(arguments)?;
    let table = arguments.field()?;
    options(arguments)?;
    let filter = if arguments.keyword("where") { Some(search::parse(parsing, arguments.rest())?) } else { None };
    if filter.is_none() {
        arguments.end()?;
    }
    Ok(Box::new(InputLookup { table, append, start, max, filter }))
}

/// Rows of texts, in their order.
///
/// # Errors
/// Where DataFusion refuses the plan.
pub(super) fn text_rows(
    columns: &[String],
    rows: &[Vec<Option<String>>],
    planner: &mut Planner<'_>,
) -> Result<Rows, Diagnostic> {
    let order = planner.fresh("line");
    let mut names: Vec<String> = Vec::new();
    for name in columns {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let places: Vec<usize> = names.iter().filter_map(|name| columns.iter().position(|column| column == name)).collect();
    let values: Vec<Vec<Expr>> = rows
        .iter()
        .enumerate()
        .map(|(line, row)| {
            let value = |place: &usize| lit(ScalarValue::Utf8(row.get(*place).cloned().flatten()));
            places.iter().map(value).chain([lit(line as i64)]).collect()
        })
        .collect();
    let empty = values.is_empty();
    let values = if empty {
        vec![places.iter().map(|_| lit(ScalarValue::Utf8(None))).chain([lit(0i64)]).collect()]
    } else {
        values
    };
    let plan = LogicalPlanBuilder::values(values).and_then(|plan| {
        let plan = if empty { plan.limit(0, Some(0))? } else { plan };
        let named = names.iter().chain([&order]).enumerate();
        let exprs: Vec<Expr> = named.map(|(place, name)| column(&format!("column{}", place + 1)).alias(name)).collect();
        plan.project(exprs)?.build()
    });
    let plan = plan.map_err(|error| planner.failed(&error))?;
    let scope: Scope = names.into_iter().map(|name| (name, Type::Text)).collect();
    Ok(Rows::new(plan, scope, vec![Key::ascending(order)], false))
}

impl InputLookup {
    fn rows(&self, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut rows = match super::lookup::table(&self.table, planner)? {
            Some(table) => {
                // An empty cell is no value.
                let cells =
                    |row: &Vec<String>| row.iter().map(|cell| (!cell.is_empty()).then(|| cell.clone())).collect();
                let chosen = table.rows.iter().skip(self.start).take(self.max.unwrap_or(usize::MAX));
                text_rows(&table.columns, &chosen.map(cells).collect::<Vec<_>>(), planner)?
            }
            None => {
                let declared = planner.context.site.declared_lookups.get(&self.table.node).cloned().unwrap_or_default();
                let known = !declared.is_empty();
                let rows = text_rows(&declared, &[], planner)?;
                if known || !planner.is_check() { rows } else { rows.opened() }
            }
        };
        if let Some(filter) = &self.filter {
            let condition = search::lower(filter, &rows)?;
            rows = rows.filter(condition, planner)?;
        }
        Ok(rows)
    }
}

impl Command for InputLookup {
    fn needs(&self) -> Needs {
        Needs::default().make_any()
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        if !self.append {
            let message = "inputlookup stands first, or has `append=true`";
            return Err(Diagnostic::error("spl/syntax", message, self.table.span));
        }
        let more = self.rows(planner)?;
        append(vec![rows, more], planner)
    }

    fn generate(&self, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Option<Rows>, Diagnostic> {
        self.rows(planner).map(Some)
    }
}

/// All rows of a table, as `from lookup:TABLE` asks for.
pub(super) fn whole_table(table: Spanned<String>) -> Box<dyn Command> {
    Box::new(InputLookup { table, append: false, start: 0, max: None, filter: None })
}
