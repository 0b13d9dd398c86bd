//! What `max` and `min` share.
use super::prelude::*;
use std::cmp::Ordering;

/// The value that is `better` than all others, in the order of mixed values; nulls are left aside.
pub(super) fn extreme(call: &Call<'_>, better: fn(Ordering) -> bool) -> Lowered {
    let values = call.all()?;
    let ty = if values.iter().all(|value| matches!(value.ty, Type::Number | Type::Null)) {
        Type::Number
    } else {
        Type::Text
    };
    call.row("", ty, move |row| {
        let values = (0..row.len()).flat_map(|index| row.values(index));
        let best =
            values.reduce(|best, value| if better(super::mixed_order::compare(&value, &best)) { value } else { best });
        match ty {
            Type::Number => number(best.and_then(|best| crate::expression::parse_number(&best))),
            _ => text(best),
        }
    })
}
