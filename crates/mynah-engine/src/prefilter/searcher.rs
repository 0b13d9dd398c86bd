//! Looking for many literals at once, whatever their case.
use aho_corasick::packed::{Config, MatchKind, Searcher as PackedSearcher};
use regex::bytes::{Regex, RegexBuilder};
use std::collections::BTreeSet;

/// What finds literals in the bytes of records.
#[derive(Debug, Clone)]
pub(super) struct Searcher {
    exact: Regex,
    /// Of each literal a few bytes in each of their cases, where all of these can be looked for at once: an automaton goes on
    /// byte by byte, and this many at a time.
    parts: Option<PackedSearcher>,
}

/// The literals of a few are looked for as fast by the regular expression itself.
const FEW: usize = 4;
/// So many parts are looked for at once.
const MOST_PARTS: usize = 64;
/// A part has so many bytes at least: shorter ones are everywhere.
const SHORTEST_PART: usize = 3;

impl Searcher {
    /// For these literals; case is left aside, since what is found too often costs time only.
    pub fn new(literals: &BTreeSet<String>) -> Option<Searcher> {
        if literals.is_empty() {
            // Nothing can pass: a class that no byte is in.
            return Some(Searcher { exact: Regex::new(r"[^\s\S]").ok()?, parts: None });
        }
        let pattern: Vec<String> = literals.iter().map(|literal| regex::escape(literal)).collect();
        let exact = RegexBuilder::new(&pattern.join("|")).case_insensitive(true).unicode(false).build().ok()?;
        let parts = (literals.len() > FEW).then(|| parts(literals)).flatten();
        let parts =
            parts.and_then(|parts| Config::new().match_kind(MatchKind::LeftmostFirst).builder().extend(parts).build());
        Some(Searcher { exact, parts })
    }

    /// Whether one of the literals is in this text.
    pub fn is_in(&self, text: &[u8]) -> bool {
        self.parts.as_ref().is_none_or(|parts| parts.find(text).is_some()) && self.exact.is_match(text)
    }

    /// Where in this text, from `start` on, one of the literals may stand first.
    pub fn next(&self, text: &[u8], start: usize) -> Option<usize> {
        let rest = text.get(start..)?;
        let place = match &self.parts {
            Some(parts) => parts.find(rest)?.start(),
            None => self.exact.find(rest)?.start(),
        };
        Some(start + place)
    }

    /// Whether one of the literals is in a record at one of whose bytes it may stand.
    pub fn confirms(&self, record: &[u8]) -> bool {
        self.parts.is_none() || self.exact.is_match(record)
    }
}

/// Of each literal a part, in each of its cases; nothing where these are too many.
fn parts(literals: &BTreeSet<String>) -> Option<BTreeSet<Vec<u8>>> {
    // Each letter doubles the cases of a part.
    let most_letters = (MOST_PARTS / literals.len()).checked_ilog2()?.min(SHORTEST_PART as u32 + 1) as usize;
    let mut all = BTreeSet::new();
    for literal in literals {
        all.extend(cases(part(literal.as_bytes(), most_letters)?));
        if all.len() > MOST_PARTS {
            return None;
        }
    }
    Some(all)
}

/// The longest part of a literal with so few letters; where all are too short, one with as few more as it takes.
fn part(literal: &[u8], most_letters: usize) -> Option<&[u8]> {
    let longest = |letters: usize| {
        let starts = (0..literal.len()).filter_map(|start| {
            let rest = literal.get(start..)?;
            let mut left = letters;
            let end = rest.iter().position(|byte| {
                let is_over = byte.is_ascii_alphabetic() && left == 0;
                left = left.saturating_sub(usize::from(byte.is_ascii_alphabetic()));
                is_over
            });
            rest.get(..end.unwrap_or(rest.len()))
        });
        starts.max_by_key(|part| part.len())
    };
    (most_letters..=SHORTEST_PART).chain([most_letters]).filter_map(longest).find(|part| part.len() >= SHORTEST_PART)
}

/// A text in each case that its ASCII letters can have.
fn cases(text: &[u8]) -> Vec<Vec<u8>> {
    text.iter().fold(vec![Vec::new()], |starts, byte| {
        let cases = BTreeSet::from([byte.to_ascii_lowercase(), byte.to_ascii_uppercase()]);
        let longer = |start: &Vec<u8>| {
            let start = start.clone();
            cases.iter().map(move |byte| [start.as_slice(), &[*byte]].concat()).collect::<Vec<_>>()
        };
        starts.iter().flat_map(longer).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literals(texts: &[&str]) -> BTreeSet<String> {
        texts.iter().map(|text| text.to_string()).collect()
    }

    #[test]
    fn a_part_has_few_letters() {
        let part = |literal: &str, letters| {
            part(literal.as_bytes(), letters).map(|part| String::from_utf8_lossy(part).into_owned())
        };
        assert_eq!(part("event::clear", 1).as_deref(), Some("::c"));
        assert_eq!(part("mimidrv.sys", 1).as_deref(), Some(".sy"));
        assert_eq!(part("mimikatz", 1).as_deref(), Some("atz"));
        assert_eq!(part("4624 x", 0).as_deref(), Some("4624 "));
        assert_eq!(part("ab", 2), None);
    }

    #[test]
    fn literals_are_found_in_any_case() {
        let texts = ["dpapi::masterkey", "eo.oe.kiwi", "kerberos::ptt", "mimidrv.sys", "lsadump::", "gentilkiwi.com"];
        let searcher = Searcher::new(&literals(&texts)).unwrap();
        assert!(searcher.parts.is_some());
        for text in texts {
            let text = format!("a {} b", text.to_uppercase());
            assert!(searcher.is_in(text.as_bytes()), "{text}");
            assert!(searcher.next(text.as_bytes(), 0).is_some(), "{text}");
        }
        // A part of one alone is not enough.
        assert!(!searcher.is_in(b"a::masterkey"));
        assert!(searcher.next(b"a::masterkey", 0).is_some() && searcher.next(b"a::masterkey", 5).is_none());
        assert!(!searcher.confirms(b"a::masterkey"));
    }

    #[test]
    fn too_many_literals_have_no_parts() {
        let letter = |n: u8| char::from(b'a' + n);
        let texts = (0..40).map(|n| format!("{}{}", letter(n / 6), letter(n % 6)).repeat(2));
        let searcher = Searcher::new(&texts.collect()).unwrap();
        assert!(searcher.parts.is_none() && searcher.is_in(b"..AFAF") && !searcher.is_in(b"..AFGF"));
    }
}
