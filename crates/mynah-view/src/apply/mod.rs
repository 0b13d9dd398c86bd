//! What a view does to a value on its way: one file per transformation.
mod after;
mod arguments;
mod basename;
mod before;
mod capture;
mod checksum;
mod decimal;
mod dirname;
mod display;
mod dns;
mod extension;
mod flags;
mod forms;
mod hash;
mod ip;
mod java_text;
mod lower;
mod named;
mod omit;
mod registry;
mod split;
mod times;
mod upper;
mod words;

pub use capture::Capture;
pub use dns::DnsPart;
pub use flags::Flags;
pub use registry::RegistryPart;
use serde::{Deserialize, Serialize};
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
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    /// `split_whitespace`: the parts between spaces, tabs and line ends, each a value of its own.
    SplitWhitespace,
    /// `capture:REGEX`: what the regular expression's first group matches; nothing where it does not match.
    Capture(Capture),
    /// `checksum`: a whole number from 0 to 2,147,483,647 that stands for the text, the same in every run.
    Checksum,
    /// `forms:A|B`: one value for each form between bars, with the value in the place of the form's `*`.
    Forms(String),
    /// `omit:X`: nothing where the value is `X` or empty; `omit` alone, where it is empty.
    Omit(String),
    /// `times:N`: a whole number, multiplied.
    Times(i64),
    /// `ip`: an IP address in its usual form; nothing where the value is none.
    Ip,
    /// `arguments`: the arguments of a Windows command line, as a program receives them.
    Arguments,
    /// `arguments_count`: how many those are.
    ArgumentsCount,
    /// `words`: a command line at its spaces, quotes and what is in them left as they are.
    Words,
    /// `words_count`: how many those are.
    WordsCount,
    /// `registry:PART`: the `hive`, `key` or `value` of a registry path; the `type` or `data` of Sysmon's details.
    Registry(RegistryPart),
    /// `dns:PART`: the `addresses` or `names` of Sysmon's query results.
    Dns(DnsPart),
    /// `flags:SET`: the names of a number's bits, of the set `uac` or `ticket_options`.
    Flags(Flags),
    /// `named:X`: of a JSON array of objects, the `Value` of the one whose `Name` is `X`. In a field that ends
    /// in `*`, `named:*` takes what the name ends in.
    Named(String),
    /// `java_text`: a JSON object or array as Java writes maps and lists: `{a=1, b=[x, y]}`.
    JavaText,
}

impl Apply {
    /// The values that a value becomes: none, one or several.
    pub fn apply<'a>(&self, value: Cow<'a, str>) -> Vec<Cow<'a, str>> {
        match self {
            Apply::Split(by) => split::split(value, by),
            Apply::SplitWhitespace => split::split_whitespace(&value),
            Apply::Forms(forms) => forms::forms(&value, forms),
            Apply::Arguments => arguments::arguments(&value),
            Apply::Words => words::words(&value),
            Apply::Dns(part) => dns::dns(&value, *part),
            Apply::Flags(set) => flags::flags(&value, *set),
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
            Apply::Capture(capture) => capture.apply(value),
            Apply::Checksum => Some(checksum::checksum(&value)),
            Apply::Omit(what) => omit::omit(value, what),
            Apply::Times(factor) => times::times(value, *factor),
            Apply::Ip => ip::ip(value),
            Apply::ArgumentsCount => Some(Cow::Owned(arguments::arguments(&value).len().to_string())),
            Apply::WordsCount => Some(Cow::Owned(words::words(&value).len().to_string())),
            Apply::Registry(part) => registry::registry(value, *part),
            Apply::Named(name) => named::named(&value, name),
            Apply::JavaText => java_text::java_text(value),
            Apply::Split(_)
            | Apply::SplitWhitespace
            | Apply::Forms(_)
            | Apply::Arguments
            | Apply::Words
            | Apply::Dns(_)
            | Apply::Flags(_) => Some(value),
        }
    }

    /// Whether it can make several values of one.
    pub fn is_multi(&self) -> bool {
        match self {
            Apply::Split(_)
            | Apply::SplitWhitespace
            | Apply::Arguments
            | Apply::Words
            | Apply::Dns(_)
            | Apply::Flags(_) => true,
            Apply::Forms(forms) => forms.contains('|'),
            _ => false,
        }
    }

    /// Whether what it gives is always a part of what it is given, letter for letter.
    ///
    /// So a text that the result must hold must stand in the record as well: what a prefilter wants to know.
    ///
    /// ```
    /// use mynah_view::Apply;
    /// assert!(Apply::Basename.is_part() && !Apply::Lower.is_part());
    /// ```
    pub fn is_part(&self) -> bool {
        matches!(
            self,
            Apply::After(_)
                | Apply::Before(_)
                | Apply::Basename
                | Apply::Dirname
                | Apply::Extension
                | Apply::Hash(_)
                | Apply::Split(_)
                | Apply::SplitWhitespace
                | Apply::Capture(_)
                | Apply::Omit(_)
                | Apply::Words
                | Apply::Registry(RegistryPart::Key | RegistryPart::Value)
        )
    }

    /// Reads a transformation of a built-in view, whose regular expressions need no check.
    pub(crate) fn parse_trusted(text: &str) -> Result<Apply, String> {
        match text.strip_prefix("capture:") {
            Some(pattern) if !pattern.is_empty() => Ok(Apply::Capture(Capture::trusted(pattern))),
            _ => text.parse(),
        }
    }

    /// The same with `suffix` for an argument `*`.
    pub(crate) fn with_suffix(&self, suffix: &str) -> Apply {
        match self {
            Apply::Named(name) if name == "*" => Apply::Named(suffix.to_owned()),
            other => other.clone(),
        }
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
            ("split_whitespace", None) => Ok(Apply::SplitWhitespace),
            ("capture", Some(pattern)) => Capture::new(pattern).map(Apply::Capture),
            ("checksum", None) => Ok(Apply::Checksum),
            ("forms", Some(forms)) => Ok(Apply::Forms(forms.into())),
            ("omit", what) => Ok(Apply::Omit(what.unwrap_or_default().into())),
            ("times", Some(factor)) => {
                factor.parse().map(Apply::Times).map_err(|_| format!("`{factor}` is no whole number"))
            }
            ("ip", None) => Ok(Apply::Ip),
            ("arguments", None) => Ok(Apply::Arguments),
            ("arguments_count", None) => Ok(Apply::ArgumentsCount),
            ("words", None) => Ok(Apply::Words),
            ("words_count", None) => Ok(Apply::WordsCount),
            ("registry", Some(part)) => RegistryPart::parse(part)
                .map(Apply::Registry)
                .ok_or_else(|| format!("registry takes hive, key, value, type or data, not `{part}`")),
            ("dns", Some(part)) => DnsPart::parse(part)
                .map(Apply::Dns)
                .ok_or_else(|| format!("dns takes addresses or names, not `{part}`")),
            ("flags", Some(set)) => Flags::parse(set)
                .map(Apply::Flags)
                .ok_or_else(|| format!("flags takes uac or ticket_options, not `{set}`")),
            ("named", Some(name)) => Ok(Apply::Named(name.into())),
            ("java_text", None) => Ok(Apply::JavaText),
            _ => Err(format!(
                "`{text}` is no transformation: after:X, before:X, basename, dirname, extension, decimal, hash:NAME, lower, upper, split:X, split_whitespace, capture:REGEX, checksum, forms:A|B, omit:X, times:N, ip, arguments, arguments_count, words, words_count, registry:PART, dns:PART, flags:SET, named:X, java_text"
            )),
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
