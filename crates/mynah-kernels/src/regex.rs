use datafusion::common::DataFusionError;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::hash::{Hash, Hasher};

/// A compiled regular expression of the syntax of the crates [`regex`](https://docs.rs/regex) and
/// [`fancy_regex`](https://docs.rs/fancy-regex); flags stand in it, `(?i)`.
///
/// It runs in linear time. Only where it needs look-around, back-references, atomic groups or possessive quantifiers, it
/// is tried step by step, as Perl and Java do, with a bound on the steps. Two are equal if their text is.
///
/// ```
/// use mynah_kernels::Regex;
/// let linear = Regex::new("(?i)az(ure)?")?;
/// assert!(linear.is_match("AZ login")? && !linear.backtracks());
/// let doubled = Regex::new(r"(\w)\1")?;
/// assert!(doubled.is_match("book")? && doubled.backtracks());
/// assert!(Regex::new("(a").is_err());
/// # Ok::<(), mynah_kernels::RegexError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Regex(Compiled);

#[derive(Debug, Clone)]
enum Compiled {
    Linear(regex::Regex),
    Backtracking(Box<fancy_regex::Regex>),
}

/// How many steps a regular expression that is tried step by step may take for one text: well under a second.
const MOST_STEPS: usize = 1_000_000;
/// How many bytes a compiled regular expression may take.
const MOST_BYTES: usize = 32 << 20;

/// Why a regular expression does not compile, or stopped.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RegexError {
    /// It is not well formed.
    #[error("{0}")]
    Syntax(String),
    /// Its compiled form would be too large.
    #[error("the compiled expression would take more than {} MiB", MOST_BYTES >> 20)]
    TooLarge,
    /// It took too many steps for a text.
    #[error("the regular expression `{pattern}` takes more than {MOST_STEPS} steps on `{text}`; make it more definite")]
    TooManySteps {
        /// The expression.
        pattern: String,
        /// The text, cut.
        text: String,
    },
}

impl From<RegexError> for DataFusionError {
    fn from(error: RegexError) -> Self {
        DataFusionError::External(Box::new(error))
    }
}

impl Regex {
    /// Compiles an expression.
    ///
    /// # Errors
    /// Where it is not well formed, or too large.
    pub fn new(text: &str) -> Result<Regex, RegexError> {
        match regex::RegexBuilder::new(text).size_limit(MOST_BYTES).build() {
            Ok(regex) => Ok(Regex(Compiled::Linear(regex))),
            Err(regex::Error::CompiledTooBig(_)) => Err(RegexError::TooLarge),
            Err(error) => {
                let compiled = fancy_regex::RegexBuilder::new(text)
                    .backtrack_limit(MOST_STEPS)
                    .delegate_size_limit(MOST_BYTES)
                    .build();
                // What neither takes is explained best by the first, which shows the place.
                let compiled = compiled.map_err(|_| RegexError::Syntax(error.to_string()))?;
                Ok(Regex(Compiled::Backtracking(Box::new(compiled))))
            }
        }
    }

    /// What an expression begins with that is tried step by step although all of it could be read as a linear one: `a++`.
    pub const STEPWISE: &'static str = "(?=)";

    /// Its text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Compiled::Linear(regex) => regex.as_str(),
            Compiled::Backtracking(regex) => regex.as_str(),
        }
    }

    /// Whether it is tried step by step.
    pub fn backtracks(&self) -> bool {
        matches!(self.0, Compiled::Backtracking(_))
    }

    /// Whether it is found in a text.
    ///
    /// # Errors
    /// Where it takes too many steps.
    pub fn is_match(&self, text: &str) -> Result<bool, RegexError> {
        match &self.0 {
            Compiled::Linear(regex) => Ok(regex.is_match(text)),
            Compiled::Backtracking(regex) => regex.is_match(text).map_err(|_| self.stopped(text)),
        }
    }

    /// Where its groups are in the first match that begins at `from` or later; group 0 is the whole match.
    ///
    /// # Errors
    /// Where it takes too many steps.
    pub fn captures<'t>(&self, text: &'t str, from: usize) -> Result<Option<Groups<'t>>, RegexError> {
        let spans: Option<Vec<_>> = match &self.0 {
            Compiled::Linear(regex) => regex
                .captures_at(text, from)
                .map(|groups| groups.iter().map(|group| group.map(|group| (group.start(), group.end()))).collect()),
            Compiled::Backtracking(regex) => {
                let groups = regex.captures_from_pos(text, from).map_err(|_| self.stopped(text))?;
                groups
                    .map(|groups| groups.iter().map(|group| group.map(|group| (group.start(), group.end()))).collect())
            }
        };
        Ok(spans.map(|spans| Groups { text, spans }))
    }

    /// The groups of all matches, one after the other, at most `most`.
    ///
    /// # Errors
    /// Where it takes too many steps.
    pub fn all_captures<'t>(&self, text: &'t str, most: usize) -> Result<Vec<Groups<'t>>, RegexError> {
        let mut all: Vec<Groups<'t>> = Vec::new();
        let mut from = 0;
        while all.len() < most && from <= text.len() {
            let Some(groups) = self.captures(text, from)? else { break };
            let (start, end) = groups.span(0).unwrap_or((from, from));
            // An empty match where the one before ended is no match, and the next begins a character later.
            let after = all.last().and_then(|before| before.span(0)).map(|(_, end)| end);
            from = if start == end {
                text.get(end..).and_then(|rest| rest.chars().next()).map_or(end + 1, |c| end + c.len_utf8())
            } else {
                end
            };
            if start != end || after != Some(start) {
                all.push(groups);
            }
        }
        Ok(all)
    }

    /// The text with up to `most` matches replaced by what `replacement` makes of their groups.
    ///
    /// # Errors
    /// Where it takes too many steps.
    pub fn replace<'t>(
        &self,
        text: &'t str,
        most: usize,
        replacement: impl Fn(&Groups<'t>) -> String,
    ) -> Result<Cow<'t, str>, RegexError> {
        let matches = self.all_captures(text, most)?;
        if matches.is_empty() {
            return Ok(Cow::Borrowed(text));
        }
        let (mut out, mut copied) = (String::with_capacity(text.len()), 0);
        for groups in &matches {
            let (start, end) = groups.span(0).unwrap_or((copied, copied));
            out.push_str(text.get(copied..start).unwrap_or_default());
            out.push_str(&replacement(groups));
            copied = end;
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        Ok(Cow::Owned(out))
    }

    /// The names of its groups, in their order; group 0 and others without a name have none.
    pub fn group_names(&self) -> Vec<Option<String>> {
        let owned = |name: Option<&str>| name.map(str::to_owned);
        match &self.0 {
            Compiled::Linear(regex) => regex.capture_names().map(owned).collect(),
            Compiled::Backtracking(regex) => regex.capture_names().map(owned).collect(),
        }
    }

    fn stopped(&self, text: &str) -> RegexError {
        let pattern = self.as_str().trim_start_matches(Regex::STEPWISE).to_owned();
        RegexError::TooManySteps { pattern, text: text.chars().take(80).collect() }
    }
}

/// Where the groups of a match are in a text.
#[derive(Debug, Clone)]
pub struct Groups<'t> {
    text: &'t str,
    spans: Vec<Option<(usize, usize)>>,
}

impl<'t> Groups<'t> {
    /// What a group matched; nothing where it took no part, or there is no such group.
    pub fn get(&self, group: usize) -> Option<&'t str> {
        let (start, end) = self.span(group)?;
        self.text.get(start..end)
    }

    /// From where to where a group matched, in bytes.
    pub fn span(&self, group: usize) -> Option<(usize, usize)> {
        self.spans.get(group).copied().flatten()
    }

    /// How many groups there are, group 0 among them.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there are none; group 0 is always there.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }
}

impl PartialEq for Regex {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Regex {}

impl Hash for Regex {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Serialize for Regex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Regex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Regex::new(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(pattern: &str, text: &str) -> Vec<String> {
        let regex = Regex::new(pattern).unwrap();
        regex.all_captures(text, usize::MAX).unwrap().iter().map(|groups| groups.get(0).unwrap().to_owned()).collect()
    }

    #[test]
    fn matches_follow_one_another_as_in_the_regex_crate() {
        for pattern in ["a*", "", "b|", r"\b", "a+", "é?"] {
            let expected: Vec<_> = regex::Regex::new(pattern)
                .unwrap()
                .find_iter("aab aé b")
                .map(|found| found.as_str().to_owned())
                .collect();
            assert_eq!(all(pattern, "aab aé b"), expected, "{pattern}");
        }
    }

    #[test]
    fn look_around_and_back_references_run() {
        assert_eq!(all(r"(?<=user=)\w+(?=;)", "user=alice;user=bob"), ["alice"]);
        assert_eq!(all(r"(\w)\1", "bookkeeper"), ["oo", "kk", "ee"]);
        assert_eq!(all("(?>a+)b", "aaab"), ["aaab"]);
    }

    #[test]
    fn work_is_bounded() {
        let regex = Regex::new("(?=)^(?:x+x+)+(?=y)").unwrap();
        let error = regex.is_match(&"x".repeat(40)).unwrap_err();
        assert!(matches!(error, RegexError::TooManySteps { .. }), "{error}");
    }
}
