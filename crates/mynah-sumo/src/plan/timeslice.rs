//! `timeslice`.
use super::{Draft, Kind, Role, Typed, ValueFunction};
use crate::ast::{Name, Slice, interval};
use datafusion::logical_expr::lit;
use mynah_syntax::Diagnostic;

/// The field that `timeslice` makes beside the slice's start.
pub(super) const SLICE_END: &str = "__timeslice_end";

/// The interval of a slice that is a dashboard's parameter, where there is no data anyway.
const ANY_INTERVAL: i64 = 60_000;

/// The intervals that clocks know, in seconds.
const USUAL: [i64; 18] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400];

pub(super) fn lower(draft: &mut Draft<'_>, slice: &Slice, name: Option<&Name>) -> Result<(), Diagnostic> {
    let (width, origin) = match slice {
        Slice::Every(text, _) => (interval(text).unwrap_or(ANY_INTERVAL), 0),
        Slice::Parameter(text, place) => {
            let name = text.trim_start_matches("{{").split("}}").next().unwrap_or("");
            draft.parameter(name, place.0)?;
            (ANY_INTERVAL, 0)
        }
        Slice::Buckets(buckets) => {
            let buckets = i64::try_from(*buckets).unwrap_or(i64::MAX).max(1);
            let range = draft.time_range()?.map_or(0, |(first, last)| last - first);
            let wanted = range / buckets / 1000 + 1;
            let seconds = USUAL.into_iter().find(|usual| *usual >= wanted);
            // Beyond a day, whole days.
            (seconds.unwrap_or((wanted / 86_400 + 1) * 86_400) * 1000, 0)
        }
        Slice::All => {
            let (first, last) = draft.time_range()?.unwrap_or((0, 0));
            ((last - first + 1).max(1), first)
        }
    };
    let time = draft.scanned("_messageTime").to(Kind::Integer).expr;
    let name = name.map_or("_timeslice", |name| name.text.as_str()).to_owned();
    draft.timeslice = Some((name.clone(), width));
    let start = ValueFunction::SliceStart { width, origin }.of(time);
    draft.add(vec![
        (name, Role::Field, Typed::new(start.clone(), Kind::Integer)),
        (SLICE_END.into(), Role::Field, Typed::new(start + lit(width), Kind::Integer)),
    ])
}
