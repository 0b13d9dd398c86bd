//! What a text must hold for a regular expression to be found in it.
//!
//! The literals come from the expression's own tree, as ripgrep takes its inner ones. A part of an expression stands for
//! a few texts, as `(?i)ab[12]` does for `ab1` and `ab2` without case, and parts in a row for what they make together. A
//! part that stands for more, as `.*` does, ends a row: a text that matches holds one text of each row.
//!
//! Letters beyond ASCII are no concern here: a record that has any is always looked at, so that of a class just the ASCII
//! characters count.
use super::derive::plain_part;
use super::need::Need;
use regex_syntax::hir::{Class, Hir, HirKind, Repetition};
use std::collections::BTreeSet;

/// A class of more ASCII characters stands for any character: ten digits are few enough to go on behind them, but tell as
/// little as what they are between.
const MOST_OF_CLASS: usize = 10;
/// Of more texts that a row may be, one is in nearly every record, or all take longer to look for than to parse.
const MOST_TEXTS: usize = 64;
/// Longer texts tell no more, and repetitions of repetitions could be of any length.
const LONGEST: usize = 100;

/// What any text holds in which this expression is found. Nothing is known of one that is not of the syntax of the crate
/// `regex`: look-around and back-references are not looked into.
pub(super) fn needed_by(expression: &str) -> Need {
    regex_syntax::parse(expression).map_or(Need::Always, |tree| Part::of(&tree).into_need())
}

/// What a part of an expression stands for.
enum Part {
    /// Just these texts, in lower case.
    Texts(BTreeSet<String>),
    /// Others, all of which hold this.
    Other(Need),
}

impl Part {
    fn of(tree: &Hir) -> Part {
        match tree.kind() {
            HirKind::Empty | HirKind::Look(_) => Part::text(""),
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
                Ok(text) => Part::text(&text.to_ascii_lowercase()),
                Err(_) => Part::Other(Need::Always),
            },
            HirKind::Class(class) => Part::of_class(class),
            HirKind::Repetition(repetition) => Part::of_repetition(repetition),
            HirKind::Capture(capture) => Part::of(&capture.sub),
            HirKind::Concat(parts) => Part::in_a_row(parts.iter().map(Part::of)),
            HirKind::Alternation(parts) => {
                let parts = parts.iter().map(Part::of);
                parts.reduce(Part::or).unwrap_or(Part::Other(Need::Always))
            }
        }
    }

    fn text(text: &str) -> Part {
        Part::Texts(BTreeSet::from([text.to_owned()]))
    }

    fn of_class(class: &Class) -> Part {
        let ranges: Vec<(u32, u32)> = match class {
            Class::Unicode(class) => class.iter().map(|range| (range.start().into(), range.end().into())).collect(),
            Class::Bytes(class) => class.iter().map(|range| (range.start().into(), range.end().into())).collect(),
        };
        let characters = ranges.into_iter().flat_map(|(start, end)| start..=end.min(0x7f));
        let texts: BTreeSet<String> = characters
            .filter_map(|character| char::from_u32(character).map(|c| c.to_ascii_lowercase().to_string()))
            .collect();
        // What JSON writes with an escape splits a row anyway.
        if texts.is_empty() || texts.len() > MOST_OF_CLASS || texts.iter().any(|text| plain_part(text).is_empty()) {
            return Part::Other(Need::Always);
        }
        Part::Texts(texts)
    }

    fn of_repetition(repetition: &Repetition) -> Part {
        let part = Part::of(&repetition.sub);
        let Part::Texts(texts) = part else {
            return if repetition.min == 0 { Part::Other(Need::Always) } else { part };
        };
        if repetition.min == 0 {
            let once = if repetition.max == Some(1) { Part::Texts(texts) } else { Part::Other(Need::Always) };
            return Part::text("").or(once);
        }
        // More of them than a row holds need not be gone through.
        let copies = usize::try_from(repetition.min).unwrap_or(LONGEST).min(LONGEST + 1);
        let whole = repetition.max == Some(repetition.min) && copies <= LONGEST;
        let copies = std::iter::repeat_n(texts, copies).map(Part::Texts);
        Part::in_a_row(copies.chain((!whole).then_some(Part::Other(Need::Always))))
    }

    fn or(self, other: Part) -> Part {
        match (self, other) {
            (Part::Texts(mut texts), Part::Texts(others)) if texts.len() + others.len() <= MOST_TEXTS => {
                texts.extend(others);
                Part::Texts(texts)
            }
            (one, other) => Part::Other(one.into_need().or(other.into_need())),
        }
    }

    fn in_a_row(parts: impl Iterator<Item = Part>) -> Part {
        let mut row = BTreeSet::from([String::new()]);
        let mut need = Need::Always;
        let mut whole = true;
        for part in parts {
            match part {
                Part::Texts(texts) => match joined(&row, &texts) {
                    Some(longer) => row = longer,
                    None => {
                        need = need.and(Part::Texts(std::mem::replace(&mut row, texts)).into_need());
                        whole = false;
                    }
                },
                Part::Other(other) => {
                    let ended = std::mem::replace(&mut row, BTreeSet::from([String::new()]));
                    need = need.and(Part::Texts(ended).into_need()).and(other);
                    whole = false;
                }
            }
        }
        if whole { Part::Texts(row) } else { Part::Other(need.and(Part::Texts(row).into_need())) }
    }

    fn into_need(self) -> Need {
        match self {
            Part::Texts(texts) => {
                let texts: BTreeSet<String> = texts.iter().map(|text| plain_part(text)).collect();
                // Where one stands, those that it is a part of need not be looked for.
                let is_part = |text: &&String| texts.iter().any(|part| *text != part && text.contains(part.as_str()));
                Need::any_of(texts.iter().filter(|text| !is_part(text)).cloned())
            }
            Part::Other(need) => need,
        }
    }
}

/// Each of the texts with each of `ends` behind it, unless they are too many or too long.
fn joined(texts: &BTreeSet<String>, ends: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    let longest = |texts: &BTreeSet<String>| texts.iter().map(String::len).max().unwrap_or(0);
    if texts.len() * ends.len() > MOST_TEXTS || longest(texts) + longest(ends) > LONGEST {
        return None;
    }
    Some(texts.iter().flat_map(|text| ends.iter().map(move |end| format!("{text}{end}"))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literals(expression: &str) -> Vec<String> {
        match needed_by(expression).best() {
            Need::Sets(sets) => sets.into_iter().flatten().collect(),
            Need::Always => vec!["anything".to_owned()],
            Need::Never => Vec::new(),
        }
    }

    #[test]
    fn rows_of_literals() {
        assert_eq!(literals("StopLogging"), ["stoplogging"]);
        assert_eq!(literals("(?i)^stop(Logging|Trail)$"), ["stoplogging", "stoptrail"]);
        // The K of Kelvin is a K without case: a record with one is looked at anyway.
        assert_eq!(literals("(?i)kick"), ["kick"]);
        assert_eq!(literals(r"(\S+) -enc(odedcommand)?\s"), [" -enc"]);
        assert_eq!(literals("vssadmin.*delete shadows"), ["delete shadows"]);
        assert_eq!(literals("(food|bard)+baz"), ["bard", "food"]);
        assert_eq!(literals("(ab){3}c{2,}"), ["ababab"]);
        assert_eq!(literals(r"\\\\10\.0\.\d\.1"), (0..10).map(|d| format!("10.0.{d}.1")).collect::<Vec<_>>());
    }

    #[test]
    fn what_tells_nothing() {
        for expression in [r"\w+", "a|.*", "(abc)?", "(abc)*", "ab", r"(?<!x)abc", "é+", "(abc|x)"] {
            assert_eq!(literals(expression), ["anything"], "{expression}");
        }
        assert_eq!(literals(r"[^\s\S]"), ["anything"]);
    }

    #[test]
    fn work_is_bounded() {
        assert_eq!(literals("(([a-j]{9}){9}){9}abcdefghijkl"), ["abcdefghijkl"]);
        assert_eq!(literals("((((a{99}){99}){99}){99}){99}"), ["a".repeat(99)]);
    }
}
