//! `timeslice`.
use super::{Draft, Kind, Level, Role, TIME, Typed, ValueFunction};
use crate::ast::{Name, Place, Slice, interval};
use datafusion::logical_expr::lit;
use mynah_syntax::Diagnostic;

/// The field that `timeslice` makes beside the slice's start.
pub(super) const SLICE_END: &str = "__timeslice_end";

/// An interval where one that is written is none.
const ANY_INTERVAL: i64 = 60_000;

/// How many slices there are at the most where a dashboard's parameter is their interval.
const ANY_BUCKETS: i64 = 100;

/// The intervals that clocks know, in seconds.
const USUAL: [i64; 18] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400];

/// The least usual interval that gives no more than so many slices.
fn bucket(draft: &mut Draft<'_>, buckets: i64) -> Result<i64, Diagnostic> {
    let range = draft.time_range()?.map_or(0, |(first, last)| last - first);
    let wanted = range / buckets / 1000 + 1;
    let seconds = USUAL.into_iter().find(|usual| *usual >= wanted);
    // Beyond a day, whole days.
    Ok(seconds.unwrap_or((wanted / 86_400 + 1) * 86_400) * 1000)
}

pub(super) fn lower(draft: &mut Draft<'_>, slice: &Slice, name: Option<&Name>) -> Result<(), Diagnostic> {
    let (width, origin) = match slice {
        Slice::Every(text, _) => (interval(text).unwrap_or(ANY_INTERVAL), 0),
        Slice::Parameter(text, place) => {
            let name = text.split("}}").next().unwrap_or("").trim_start_matches("{{");
            let message = format!(
                "the parameter `{{{{{name}}}}}` has no value: the interval is one that gives up to {ANY_BUCKETS} slices"
            );
            let warning = Diagnostic::warning("sumo/template-interval", message, place.0);
            draft.diagnostics.push(warning.with_help("write the interval in its place"));
            (bucket(draft, ANY_BUCKETS)?, 0)
        }
        Slice::Buckets(buckets) => (bucket(draft, i64::try_from(*buckets).unwrap_or(i64::MAX).max(1))?, 0),
        Slice::All => {
            let (first, last) = draft.time_range()?.unwrap_or((0, 0));
            ((last - first + 1).max(1), first)
        }
    };
    // Behind an aggregate only what it gives under this name is a time.
    let time = match draft.level {
        Level::Messages => draft.scanned(TIME),
        Level::Groups => draft.resolve(&Name::implied(TIME, Place(draft.at)))?,
    };
    let time = time.to(Kind::Integer).expr;
    let name = name.map_or("_timeslice", |name| name.text.as_str()).to_owned();
    draft.timeslice = Some((name.clone(), width));
    let start = ValueFunction::SliceStart { width, origin }.of(time);
    draft.add(vec![
        (name, Role::Field, Typed::new(start.clone(), Kind::Integer)),
        (SLICE_END.into(), Role::Field, Typed::new(start + lit(width), Kind::Integer)),
    ])
}
