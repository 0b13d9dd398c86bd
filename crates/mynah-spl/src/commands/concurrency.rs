//! How many events are in progress when each begins.
use super::prelude::*;
use datafusion::arrow::array::{ArrayRef, AsArray, Float64Array, PrimitiveArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Float64Type};
use datafusion::common::exec_err;
use datafusion::logical_expr::LogicalPlanBuilder;
use mynah_dialect::column;
use mynah_kernels::{Picked, WholeRows, whole_rows};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

pub(super) static COMMANDS: [Entry; 1] = [command(
    "concurrency duration=FIELD [start=FIELD] [output=NAME]",
    "How many events are in progress when each begins, itself among them: those that began no later and last until then at least.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/concurrency",
    concurrency,
)];

fn concurrency(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let (mut duration, mut start, mut output) = (None, None, "concurrency".to_owned());
    while let Some((name, value)) = arguments.option(&["duration", "start", "output"])? {
        match name {
            "duration" => duration = Some(value),
            "start" => start = Some(value),
            _ => output = value.node,
        }
    }
    arguments.end()?;
    let at = arguments.name.span;
    let Some(duration) = duration else { return Err(arguments.wrong(at, "`duration=` and a field")) };
    let start = start.unwrap_or_else(|| Spanned::new("_time".to_owned(), at));
    let needs = Needs::of([&duration, &start]).make(&output);
    on_rows(needs, (duration.node, start.node, output), |(duration, start, output), rows, _, planner| {
        let rows = rows.with_one_name(planner)?;
        let open = rows.scope().open;
        let operator =
            Concurrency { count: planner.fresh("count"), start: planner.fresh("start"), end: planner.fresh("end") };
        let first = rows.column(start).into_number();
        let hidden = vec![
            (operator.start.clone(), first.clone()),
            (operator.end.clone(), first + rows.column(duration).into_number()),
        ];
        let count = Typed::new(column(&operator.count), Type::Number);
        let rows = rows.with_hidden(hidden, planner)?;
        let rows = rows.map_plan(planner, |plan| Ok(LogicalPlanBuilder::from(whole_rows(operator, plan.build()?)?)))?;
        let rows = rows.with(vec![(output.clone(), count)], planner)?;
        Ok(if open { rows.opened() } else { rows })
    })
}

/// Counts the rows whose span of time holds the beginning of each.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Concurrency {
    /// The added column.
    count: String,
    /// The columns that it reads: where the rows begin and end.
    start: String,
    end: String,
}

impl WholeRows for Concurrency {
    const NAME: &'static str = "spl.concurrency";

    fn title(&self) -> &str {
        "Concurrency"
    }

    fn added(&self) -> Vec<Field> {
        vec![Field::new(&self.count, DataType::Float64, true)]
    }

    fn pick(&self, rows: &RecordBatch) -> datafusion::common::Result<Picked> {
        let numbers = |name: &str| match rows.column_by_name(name) {
            Some(column) => Ok(column.as_primitive::<Float64Type>()),
            None => exec_err!("concurrency lacks the column {name}"),
        };
        let counts = counts(numbers(&self.start)?, numbers(&self.end)?);
        let all = (0..u32::try_from(rows.num_rows()).unwrap_or(u32::MAX)).collect();
        Ok(Picked { rows: all, added: vec![Arc::new(counts) as ArrayRef] })
    }
}

/// For each row how many spans hold its beginning; nothing where it lacks a bound.
fn counts(starts: &PrimitiveArray<Float64Type>, ends: &PrimitiveArray<Float64Type>) -> Float64Array {
    let spans = || starts.iter().zip(ends.iter()).map(|(start, end)| start.zip(end));
    let (mut begun, mut over): (Vec<f64>, Vec<f64>) = spans().flatten().unzip();
    begun.sort_by(f64::total_cmp);
    over.sort_by(f64::total_cmp);
    let count = |(start, _): (f64, f64)| {
        let begun = begun.partition_point(|other| *other <= start);
        // A span that ends before it begins holds nothing.
        (begun as f64 - over.partition_point(|other| *other < start) as f64).max(1.0)
    };
    spans().map(|span| span.map(count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_hold_both_their_ends() {
        let starts = Float64Array::from(vec![Some(10.0), Some(20.0), Some(35.0), None, Some(20.0)]);
        let ends = Float64Array::from(vec![Some(20.0), Some(34.0), Some(35.0), Some(1.0), Some(20.0)]);
        let expected = Float64Array::from(vec![Some(1.0), Some(3.0), Some(1.0), None, Some(3.0)]);
        assert_eq!(counts(&starts, &ends), expected);
    }
}
