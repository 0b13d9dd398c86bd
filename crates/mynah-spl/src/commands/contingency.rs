//! How often the values of two fields occur together.
use super::aggregation;
use super::inputlookup::text_rows;
use super::prelude::*;
use crate::aggregates::AggregateCall;
use crate::plan::finish;
use crate::search::cell_texts;
use datafusion::arrow::array::RecordBatch;
use std::collections::HashMap;

pub(super) static COMMANDS: [Entry; 1] = [aliased(
    &["ctable", "counttable"],
    command(
        "contingency [maxrows=N] [maxcols=N] [mincolcover=NUMBER] [minrowcover=NUMBER] [usetotal=BOOL] [totalstr=TEXT] FIELD FIELD",
        "A row for each value of the first field and a column for each of the second, with the count of the events that have both; the most frequent first.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/contingency",
        contingency,
    ),
)];

#[derive(Debug)]
struct Contingency {
    fields: [String; 2],
    /// How many values have rows and columns at most, and which share of the events is enough.
    rows: Cover,
    columns: Cover,
    /// The name of the row and the column of sums.
    total: Option<String>,
}

#[derive(Debug, Clone, Copy)]
struct Cover {
    most: usize,
    share: f64,
}

/// How many values a table shows where the query does not say, and at most.
const MOST: usize = 1_000;

fn contingency(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut fields = Vec::new();
    let (mut rows, mut columns) = (Cover { most: MOST, share: 1.0 }, Cover { most: MOST, share: 1.0 });
    let (mut with_total, mut total) = (true, "TOTAL".to_owned());
    while !arguments.is_empty() {
        let options = ["maxrows", "maxcols", "mincolcover", "minrowcover", "usetotal", "totalstr"];
        let Some((name, value)) = arguments.option(&options)? else {
            if !arguments.symbol(',') {
                fields.push(arguments.field()?);
            }
            continue;
        };
        match name {
            "maxrows" => rows.most = most(&value)?,
            "maxcols" => columns.most = most(&value)?,
            "minrowcover" => rows.share = share(&value)?,
            "mincolcover" => columns.share = share(&value)?,
            "usetotal" => with_total = truth(&value)?,
            _ => total = value.node,
        }
    }
    let needs = Needs::of(&fields).close();
    let Ok([row, column]) = <[Spanned<String>; 2]>::try_from(fields) else {
        return Err(arguments.wrong(arguments.name.span, "two fields"));
    };
    let contingency =
        Contingency { fields: [row.node, column.node], rows, columns, total: with_total.then_some(total) };
    on_rows(needs, contingency, |contingency, rows, _, planner| contingency.table(rows, planner))
}

/// A number of values; 0 for as many as there may be.
fn most(value: &Spanned<String>) -> Result<usize, Diagnostic> {
    Ok(match whole(value)? {
        0 => MOST,
        count => count.min(MOST),
    })
}

fn share(value: &Spanned<String>) -> Result<f64, Diagnostic> {
    let wrong = || Diagnostic::error("spl/syntax", format!("`{}` is no share from 0 to 1", value.node), value.span);
    value.node.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or_else(wrong)
}

/// How often two values occur together.
type Counts = HashMap<(String, String), f64>;

impl Contingency {
    fn table(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let at = planner.at;
        let (count, _) = AggregateCall::parse_prefix("count", at.start)?;
        let counted = aggregation::aggregate(rows, &self.fields, &[count], planner)?;
        let plan = finish(counted, planner)?;
        let Some(batches) = planner.context.rows(&plan).map_err(|needed| needed.at(at))? else {
            return Ok(text_rows(&self.fields[..1], &[], planner)?.opened());
        };
        let counts = counts(&batches);
        let rows = self.rows.chosen(&counts, |(row, _)| row);
        let columns = self.columns.chosen(&counts, |(_, column)| column);
        let number = |row: &str, column: &str| counts.get(&(row.to_owned(), column.to_owned())).copied().unwrap_or(0.0);
        let mut lines: Vec<(String, Vec<f64>)> =
            rows.iter().map(|row| (row.clone(), columns.iter().map(|column| number(row, column)).collect())).collect();
        let mut names: Vec<String> = self.fields.iter().take(1).cloned().chain(columns).collect();
        if let Some(total) = &self.total {
            let mut sums = vec![0.0; names.len() - 1];
            for (_, line) in &mut lines {
                sums.iter_mut().zip(line.iter()).for_each(|(sum, number)| *sum += number);
                line.push(line.iter().sum());
            }
            sums.push(sums.iter().sum());
            lines.push((total.clone(), sums));
            names.push(total.clone());
        }
        let texts = lines.into_iter().map(|(name, numbers)| {
            [Some(name)].into_iter().chain(numbers.iter().map(|number| Some(number.to_string()))).collect()
        });
        let table = text_rows(&names, &texts.collect::<Vec<Vec<Option<String>>>>(), planner)?;
        let numbers = names.into_iter().skip(1).map(|name| {
            let number = Typed::new(table.column(&name).into_number(), Type::Number);
            (name, number)
        });
        let numbers = numbers.collect();
        table.with(numbers, planner)
    }
}

fn counts(batches: &[RecordBatch]) -> Counts {
    let mut counts = Counts::new();
    for batch in batches {
        let [row, column, count] = batch.columns() else { continue };
        for at in 0..batch.num_rows() {
            let text = |column: &dyn datafusion::arrow::array::Array| cell_texts(column, at).join("\n");
            let number = text(count).parse().unwrap_or(0.0);
            *counts.entry((text(row), text(column))).or_insert(0.0) += number;
        }
    }
    counts
}

impl Cover {
    /// The most frequent values, until they have the share of the events that is enough; of equally frequent ones the first.
    fn chosen(self, counts: &Counts, of: fn(&(String, String)) -> &String) -> Vec<String> {
        let mut sums: HashMap<&String, f64> = HashMap::new();
        for (pair, count) in counts {
            *sums.entry(of(pair)).or_insert(0.0) += count;
        }
        let all: f64 = sums.values().sum();
        let mut sums: Vec<(&String, f64)> = sums.into_iter().collect();
        sums.sort_by(|left, right| right.1.total_cmp(&left.1).then_with(|| left.0.cmp(right.0)));
        let mut covered = 0.0;
        let enough = sums.into_iter().take(self.most).take_while(|(_, count)| {
            let wanted = covered < self.share * all;
            covered += count;
            wanted
        });
        enough.map(|(value, _)| value.clone()).collect()
    }
}
