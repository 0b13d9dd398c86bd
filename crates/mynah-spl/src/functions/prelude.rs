//! What every table of functions needs.
pub(super) use super::Body::{self, Each, Number, Numbers, Plan, PlanRow, Row};
pub(super) use super::Entry;
pub(super) use super::call::{Call, Lowered, RowCall, number, text};
pub(super) use crate::expression::{Type, Typed};
pub(super) use crate::table::{aliased, name_of};
pub(super) use mynah_dialect::Arity::{AtLeast, Between, Exactly};
pub(super) use mynah_dialect::{Arity, Example, example};
pub(super) use mynah_kernels::Cell;

/// Makes a function that makes the entries of functions which one page of Splunk's Search Reference describes.
macro_rules! family {
    ($family:ident, $page:literal) => {
        const fn $family(
            usage: &'static str,
            summary: &'static str,
            examples: &'static [Example],
            arity: Arity,
            code: Body,
        ) -> Entry {
            let page = concat!("https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/", $page);
            Entry::new(name_of(usage), usage, summary, page, examples, arity, code)
        }
    };
}
pub(super) use family;
