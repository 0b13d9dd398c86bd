//! Conditions are read by a parser that recurses and knows no limit: what is nested too deep is refused before.
use super::Outline;
use mynah_syntax::{Depth, Diagnostic, MAX_DEPTH, Span};

/// What parentheses look like in a YAML scalar, escapes included.
const OPEN: [&str; 4] = ["(", "\\x28", "\\u0028", "\\U00000028"];

/// Says so where some scalar of a document nests deeper than [`MAX_DEPTH`].
pub(super) fn check(outline: &Outline, text: &str) -> Option<Diagnostic> {
    outline.scalars().find_map(|scalar| {
        let value = scalar.of(text);
        let open: usize = OPEN.iter().map(|open| value.matches(open).count()).sum();
        // Cheap for what is ordinary.
        let nots = value.matches("not").count();
        if open <= MAX_DEPTH && nots <= MAX_DEPTH {
            return None;
        }
        deep(value).then(|| refusal(scalar)).flatten()
    })
}

/// Whether more parentheses are open at once, or more negations stand in a row, than may be.
fn deep(value: &str) -> bool {
    let (mut open, mut nots) = (0usize, 0usize);
    let unescaped = OPEN.iter().skip(1).fold(value.to_owned(), |value, escape| value.replace(escape, "("));
    let mut word = String::new();
    for c in unescaped.chars().chain(std::iter::once(' ')) {
        if c.is_alphanumeric() || c == '_' || c == '-' {
            word.push(c);
            continue;
        }
        match word.as_str() {
            "" => {}
            "not" => nots += 1,
            _ => nots = 0,
        }
        word.clear();
        match c {
            '(' => open += 1,
            ')' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > MAX_DEPTH || nots > MAX_DEPTH {
            return true;
        }
    }
    false
}

/// The diagnostic of [`Depth`], at the scalar.
fn refusal(scalar: Span) -> Option<Diagnostic> {
    let mut depth = Depth::default();
    (0..=MAX_DEPTH).find_map(|_| depth.enter(scalar).err())
}
