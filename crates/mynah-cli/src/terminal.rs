//! Text for people.
use comfy_table::{ContentArrangement, Table, presets};
use mynah::Diagnostic;
use std::io::IsTerminal;

/// Writes diagnostics to standard error, with excerpts of the query.
pub(crate) fn report(name: &str, text: &str, diagnostics: &[Diagnostic]) {
    let color = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    for diagnostic in diagnostics {
        eprintln!("{}\n", mynah_syntax::render(name, text, diagnostic, color));
    }
}

/// A table with lines between the rows, as wide as the terminal.
pub(crate) fn table() -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table
}

/// A number with its noun: `1 event`, `2 events`, `2 queries`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    match (number, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        _ => format!("{number} {noun}s"),
    }
}

/// At most `longest` characters of a text from a log. Control characters must not reach the terminal; line breaks may where
/// `lines` are allowed.
pub(crate) fn clean(text: &str, longest: usize, lines: bool) -> String {
    let replaced = |c: char| if c.is_control() && !(lines && c == '\n') { '\u{FFFD}' } else { c };
    let mut shown: String = text.chars().take(longest).map(replaced).collect();
    if text.chars().nth(longest).is_some() {
        shown.push('…');
    }
    shown
}
