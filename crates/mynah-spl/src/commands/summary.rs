//! What all rows together say of each field.
use super::field_list::expand_present;
use super::inputlookup::text_rows;
use super::prelude::*;
use crate::expression::{number_text, parse_number};
use crate::plan::finish;
use crate::search::cell_texts;
use datafusion::arrow::array::RecordBatch;
use serde_json::json;
use std::collections::HashMap;

pub(super) static COMMANDS: [Entry; 1] = [command(
    "fieldsummary [maxvals=N] [FIELD, ...]",
    "A row for each field: how many rows have it, its distinct values with their counts, and the figures of its numbers.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/fieldsummary",
    fieldsummary,
)];

const COLUMNS: [&str; 10] =
    ["field", "count", "distinct_count", "is_exact", "max", "mean", "min", "numeric_count", "stdev", "values"];

/// How many rows are summed up at most.
const MAX_ROWS: usize = 1_000_000;

fn fieldsummary(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut most = 100;
    while let Some((_, value)) = arguments.option(&["maxvals"])? {
        most = whole(&value)?;
    }
    let mut fields = arguments.fields_until(&[])?;
    if fields.is_empty() {
        fields.push(Spanned::new("*".to_owned(), arguments.name.span));
    }
    on_rows(Needs::of(&fields).close(), (most, fields), |(most, fields), rows, _, planner| {
        let columns: Vec<String> = COLUMNS.map(str::to_owned).to_vec();
        let mut names = expand_present(fields, &rows, planner)?;
        names.retain(|name| !name.starts_with('_') && rows.scope().get(name).is_some());
        names.sort();
        if names.is_empty() {
            return text_rows(&columns, &[], planner);
        }
        let chosen = names.iter().map(|name| (name.clone(), rows.column(name))).collect();
        let plan =
            finish(rows.with_order(Vec::new()).project(chosen, planner)?.first(MAX_ROWS + 1, planner)?, planner)?;
        let batches = planner.context.rows(&plan).map_err(|needed| needed.at(planner.at))?.unwrap_or_default();
        if batches.iter().map(RecordBatch::num_rows).sum::<usize>() > MAX_ROWS {
            let message = format!("fieldsummary sums up at most {MAX_ROWS} rows");
            return Err(Diagnostic::error("spl/too-many-rows", message, planner.at));
        }
        let lines: Vec<_> = names.iter().filter_map(|name| Summary::of(name, &batches)?.line(name, *most)).collect();
        text_rows(&columns, &lines, planner)
    })
}

#[derive(Default)]
struct Summary {
    count: usize,
    values: HashMap<String, usize>,
    numbers: Vec<f64>,
}

impl Summary {
    fn of(name: &str, batches: &[RecordBatch]) -> Option<Summary> {
        let mut summary = Summary::default();
        for batch in batches {
            let column = batch.column_by_name(name)?;
            for row in 0..batch.num_rows() {
                let values = cell_texts(column.as_ref(), row);
                summary.count += usize::from(!values.is_empty());
                for value in values {
                    summary.numbers.extend(parse_number(&value));
                    *summary.values.entry(value).or_default() += 1;
                }
            }
        }
        Some(summary)
    }

    /// The row of a field; none of a field without values.
    fn line(self, name: &str, most: usize) -> Option<Vec<Option<String>>> {
        if self.count == 0 {
            return None;
        }
        let mut values: Vec<(&String, &usize)> = self.values.iter().collect();
        values.sort_by(|(left, of_left), (right, of_right)| of_right.cmp(of_left).then(left.cmp(right)));
        let shown = if most == 0 { values.len() } else { most };
        let shown: Vec<_> =
            values.iter().take(shown).map(|(value, count)| json!({"value": value, "count": count})).collect();
        let numbers = &self.numbers;
        let count = numbers.len() as f64;
        let figure = |value: f64| (!numbers.is_empty()).then(|| number_text(value));
        let mean = numbers.iter().sum::<f64>() / count;
        let squares: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
        let deviation = if count > 1.0 { (squares / (count - 1.0)).sqrt() } else { 0.0 };
        Some(vec![
            Some(name.to_owned()),
            Some(self.count.to_string()),
            Some(self.values.len().to_string()),
            Some("1".to_owned()),
            figure(numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
            figure(mean),
            figure(numbers.iter().copied().fold(f64::INFINITY, f64::min)),
            Some(numbers.len().to_string()),
            figure(deviation),
            Some(serde_json::Value::from(shown).to_string()),
        ])
    }
}
