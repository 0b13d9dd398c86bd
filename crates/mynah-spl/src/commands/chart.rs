//! Figures with a column for each value of a field: over another field, or over time.
use super::aggregation;
use super::pivot::{or_zero, pivot};
use super::prelude::*;
use super::span::{Width, bucket, width};
use crate::aggregates::AggregateCall;
use mynah_syntax::Span;

pub(super) static COMMANDS: [Entry; 2] = [
    command(
        "chart FUNCTION(FIELD) ... OVER FIELD [BY FIELD] | BY FIELD [FIELD]",
        "As stats by the first field, with a column for each value of the second.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/chart",
        chart,
    ),
    command(
        "timechart span=SPAN FUNCTION(FIELD) ... [BY FIELD]",
        "As chart over buckets of time. Buckets without events have no row.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/timechart",
        timechart,
    ),
];

#[derive(Debug)]
struct Chart {
    calls: Vec<AggregateCall>,
    row: Option<Spanned<String>>,
    split: Option<Spanned<String>>,
    /// How wide the buckets of `row` are.
    width: Option<Width>,
}

/// Reads the options that stand here; those that only say how a chart is drawn are left aside.
fn options(arguments: &mut Arguments<'_>, more: &[&'static str], found: &mut Option<Width>) -> Result<(), Diagnostic> {
    let names = ["limit", "useother", "usenull", "otherstr", "nullstr", "cont", "sep", "format", "span"];
    while let Some((name, value)) = arguments.option(&[&names, more].concat())? {
        if name == "span" {
            *found = Some(width(&value)?);
        } else if name == "limit" && value.node != "0" {
            let message = "a `limit` of columns is not supported: all are shown";
            return Err(Diagnostic::error("spl/unsupported-option", message, value.span));
        }
    }
    Ok(())
}

fn chart(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut width = None;
    let mut options = |arguments: &mut Arguments<'_>| options(arguments, &["agg"], &mut width);
    options(arguments)?;
    let calls = aggregation::calls(arguments, &["by", "over"], "a function such as `count`")?;
    let mut fields = Vec::new();
    if arguments.keyword("over") {
        fields.push(arguments.field()?);
        options(arguments)?;
    }
    if arguments.keyword("by") {
        while !arguments.is_empty() {
            options(arguments)?;
            if !arguments.is_empty() && !arguments.symbol(',') {
                fields.push(arguments.field()?);
            }
        }
    }
    arguments.end()?;
    if let Some(third) = fields.get(2) {
        return Err(Diagnostic::error("spl/syntax", "chart takes two fields at most", third.span));
    }
    let needs = aggregation::reads(&calls, Needs::default()).read_all(fields.iter().cloned()).close();
    let mut fields = fields.into_iter();
    on_rows(needs, Chart { calls, row: fields.next(), split: fields.next(), width }, charted)
}

fn timechart(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut width = None;
    let mut options =
        |arguments: &mut Arguments<'_>| options(arguments, &["bins", "partial", "fixedrange", "minspan"], &mut width);
    options(arguments)?;
    let calls = aggregation::calls(arguments, &["by"], "a function such as `count`")?;
    let mut split = None;
    if arguments.keyword("by") {
        options(arguments)?;
        split = Some(arguments.field()?);
        options(arguments)?;
    }
    arguments.end()?;
    if width.is_none() {
        return Err(unsupported("timechart without `span=`", arguments.name.span)
            .with_help("Splunk chooses a span from the search's time range: write one, such as `span=1h`"));
    }
    let row = Some(Spanned::new("_time".to_owned(), Span::default()));
    let needs = aggregation::reads(&calls, Needs::default()).read_all(split.iter().chain(&row).cloned()).close();
    on_rows(needs, Chart { calls, row, split, width }, charted)
}

/// The calls by row and split, with zero where a combination has none.
fn charted(chart: &Chart, rows: Rows, _: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let Some(Spanned { node: row, .. }) = &chart.row else {
        return aggregation::aggregate(rows, &[], &chart.calls, planner);
    };
    let mut rows = rows;
    if let Some(width) = chart.width {
        let value = bucket(rows.column(row), width);
        rows = rows.with(vec![(row.clone(), value)], planner)?;
    }
    let groups: Vec<String> = chart.row.iter().chain(&chart.split).map(|field| field.node.clone()).collect();
    let rows = aggregation::aggregate(rows, &groups, &chart.calls, planner)?;
    let Some(split) = &chart.split else { return Ok(rows) };
    let values: Vec<String> = rows.names().into_iter().filter(|name| !groups.contains(name)).collect();
    let rows = pivot(rows, row, &split.node, &values, planner)?;
    let counts = ["count", "c", "dc", "distinct_count", "sum"];
    if !chart.calls.iter().all(|call| counts.contains(&call.function.node.as_str())) {
        return Ok(rows);
    }
    let columns = rows.all().into_iter();
    let columns = columns.map(|(name, typed)| if name == *row { (name, typed) } else { (name, or_zero(typed)) });
    let columns = columns.collect();
    rows.project(columns, planner)
}
