//! Text for people.
use comfy_table::{ContentArrangement, Table, presets};
use mynah::{Diagnostic, Timestamp};
use mynah_syntax::neutral;
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};

/// Says something on standard error, in which nothing acts on the terminal. That nobody listens is no failure.
pub(crate) fn say(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "{}", neutral::lines(&text.to_string()));
}

/// Writes diagnostics to standard error, with excerpts of the query.
pub(crate) fn report(name: &str, text: &str, diagnostics: &[Diagnostic]) {
    let mut err = std::io::stderr();
    let color = colored(&err);
    let _ = write_diagnostics(name, text, diagnostics, color, &mut err);
}

/// How many diagnostics of one rule are shown of a query: thousands of them tell no more.
const MOST_OF_A_RULE: usize = 20;

/// Writes diagnostics with excerpts of the query; of those of one rule the first only, and how many more there are.
pub(crate) fn write_diagnostics(
    name: &str,
    text: &str,
    diagnostics: &[Diagnostic],
    color: bool,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        let count = counts.entry(diagnostic.code).or_default();
        *count += 1;
        if *count <= MOST_OF_A_RULE {
            writeln!(out, "{}\n", mynah_syntax::render(name, text, diagnostic, color))?;
        }
    }
    for (code, count) in counts.into_iter().filter(|(_, count)| *count > MOST_OF_A_RULE) {
        let more = count - MOST_OF_A_RULE;
        writeln!(out, "{}: {more} more of [{code}] (--format json of `mynah check` has all)\n", neutral::line(name))?;
    }
    Ok(())
}

/// Whether a stream shows colours.
pub(crate) fn colored(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// A table with lines between the rows, as wide as the terminal.
pub(crate) fn table() -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table
}

/// A number with its noun: `1 event`, `2 events`, `2 queries`, `2 days`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let is_consonant = |c: char| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    match (number, noun.strip_suffix('y').filter(|stem| stem.ends_with(is_consonant))) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        _ if noun.ends_with('x') => format!("{number} {noun}es"),
        _ => format!("{number} {noun}s"),
    }
}

/// A time to the second, with a blank before the hour.
pub(crate) fn short(time: Timestamp) -> String {
    time.to_string().chars().take(19).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

/// At most `longest` characters of a text that nobody vouches for; line breaks stay where `lines` are allowed.
pub(crate) fn clean(text: &str, longest: usize, lines: bool) -> String {
    let shown: String = text.chars().take(longest).collect();
    let mut shown = if lines { neutral::lines(&shown) } else { neutral::line(&shown) }.into_owned();
    if text.chars().nth(longest).is_some() {
        shown.push('…');
    }
    shown
}

/// Standard output, for text of several lines in which nothing acts on what shows it.
pub(crate) fn neutral_stdout() -> impl Write {
    Neutral { out: std::io::stdout().lock(), line: Vec::new() }
}

/// Passes on whole lines, neutralised.
struct Neutral<W: Write> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> Neutral<W> {
    fn pass(&mut self, length: usize) -> std::io::Result<()> {
        let rest = self.line.split_off(length);
        let lines = std::mem::replace(&mut self.line, rest);
        self.out.write_all(neutral::lines(&String::from_utf8_lossy(&lines)).as_bytes())
    }
}

impl<W: Write> Write for Neutral<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.line.extend_from_slice(bytes);
        if let Some(end) = self.line.iter().rposition(|byte| *byte == b'\n') {
            self.pass(end + 1)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.pass(self.line.len())?;
        self.out.flush()
    }
}

impl<W: Write> Drop for Neutral<W> {
    fn drop(&mut self) {
        let _ = self.flush();
    }
}
