//! Figures of all rows or of groups: in place of the rows, or added to each of them.
use super::allnum::Guards;
use super::prelude::*;
use super::windowed::{self, Over};
use super::{aggregation, by};
use crate::aggregates::AggregateCall;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{WindowFrame, WindowFrameBound, WindowFrameUnits};

pub(super) static COMMANDS: [Entry; 2] = [
    command(
        "eventstats FUNCTION(FIELD) [AS NAME], ... [BY FIELD, ...]",
        "Calculates as stats does, and adds the results to every row of the group.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/eventstats",
        |arguments, _| {
            let options = options(arguments)?;
            if options.distinct {
                // Every row goes on with all its values.
                return Err(unsupported("`dedup_splitvals=true`", arguments.name.span));
            }
            let calls = Calls::read(arguments, "a function such as `count` or `values(field)`")?;
            on_rows(calls.adding(), (calls, options), |(calls, options), rows, _, planner| {
                let guards = Guards::of(&calls.calls, options.all_numbers, &rows, &calls.by, planner);
                // All rows of a group.
                let all = || ScalarValue::UInt64(None);
                let (first, last) = (WindowFrameBound::Preceding(all()), WindowFrameBound::Following(all()));
                let frame = Some(WindowFrame::new_bounds(WindowFrameUnits::Rows, first, last));
                let over = Over { frame, ..Over::default() };
                let rows = windowed::with_aggregates(rows, &calls.by, &guards.calls, &over, planner)?;
                let rows = guards.applied(rows, planner)?;
                let names = calls.calls.iter().map(AggregateCall::output_name);
                Ok(match &options.delimiter {
                    Some(delimiter) => rows.delimited(names, delimiter),
                    None => rows,
                })
            })
        },
    ),
    command(
        "stats FUNCTION(FIELD) [AS NAME], ... [BY FIELD, ...]",
        "Calculates over all rows, or over each group; sorted by the groups. Rows that lack a BY field do not count.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/stats",
        |arguments, _| {
            let options = options(arguments)?;
            let calls = Calls::read(arguments, "a function such as `count` or `values(field)`")?;
            on_rows(calls.needs.clone().close(), (calls, options), |(calls, options), rows, _, planner| {
                let rows = match options.distinct {
                    true => aggregation::with_distinct_values(rows, &calls.by, planner)?,
                    false => rows,
                };
                let guards = Guards::of(&calls.calls, options.all_numbers, &rows, &calls.by, planner);
                let rows = aggregation::aggregate(rows, &calls.by, &guards.calls, planner)?;
                let rows = guards.applied(rows, planner)?;
                let names = rows.names();
                Ok(match &options.delimiter {
                    Some(delimiter) => rows.delimited(names, delimiter),
                    None => rows,
                })
            })
        },
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

/// What a command says besides its functions.
#[derive(Debug, Default)]
struct Options {
    /// What stands between the values of a field.
    delimiter: Option<String>,
    /// Whether each value of a field of BY counts once.
    distinct: bool,
    /// Whether fields with other values than numbers have no figures of numbers.
    all_numbers: bool,
}

/// Reads the options; `partitions` says how Splunk should go about it, and changes no result.
fn options(arguments: &mut Arguments<'_>) -> Result<Options, Diagnostic> {
    let mut options = Options::default();
    while let Some((name, value)) = arguments.option(&["allnum", "delim", "partitions", "dedup_splitvals"])? {
        match name {
            "delim" => options.delimiter = Some(value.node),
            "dedup_splitvals" => options.distinct = truth(&value)?,
            "allnum" => options.all_numbers = truth(&value)?,
            _ => {}
        }
    }
    Ok(options)
}
