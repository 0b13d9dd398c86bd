//! Figures with a column for each value of a field: over another field, or over time.
use super::aggregation;
use super::continuous::{MOST_BINS, chosen, filled};
use super::pivot::{or_zero, pivot_to, ranked};
use super::prelude::*;
use super::span::{Width, bucket, width};
use crate::aggregates::AggregateCall;
use crate::expression::case;
use datafusion::prelude::lit;
use mynah_syntax::Span;

pub(super) static COMMANDS: [Entry; 2] = [
    command(
        "chart [limit=N] [useother=BOOL] [usenull=BOOL] FUNCTION(FIELD) ... OVER FIELD [BY FIELD] | BY FIELD [FIELD]",
        "As stats by the first field, with a column for each of the 10 largest values of the second, or N, OTHER for the rest and NULL for none.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/chart",
        chart,
    ),
    command(
        "timechart [span=SPAN | bins=N] [limit=N] [useother=BOOL] [usenull=BOOL] [cont=BOOL] FUNCTION(FIELD) ... [BY FIELD]",
        "As chart over buckets of time, from the first to the last.",
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
    /// How many of them there are at most, where nobody says how wide they are.
    bins: Option<usize>,
    /// Whether there is a row for each bucket.
    continuous: bool,
    series: Series,
}

/// Which values of the second field become columns.
#[derive(Debug)]
struct Series {
    /// How many; 0 for all.
    limit: usize,
    /// Whether the least are meant.
    bottom: bool,
    other: Option<String>,
    null: Option<String>,
    separator: String,
}

const OPTIONS: &[&str] = &[
    "limit",
    "useother",
    "usenull",
    "otherstr",
    "nullstr",
    "cont",
    "sep",
    "format",
    "span",
    "bins",
    "partial",
    "fixedrange",
    "minspan",
    "aligntime",
    "agg",
];

impl Chart {
    fn new(bins: Option<usize>) -> Chart {
        let series = Series {
            limit: 10,
            bottom: false,
            other: Some("OTHER".to_owned()),
            null: Some("NULL".to_owned()),
            separator: ": ".to_owned(),
        };
        Chart { calls: Vec::new(), row: None, split: None, width: None, bins, continuous: true, series }
    }

    /// Reads the options that stand here; those that only say how a chart is drawn are left aside.
    fn options(&mut self, arguments: &mut Arguments<'_>) -> Result<(), Diagnostic> {
        let series = &mut self.series;
        while let Some((name, value)) = arguments.option(OPTIONS)? {
            match name {
                "span" if value.node.eq_ignore_ascii_case("auto") => {}
                "span" => self.width = Some(width(&value)?),
                "bins" => self.bins = Some(whole(&value)?.max(2)),
                "cont" => self.continuous = truth(&value)?,
                "limit" => {
                    let lower = value.node.to_ascii_lowercase();
                    series.bottom = lower.starts_with("bottom");
                    let digits = lower.trim_start_matches("bottom").trim_start_matches("top").trim().to_owned();
                    series.limit = whole(&Spanned::new(digits, value.span))?;
                }
                "useother" if !truth(&value)? => series.other = None,
                "usenull" if !truth(&value)? => series.null = None,
                "otherstr" => series.other = series.other.take().map(|_| value.node),
                "nullstr" => series.null = series.null.take().map(|_| value.node),
                "sep" => series.separator = value.node,
                _ => {}
            }
        }
        Ok(())
    }
}

fn chart(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut chart = Chart::new(None);
    chart.options(arguments)?;
    chart.calls = aggregation::calls(arguments, &["by", "over"], "a function such as `count`")?;
    let mut fields = Vec::new();
    if arguments.keyword("over") {
        fields.push(arguments.field()?);
        chart.options(arguments)?;
    }
    if arguments.keyword("by") {
        while !arguments.is_empty() {
            chart.options(arguments)?;
            if arguments.at_keyword("where") {
                return Err(unsupported("`where` behind the fields of chart", arguments.rest()));
            }
            if !arguments.is_empty() && !arguments.symbol(',') {
                fields.push(arguments.field()?);
            }
        }
    }
    arguments.end()?;
    if let Some(third) = fields.get(2) {
        return Err(Diagnostic::error("spl/syntax", "chart takes two fields at most", third.span));
    }
    let mut fields = fields.into_iter();
    chart.row = fields.next();
    chart.split = fields.next();
    chart.continuous = false;
    if chart.row.as_ref().is_some_and(|row| row.node == "_time") && chart.bins.is_none() {
        chart.bins = Some(MOST_BINS);
    }
    planned(chart)
}

fn timechart(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut chart = Chart::new(Some(MOST_BINS));
    chart.options(arguments)?;
    chart.calls = aggregation::calls(arguments, &["by"], "a function such as `count`")?;
    if arguments.keyword("by") {
        chart.options(arguments)?;
        chart.split = Some(arguments.field()?);
        chart.options(arguments)?;
        if arguments.at_keyword("where") {
            return Err(unsupported("`where` behind the field of timechart", arguments.rest()));
        }
    }
    arguments.end()?;
    chart.row = Some(Spanned::new("_time".to_owned(), Span::default()));
    planned(chart)
}

fn planned(chart: Chart) -> Parsed {
    let fields = chart.row.iter().chain(&chart.split).cloned();
    let needs = aggregation::reads(&chart.calls, Needs::default()).read_all(fields).close();
    on_rows(needs, chart, |chart, rows, _, planner| chart.rows(rows, planner))
}

/// The functions that are 0 where there is nothing to calculate of.
const COUNTS: &[&str] = &["count", "c", "dc", "distinct_count", "estdc"];

impl Chart {
    /// The calls by row and split, with zero where a combination has none.
    fn rows(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let Some(Spanned { node: row, .. }) = &self.row else {
            return aggregation::aggregate(rows, &[], &self.calls, planner);
        };
        let mut rows = rows;
        let width = match (self.width, self.bins) {
            (Some(width), _) => Some(width),
            (None, Some(bins)) => Some(chosen(&rows, row, bins, planner)?),
            (None, None) => None,
        };
        if let Some(width) = width {
            let value = bucket(rows.column(row), width);
            rows = rows.with(vec![(row.clone(), value)], planner)?;
        }
        let counts = |call: &&AggregateCall| COUNTS.contains(&call.function.node.to_ascii_lowercase().as_str());
        let (rows, zeros) = match &self.split {
            None => {
                let zeros = self.calls.iter().filter(counts).map(AggregateCall::output_name).collect();
                (aggregation::aggregate(rows, std::slice::from_ref(row), &self.calls, planner)?, zeros)
            }
            Some(split) => {
                let rows = self.split(rows, row, &split.node, planner)?;
                let is_zero = self.calls.iter().all(|call| counts(&call));
                let zeros: Vec<String> = if is_zero { rows.names() } else { Vec::new() };
                let columns = rows.all().into_iter();
                let columns = columns.map(|(name, typed)| match zeros.contains(&name) && name != *row {
                    true => (name, or_zero(typed)),
                    false => (name, typed),
                });
                let columns = columns.collect();
                (rows.project(columns, planner)?, zeros)
            }
        };
        match width.filter(|_| self.continuous) {
            Some(width) => filled(rows, row, width, &zeros, planner),
            None => Ok(rows),
        }
    }

    /// A column for each of the values that are shown, and for the rest of them.
    fn split(&self, rows: Rows, row: &str, split: &str, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let Series { limit, bottom, other, null, separator } = &self.series;
        let key = rows.column(split);
        let mut rows = match key.ty {
            Type::Multi => super::multivalue::expand(rows, split, None, planner)?,
            _ => rows,
        };
        let key = Typed::new(rows.column(split).into_text(), Type::Text);
        let key = match null {
            Some(null) => or_keep(key, Typed::text(null)),
            None => key,
        };
        rows = rows.with(vec![(split.to_owned(), key)], planner)?;
        let groups = [row.to_owned(), split.to_owned()];
        let Some(call) = self.calls.first() else { return Ok(rows) };
        let one = aggregation::aggregate(rows.clone(), &groups, std::slice::from_ref(call), planner)?;
        let Some(mut found) = ranked(&one, split, &call.output_name(), planner)? else {
            let columns = vec![(row.to_owned(), rows.column(row))];
            return Ok(rows.project(columns, planner)?.opened());
        };
        if *bottom {
            found.reverse();
        }
        // What stands for no value counts to none of the limits.
        let without = found.iter().position(|text| Some(text) == null.as_ref()).map(|place| found.remove(place));
        let shown = if *limit == 0 { found.len() } else { (*limit).min(found.len()) };
        let rest = found.split_off(shown);
        found.sort();
        let value = mynah_dialect::column(split);
        let mut branches = Vec::new();
        let mut series = found.clone();
        if let Some(null) = &without {
            branches.push((value.clone().eq(lit(null.clone())), value.clone()));
        }
        if !rest.is_empty() {
            let is_shown = value.clone().in_list(found.iter().map(|text| lit(text.clone())).collect(), false);
            branches.push((is_shown, value.clone()));
            if let Some(other) = other {
                branches.push((value.clone().is_not_null(), lit(other.clone())));
                series.push(other.clone());
            }
        } else {
            branches.push((value.clone().is_not_null(), value));
        }
        let key = Typed::new(case(branches, None, Type::Text), Type::Text);
        rows = rows.with(vec![(split.to_owned(), key)], planner)?;
        let rows = aggregation::aggregate(rows, &groups, &self.calls, planner)?;
        series.extend(without);
        let values: Vec<String> = rows.names().into_iter().filter(|name| !groups.contains(name)).collect();
        pivot_to(rows, row, split, &values, &series, separator, planner)
    }
}
