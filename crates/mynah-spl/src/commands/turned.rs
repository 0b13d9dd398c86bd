//! Columns of other rows beside these, and rows turned into columns.
use super::inputlookup::text_rows;
use super::prelude::*;
use super::subsearch::{first_rows, most_rows};
use super::windowed::{Over, with_window};
use crate::pipeline::{self, Pipeline};
use crate::plan::{Key, finish};
use crate::search::cell_texts;
use datafusion::arrow::array::RecordBatch;
use datafusion::common::{Column, JoinType};
use datafusion::functions::expr_fn::coalesce;
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::LogicalPlanBuilder;
use mynah_dialect::column;

pub(super) static COMMANDS: [Entry; 2] = [
    bracketed(command(
        "appendcols [override=BOOL] [SUBSEARCH]",
        "The subsearch's fields beside the others, row by row.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/appendcols",
        appendcols,
    )),
    command(
        "transpose [N] [column_name=NAME] [header_field=FIELD] [include_empty=BOOL]",
        "A row for each field and a column for each of the first 5 rows, or N rows, 0 for all.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/transpose",
        transpose,
    ),
];

fn appendcols(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    let (mut replace, mut most) = (false, None);
    loop {
        most = most_rows(arguments)?.or(most);
        let Some((_, value)) = arguments.option(&["override"])? else { break };
        replace = truth(&value)?;
    }
    let inner = arguments.subsearch()?;
    arguments.end()?;
    let pipeline = pipeline::parse(parsing, inner)?;
    on_rows_with_parts(
        Needs::default().make_any(),
        (pipeline, replace, most),
        part,
        |(pipeline, replace, most), rows, wanted, planner| {
            let other = first_rows(planner.pipeline(pipeline, wanted)?, *most, planner)?;
            beside(rows, other, *replace, planner)
        },
    )
}

fn part((pipeline, ..): &(Pipeline, bool, Option<usize>)) -> Vec<Part<'_>> {
    vec![Part::Pipeline(pipeline)]
}

/// The rows of both sides, the first with the first and so on.
fn beside(rows: Rows, other: Rows, replace: bool, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let open = rows.scope().open || other.scope().open;
    let rows = rows.with_one_name(planner)?;
    let columns = rows.all();
    let (rows, mine) = with_window(rows, row_number(), Over::default(), planner)?;
    let (other, number) = with_window(other.with_one_name(planner)?, row_number(), Over::default(), planner)?;
    let (theirs, mut right, mut added) = (planner.fresh("row"), Vec::new(), Vec::new());
    right.push(column(&number).alias(&theirs));
    for (name, typed) in other.all().into_iter().filter(|(name, _)| !name.starts_with('_')) {
        let hidden = planner.fresh("joined");
        added.push((name, hidden.clone(), typed.ty));
        right.push(typed.expr.alias(hidden));
    }
    let right = LogicalPlanBuilder::from(other.plan().clone()).project(right).and_then(LogicalPlanBuilder::build);
    let right = right.map_err(|error| planner.failed(&error))?;
    let keys = (vec![Column::from_name(&mine)], vec![Column::from_name(&theirs)]);
    let place = planner.fresh("place");
    let joined = rows.with_order(Vec::new()).map_plan(planner, |plan| plan.join(right, JoinType::Full, keys, None))?;
    let mut columns = columns;
    for (name, hidden, ty) in added {
        let theirs = Typed::new(column(&hidden), ty);
        match columns.iter_mut().find(|(known, _)| *known == name) {
            Some(known) if replace => known.1 = or_keep(theirs, known.1.clone()),
            Some(known) => known.1 = or_keep(known.1.clone(), theirs),
            None => columns.push((name, theirs)),
        }
    }
    let number = coalesce(vec![column(&mine), column(&theirs)]);
    let joined = joined.with_hidden(vec![(place.clone(), number)], planner)?;
    let joined = joined.with_order(vec![Key::ascending(place)]).project(columns, planner)?;
    Ok(if open { joined.opened() } else { joined })
}

/// How many rows become columns where the query does not say, and at most.
const DEFAULT_ROWS: usize = 5;
const MAX_ROWS: usize = 1_000;

#[derive(Debug)]
struct Transpose {
    count: usize,
    column_name: String,
    header: Option<Spanned<String>>,
    include_empty: bool,
}

fn transpose(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut transpose =
        Transpose { count: DEFAULT_ROWS, column_name: "column".to_owned(), header: None, include_empty: true };
    while !arguments.is_empty() {
        if let Some((name, value)) = arguments.option(&["column_name", "header_field", "include_empty"])? {
            match name {
                "column_name" => transpose.column_name = value.node,
                "header_field" => transpose.header = Some(value),
                _ => transpose.include_empty = truth(&value)?,
            }
            continue;
        }
        match arguments.next()? {
            Some(Spanned { node: Token::Word(count), span }) => {
                transpose.count = match whole(&Spanned::new(count, span))? {
                    0 => MAX_ROWS,
                    count => count.min(MAX_ROWS),
                }
            }
            Some(other) => return Err(arguments.wrong(other.span, "a number of rows")),
            None => break,
        }
    }
    let needs = Needs::of(&transpose.header).close();
    on_rows(needs, transpose, |transpose, rows, _, planner| transpose.turned(rows, planner))
}

impl Transpose {
    fn turned(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let at = planner.at;
        let plan = finish(rows.first(self.count + 1, planner)?, planner)?;
        let found = planner.context.rows(&plan).map_err(|needed| needed.at(at))?;
        let Some(batches) = found else {
            return Ok(text_rows(std::slice::from_ref(&self.column_name), &[], planner)?.opened());
        };
        let all: usize = batches.iter().map(RecordBatch::num_rows).sum();
        if all > self.count && self.count == MAX_ROWS {
            let message = format!("transpose turns at most {MAX_ROWS} rows into columns");
            return Err(Diagnostic::error("spl/too-many-columns", message, at));
        }
        let count = all.min(self.count);
        let names: Vec<String> = plan.schema().fields().iter().map(|field| field.name().clone()).collect();
        let cell = |name: &str, row: usize| {
            let mut row = row;
            let batch = batches.iter().find(|batch| {
                let here = row < batch.num_rows();
                row -= if here { 0 } else { batch.num_rows() };
                here
            })?;
            let texts = cell_texts(batch.column_by_name(name)?.as_ref(), row);
            (!texts.is_empty()).then(|| texts.join("\n"))
        };
        let header = self.header.as_ref().map(|header| header.node.as_str());
        let titles = (0..count).map(|row| match header.and_then(|header| cell(header, row)) {
            Some(title) => title,
            None => format!("row {}", row + 1),
        });
        let columns: Vec<String> = [self.column_name.clone()].into_iter().chain(titles).collect();
        let visible =
            names.iter().filter(|name| Some(name.as_str()) != header && (!name.starts_with('_') || *name == "_time"));
        let lines = visible.map(|name| -> Vec<Option<String>> {
            [Some(name.clone())].into_iter().chain((0..count).map(|row| cell(name, row))).collect()
        });
        let lines: Vec<Vec<Option<String>>> =
            lines.filter(|line| self.include_empty || line.iter().skip(1).any(Option::is_some)).collect();
        text_rows(&columns, &lines, planner)
    }
}
