use super::{Planner, Rows};
use crate::expression::Type;
use crate::functions::Internal;
use datafusion::logical_expr::LogicalPlan;
use mynah_kernels::Cell;
use mynah_syntax::Diagnostic;

/// The plan of a whole query: its rows in their order, its columns as Splunk shows them, and no others.
///
/// # Errors
/// Where DataFusion refuses the plan.
pub(crate) fn finish(rows: Rows, planner: &mut Planner<'_>) -> Result<LogicalPlan, Diagnostic> {
    let mut columns = rows.all();
    if rows.events {
        // Events are shown with their time in front and their text behind.
        let place = |name: &str| match name {
            "_time" => 0,
            "_raw" => 2,
            _ => 1,
        };
        columns.sort_by_key(|(name, _)| place(name));
    }
    let columns = columns.into_iter().map(|(name, typed)| {
        let shown = match typed.ty {
            Type::Number if name == "_time" => TIME_TO_TEXT.call(vec![typed.into_number()]),
            Type::Null => typed.into_text(),
            _ => typed.expr,
        };
        shown.alias(name)
    });
    let columns: Vec<_> = columns.collect();
    if columns.is_empty() {
        return Err(Diagnostic::error("spl/no-columns", "no field is left at the end of this query", planner.at));
    }
    let rows = rows.sorted(planner)?.map_plan(planner, |plan| plan.project(columns))?;
    Ok(rows.plan().clone())
}

/// `_time` as Splunk's exports write it: ISO 8601 with milliseconds and offset.
pub(crate) static TIME_TO_TEXT: Internal = Internal {
    name: "time to text",
    returns: Type::Text,
    code: |row| row.number(0).and_then(time_text).map(Cell::text).into(),
};

fn time_text(seconds: f64) -> Option<String> {
    // Rounding to milliseconds first: 0.123 seconds is 122.99.. milliseconds in binary.
    let at = jiff::Timestamp::from_millisecond((seconds * 1e3).round() as i64).ok()?;
    Some(at.strftime("%Y-%m-%dT%H:%M:%S.%3f+00:00").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_has_milliseconds_and_offset() {
        assert_eq!(time_text(1_773_489_600.5).as_deref(), Some("2026-03-14T12:00:00.500+00:00"));
        assert_eq!(time_text(1_773_489_600.0).as_deref(), Some("2026-03-14T12:00:00.000+00:00"));
        assert_eq!(time_text(f64::NAN).as_deref(), Some("1970-01-01T00:00:00.000+00:00"));
    }
}
