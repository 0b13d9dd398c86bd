//! Moving averages, and times as people say them.
use super::prelude::*;
use super::windowed::{Over, over_rows, with_window};
use crate::expression::case;
use crate::functions::Internal;
use crate::functions::time::now;
use datafusion::common::ScalarValue;
use datafusion::functions_aggregate::average::avg_udaf;
use datafusion::functions_window::expr_fn::{lag, row_number};
use datafusion::logical_expr::{WindowFrame, WindowFrameBound, WindowFrameUnits};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;
use mynah_kernels::Cell;

pub(super) static COMMANDS: [Entry; 2] = [
    command(
        "reltime [timefield=\"FIELD, ...\"] [prefix=TEXT]",
        "How long ago a time was, in words: reltime, or a name for each of several fields.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/reltime",
        reltime,
    ),
    command(
        "trendline sma5(FIELD) [AS NAME] wma5(FIELD) [AS NAME] ...",
        "The moving average over so many rows, simple (sma) or weighted (wma); none before there are so many.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/trendline",
        trendline,
    ),
];

#[derive(Debug)]
struct Trend {
    field: Spanned<String>,
    name: String,
    period: usize,
    weighted: bool,
}

/// Over how many rows a weighted average goes at most.
const MOST_WEIGHTS: usize = 200;

fn trendline(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut trends = Vec::new();
    while !arguments.is_empty() {
        if arguments.symbol(',') {
            continue;
        }
        let call = arguments.word()?;
        let digits = call.node.trim_start_matches(|c: char| !c.is_ascii_digit());
        let kind = call.node.get(..call.node.len() - digits.len()).unwrap_or("");
        let weighted = match kind {
            "sma" => false,
            "wma" => true,
            "ema" => return Err(unsupported("`ema`, whose first value the reference leaves open,", call.span)),
            _ => return Err(arguments.wrong(call.span, "sma or wma and a number of rows: `sma5(FIELD)`")),
        };
        let period = digits.parse().ok().filter(|period| (2..=10_000).contains(period));
        let period = period.ok_or_else(|| arguments.wrong(call.span, "a number of rows from 2 to 10000"))?;
        if weighted && period > MOST_WEIGHTS {
            return Err(unsupported(&format!("`wma` over more than {MOST_WEIGHTS} rows"), call.span));
        }
        arguments.expect('(')?;
        let field = arguments.field()?;
        arguments.expect(')')?;
        let name = match arguments.alias()? {
            Some(alias) => alias.node,
            None => format!("{}({})", call.node, field.node),
        };
        trends.push(Trend { field, name, period, weighted });
    }
    let trends = arguments.some(trends, "an average such as `sma5(FIELD)`")?;
    let needs = Needs::of(trends.iter().map(|trend| &trend.field));
    on_rows(needs.make_all(trends.iter().map(|trend| &trend.name)), trends, |trends, rows, _, planner| {
        trends.iter().try_fold(rows, |rows, trend| trend.added(rows, planner))
    })
}

impl Trend {
    fn added(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let number = rows.column(&self.field.node).into_number();
        let (rows, place) = with_window(rows, row_number(), Over::default(), planner)?;
        let (rows, average) =
            if self.weighted { self.weighted(rows, number, planner)? } else { self.simple(rows, number, planner)? };
        let full = column(&place).gt_eq(lit(self.period as u64));
        let value = Typed::new(case(vec![(full, average)], None, Type::Number), Type::Number);
        rows.with(vec![(self.name.clone(), value)], planner)
    }

    fn simple(&self, rows: Rows, number: Expr, planner: &mut Planner<'_>) -> Result<(Rows, Expr), Diagnostic> {
        let first = WindowFrameBound::Preceding(ScalarValue::UInt64(Some(self.period as u64 - 1)));
        let frame = WindowFrame::new_bounds(WindowFrameUnits::Rows, first, WindowFrameBound::CurrentRow);
        let over = Over { frame: Some(frame), ..Over::default() };
        let (rows, average) = with_window(rows, over_rows(avg_udaf(), number), over, planner)?;
        Ok((rows, column(&average)))
    }

    /// The newest value counts as often as there are rows, the oldest once.
    fn weighted(&self, rows: Rows, number: Expr, planner: &mut Planner<'_>) -> Result<(Rows, Expr), Diagnostic> {
        let mut rows = rows;
        let mut sum = number.clone() * lit(self.period as f64);
        for before in 1..self.period {
            let distance = i64::try_from(before).ok();
            let (with, value) = with_window(rows, lag(number.clone(), distance, None), Over::default(), planner)?;
            rows = with;
            sum = sum + column(&value) * lit((self.period - before) as f64);
        }
        let weights = (self.period * (self.period + 1) / 2) as f64;
        Ok((rows, sum / lit(weights)))
    }
}

fn reltime(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let (mut fields, mut prefix) = (vec!["_time".to_owned()], None);
    let at = arguments.name.span;
    while let Some((name, value)) = arguments.option(&["timefield", "prefix"])? {
        match name {
            "prefix" => prefix = Some(value.node),
            _ => fields = value.node.split(',').map(|field| field.trim().to_owned()).collect(),
        }
    }
    arguments.end()?;
    let named: Vec<(Spanned<String>, String)> = match (fields.as_slice(), prefix) {
        ([field], prefix) => {
            vec![(Spanned::new(field.clone(), at), format!("{}reltime", prefix.unwrap_or_default()))]
        }
        (fields, prefix) => {
            let prefix = prefix.unwrap_or_else(|| "reltime_".to_owned());
            fields.iter().map(|field| (Spanned::new(field.clone(), at), format!("{prefix}{field}"))).collect()
        }
    };
    let needs = Needs::of(named.iter().map(|(field, _)| field)).make_all(named.iter().map(|(_, name)| name));
    on_rows(needs, named, |named, rows, _, planner| {
        let ago = |field: &str| AGO.typed(vec![now().expr, rows.column(field).into_number()]);
        let columns = named.iter().map(|(field, name)| (name.clone(), ago(&field.node))).collect();
        rows.with(columns, planner)
    })
}

/// How long ago a time was, in words.
pub(crate) static AGO: Internal = Internal {
    name: "time ago",
    returns: Type::Text,
    code: |row| {
        const UNITS: [(f64, &str); 6] = [
            (31_536_000.0, "year"),
            (2_592_000.0, "month"),
            (86_400.0, "day"),
            (3_600.0, "hour"),
            (60.0, "minute"),
            (1.0, "second"),
        ];
        let Some((now, then)) = row.number(0).zip(row.number(1)) else { return Cell::Null };
        let past = now - then;
        let (seconds, unit) = UNITS.into_iter().find(|(seconds, _)| past >= *seconds).unwrap_or((1.0, "second"));
        let count = (past / seconds).floor().max(0.0);
        Cell::text(format!("{count} {unit}{} ago", if count == 1.0 { "" } else { "s" }))
    },
};
