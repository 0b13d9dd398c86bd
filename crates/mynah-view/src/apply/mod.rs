//! What a view does to a value on its way: one file per transformation.
mod after;
mod basename;
mod before;
mod decimal;
mod dirname;
mod extension;
mod hash;
mod lower;
mod split;
mod upper;

use std::borrow::Cow;
use std::str::FromStr;

/// A transformation of a value, written `name` or `name:argument` in a view file.
///
/// ```
/// use mynah_view::Apply;
/// let hash: Apply = "hash:SHA256".parse().unwrap();
/// assert_eq!(hash.apply("MD5=1F,SHA256=2E".into()), ["2E"]);
/// assert!("hsh:SHA256".parse::<Apply>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Apply {
    /// `after:X`: what follows the last `X`; all of it where there is no `X`.
    After(String),
    /// `before:X`: what precedes the first `X`; nothing where there is no `X`.
    Before(String),
    /// `basename`: the last part of a Windows or Unix path.
    Basename,
    /// `dirname`: a path without its last part.
    Dirname,
    /// `extension`: what follows the last dot of a path's last part.
    Extension,
    /// `decimal`: a hexadecimal number (`0x1f4`) in decimal; other texts as they are.
    Decimal,
    /// `hash:NAME`: one hash of Sysmon's list `MD5=…,SHA256=…`.
    Hash(String),
    /// `lower`: in lower case.
    Lower,
    /// `upper`: in upper case.
    Upper,
    /// `split:X`: the parts between `X`s, each a value of its own.
    Split(String),
}

impl Apply {
    /// The values that a value becomes: none, one or several.
    pub fn apply<'a>(&self, value: Cow<'a, str>) -> Vec<Cow<'a, str>> {
        match self {
            Apply::Split(by) => split::split(value, by),
            one => one.apply_one(value).into_iter().collect(),
        }
    }

    fn apply_one<'a>(&self, value: Cow<'a, str>) -> Option<Cow<'a, str>> {
        match self {
            Apply::After(what) => after::after(value, what),
            Apply::Before(what) => before::before(value, what),
            Apply::Basename => basename::basename(value),
            Apply::Dirname => dirname::dirname(value),
            Apply::Extension => extension::extension(value),
            Apply::Decimal => decimal::decimal(value),
            Apply::Hash(name) => hash::hash(value, name),
            Apply::Lower => lower::lower(value),
            Apply::Upper => upper::upper(value),
            Apply::Split(_) => Some(value),
        }
    }

    /// Whether it can make several values of one.
    pub fn is_multi(&self) -> bool {
        matches!(self, Apply::Split(_))
    }
}

impl FromStr for Apply {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, argument) = text.split_once(':').map_or((text, None), |(name, argument)| (name, Some(argument)));
        match (name, argument.filter(|argument| !argument.is_empty())) {
            ("after", Some(what)) => Ok(Apply::After(what.into())),
            ("before", Some(what)) => Ok(Apply::Before(what.into())),
            ("basename", None) => Ok(Apply::Basename),
            ("dirname", None) => Ok(Apply::Dirname),
            ("extension", None) => Ok(Apply::Extension),
            ("decimal", None) => Ok(Apply::Decimal),
            ("hash", Some(name)) => Ok(Apply::Hash(name.into())),
            ("lower", None) => Ok(Apply::Lower),
            ("upper", None) => Ok(Apply::Upper),
            ("split", Some(by)) => Ok(Apply::Split(by.into())),
            _ => Err(format!("`{text}` is no transformation: after:X, before:X, basename, dirname, extension, decimal, hash:NAME, lower, upper, split:X")),
        }
    }
}

/// The part of a text that `range` picks, without a copy where it was borrowed.
fn part<'a>(value: Cow<'a, str>, pick: impl FnOnce(&str) -> Option<&str>) -> Option<Cow<'a, str>> {
    match value {
        Cow::Borrowed(text) => {
            let picked = pick(text)?;
            let start = picked.as_ptr() as usize - text.as_ptr() as usize;
            text.get(start..start + picked.len()).map(Cow::Borrowed)
        }
        Cow::Owned(text) => pick(&text).map(|picked| Cow::Owned(picked.to_owned())),
    }
}
