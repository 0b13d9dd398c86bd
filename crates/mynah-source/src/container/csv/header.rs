//! Whether the first row of what looks like a table names its columns. Where it is an event like those behind it, the
//! text is no table: reading it as one would lose that event.
use super::rows::{fields, split};
use crate::text::has_time;
use std::borrow::Cow;
use std::collections::HashSet;
use std::net::IpAddr;

/// How many rows behind the first are looked at.
const ROWS: usize = 9;

/// How many characters and blanks the name of a column has at most.
const LONGEST: usize = 128;
const BLANKS: usize = 4;

/// How many names a text has whose first row is a header and whose next rows have as many fields, most of them.
pub(super) fn columns(text: &str, delimiter: u8, whole: bool) -> Option<usize> {
    let mut rows = split(text, delimiter, whole).filter(|row| !row.trim().is_empty());
    let header = cells(rows.next()?, delimiter);
    let unique: HashSet<&str> = header.iter().map(|cell| &**cell).collect();
    if header.len() < 2 || unique.len() < header.len() || !header.iter().all(|cell| may_be_name(cell)) {
        return None;
    }
    let rows: Vec<Vec<Cow<'_, str>>> = rows.take(ROWS).map(|row| cells(row, delimiter)).collect();
    // The only line of a text is an event, whatever it looks like; of a text that goes on, a row may be too long to be seen.
    if rows.is_empty() && whole {
        return None;
    }
    let uneven = rows.iter().filter(|row| row.len() != header.len()).count();
    let is_even = match delimiter {
        b' ' => uneven == 0 && !rows.is_empty() && are_names_of_words(&header),
        _ => uneven * 3 <= rows.len(),
    };
    (is_even && is_header(&header, &rows)).then_some(header.len())
}

fn cells(row: &str, delimiter: u8) -> Vec<Cow<'_, str>> {
    let trimmed = |text| match text {
        Cow::Borrowed(text) => Cow::Borrowed(str::trim(text)),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    };
    fields(row, delimiter).map(|field| trimmed(field.text)).collect()
}

/// Whether a row of possible names differs from the rows behind it as names differ from values. A column speaks for that if
/// it holds what no name is, and against it if its values use the words of its name, as the lines of one program do. Where
/// no column speaks either way, names are told by how they are written.
fn is_header(header: &[Cow<'_, str>], rows: &[Vec<Cow<'_, str>>]) -> bool {
    let (mut different, mut alike) = (0, 0);
    // Tables put one behind another repeat the header.
    let rows = || rows.iter().filter(|row| *row != header);
    for (column, name) in header.iter().enumerate() {
        let values = || rows().filter_map(|row| row.get(column));
        if values().any(|value| share_words(name, value)) {
            alike += 1;
        } else if values().filter(|value| !may_be_name(value)).count() * 3 > values().count() * 2 {
            different += 1;
        }
    }
    if different == 0 { alike == 0 && header.iter().all(|name| is_clearly_name(name)) } else { different >= alike }
}

/// Whether a cell may be the name of a column: no number, time, address, pair or sentence.
fn may_be_name(cell: &str) -> bool {
    let begins = cell.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '@' | '#' | '$'));
    begins
        && cell.len() <= LONGEST
        && cell.matches(' ').count() <= BLANKS
        && !cell.ends_with(['.', '!', ';', ','])
        && !is_pair(cell)
        && !cell.split_whitespace().any(is_value)
        && !has_time(cell.as_bytes())
}

/// Whether a cell is `key=value`.
fn is_pair(cell: &str) -> bool {
    let key = cell.split('=').next().unwrap_or(cell);
    key.len() < cell.len() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Whether a word is an address or a number of some length, which names do not hold.
fn is_value(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != ':');
    let is_address = word.len() > 2 && (word.contains(':') || word.contains('.')) && word.parse::<IpAddr>().is_ok();
    is_address || matches!(word, "true" | "false") || (word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether two cells have a word in common, letter by letter.
fn share_words(name: &str, value: &str) -> bool {
    name.split_whitespace().any(|word| value.split_whitespace().any(|other| word == other))
}

/// Whether a cell is written as only names are: one word of the characters of identifiers, or words that all begin with a capital.
fn is_clearly_name(cell: &str) -> bool {
    let of_name = |c: char| c.is_alphanumeric() || "_-.@#$/:()[]{}%".contains(c);
    let is_capital = |word: &str| word.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic());
    let mut words = cell.split_whitespace();
    match (words.next(), words.next()) {
        (Some(word), None) => word.chars().all(of_name) && !word.get(1..).is_some_and(|rest| rest.contains(['@', ':'])),
        _ => cell.split_whitespace().all(|word| word.chars().all(of_name) && is_capital(word)),
    }
}

/// Any text has blanks in it: a table whose values they separate has many names of several words, each written as one.
fn are_names_of_words(header: &[Cow<'_, str>]) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let of_words = header.iter().filter(|name| name.contains(['-', '_'])).count();
    of_words > 1 && header.len() > 5 && header.iter().all(|name| name.chars().all(plain))
}
