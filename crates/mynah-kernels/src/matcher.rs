use crate::{Pattern, Piece, WildcardSyntax};
use memchr::memmem::Finder;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{Hash, Hasher};

/// Whether upper and lower case are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Case {
    /// They are.
    Exact,
    /// They are not: both sides are compared in lower case, by Unicode's rules.
    Folded,
}

impl Case {
    /// A text as it is compared with another: in lower case where case is not told apart, without a copy where it is so already.
    ///
    /// ```
    /// use mynah_kernels::Case;
    /// assert_eq!((Case::Exact.folded("Ä"), Case::Folded.folded("Ä")), ("Ä".into(), "ä".into()));
    /// ```
    pub fn folded(self, text: &str) -> Cow<'_, str> {
        if self == Case::Exact || text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
            Cow::Borrowed(text)
        } else if text.is_ascii() {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Owned(text.to_lowercase())
        }
    }
}

/// A set of patterns, at least one of which a value must fit; made once for a query.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "Patterns", into = "Patterns")]
pub struct Matcher {
    patterns: Vec<Pattern>,
    case: Case,
    exact: HashSet<String>,
    others: Vec<Compiled>,
}

/// The common forms of a pattern, each with its quickest test.
#[derive(Debug, Clone)]
enum Compiled {
    Anything,
    Prefix(String),
    Suffix(String),
    Contains(Box<Finder<'static>>),
    Other(Pattern),
}

impl Matcher {
    /// Values that fit one of these patterns.
    pub fn new(patterns: impl IntoIterator<Item = Pattern>, case: Case) -> Self {
        let patterns: Vec<Pattern> = patterns.into_iter().collect();
        let mut exact = HashSet::new();
        let mut others = Vec::new();
        for pattern in &patterns {
            let pattern = match case {
                Case::Exact => pattern.clone(),
                Case::Folded => Pattern(
                    pattern
                        .0
                        .iter()
                        .map(|piece| match piece {
                            Piece::Literal(text) => Piece::Literal(text.to_lowercase()),
                            other => other.clone(),
                        })
                        .collect(),
                ),
            };
            match pattern.0.as_slice() {
                [] => {
                    exact.insert(String::new());
                }
                [Piece::Literal(text)] => {
                    exact.insert(text.clone());
                }
                [Piece::Many] => others.push(Compiled::Anything),
                [Piece::Literal(text), Piece::Many] => others.push(Compiled::Prefix(text.clone())),
                [Piece::Many, Piece::Literal(text)] => others.push(Compiled::Suffix(text.clone())),
                [Piece::Many, Piece::Literal(text), Piece::Many] => {
                    others.push(Compiled::Contains(Box::new(Finder::new(text).into_owned())));
                }
                _ => others.push(Compiled::Other(pattern)),
            }
        }
        Matcher { patterns, case, exact, others }
    }

    /// Values that fit one of these texts with wildcards.
    pub fn wildcards<'a>(texts: impl IntoIterator<Item = &'a str>, syntax: WildcardSyntax, case: Case) -> Self {
        Matcher::new(texts.into_iter().map(|text| Pattern::parse(text, syntax)), case)
    }

    /// Values that equal one of these texts.
    pub fn equal<'a>(texts: impl IntoIterator<Item = &'a str>, case: Case) -> Self {
        Matcher::new(texts.into_iter().map(Pattern::exact), case)
    }

    /// The patterns, as given.
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// Whether it tells case apart.
    pub fn case(&self) -> Case {
        self.case
    }

    /// Whether a text fits.
    pub fn matches(&self, text: &str) -> bool {
        self.matches_folded(&self.case.folded(text))
    }

    /// Whether a text fits that was made ready for it by [`Case::folded`]: what many patterns are compared with is put into lower
    /// case once.
    ///
    /// ```
    /// use mynah_kernels::{Case, Matcher};
    ///
    /// let matcher = Matcher::equal(["Cmd.exe"], Case::Folded);
    /// assert!(matcher.matches("CMD.EXE") && matcher.matches_folded(&Case::Folded.folded("CMD.EXE")));
    /// ```
    pub fn matches_folded(&self, text: &str) -> bool {
        (!self.exact.is_empty() && self.exact.contains(text))
            || self.others.iter().any(|pattern| match pattern {
                Compiled::Anything => true,
                Compiled::Prefix(prefix) => text.starts_with(prefix.as_str()),
                Compiled::Suffix(suffix) => text.ends_with(suffix.as_str()),
                Compiled::Contains(finder) => finder.find(text.as_bytes()).is_some(),
                Compiled::Other(pattern) => pattern.fits(text),
            })
    }
}

/// A [`Matcher`] as it is written.
#[derive(Serialize, Deserialize)]
struct Patterns {
    case: Case,
    patterns: Vec<Pattern>,
}

impl From<Patterns> for Matcher {
    fn from(written: Patterns) -> Matcher {
        Matcher::new(written.patterns, written.case)
    }
}

impl From<Matcher> for Patterns {
    fn from(matcher: Matcher) -> Patterns {
        Patterns { case: matcher.case, patterns: matcher.patterns }
    }
}

impl PartialEq for Matcher {
    fn eq(&self, other: &Self) -> bool {
        self.case == other.case && self.patterns == other.patterns
    }
}

impl Eq for Matcher {}

impl Hash for Matcher {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.case.hash(state);
        self.patterns.hash(state);
    }
}
