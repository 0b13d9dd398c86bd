//! Figures with a column for each value of a field: over another field, or over time.
use super::aggregation;
use super::continuous::{Choice, chosen, filled};
use super::pivot::or_zero;
use super::prelude::*;
use super::series::Series;
use super::span::{AlignTime, Buckets, Width, align_time, span};
use crate::aggregates::{AggregateCall, Argument};
use crate::functions::time::now;
use crate::plan::TimeRange;
use datafusion::prelude::lit;
use mynah_dialect::all_of;
use mynah_syntax::Span;

pub(super) static COMMANDS: [Entry; 2] = [
    command(
        "chart [limit=N] [useother=BOOL] [usenull=BOOL] [cont=BOOL] FUNCTION(FIELD) ... OVER FIELD [BY FIELD] | BY FIELD [FIELD] [WHERE FUNCTION in topN | < N]",
        "As stats by the first field, in buckets if they have a span, empty ones too; with a column for each of the 10 largest values of the second, or N, OTHER for the rest and NULL for none.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/chart",
        chart,
    ),
    command(
        "timechart [span=SPAN | bins=N] [limit=N] [useother=BOOL] [usenull=BOOL] [cont=BOOL] FUNCTION(FIELD) ... [BY FIELD [WHERE FUNCTION in topN | < N]]",
        "As chart over buckets of time, from the first to the last.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/timechart",
        timechart,
    ),
];

#[derive(Debug)]
struct Chart {
    calls: Vec<AggregateCall>,
    /// The figure of `agg=`: by which series are chosen, or the only one.
    agg: Option<AggregateCall>,
    row: Option<Spanned<String>>,
    split: Option<Spanned<String>>,
    /// The buckets of `row`.
    bins: Bins,
    /// The buckets of `split`.
    split_bins: Bins,
    /// Whether there is a row for each bucket.
    continuous: bool,
    /// Whether these go from bound to bound of the search's time range.
    fixed_range: bool,
    /// Whether buckets stay that reach over a bound of it.
    partial: bool,
    /// Whether each of a field's several values counts once.
    distinct: bool,
    series: Series,
}

/// What the query says of the buckets of a field.
#[derive(Debug, Default)]
struct Bins {
    buckets: Option<Buckets>,
    align: Option<AlignTime>,
    choice: Choice,
    /// Whether there are buckets even where nobody says how wide they are.
    always: bool,
}

impl Bins {
    /// Takes an option, if it is one of buckets.
    fn option(&mut self, name: &str, value: &Spanned<String>) -> Result<bool, Diagnostic> {
        match name {
            "span" if value.node.eq_ignore_ascii_case("auto") => {}
            "span" => self.buckets = Some(span(value)?),
            "aligntime" => self.align = Some(align_time(value)?),
            "bins" | "minspan" | "start" | "end" => {
                self.choice.option(name, value)?;
                self.always |= name != "minspan";
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The rows whose values lie between the ends, where there are some. Those of times are the search's.
    fn within(&self, rows: Rows, field: &str, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        if field == "_time" {
            return Ok(rows);
        }
        let number = rows.column(field).into_number();
        match all_of(self.choice.bounds(&number)) {
            Some(condition) => rows.filter(condition, planner),
            None => Ok(rows),
        }
    }

    /// The buckets of a field, if it is put into some.
    fn of(&self, rows: &Rows, field: &str, planner: &mut Planner<'_>) -> Result<Option<Buckets>, Diagnostic> {
        let buckets = match &self.buckets {
            Some(buckets) => buckets.clone(),
            None if self.always => chosen(rows, field, &self.choice, planner)?.into(),
            None => return Ok(None),
        };
        Ok(Some(buckets.aligned(self.align.as_ref(), &planner.range)))
    }
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
    "start",
    "end",
    "partial",
    "fixedrange",
    "minspan",
    "aligntime",
    "dedup_splitvals",
    "dedup_splitval",
];

impl Chart {
    fn new() -> Chart {
        Chart {
            calls: Vec::new(),
            agg: None,
            row: None,
            split: None,
            bins: Bins::default(),
            split_bins: Bins::default(),
            continuous: true,
            fixed_range: true,
            partial: true,
            distinct: false,
            series: Series::default(),
        }
    }

    /// Reads the functions behind the options, of which there is one, unless `agg=` has said it; else that is what series are
    /// chosen by.
    fn calls(&mut self, arguments: &mut Arguments<'_>, keywords: &[&str]) -> Result<(), Diagnostic> {
        while let Some(call) = aggregation::next_call(arguments, keywords)? {
            self.calls.push(call);
        }
        match (self.calls.is_empty(), self.agg.take()) {
            (true, Some(agg)) => self.calls.push(agg),
            (false, Some(agg)) => self.series.choose_by(agg),
            (true, None) => return Err(arguments.wrong(arguments.rest(), "a function such as `count`")),
            (false, None) => {}
        }
        Ok(())
    }

    /// Reads the options that stand here; those that only say how a chart is drawn are left aside. Behind the second field they
    /// are of its buckets.
    fn options(&mut self, arguments: &mut Arguments<'_>, behind_split: bool) -> Result<(), Diagnostic> {
        loop {
            let mut ahead = arguments.clone();
            if ahead.keyword("agg") && ahead.symbol('=') {
                *arguments = ahead;
                self.agg = aggregation::next_call(arguments, &["by", "over"])?;
                continue;
            }
            let Some((name, value)) = arguments.option(OPTIONS)? else { break };
            let bins = if behind_split { &mut self.split_bins } else { &mut self.bins };
            match name {
                _ if bins.option(name, &value)? => {}
                "cont" => self.continuous = truth(&value)?,
                "partial" => self.partial = truth(&value)?,
                "fixedrange" => self.fixed_range = truth(&value)?,
                "dedup_splitvals" | "dedup_splitval" => self.distinct = truth(&value)?,
                _ => self.series.option(name, value)?,
            }
        }
        if behind_split && arguments.keyword("where") {
            self.series.condition(arguments)?;
            self.options(arguments, true)?;
        }
        Ok(())
    }
}

fn chart(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    let mut chart = Chart::new();
    (chart.bins.choice, chart.split_bins.choice) = (Choice::of(300), Choice::of(300));
    chart.options(arguments, false)?;
    chart.calls(arguments, &["by", "over"])?;
    let mut fields = Vec::new();
    if arguments.keyword("over") {
        fields.push(arguments.field()?);
        chart.options(arguments, false)?;
    }
    if arguments.keyword("by") {
        while !arguments.is_empty() {
            chart.options(arguments, fields.len() > 1)?;
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
    // Only timechart goes from bound to bound of the search's time range.
    chart.fixed_range = false;
    chart.bins.always |= chart.row.as_ref().is_some_and(|row| row.node == "_time");
    planned(chart, parsing)
}

fn timechart(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    let mut chart = Chart::new();
    chart.options(arguments, false)?;
    chart.calls(arguments, &["by"])?;
    if arguments.keyword("by") {
        chart.options(arguments, false)?;
        chart.split = Some(arguments.field()?);
        chart.options(arguments, true)?;
    }
    arguments.end()?;
    chart.bins.always = true;
    chart.row = Some(Spanned::new("_time".to_owned(), Span::default()));
    planned(chart, parsing)
}

fn planned(chart: Chart, parsing: &mut Parsing<'_>) -> Parsed {
    if let (Some(row), true) = (&chart.row, chart.bins.always || chart.bins.buckets.is_some())
        && let Some(call) = chart.calls.iter().find(|call| is_of(call, &row.node))
    {
        let message = format!("Splunk takes no figure of `{}`, whose buckets are the rows", row.node);
        let warning = Diagnostic::warning("spl/figure-of-rows", message, call.span);
        parsing.diagnostics.push(warning.with_help("calculate it of a copy: `eval copy=...` before this command"));
    }
    let fields = chart.row.iter().chain(&chart.split).cloned();
    let by = chart.series.chosen_by().map(std::slice::from_ref).unwrap_or_default();
    let needs = aggregation::reads(by, aggregation::reads(&chart.calls, Needs::default())).read_all(fields).close();
    on_rows(needs, chart, |chart, rows, _, planner| chart.rows(rows, planner))
}

fn is_of(call: &AggregateCall, field: &str) -> bool {
    matches!(&call.argument, Some(Argument::Field(of)) if of.node == field)
}

/// The rows of buckets that lie in the search's time range with all their width.
fn whole_buckets(rows: Rows, buckets: &Buckets, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let (start, range) = (rows.column("_time").into_number(), planner.range.clone());
    let end = match buckets.width {
        Width::Units(units) => start.clone() + lit(units),
        // No bucket of months has more days.
        Width::Months(months) => {
            buckets.of(Typed::new(start.clone() + lit(f64::from(months) * 31.0 * 86_400.0), Type::Number)).expr
        }
        Width::Log { .. } => return Ok(rows),
    };
    let latest = range.latest.or(range.earliest.is_some().then(|| now().expr));
    let within = [range.earliest.map(|bound| start.gt_eq(bound)), latest.map(|bound| end.lt_eq(bound))];
    match all_of(within.into_iter().flatten().collect()) {
        Some(condition) => rows.filter(condition, planner),
        None => Ok(rows),
    }
}

/// The functions that are 0 where there is nothing to calculate of.
const COUNTS: &[&str] = &["count", "c", "dc", "distinct_count", "estdc"];

/// The functions of a sum for each span of time, and the span in seconds.
const RATES: &[(&str, f64)] =
    &[("per_second", 1.0), ("per_minute", 60.0), ("per_hour", 3_600.0), ("per_day", 86_400.0)];

/// By what figures are multiplied, by their names.
type Factors = Vec<(String, f64)>;

impl Chart {
    /// The calls by row and split, with zero where a combination has none.
    fn rows(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let Some(Spanned { node: row, .. }) = &self.row else {
            return aggregation::aggregate(rows, &[], &self.calls, planner);
        };
        let mut rows = rows;
        if self.distinct {
            let fields: Vec<String> = self.row.iter().chain(&self.split).map(|field| field.node.clone()).collect();
            rows = aggregation::with_distinct_values(rows, &fields, planner)?;
        }
        rows = self.bins.within(rows, row, planner)?;
        if let Some(split) = &self.split {
            rows = self.split_bins.within(rows, &split.node, planner)?;
        }
        let buckets = self.bins.of(&rows, row, planner)?;
        // The figures are of the field's own values, not of its buckets.
        let key = match &buckets {
            Some(buckets) => {
                let (key, value) = (planner.fresh("bucket"), buckets.of(rows.column(row)));
                rows = rows.with(vec![(key.clone(), value)], planner)?;
                key
            }
            None => row.clone(),
        };
        let (calls, rates) = self.without_rates(buckets.as_ref())?;
        // Each column of the result, by the call that it is of.
        let (rows, columns) = match &self.split {
            None => {
                let columns = calls.iter().map(|call| (call.output_name(), call.output_name())).collect();
                (aggregation::aggregate(rows, std::slice::from_ref(&key), &calls, planner)?, columns)
            }
            Some(split) => {
                let buckets = self.split_bins.of(&rows, &split.node, planner)?;
                let range = buckets.map(|buckets| buckets.range(buckets.of(rows.column(&split.node))));
                self.series.split(rows, &key, (&split.node, range), &calls, planner)?
            }
        };
        let is_count = |call: &AggregateCall| COUNTS.contains(&call.function.node.to_ascii_lowercase().as_str());
        let of = |name: &String| columns.iter().find(|(column, _)| column == name).map(|(_, call)| call);
        let zeros: Vec<String> = columns
            .iter()
            .filter(|(_, of)| calls.iter().any(|call| is_count(call) && call.output_name() == *of))
            .map(|(column, _)| column.clone())
            .collect();
        let all = rows.all().into_iter().map(|(name, typed)| {
            let rate = of(&name).and_then(|call| rates.iter().find(|(name, _)| name == call));
            match rate {
                _ if zeros.contains(&name) => (name, or_zero(typed)),
                Some((_, factor)) => (name, Typed::new(typed.into_number() * lit(*factor), Type::Number)),
                None if name == key => (row.clone(), typed),
                None => (name, typed),
            }
        });
        let all = all.collect();
        let mut rows = rows.project(all, planner)?;
        let Some(buckets) = buckets else { return Ok(rows) };
        if self.continuous {
            let range = if self.fixed_range { planner.range.clone() } else { TimeRange::default() };
            rows = filled(rows, row, &buckets, &zeros, &range, planner)?;
        }
        if row == "_time" {
            return if self.partial { Ok(rows) } else { whole_buckets(rows, &buckets, planner) };
        }
        let range = buckets.range(rows.column(row));
        rows.with(vec![(row.clone(), range)], planner)
    }

    /// The calls with sums in place of rates, and by what these must be multiplied.
    fn without_rates(&self, buckets: Option<&Buckets>) -> Result<(Vec<AggregateCall>, Factors), Diagnostic> {
        let mut rates = Vec::new();
        let mut calls = self.calls.clone();
        for call in &mut calls {
            let rate = RATES.iter().find(|(name, _)| call.function.node.eq_ignore_ascii_case(name));
            let (Some((_, seconds)), Some(Buckets { width: Width::Units(width), .. })) = (rate, buckets) else {
                continue;
            };
            let name = call.output_name();
            call.alias = Some(Spanned::new(name.clone(), call.span));
            call.function.node = "sum".to_owned();
            rates.push((name, seconds / width));
        }
        Ok((calls, rates))
    }
}
