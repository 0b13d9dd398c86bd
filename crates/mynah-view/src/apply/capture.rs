use regex::Regex;
use std::borrow::Cow;
use std::hash::{Hash, Hasher};

/// The regular expression of an [`super::Apply::Capture`], compiled once. Two are equal if their patterns are.
///
/// ```
/// use mynah_view::Apply;
/// let typed: Apply = r"capture:^\w+ \((.+)\)$".parse().unwrap();
/// assert_eq!(typed.apply("DWORD (0x00000001)".into()), ["0x00000001"]);
/// assert!(typed.apply("plain".into()).is_empty());
/// assert!("capture:no group".parse::<Apply>().is_err());
/// ```
#[derive(Debug, Clone)]
pub struct Capture(Regex);

impl Capture {
    /// Compiles a pattern, which must have a group.
    pub(super) fn new(pattern: &str) -> Result<Capture, String> {
        let regex = Regex::new(pattern).map_err(|error| error.to_string())?;
        if regex.captures_len() < 2 {
            Err(format!("`{pattern}` has no group in parentheses to capture"))
        } else {
            Ok(Capture(regex))
        }
    }

    pub(super) fn apply<'a>(&self, value: Cow<'a, str>) -> Option<Cow<'a, str>> {
        super::part(value, |text| self.0.captures(text).and_then(|found| found.get(1)).map(|group| group.as_str()))
    }
}

impl PartialEq for Capture {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Capture {}

impl Hash for Capture {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_str().hash(state);
    }
}
