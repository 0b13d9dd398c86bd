//! Dates: milliseconds since 1970 in columns, text in queries and results.
use crate::functions::RowFunction;
use datafusion::prelude::{Expr, lit};
use mynah_dialect::{clock, elastic_date};
use mynah_kernels::call;

/// A column of milliseconds as Elasticsearch shows dates: `2026-03-14T12:00:00.000Z`.
pub(super) fn written_column(column: Expr, many: bool) -> Expr {
    call(RowFunction::Date { many }, vec![column])
}

/// Milliseconds since 1970 as a date; none where the calendar ends.
pub(crate) fn written(milliseconds: i64) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(milliseconds).ok()?;
    Some(at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
}

/// A date as a query writes it: what it leaves open reaches from a first millisecond to a last one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Date {
    /// The same whenever the query runs.
    Between(i64, i64),
    /// Date math over the clock: `now-1d/d`.
    AtClock(String),
}

impl Date {
    pub fn parse(text: &str) -> Option<Date> {
        let (first, last) = (elastic_date(text, false, 0)?, elastic_date(text, true, 0)?);
        Some(if text.starts_with("now") { Date::AtClock(text.to_owned()) } else { Date::Between(first, last) })
    }

    /// Its last millisecond, or its first.
    pub fn moment(&self, last: bool) -> Expr {
        match self {
            Date::Between(from, to) => lit(if last { *to } else { *from }),
            // Without rounding it is one moment, whichever end is asked for.
            Date::AtClock(text) => {
                let function = RowFunction::AtClock { date: text.clone(), up: last && text.contains('/') };
                call(function, vec![clock::now()])
            }
        }
    }
}
