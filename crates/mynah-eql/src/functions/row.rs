//! What plans hold of functions.
use super::{FUNCTIONS, text_of};
use crate::ast::Comparison;
use crate::plan::{ValueType, written};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, exec_datafusion_err};
use mynah_dialect::elastic_date;
use mynah_kernels::{Case, Cell, Code, Function, Resources};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::net::IpAddr;

/// A function of one event's values: Elastic's own, and what its operators need beside DataFusion's. Over fields with
/// several values it is applied to each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum RowFunction {
    /// A function of the table, by its name.
    Call { function: String, case: Case, returns: ValueType, many: bool },
    /// A value as text.
    Text { many: bool },
    /// Milliseconds as a date.
    Date { many: bool },
    /// `<` and its like: numbers by size, texts by their bytes.
    Ordered { comparison: Comparison },
    /// The same of addresses.
    OrderedAddresses { comparison: Comparison },
    /// Whether a number lies between two others or on them.
    Within,
    /// The moment that date math over the clock means; with the last millisecond of what it is rounded to, if `up`.
    AtClock { date: String, up: bool },
    /// An address in its usual form; a text that is none as it is.
    Address { many: bool },
    /// Whether two values of one type are equal.
    Equal { case: Case },
    /// Whether there is no value.
    Missing,
}

impl Function for RowFunction {
    const NAME: &'static str = "eql.function";

    fn returns(&self) -> DataType {
        match *self {
            RowFunction::Call { returns, many, .. } => returns.data_type(many),
            RowFunction::Text { many } | RowFunction::Date { many } | RowFunction::Address { many } => {
                ValueType::Text.data_type(many)
            }
            RowFunction::AtClock { .. } => ValueType::Date.data_type(false),
            _ => DataType::Boolean,
        }
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        Ok(match *self {
            RowFunction::Call { ref function, case, returns, .. } => {
                let unknown = || exec_datafusion_err!("there is no function {function}");
                let code = FUNCTIONS.find(function).ok_or_else(unknown)?.code.call;
                let any = returns == ValueType::Boolean;
                Code::row(move |row| spread(row, any, &|row| code(row, case)))
            }
            RowFunction::Text { .. } => {
                each(|row| row.first().and_then(text_of).map(|text| Cell::text(text.into_owned())).into())
            }
            RowFunction::Date { .. } => each(|row| match row {
                [Cell::Integer(milliseconds)] => written(*milliseconds).map(Cell::text).into(),
                _ => Cell::Null,
            }),
            RowFunction::Ordered { comparison } => ordered(comparison, |left, right| match (left, right) {
                (Cell::Integer(left), Cell::Integer(right)) => Some(left.cmp(right)),
                (Cell::Text(left), Cell::Text(right)) => Some(left.cmp(right)),
                _ => left.as_float()?.partial_cmp(&right.as_float()?),
            }),
            RowFunction::OrderedAddresses { comparison } => {
                ordered(comparison, |left, right| Some(address(left)?.cmp(&address(right)?)))
            }
            RowFunction::Within => any(|row| match row {
                [Cell::Integer(date), Cell::Integer(first), Cell::Integer(last)] => {
                    Cell::Boolean((first..=last).contains(&date))
                }
                _ => Cell::Null,
            }),
            RowFunction::AtClock { ref date, up } => {
                let date = date.clone();
                Code::row(move |row| match row {
                    [Cell::Integer(now)] => elastic_date(&date, up, *now).map(Cell::Integer).into(),
                    _ => Cell::Null,
                })
            }
            RowFunction::Address { .. } => each(|row| match row {
                [cell] => {
                    address(cell).map_or_else(|| cell.clone(), |address| Cell::text(address.to_canonical().to_string()))
                }
                _ => Cell::Null,
            }),
            RowFunction::Equal { case: Case::Exact } => any(|row| match row {
                [Cell::Null, _] | [_, Cell::Null] => Cell::Null,
                [Cell::Integer(left), Cell::Integer(right)] => Cell::Boolean(left == right),
                [left, right] => match (left.as_float(), right.as_float()) {
                    (Some(left), Some(right)) => Cell::Boolean(left == right),
                    _ => Cell::Boolean(left == right),
                },
                _ => Cell::Null,
            }),
            RowFunction::Equal { case: Case::Folded } => any(|row| match row {
                [Cell::Text(left), Cell::Text(right)] => Cell::Boolean(left.to_lowercase() == right.to_lowercase()),
                _ => Cell::Null,
            }),
            RowFunction::Missing => Code::row(|row| {
                Cell::Boolean(match row {
                    [Cell::List(values)] => values.is_empty(),
                    [cell] => cell.is_null(),
                    _ => true,
                })
            }),
        })
    }
}

/// The values that it gives for each combination of the arguments' values.
fn each(code: impl for<'a> Fn(&[Cell<'a>]) -> Cell<'a> + Send + Sync + 'static) -> Code {
    Code::row(move |row| spread(row, false, &|row| code(row)))
}

/// Whether it gives true for any combination of the arguments' values.
fn any(code: impl for<'a> Fn(&[Cell<'a>]) -> Cell<'a> + Send + Sync + 'static) -> Code {
    Code::row(move |row| spread(row, true, &|row| code(row)))
}

fn ordered(comparison: Comparison, compare: fn(&Cell<'_>, &Cell<'_>) -> Option<Ordering>) -> Code {
    let holds = move |ordering: Ordering| match comparison {
        Comparison::Less => ordering.is_lt(),
        Comparison::LessOrEqual => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::GreaterOrEqual => ordering.is_ge(),
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
    };
    any(move |row| match row {
        [left, right] => compare(left, right).map(|ordering| Cell::Boolean(holds(ordering))).into(),
        _ => Cell::Null,
    })
}

/// All addresses in one order, IPv4 as they are mapped into IPv6.
fn address(cell: &Cell<'_>) -> Option<std::net::Ipv6Addr> {
    Some(match cell.as_text()?.parse::<IpAddr>().ok()?.to_canonical() {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    })
}

/// How many combinations of values one event is worth. More than any real event has; without a bound, two lists
/// of a hundred thousand values each would never end.
const MAX_COMBINATIONS: usize = 1_000_000;

/// Applies `call` to every combination of the lists' values: the list of what it gives, nulls left out; or,
/// for a function that gives true or false, whether it gives true for any.
fn spread<'a>(row: &[Cell<'a>], any: bool, call: &dyn Fn(&[Cell<'a>]) -> Cell<'a>) -> Cell<'a> {
    if !row.iter().any(|cell| matches!(cell, Cell::List(_))) {
        return call(row);
    }
    let lists = row.iter().map(|cell| match cell {
        Cell::List(values) => values.as_slice(),
        one => std::slice::from_ref(one),
    });
    let lists: Vec<&[Cell<'a>]> = lists.collect();
    let combinations = lists.iter().fold(1_usize, |count, list| count.saturating_mul(list.len()));
    let mut given = Vec::new();
    for number in 0..combinations.min(MAX_COMBINATIONS) {
        // The digits of the number, of which each list has its own, say which of its values it is.
        let mut rest = number;
        let picked = lists.iter().rev().filter_map(|list| {
            let digit = rest % list.len();
            rest /= list.len();
            list.get(digit).cloned()
        });
        let mut single: Vec<Cell<'a>> = picked.collect();
        single.reverse();
        given.extend(Some(call(&single)).filter(|cell| !cell.is_null()));
    }
    if !any {
        return if given.is_empty() { Cell::Null } else { Cell::List(given) };
    }
    match given.contains(&Cell::Boolean(true)) {
        true => Cell::Boolean(true),
        false if given.is_empty() => Cell::Null,
        false => Cell::Boolean(false),
    }
}
