//! From commands to a DataFusion plan. [`Rows`] is what flows from one command to the next: a plan so
//! far, what its columns are, and the order its rows stand in.

mod discover;
mod events;
mod finish;
mod knowledge;
mod planner;
mod projection;
mod rows;
mod union;
mod wanted;

pub(crate) use discover::{FIELD_NAMES, names_in, present};
pub(crate) use events::{DATE_NUMBER, DATE_TEXT, LINES, PUNCTUATION, events};
pub(crate) use finish::{TIME_TO_TEXT, finish};
pub(crate) use planner::{Planner, TimeRange};
pub(crate) use rows::{Key, Rows};
pub(crate) use union::{Opaque, append, merge};
pub(crate) use wanted::{
    Needs, Wanted, filled as name_filled, matches as name_matches, pattern_means, stars as name_stars,
};
