//! Looking for many literals at once, whatever their case.
use aho_corasick::Span;
use aho_corasick::packed::{Config, MatchKind, Searcher as PackedSearcher};
use regex::bytes::{Regex, RegexBuilder};
use std::collections::BTreeSet;

/// What finds literals in the bytes of records.
#[derive(Debug, Clone)]
pub(super) enum Searcher {
    Exact(Regex),
    /// Of each literal a few bytes in each of their cases, where all of these can be looked for at once: an automaton goes on
    /// byte by byte, and this many at a time.
    Parts(Parts),
}

/// Parts of literals, and what stands around each.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    searcher: PackedSearcher,
    /// By the number of a part: the literals that may stand where it is found.
    literals: Vec<Vec<Around>>,
}

/// A literal with a part in it.
#[derive(Debug, Clone)]
struct Around {
    literal: Box<[u8]>,
    /// How many of its bytes stand before the part.
    before: usize,
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
            return Some(Searcher::Exact(Regex::new(r"[^\s\S]").ok()?));
        }
        if let Some(parts) = (literals.len() > FEW).then(|| Parts::of(literals)).flatten() {
            return Some(Searcher::Parts(parts));
        }
        let pattern: Vec<String> = literals.iter().map(|literal| regex::escape(literal)).collect();
        Some(Searcher::Exact(RegexBuilder::new(&pattern.join("|")).case_insensitive(true).unicode(false).build().ok()?))
    }

    /// Whether one of the literals is in this text.
    pub fn is_in(&self, text: &[u8]) -> bool {
        match self {
            Searcher::Exact(exact) => exact.is_match(text),
            Searcher::Parts(parts) => parts.find(text).is_some(),
        }
    }

    /// Where in this text, from `start` on, one of the literals stands first: its first byte, or one in it.
    pub fn next(&self, text: &[u8], start: usize) -> Option<usize> {
        let rest = text.get(start..)?;
        let place = match self {
            Searcher::Exact(exact) => exact.find(rest)?.start(),
            Searcher::Parts(parts) => parts.find(rest)?,
        };
        Some(start + place)
    }

    /// Whether one of the literals is in a record that one of them has a byte in.
    pub fn confirms(&self, record: &[u8]) -> bool {
        matches!(self, Searcher::Exact(_)) || self.is_in(record)
    }
}

impl Parts {
    /// Nothing where there are too many.
    fn of(literals: &BTreeSet<String>) -> Option<Parts> {
        let parts: Vec<(Vec<u8>, Around)> = parts(literals)?;
        let texts: BTreeSet<&[u8]> = parts.iter().map(|(part, _)| part.as_slice()).collect();
        let searcher = Config::new().match_kind(MatchKind::LeftmostFirst).builder().extend(&texts).build()?;
        // Of parts that begin at the same byte one is found: the others begin with it, or it with them.
        let may_stand = |found: &[u8]| {
            let is_there = |(part, _): &&(Vec<u8>, Around)| part.starts_with(found) || found.starts_with(part);
            parts.iter().filter(is_there).map(|(_, around)| around.clone()).collect()
        };
        let literals = texts.iter().map(|found| may_stand(found)).collect();
        Some(Parts { searcher, literals })
    }

    /// Where a part of a literal stands that is there as a whole.
    fn find(&self, text: &[u8]) -> Option<usize> {
        let mut from = 0;
        loop {
            let found = self.searcher.find_in(text, Span::from(from..text.len()))?;
            let literals = self.literals.get(found.pattern().as_usize());
            if literals.into_iter().flatten().any(|literal| literal.is_at(text, found.start())) {
                return Some(found.start());
            }
            from = found.start() + 1;
        }
    }
}

impl Around {
    /// Whether the literal is in a text, with its part at this place.
    fn is_at(&self, text: &[u8], part: usize) -> bool {
        let start = part.checked_sub(self.before);
        let there = start.and_then(|start| text.get(start..start + self.literal.len()));
        there.is_some_and(|there| there.eq_ignore_ascii_case(&self.literal))
    }
}

/// Of each literal a part, in each of its cases; nothing where these are too many.
fn parts(literals: &BTreeSet<String>) -> Option<Vec<(Vec<u8>, Around)>> {
    // Each letter doubles the cases of a part.
    let most_letters = (MOST_PARTS / literals.len()).checked_ilog2()?.min(SHORTEST_PART as u32 + 1) as usize;
    let mut all = Vec::new();
    let mut texts = BTreeSet::new();
    for literal in literals.iter().map(|literal| literal.as_bytes()) {
        let (before, part) = part(literal, most_letters)?;
        for part in cases(part) {
            texts.insert(part.clone());
            all.push((part, Around { literal: literal.into(), before }));
        }
        if texts.len() > MOST_PARTS {
            return None;
        }
    }
    Some(all)
}

/// The longest part of a literal with so few letters, and where it begins; where all are too short, one with as few more as
/// it takes.
fn part(literal: &[u8], most_letters: usize) -> Option<(usize, &[u8])> {
    let longest = |letters: usize| {
        let starts = (0..literal.len()).filter_map(|start| {
            let rest = literal.get(start..)?;
            let mut left = letters;
            let end = rest.iter().position(|byte| {
                let is_over = byte.is_ascii_alphabetic() && left == 0;
                left = left.saturating_sub(usize::from(byte.is_ascii_alphabetic()));
                is_over
            });
            Some((start, rest.get(..end.unwrap_or(rest.len()))?))
        });
        starts.max_by_key(|(_, part)| part.len())
    };
    (most_letters..=SHORTEST_PART)
        .chain([most_letters])
        .filter_map(longest)
        .find(|(_, part)| part.len() >= SHORTEST_PART)
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
            part(literal.as_bytes(), letters).map(|(_, part)| String::from_utf8_lossy(part).into_owned())
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
        assert!(matches!(searcher, Searcher::Parts(_)));
        for text in texts {
            let text = format!("a {} b", text.to_uppercase());
            assert!(searcher.is_in(text.as_bytes()), "{text}");
            assert!(searcher.next(text.as_bytes(), 0).is_some(), "{text}");
        }
        // A part of one alone is not enough, nor one that is cut off.
        for text in ["a::masterkey", "::masterkey", "dpapi::m"] {
            assert!(!searcher.is_in(text.as_bytes()) && !searcher.confirms(text.as_bytes()), "{text}");
            assert!(searcher.next(text.as_bytes(), 0).is_none(), "{text}");
        }
    }

    #[test]
    fn literals_whose_parts_begin_alike_are_told_apart() {
        let searcher = Searcher::new(&literals(&["1::a", "2::ab", "3::abc", "4::x", "5::a", "6::y"])).unwrap();
        assert!(matches!(searcher, Searcher::Parts(_)));
        for text in ["1::a", "2::ab", "3::abc", "5::a"] {
            assert!(searcher.is_in(format!("7::abc {text}").as_bytes()), "{text}");
        }
        assert!(!searcher.is_in(b"7::abc 2::ac 3::abd 4::a 6::a"));
    }

    #[test]
    fn too_many_literals_have_no_parts() {
        let letter = |n: u8| char::from(b'a' + n);
        let texts = (0..40).map(|n| format!("{}{}", letter(n / 6), letter(n % 6)).repeat(2));
        let searcher = Searcher::new(&texts.collect()).unwrap();
        assert!(matches!(searcher, Searcher::Exact(_)) && searcher.is_in(b"..AFAF") && !searcher.is_in(b"..AFGF"));
    }
}
