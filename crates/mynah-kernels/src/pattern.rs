use serde::{Deserialize, Serialize};

/// How a language writes its wildcards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WildcardSyntax {
    /// Any number of any characters.
    pub many: char,
    /// Exactly one character, where the language has that.
    pub one: Option<char>,
    /// Takes its meaning from the wildcard (or escape) that follows, where the language has that. Before
    /// any other character it is an ordinary one.
    pub escape: Option<char>,
}

impl WildcardSyntax {
    /// `*` only.
    pub const STARS: WildcardSyntax = WildcardSyntax { many: '*', one: None, escape: None };
    /// `*` and `?`.
    pub const STARS_AND_MARKS: WildcardSyntax = WildcardSyntax { many: '*', one: Some('?'), escape: None };
    /// SQL's `%` and `_`.
    pub const SQL: WildcardSyntax = WildcardSyntax { many: '%', one: Some('_'), escape: None };
}

/// One piece of a [`Pattern`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Piece {
    /// These characters.
    Literal(String),
    /// Any number of any characters; never twice in a row.
    Many,
    /// Exactly one character.
    One,
}

/// A text with wildcards, which a whole value must fit.
///
/// ```
/// use mynah_kernels::{Pattern, WildcardSyntax};
/// let pattern = Pattern::parse("a*c_", WildcardSyntax { one: Some('_'), ..WildcardSyntax::STARS });
/// assert!(pattern.fits("abbbcd"));
/// assert!(!pattern.fits("abbbc"));
/// assert_eq!(pattern.literals().collect::<Vec<_>>(), ["a", "c"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pattern(pub Vec<Piece>);

impl Pattern {
    /// Reads a pattern in a language's syntax.
    pub fn parse(text: &str, syntax: WildcardSyntax) -> Pattern {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut characters = text.chars().peekable();
        let is_special = |c: char| c == syntax.many || Some(c) == syntax.one || Some(c) == syntax.escape;
        while let Some(c) = characters.next() {
            if Some(c) == syntax.escape
                && let Some(next) = characters.next_if(|next| is_special(*next))
            {
                literal.push(next);
            } else if c == syntax.many || Some(c) == syntax.one {
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                if c != syntax.many {
                    pieces.push(Piece::One);
                } else if pieces.last() != Some(&Piece::Many) {
                    pieces.push(Piece::Many);
                }
            } else {
                literal.push(c);
            }
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Pattern(pieces)
    }

    /// A pattern that only this very text fits.
    pub fn exact(text: &str) -> Pattern {
        Pattern(if text.is_empty() { Vec::new() } else { vec![Piece::Literal(text.to_owned())] })
    }

    /// Its literal pieces, in order; a fitting value holds all of them.
    pub fn literals(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Literal(text) => Some(text.as_str()),
            Piece::Many | Piece::One => None,
        })
    }

    /// The one text that fits, if the pattern has no wildcards.
    pub fn as_exact(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether a whole text fits, in its own case. Linear in the text for each wildcard, never exponential.
    pub fn fits(&self, text: &str) -> bool {
        let pieces = self.0.as_slice();
        // The greedy algorithm: on a mismatch only the last `Many` has to be tried again, one character later.
        let (mut piece, mut at) = (0, 0);
        let mut retry: Option<(usize, usize)> = None;
        loop {
            let rest = text.get(at..).unwrap_or("");
            let step = match pieces.get(piece) {
                None if rest.is_empty() => return true,
                None => None,
                Some(Piece::Many) => {
                    if piece + 1 == pieces.len() {
                        return true;
                    }
                    retry = Some((piece, at));
                    Some(0)
                }
                Some(Piece::One) => rest.chars().next().map(char::len_utf8),
                Some(Piece::Literal(literal)) => rest.starts_with(literal.as_str()).then_some(literal.len()),
            };
            match (step, retry) {
                (Some(length), _) => {
                    piece += 1;
                    at += length;
                }
                (None, None) => return false,
                (None, Some((many, from))) => {
                    let rest = text.get(from..).unwrap_or("");
                    let Some(skip) = rest.chars().next().map(char::len_utf8) else { return false };
                    // Straight to the next place where the literal after the wildcard stands.
                    let next = match pieces.get(many + 1) {
                        Some(Piece::Literal(literal)) => {
                            match rest
                                .get(skip..)
                                .and_then(|rest| memchr::memmem::find(rest.as_bytes(), literal.as_bytes()))
                            {
                                Some(found) => skip + found,
                                None => return false,
                            }
                        }
                        _ => skip,
                    };
                    retry = Some((many, from + next));
                    piece = many + 1;
                    at = from + next;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, text: &str) -> bool {
        Pattern::parse(pattern, WildcardSyntax { escape: Some('\\'), ..WildcardSyntax::STARS_AND_MARKS }).fits(text)
    }

    #[test]
    fn wildcards_cover_whole_values() {
        assert!(fits("", ""));
        assert!(!fits("", "a"));
        assert!(fits("*", ""));
        assert!(fits("a*b*c", "a12b34c"));
        assert!(fits("a*b*c", "abbcbc"));
        assert!(!fits("a*b*c", "a12b34"));
        assert!(fits("*aab", "aaaab"));
        assert!(fits("?é?", "aéb"));
        assert!(!fits("??", "é"));
        assert!(fits("*?", "é"));
        assert!(!fits("*?", ""));
        assert!(fits(r"a\*b", "a*b"));
        assert!(!fits(r"a\*b", "axb"));
        assert!(fits(r"C:\x\*", r"C:\x*"));
    }
}
