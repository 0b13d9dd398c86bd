//! Text that nobody vouches for, where people or programs read it.
//!
//! Logs, rules and file names come from whoever wrote them. On a terminal a control character moves the cursor or sets the
//! window's title, a bidirectional override shows a text in another order than it has, and a spreadsheet evaluates a cell that
//! begins like a formula. What writes such text passes it through one of these functions, and nothing else.
use std::borrow::Cow;
use std::fmt::Write;

/// What stands in the place of a character that must not be shown.
const SHOWN: char = char::REPLACEMENT_CHARACTER;

/// Whether a character acts on what shows it rather than being shown: control characters (of ECMA-48, C1 too), the marks,
/// embeddings, overrides and isolates of the bidirectional algorithm (UAX #9), separators of lines and paragraphs, tags, and
/// what XML cannot hold.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E007F}')
}

fn replaced<'t>(text: &'t str, kept: &[char]) -> Cow<'t, str> {
    let refused = |c: char| acts(c) && !kept.contains(&c);
    match text.chars().any(refused) {
        true => Cow::Owned(text.chars().map(|c| if refused(c) { SHOWN } else { c }).collect()),
        false => Cow::Borrowed(text),
    }
}

/// A text as one line: nothing in it acts, line breaks neither.
///
/// ```
/// use mynah_syntax::neutral;
/// assert_eq!(neutral::line("cmd\u{1b}[2J\nexe.\u{202e}fdp"), "cmd�[2J�exe.�fdp");
/// ```
pub fn line(text: &str) -> Cow<'_, str> {
    replaced(text, &[])
}

/// A text of several lines: line feeds and tabs stay.
///
/// ```
/// assert_eq!(mynah_syntax::neutral::lines("a\tb\r\nc\u{7}"), "a\tb�\nc�");
/// ```
pub fn lines(text: &str) -> Cow<'_, str> {
    replaced(text, &['\n', '\t'])
}

/// The same of a text that has colours already.
pub(crate) fn rendered(text: &str) -> Cow<'_, str> {
    replaced(text, &['\n', '\t', '\u{1b}'])
}

/// A field of a file with separated values: as [`lines`], and no formula. A field that begins like one gets an apostrophe before
/// it, as spreadsheets mark a text; a number with a sign is none.
///
/// ```
/// use mynah_syntax::neutral;
/// assert_eq!(neutral::field("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
/// assert_eq!(neutral::field(" @SUM(A1)"), "' @SUM(A1)");
/// assert_eq!(neutral::field("-5.5"), "-5.5");
/// ```
pub fn field(text: &str) -> Cow<'_, str> {
    // Spreadsheets leave white space before a formula aside; a tab or a carriage return in front begins one as well.
    let is_formula =
        text.starts_with(['\t', '\r']) || text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    match is_formula && text.trim().parse::<f64>().is_err() {
        true => Cow::Owned(format!("'{}", lines(text))),
        false => lines(text),
    }
}

/// A JSON text, or a part of one: characters that act are written as escapes, which every reader of JSON takes for the same.
///
/// ```
/// assert_eq!(mynah_syntax::neutral::json("{\"a\":\"\u{9b}1m\u{202e}\"}"), "{\"a\":\"\\u009b1m\\u202e\"}");
/// ```
pub fn json(text: &str) -> Cow<'_, str> {
    // Control characters of ASCII are escaped already, or white space between tokens.
    let refused = |c: char| c == '\u{7f}' || (!c.is_ascii() && acts(c));
    if text.bytes().all(|b| b < 0x7f) || !text.chars().any(refused) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut units = [0; 2];
    for c in text.chars() {
        if !refused(c) {
            escaped.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut units) {
            // A String takes all that is written to it.
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    }
    Cow::Owned(escaped)
}
