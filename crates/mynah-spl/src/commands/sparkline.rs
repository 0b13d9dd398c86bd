//! `sparkline(...)`: a figure for each stretch of time, as the list that Splunk draws as a small chart: a mark, and the numbers.
//! See <https://help.splunk.com/en/splunk-enterprise/search/search-manual/10.0/create-reports-and-dashboards/add-sparklines-to-search-results>.
use super::arguments::unsupported;
use super::continuous::{ends, starts};
use super::span::{Width, floor, width};
use crate::aggregates::{self, Aggregate, AggregateCall, Argument, Figure, Sparkline};
use crate::expression::{Type, Typed, lower, number_text, parse_number};
use crate::functions::Internal;
use crate::plan::{Planner, Rows};
use datafusion::prelude::lit;
use mynah_kernels::Cell;
use mynah_syntax::Diagnostic;
use std::collections::BTreeSet;

/// What the list begins with.
const MARK: &str = "##__SPARKLINE__##";

/// How many numbers it has at most (`sparkline_maxsize` in limits.conf).
const MOST: f64 = 100.0;

/// The stretches of time that Splunk chooses from (`sparkline_time_steps`), the least that makes no more numbers than that.
const STEPS: [f64; 11] = [1.0, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0, 1_800.0, 3_600.0, 86_400.0, 604_800.0];

/// How one is drawn.
pub(super) struct Drawing {
    function: &'static str,
    width: Width,
    first: f64,
    last: f64,
}

/// The functions that it is drawn of, each with its other names.
const FUNCTIONS: [(&str, &[&str]); 12] = [
    ("count", &["c"]),
    ("dc", &["distinct_count", "estdc"]),
    ("avg", &["mean"]),
    ("sum", &[]),
    ("sumsq", &[]),
    ("min", &[]),
    ("max", &[]),
    ("range", &[]),
    ("stdev", &[]),
    ("stdevp", &[]),
    ("var", &[]),
    ("varp", &[]),
];

/// How the sparklines among some calls are drawn; those of all groups over the time of all rows.
///
/// # Errors
/// Where the rows must be looked at first, or Splunk has no such sparkline.
pub(super) fn drawings(
    calls: &[AggregateCall],
    rows: &Rows,
    planner: &mut Planner<'_>,
) -> Result<Vec<Option<Drawing>>, Diagnostic> {
    if calls.iter().all(|call| call.sparkline.is_none()) {
        return Ok(calls.iter().map(|_| None).collect());
    }
    let mut of = Vec::with_capacity(calls.len());
    for call in calls {
        of.push(call.sparkline.as_ref().map(|sparkline| Ok((sparkline, function(call)?))).transpose()?);
    }
    let (first, last) = ends(rows, "_time", planner)?.unwrap_or((0.0, 0.0));
    let drawing = |of: Option<(&Sparkline, &'static str)>| {
        let Some((sparkline, function)) = of else { return Ok(None) };
        let width = match &sparkline.span {
            Some(span) => width(span)?,
            None => chosen(last - first),
        };
        let first = floor(first, width).unwrap_or(first);
        Ok(Some(Drawing { function, width, first, last }))
    };
    of.into_iter().map(drawing).collect()
}

/// The function that a sparkline is of.
fn function(call: &AggregateCall) -> Result<&'static str, Diagnostic> {
    let name = call.function.node.to_ascii_lowercase();
    let known = FUNCTIONS.iter().find(|(known, others)| *known == name || others.contains(&name.as_str()));
    known
        .map(|(function, _)| *function)
        .ok_or_else(|| unsupported(&format!("a sparkline of `{name}`"), call.function.span))
}

fn chosen(range: f64) -> Width {
    let fits = STEPS.into_iter().find(|step| range / step < MOST);
    fits.map_or(Width::Months(1), Width::Units)
}

/// The values that a sparkline is drawn of, each with its time.
///
/// # Errors
/// Where it is of nothing.
pub(super) fn gathered(call: &AggregateCall, rows: &Rows) -> Result<Aggregate, Diagnostic> {
    let value = match &call.argument {
        Some(Argument::Field(field)) => rows.column(&field.node),
        Some(Argument::Eval(expression)) => lower(expression, rows.scope())?,
        None => Typed::text("1"),
    };
    // Of a condition those rows count for which it holds.
    let value = match value.ty {
        Type::Boolean => {
            Typed::new(crate::expression::case(vec![(value.expr, lit("1"))], None, Type::Text), Type::Text)
        }
        Type::Null => Typed::new(value.into_text(), Type::Text),
        _ => value,
    };
    let time = rows.column("_time").into_number();
    Ok(aggregates::gathered(TIMED.typed(vec![time, value.expr])))
}

impl Drawing {
    /// The list, of the values with their times.
    pub(super) fn drawn(&self, values: Typed) -> Typed {
        let (size, is_months) = match self.width {
            Width::Units(units) => (units, false),
            Width::Months(months) => (f64::from(months), true),
            Width::Log { .. } => (1.0, false),
        };
        let numbers = [size, f64::from(u8::from(is_months)), self.first, self.last].map(lit);
        DRAWN.typed([values.expr, lit(self.function)].into_iter().chain(numbers).collect())
    }
}

/// Values with a time before each.
pub(crate) static TIMED: Internal = Internal {
    name: "values with their time",
    returns: Type::Multi,
    code: |row| match row.number(0) {
        Some(time) => Cell::texts(row.values(1).into_iter().map(|value| format!("{time} {value}"))),
        None => Cell::Null,
    },
};

/// The mark, and a number for each stretch of time; 0 where nothing was.
pub(crate) static DRAWN: Internal = Internal {
    name: "numbers of a sparkline",
    returns: Type::Multi,
    code: |row| {
        let (Some(size), Some(months), Some(first), Some(last)) =
            (row.number(2), row.number(3), row.number(4), row.number(5))
        else {
            return Cell::Null;
        };
        let width = if months > 0.0 { Width::Months(size as i32) } else { Width::Units(size) };
        let Some(starts) = starts(first, last, width) else {
            return row.fails("a sparkline of this span has too many numbers: a wider one is needed".to_owned());
        };
        let mut stretches: Vec<Vec<String>> = vec![Vec::new(); starts.len()];
        for value in row.values(0) {
            let Some((time, value)) = value.split_once(' ') else { continue };
            let at = parse_number(time).map_or(0, |time| starts.partition_point(|start| *start <= time));
            if let Some(stretch) = at.checked_sub(1).and_then(|at| stretches.get_mut(at)) {
                stretch.push(value.to_owned());
            }
        }
        let function = row.text(1).unwrap_or_default();
        let numbers = stretches.iter().map(|values| number_text(figure(&function, values)));
        Cell::texts([MARK.to_owned()].into_iter().chain(numbers))
    },
};

/// What a function gives of some values; 0 of none.
fn figure(function: &str, values: &[String]) -> f64 {
    let numbers = values.iter().filter_map(|value| parse_number(value));
    let of_numbers = match function {
        "count" => return values.len() as f64,
        "dc" => return values.iter().collect::<BTreeSet<_>>().len() as f64,
        "min" => numbers.reduce(f64::min),
        "max" => numbers.reduce(f64::max),
        "avg" => Figure::Mean.of_numbers(numbers),
        "sum" => Figure::Sum.of_numbers(numbers),
        "sumsq" => Figure::SumOfSquares.of_numbers(numbers),
        "range" => Figure::Range.of_numbers(numbers),
        "stdev" => Figure::SampleDeviation.of_numbers(numbers),
        "stdevp" => Figure::Deviation.of_numbers(numbers),
        "var" => Figure::SampleVariance.of_numbers(numbers),
        _ => Figure::Variance.of_numbers(numbers),
    };
    of_numbers.unwrap_or(0.0)
}
