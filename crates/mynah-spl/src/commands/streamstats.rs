//! Figures of the rows up to each row, in their order, added to it.
use super::aggregation;
use super::allnum::Guards;
use super::prelude::*;
use super::resets::with_resets;
use super::span::{Width, width};
use super::windowed::{Over, runs, times_so_far, with_aggregates, with_window};
use crate::aggregates::AggregateCall;
use crate::expression::{Expression, lower_condition};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::{WindowFrame, WindowFrameBound, WindowFrameUnits, cast};
use mynah_dialect::column;

pub(super) static COMMANDS: [Entry; 1] = [command(
    "streamstats [current=BOOL] [window=N] [global=BOOL] [time_window=SPAN] [reset_on_change=BOOL] [reset_before=(CONDITION)] [reset_after=(CONDITION)] FUNCTION(FIELD) [AS NAME], ... [BY FIELD, ...]",
    "Calculates over the rows up to each row, in their order, and adds the results to it. A window is one of all rows, of which those of the row's group count; with global=false one of each group.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/streamstats",
    streamstats,
)];

#[derive(Debug)]
struct Stream {
    calls: Vec<AggregateCall>,
    by: Vec<Spanned<String>>,
    current: bool,
    /// Of so many rows; 0 for all so far.
    window: usize,
    /// Whether the window is of all rows, whatever their group.
    global: bool,
    /// Of so many seconds.
    seconds: Option<f64>,
    reset_on_change: bool,
    all_numbers: bool,
    reset_before: Option<Expression>,
    reset_after: Option<Expression>,
    /// Whether that names what streamstats itself calculates.
    own_reset: bool,
}

const OPTIONS: &[&str] = &["current", "window", "global", "allnum", "time_window", "reset_on_change"];

fn streamstats(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut stream = Stream {
        calls: Vec::new(),
        by: Vec::new(),
        current: true,
        window: 0,
        global: true,
        seconds: None,
        reset_on_change: false,
        all_numbers: false,
        reset_before: None,
        reset_after: None,
        own_reset: false,
    };
    // Options stand before the functions, between them and behind them.
    loop {
        while stream.option(arguments)? {}
        match aggregation::next_call(arguments, &["by", "groupby"])? {
            Some(call) => stream.calls.push(call),
            None => break,
        }
    }
    if stream.calls.is_empty() {
        return Err(arguments.wrong(arguments.rest(), "a function such as `count` or `sum(field)`"));
    }
    if arguments.keyword("by") || arguments.keyword("groupby") {
        while !arguments.is_empty() {
            if !stream.option(arguments)? && !arguments.symbol(',') {
                stream.by.push(arguments.field()?);
            }
        }
        if stream.by.is_empty() {
            return Err(arguments.wrong(arguments.rest(), "the names of fields after BY"));
        }
    }
    arguments.end()?;
    let made: Vec<String> = stream.calls.iter().map(AggregateCall::output_name).collect();
    let is_own = |condition: &Expression| condition.fields().into_iter().find(|field| made.contains(&field.node));
    if let Some(own) = stream.reset_before.as_ref().and_then(is_own) {
        return Err(unsupported("`reset_before` by what streamstats itself calculates", own.span)
            .with_help("`reset_after` may name it"));
    }
    if let Some(own) = stream.reset_after.as_ref().and_then(is_own) {
        stream.own_reset = true;
        let windowed = stream.window > 0 || stream.seconds.is_some() || !stream.current;
        if windowed || stream.reset_before.is_some() || stream.reset_on_change || stream.all_numbers {
            let message = "a reset by what streamstats itself calculates, beside a window or another reset,";
            return Err(unsupported(message, own.span));
        }
    }
    let mut needs = aggregation::reads(&stream.calls, Needs::default()).read_all(stream.by.iter().cloned());
    let resets = stream.reset_before.iter().chain(&stream.reset_after);
    needs = needs.read_all(resets.flat_map(Expression::fields).filter(|field| !made.contains(&field.node)));
    if stream.seconds.is_some() {
        needs = needs.read_all([Spanned::new("_time".to_owned(), arguments.name.span)]);
    }
    on_rows_with_parts(needs.make_all(made), stream, Stream::parts, |stream, rows, _, planner| {
        stream.added(rows, planner)
    })
}

impl Stream {
    /// Reads an option, if one is next.
    fn option(&mut self, arguments: &mut Arguments<'_>) -> Result<bool, Diagnostic> {
        if let Some(condition) = arguments.condition_option("reset_before")? {
            self.reset_before = Some(condition);
            return Ok(true);
        }
        if let Some(condition) = arguments.condition_option("reset_after")? {
            self.reset_after = Some(condition);
            return Ok(true);
        }
        let Some((name, value)) = arguments.option(OPTIONS)? else { return Ok(false) };
        match name {
            "current" => self.current = truth(&value)?,
            "window" => self.window = whole(&value)?,
            "global" => self.global = truth(&value)?,
            "reset_on_change" => self.reset_on_change = truth(&value)?,
            "time_window" => match width(&value)? {
                Width::Units(seconds) => self.seconds = Some(seconds),
                _ => return Err(unsupported("a `time_window` of months", value.span)),
            },
            _ => self.all_numbers = truth(&value)?,
        }
        if self.seconds.is_some() && (self.window > 0 || !self.current) {
            return Err(unsupported("`time_window` together with `window` or `current=false`", value.span));
        }
        Ok(true)
    }

    fn parts(&self) -> Vec<Part<'_>> {
        self.reset_before.iter().chain(&self.reset_after).map(Part::Expression).collect()
    }

    fn added(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut rows = rows;
        let mut groups = Vec::new();
        let by = super::by::names(&self.by);
        if let (true, Some(after)) = (self.own_reset, &self.reset_after) {
            return with_resets(rows, &by, &self.calls, after, planner);
        }
        if self.reset_on_change {
            let values = by.iter().map(|name| rows.column(name).into_text()).collect();
            let (with, run) = runs(rows, values, planner)?;
            rows = with;
            groups.push(run);
        }
        for (condition, current) in [(&self.reset_before, true), (&self.reset_after, false)] {
            if let Some(condition) = condition {
                let condition = lower_condition(condition, rows.scope())?;
                let (with, run) = times_so_far(rows, condition, current, planner)?;
                rows = with;
                groups.push(run);
            }
        }
        let (rows, over) = self.over(rows, groups, !by.is_empty(), planner)?;
        let guards = Guards::of(&self.calls, self.all_numbers, &rows, &by, planner);
        let rows = with_aggregates(rows, &by, &guards.calls, &over, planner)?;
        guards.applied(rows, planner)
    }

    /// The rows of which each row's figures are.
    fn over(
        &self,
        rows: Rows,
        groups: Vec<datafusion::prelude::Expr>,
        grouped: bool,
        planner: &mut Planner<'_>,
    ) -> Result<(Rows, Over), Diagnostic> {
        let order = rows.sort_exprs();
        if let Some(seconds) = self.seconds {
            let by_time = rows.order().first().filter(|key| key.column == "_time").map(|key| key.sort());
            let Some(by_time) = by_time else {
                let message = "`time_window` needs rows in the order of their time";
                return Err(Diagnostic::error("spl/unsorted", message, planner.at).with_help(
                    "Splunk refuses it too: `sort 0 _time` before this command, or leave the events in their order",
                ));
            };
            let first = WindowFrameBound::Preceding(ScalarValue::Float64(Some(seconds)));
            let frame = WindowFrame::new_bounds(WindowFrameUnits::Range, first, WindowFrameBound::CurrentRow);
            return Ok((rows, Over { groups, order: vec![by_time], frame: Some(frame) }));
        }
        let size = self.window as u64;
        if size > 0 && self.global && (grouped || !groups.is_empty()) {
            // The last rows of all by their numbers, of which those of the group are taken.
            let (rows, number) = with_window(rows, row_number(), Over::default(), planner)?;
            let bound = |rows: u64| WindowFrameBound::Preceding(ScalarValue::Int64(i64::try_from(rows).ok()));
            let first = bound(if self.current { size - 1 } else { size });
            let last = if self.current { WindowFrameBound::CurrentRow } else { bound(1) };
            let frame = WindowFrame::new_bounds(WindowFrameUnits::Range, first, last);
            let order = vec![cast(column(&number), DataType::Int64).sort(true, false)];
            return Ok((rows, Over { groups, order, frame: Some(frame) }));
        }
        let bound = |rows: Option<u64>| WindowFrameBound::Preceding(ScalarValue::UInt64(rows));
        let first = bound((size > 0).then(|| size - u64::from(self.current)));
        let last = if self.current { WindowFrameBound::CurrentRow } else { bound(Some(1)) };
        let frame = WindowFrame::new_bounds(WindowFrameUnits::Rows, first, last);
        Ok((rows, Over { groups, order, frame: Some(frame) }))
    }
}
