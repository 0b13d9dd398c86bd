//! Buckets without a gap, and how wide they are where the query does not say.
use super::prelude::*;
use super::span::{Buckets, Width, floor, width};
use crate::expression::{Scope, case};
use crate::functions::Internal;
use crate::functions::time::now;
use crate::plan::{Key, TimeRange};
use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::Float64Type;
use datafusion::common::{Column, JoinType, UnnestOptions};
use datafusion::functions_aggregate::expr_fn::{max, min};
use datafusion::logical_expr::LogicalPlanBuilder;
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;
use mynah_kernels::Cell;

pub(super) static COMMANDS: [Entry; 1] = [command(
    "makecontinuous [FIELD] [span=SPAN] [bins=N] [start=NUMBER] [end=NUMBER]",
    "A row for every bucket of a field between the first and the last, also where there was none.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/makecontinuous",
    makecontinuous,
)];

#[derive(Debug)]
struct Continuous {
    field: String,
    width: Option<Width>,
    choice: Choice,
}

fn makecontinuous(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let (mut field, mut found, mut choice) = (None, None, Choice::default());
    while !arguments.is_empty() {
        if let Some((name, value)) = arguments.option(&["span", "bins", "start", "end", "aligntime"])? {
            match name {
                "span" => found = Some(width(&value)?),
                "bins" => choice.option(name, &value)?,
                _ => return Err(unsupported(&format!("`{name}`"), value.span)),
            }
        } else if field.is_none() {
            field = Some(arguments.field()?);
        } else {
            return Err(arguments.wrong(arguments.rest(), "one field"));
        }
    }
    let field = field.unwrap_or_else(|| Spanned::new("_time".to_owned(), arguments.name.span));
    let continuous = Continuous { field: field.node.clone(), width: found, choice };
    on_rows(Needs::of([&field]), continuous, |Continuous { field, width, choice }, rows, _, planner| {
        let width = match width {
            Some(width) => *width,
            None => chosen(&rows, field, choice, planner)?,
        };
        let buckets = Buckets::from(width);
        let value = buckets.of(rows.column(field));
        let rows = rows.with(vec![(field.clone(), value)], planner)?;
        filled(rows, field, &buckets, &[], &TimeRange::default(), planner)
    })
}

/// What the query says of buckets whose width it leaves open.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    /// How many there are at most.
    bins: usize,
    /// How wide they are at least.
    least_width: f64,
    /// From where to where they reach, unless the values go further.
    start: Option<f64>,
    end: Option<f64>,
}

impl Default for Choice {
    fn default() -> Self {
        Choice { bins: 100, least_width: 0.0, start: None, end: None }
    }
}

impl Choice {
    /// So many buckets at most, if nobody says how many.
    pub(super) fn of(bins: usize) -> Choice {
        Choice { bins, ..Choice::default() }
    }

    /// That a number lies between the ends, where there are some.
    pub(super) fn bounds(&self, number: &Expr) -> Vec<Expr> {
        let start = self.start.map(|start| number.clone().gt_eq(lit(start)));
        let end = self.end.map(|end| number.clone().lt_eq(lit(end)));
        start.into_iter().chain(end).collect()
    }

    /// Takes `bins`, `minspan`, `start` or `end`.
    ///
    /// # Errors
    /// Where its value is none.
    pub(super) fn option(&mut self, name: &str, value: &Spanned<String>) -> Result<(), Diagnostic> {
        let number = || {
            let wrong = || Diagnostic::error("spl/syntax", format!("`{}` is no number", value.node), value.span);
            value.node.parse().map(Some).map_err(|_| wrong())
        };
        match name {
            "bins" => self.bins = whole(value)?.max(2),
            "start" => self.start = number()?,
            "end" => self.end = number()?,
            _ => {
                self.least_width = match width(value)? {
                    Width::Units(units) => units,
                    Width::Months(months) => f64::from(months) * 2_592_000.0,
                    Width::Log { .. } => 0.0,
                };
            }
        }
        Ok(())
    }
}

/// The widths that Splunk chooses from for times, in seconds; above them come months.
const TIME_SPANS: [f64; 11] = [1.0, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0, 1_800.0, 3_600.0, 86_400.0, 2_592_000.0];

/// The width of buckets of which a field's values fill no more than so many. For times it goes by the search's time range, as in
/// Splunk, and by the rows where the search sets none.
///
/// # Errors
/// Where the rows must be looked at first.
pub(super) fn chosen(
    rows: &Rows,
    field: &str,
    choice: &Choice,
    planner: &mut Planner<'_>,
) -> Result<Width, Diagnostic> {
    let Some((least, greatest)) = ends(rows, field, planner)? else { return Ok(Width::Units(1.0)) };
    if field == "_time" {
        return Ok(time_width(greatest - least, choice));
    }
    // The ends can only be moved apart.
    let (least, greatest) = (least.min(choice.start.unwrap_or(least)), greatest.max(choice.end.unwrap_or(greatest)));
    Ok(number_width(greatest - least, choice))
}

/// The least and the greatest number of a field, of `_time` the bounds that the search sets; nothing where it has none, or
/// without data.
///
/// # Errors
/// Where the rows must be looked at first.
pub(super) fn ends(rows: &Rows, field: &str, planner: &mut Planner<'_>) -> Result<Option<(f64, f64)>, Diagnostic> {
    let number = rows.column(field).into_number();
    let none: Vec<Expr> = Vec::new();
    let calls = vec![min(number.clone()).alias("least"), max(number).alias("greatest")];
    let range = if field == "_time" { planner.range.clone().begun() } else { TimeRange::default() };
    let bounds = |name: &str, bound: Option<Expr>| match bound {
        // Without a row there is no range either.
        Some(bound) => case(vec![(column(name).is_not_null(), bound)], None, Type::Number).alias(name),
        None => column(name),
    };
    let latest = range.latest.or(range.earliest.is_some().then(|| now().expr));
    let shown = vec![bounds("least", range.earliest), bounds("greatest", latest)];
    let ends = rows.clone().with_order(Vec::new());
    let ends = ends.map_plan(planner, |plan| plan.aggregate(none, calls)?.project(shown))?;
    let batches = planner.context.rows(ends.plan()).map_err(|needed| needed.at(planner.at))?;
    let value = |name: &str| {
        let numbers = batches.iter().flatten().find_map(|batch| batch.column_by_name(name))?;
        let numbers = numbers.as_primitive_opt::<Float64Type>()?;
        (!numbers.is_empty() && numbers.is_valid(0)).then(|| numbers.value(0)).filter(|number| number.is_finite())
    };
    Ok(value("least").zip(value("greatest")))
}

fn time_width(range: f64, choice: &Choice) -> Width {
    let fits = |span: &f64| range / span <= choice.bins as f64 && *span >= choice.least_width;
    match TIME_SPANS.into_iter().find(fits) {
        Some(span) if span > 86_400.0 => Width::Months(1),
        Some(span) => Width::Units(span),
        None => Width::Months(12),
    }
}

/// The least power of ten.
fn number_width(range: f64, choice: &Choice) -> Width {
    let bins = choice.bins;
    let mut width = 1.0;
    while range / width > bins as f64 && width < 1e300 {
        width *= 10.0;
    }
    while range > 0.0 && width > 1e-9 && range / (width / 10.0) <= bins as f64 && range / width < 1.0 {
        width /= 10.0;
    }
    while width < choice.least_width && width < 1e300 {
        width *= 10.0;
    }
    Width::Units(width)
}

/// The rows, and one for each bucket that has none between the first and the last, which are those of the range where it has
/// bounds; there the columns of `zeros` are 0.
///
/// # Errors
/// Where DataFusion refuses the plan.
pub(super) fn filled(
    rows: Rows,
    field: &str,
    buckets: &Buckets,
    zeros: &[String],
    range: &TimeRange,
    planner: &mut Planner<'_>,
) -> Result<Rows, Diagnostic> {
    let open = rows.scope().open;
    let rows = rows.with_one_name(planner)?;
    let (size, months) = match buckets.width {
        Width::Units(units) => (units, false),
        Width::Months(months) => (f64::from(months), true),
        // Each is longer than the one before: there are no gaps to fill.
        Width::Log { .. } => return Ok(rows),
    };
    let (least, greatest, list) = (planner.fresh("least"), planner.fresh("greatest"), planner.fresh("bucket"));
    let number = rows.column(field).into_number();
    let range = range.clone().begun();
    let none: Vec<Expr> = Vec::new();
    let start_of = |bound: Expr| buckets.of(Typed::new(bound, Type::Number)).expr;
    let first = range.earliest.clone().map_or(column(&least), |bound| earlier(start_of(bound), column(&least)));
    // The end of a range is not in it.
    let end = range.latest.clone().or(range.earliest.is_some().then(|| now().expr));
    let last = end.map_or(column(&greatest), |bound| later(start_of(bound - lit(1e-6)), column(&greatest)));
    let buckets = LogicalPlanBuilder::from(rows.plan().clone())
        .aggregate(none, [min(number.clone()).alias(&least), max(number.clone()).alias(&greatest)])
        .and_then(|plan| {
            let all = BUCKETS.call(vec![first, last, lit(size), lit(months)]);
            let spread = datafusion::logical_expr::Expr::alias(all, &list);
            let plan = plan.project([spread])?;
            plan.unnest_columns_with_options(vec![Column::from_name(&list)], UnnestOptions::default())
        });
    let text = Rows::new(
        buckets.and_then(LogicalPlanBuilder::build).map_err(|error| planner.failed(&error))?,
        Scope::default().with(list.clone(), Type::Text),
        Vec::new(),
        false,
    );
    let bucket = planner.fresh("bucket");
    let values = vec![(bucket.clone(), Typed::new(text.column(&list).into_number(), Type::Number))];
    let buckets = text.project(values, planner)?.filter(column(&bucket).is_not_null(), planner)?;
    let key = planner.fresh("key");
    let mut right = vec![number.alias(&key)];
    let mut columns = Vec::new();
    for (name, typed) in rows.all() {
        if name == field {
            columns.push((name, Typed::new(column(&bucket), Type::Number)));
            continue;
        }
        let hidden = planner.fresh("filled");
        right.push(typed.expr.alias(&hidden));
        let value = Typed::new(column(&hidden), typed.ty);
        let value = if zeros.contains(&name) { super::pivot::or_zero(value) } else { value };
        columns.push((name, value));
    }
    let right = LogicalPlanBuilder::from(rows.plan().clone()).project(right).and_then(LogicalPlanBuilder::build);
    let right = right.map_err(|error| planner.failed(&error))?;
    let keys = (vec![Column::from_name(&bucket)], vec![Column::from_name(&key)]);
    let joined = buckets.map_plan(planner, |plan| plan.join(right, JoinType::Left, keys, None))?;
    let joined = joined.with_order(vec![Key::ascending(&bucket)]).project(columns, planner)?;
    Ok(if open { joined.opened() } else { joined })
}

/// The earlier of a bound and a time; nothing where there is no time.
fn earlier(bound: Expr, time: Expr) -> Expr {
    let before = bound.clone().lt(time.clone());
    case(vec![(before, bound)], Some(time), Type::Number)
}

/// The later of them; nothing where there is no time.
fn later(bound: Expr, time: Expr) -> Expr {
    let behind = bound.clone().gt(time.clone());
    case(vec![(behind, bound)], Some(time), Type::Number)
}

/// How many buckets there may be.
const MAX_BUCKETS: usize = 50_000;

/// The beginnings of all buckets between two, as texts.
pub(crate) static BUCKETS: Internal = Internal {
    name: "buckets between",
    returns: Type::Multi,
    code: |row| {
        let (Some(least), Some(greatest), Some(size)) = (row.number(0), row.number(1), row.number(2)) else {
            return Cell::Null;
        };
        let months = matches!(row.cell(3), Cell::Boolean(true));
        let width = if months { Width::Months(size as i32) } else { Width::Units(size) };
        match starts(least, greatest, width) {
            Some(buckets) => Cell::texts(buckets.into_iter().map(crate::expression::number_text)),
            None => row.fails(format!("there are more than {MAX_BUCKETS} buckets: a wider span is needed")),
        }
    },
};

/// Where the buckets from the first to the last begin; nothing where there are too many.
pub(super) fn starts(first: f64, last: f64, width: Width) -> Option<Vec<f64>> {
    let mut buckets = Vec::new();
    let mut at = first;
    let slack = if let Width::Units(units) = width { units.min(1.0) / 1e6 } else { 0.0 };
    while at <= last + slack {
        if buckets.len() == MAX_BUCKETS {
            return None;
        }
        buckets.push(at);
        at = match width {
            // Sums of parts of seconds drift.
            Width::Units(units) => first + units * buckets.len() as f64,
            // The longest month has 31 days; the next bucket begins before another one is over.
            Width::Months(months) => floor(at + f64::from(months) * 31.0 * 86_400.0, width).unwrap_or(f64::INFINITY),
            Width::Log { .. } => f64::INFINITY,
        };
    }
    Some(buckets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_make_no_more_buckets_than_are_wanted() {
        let (hundred, ten) = (Choice::default(), Choice { bins: 10, ..Choice::default() });
        assert_eq!(time_width(900.0, &hundred), Width::Units(10.0));
        assert_eq!(time_width(86_400.0, &hundred), Width::Units(1_800.0));
        assert_eq!(time_width(7.0 * 86_400.0, &hundred), Width::Units(86_400.0));
        assert_eq!(time_width(365.0 * 86_400.0, &hundred), Width::Months(1));
        assert_eq!(number_width(250.0, &hundred), Width::Units(10.0));
        assert_eq!(number_width(5.0, &ten), Width::Units(1.0));
        assert_eq!(time_width(900.0, &Choice { least_width: 900.0, ..hundred }), Width::Units(1_800.0));
    }
}
