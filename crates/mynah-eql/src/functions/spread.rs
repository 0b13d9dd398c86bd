//! Functions of single values, over fields that have several.
use mynah_kernels::Cell;

/// How many combinations of values one event is worth. More than any real event has; without a bound, two lists
/// of a hundred thousand values each would never end.
const MAX_COMBINATIONS: usize = 1_000_000;

/// Applies `call` to every combination of the lists' values: the list of what it gives, nulls left out; or,
/// for a function that gives true or false, whether it gives true for any.
pub(crate) fn spread<'a>(row: &[Cell<'a>], any: bool, call: &dyn Fn(&[Cell<'a>]) -> Cell<'a>) -> Cell<'a> {
    if !row.iter().any(|cell| matches!(cell, Cell::List(_))) {
        return call(row);
    }
    let mut single: Vec<Cell<'a>> = row.to_vec();
    let mut given = Vec::new();
    let mut left = MAX_COMBINATIONS;
    combine(row, 0, &mut single, &mut left, call, &mut given);
    if !any {
        return if given.is_empty() { Cell::Null } else { Cell::List(given) };
    }
    match given.contains(&Cell::Boolean(true)) {
        true => Cell::Boolean(true),
        false if given.is_empty() => Cell::Null,
        false => Cell::Boolean(false),
    }
}

fn combine<'a>(
    row: &[Cell<'a>],
    at: usize,
    single: &mut Vec<Cell<'a>>,
    left: &mut usize,
    call: &dyn Fn(&[Cell<'a>]) -> Cell<'a>,
    given: &mut Vec<Cell<'a>>,
) {
    match row.get(at) {
        None => {
            *left -= 1;
            match call(single) {
                Cell::Null => {}
                cell => given.push(cell),
            }
        }
        Some(Cell::List(values)) => {
            for value in values {
                if *left == 0 {
                    return;
                }
                if let Some(place) = single.get_mut(at) {
                    *place = value.clone();
                }
                combine(row, at + 1, single, left, call, given);
            }
        }
        Some(_) => combine(row, at + 1, single, left, call, given),
    }
}
