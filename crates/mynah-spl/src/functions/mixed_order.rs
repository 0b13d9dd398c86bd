use crate::expression::parse_number;
use std::cmp::Ordering;

/// The order of `min` and `max`: numbers by their value, all texts behind them by their characters.
pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    match (parse_number(left), parse_number(right)) {
        (Some(left), Some(right)) => left.partial_cmp(&right).unwrap_or(Ordering::Equal),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => left.cmp(right),
    }
}
