//! Figures of all rows or of groups: in place of the rows, or added to each of them.
use super::prelude::*;
use super::{aggregation, by, windowed};
use crate::aggregates::AggregateCall;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{WindowFrame, WindowFrameBound, WindowFrameUnits};

pub(super) static COMMANDS: [Entry; 3] = [
    command(
        "eventstats FUNCTION(FIELD) [AS NAME], ... [BY FIELD, ...]",
        "Calculates as stats does, and adds the results to every row of the group.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/eventstats",
        |arguments, _| {
            options(arguments)?;
            let calls = Calls::read(arguments, "a function such as `count` or `values(field)`")?;
            on_rows(calls.adding(), calls, |calls, rows, _, planner| {
                // All rows of a group.
                let all = || ScalarValue::UInt64(None);
                let frame = frame(WindowFrameBound::Preceding(all()), WindowFrameBound::Following(all()));
                windowed::with_aggregates(rows, &calls.by, &calls.calls, &[], frame, planner)
            })
        },
    ),
    command(
        "stats FUNCTION(FIELD) [AS NAME], ... [BY FIELD, ...]",
        "Calculates over all rows, or over each group; sorted by the groups. Rows that lack a BY field do not count.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/stats",
        |arguments, _| {
            options(arguments)?;
            let calls = Calls::read(arguments, "a function such as `count` or `values(field)`")?;
            on_rows(calls.needs.clone().close(), calls, |calls, rows, _, planner| {
                aggregation::aggregate(rows, &calls.by, &calls.calls, planner)
            })
        },
    ),
    command(
        "streamstats [current=BOOL] [window=N] FUNCTION(FIELD) [AS NAME], ... [BY FIELD, ...]",
        "Calculates over the rows up to each row, in their order, and adds the results to it.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/streamstats",
        streamstats,
    ),
];

/// What is calculated, and of which groups.
#[derive(Debug)]
struct Calls {
    calls: Vec<AggregateCall>,
    by: Vec<String>,
    /// The fields that the calls and groups read.
    needs: Needs,
}

impl Calls {
    fn read(arguments: &mut Arguments<'_>, expected: &str) -> Result<Calls, Diagnostic> {
        let calls = aggregation::calls(arguments, &["by", "groupby"], expected)?;
        let by = by::by(arguments, &[])?;
        let needs = aggregation::reads(&calls, Needs::default()).read_all(by.iter().cloned());
        Ok(Calls { calls, by: by::names(&by), needs })
    }

    /// What a command needs that adds the results to the rows.
    fn adding(&self) -> Needs {
        self.needs.clone().make_all(self.calls.iter().map(AggregateCall::output_name))
    }
}

/// Options that say how Splunk should go about it, and change no result.
fn options(arguments: &mut Arguments<'_>) -> Result<(), Diagnostic> {
    while arguments.option(&["allnum", "delim", "partitions"])?.is_some() {}
    match arguments.option(&["dedup_splitvals"])? {
        Some((_, value)) if truth(&value)? => Err(unsupported("`dedup_splitvals=true`", value.span)),
        _ => Ok(()),
    }
}

fn streamstats(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let names =
        ["current", "window", "global", "allnum", "time_window", "reset_on_change", "reset_before", "reset_after"];
    // Of `window` rows; 0 for all so far.
    let (mut current, mut window) = (true, 0);
    while let Some((name, value)) = arguments.option(&names)? {
        match name {
            "current" => current = truth(&value)?,
            "window" => window = whole(&value)?,
            "global" | "allnum" => {
                truth(&value)?;
            }
            _ => return Err(unsupported(&format!("`{name}`"), value.span)),
        }
    }
    let calls = Calls::read(arguments, "a function such as `count` or `sum(field)`")?;
    let before = |rows: Option<usize>| WindowFrameBound::Preceding(ScalarValue::UInt64(rows.map(|rows| rows as u64)));
    let first = if window == 0 { None } else { Some(window - usize::from(current)) };
    let last = if current { WindowFrameBound::CurrentRow } else { before(Some(1)) };
    let frame = frame(before(first), last);
    on_rows(calls.adding(), (calls, frame), |(calls, frame), rows, _, planner| {
        let order = rows.sort_exprs();
        windowed::with_aggregates(rows, &calls.by, &calls.calls, &order, frame.clone(), planner)
    })
}

fn frame(first: WindowFrameBound, last: WindowFrameBound) -> WindowFrame {
    WindowFrame::new_bounds(WindowFrameUnits::Rows, first, last)
}
