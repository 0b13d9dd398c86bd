use regex::Regex;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

/// The regular expression of an [`super::Apply::Capture`], compiled at most once. Two are equal if their patterns are.
///
/// ```
/// use mynah_view::Apply;
/// let typed: Apply = r"capture:^\w+ \((.+)\)$".parse().unwrap();
/// assert_eq!(typed.apply("DWORD (0x00000001)".into()), ["0x00000001"]);
/// assert!(typed.apply("plain".into()).is_empty());
/// assert!("capture:no group".parse::<Apply>().is_err());
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Capture {
    pattern: String,
    /// Compiled when first needed, for views hold many more patterns than a query uses. None where the pattern is wrong.
    regex: OnceLock<Option<Regex>>,
}

impl Capture {
    /// The pattern, as it was given.
    pub(super) fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Compiles a pattern, which must have a group.
    pub(super) fn new(pattern: &str) -> Result<Capture, String> {
        let regex = Regex::new(pattern).map_err(|error| error.to_string())?;
        if regex.captures_len() < 2 {
            Err(format!("`{pattern}` has no group in parentheses to capture"))
        } else {
            Ok(Capture { pattern: pattern.to_owned(), regex: OnceLock::from(Some(regex)) })
        }
    }

    /// A pattern that is known to be right: a test of this crate compiles all of the built-in views.
    pub(super) fn trusted(pattern: &str) -> Capture {
        Capture { pattern: pattern.to_owned(), regex: OnceLock::new() }
    }

    /// What the first group matches.
    pub(super) fn first_group<'t>(&self, text: &'t str) -> Option<&'t str> {
        let regex = self.regex.get_or_init(|| Regex::new(&self.pattern).ok()).as_ref()?;
        regex.captures(text)?.get(1).map(|group| group.as_str())
    }
}

impl TryFrom<String> for Capture {
    type Error = String;

    fn try_from(pattern: String) -> Result<Capture, String> {
        Capture::new(&pattern)
    }
}

impl From<Capture> for String {
    fn from(capture: Capture) -> String {
        capture.pattern
    }
}

impl PartialEq for Capture {
    fn eq(&self, other: &Self) -> bool {
        self.pattern == other.pattern
    }
}

impl Eq for Capture {}

impl Hash for Capture {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.pattern.hash(state);
    }
}
