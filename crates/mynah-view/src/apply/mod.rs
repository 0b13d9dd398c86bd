//! What a view does to a value on its way.
mod capture;
mod command_line;
mod flags;
mod json;
mod notation;
mod sysmon;
mod text;
mod windows;

pub use capture::Capture;
pub use flags::Flags;
pub use json::{embedded as embedded_json, folded as folded_json_value};
use mynah_event::Path;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
pub use sysmon::{DnsPart, RegistryPart};
pub use windows::SUMO_WINDOWS_WORDS;

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
    /// `setting:KEY`: the value of the first line `KEY=VALUE`, also with blanks around the sign; nothing where there is none.
    Setting(String),
    /// `capture:REGEX`: what the regular expression's first group matches; nothing where it does not match.
    Capture(Capture),
    /// `checksum`: a whole number from 0 to 2,147,483,647 that stands for the text, the same in every run.
    Checksum,
    /// `clock_seconds`: a time span such as `1:02:03` as its number of seconds; nothing where it is none.
    ClockSeconds,
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
    /// `url_decode`: with `%41` resolved, and `+` as a blank; as it is where that makes no text.
    UrlDecode,
    /// `java_text`: a JSON object or array as Java writes maps and lists: `{a=1, b=[x, y]}`.
    JavaText,
    /// `compact`: a JSON text without the white space between its tokens; other texts as they are.
    Compact,
    /// `sumo_windows`: a Windows event as Sumo Logic's own source sends it; other JSON as it is.
    SumoWindows,
    /// `json:PATH`: the value at a path of the JSON in a text, of several objects the last. In a field or a path of a
    /// message that ends in `*`, `json:*` is at what the name ends in.
    Json(Path),
    /// `json_auto:NAME`: the same by a name, in any case and with underscores for spaces.
    JsonAuto(String),
    /// `audit_keywords`: a mask of keywords as `Audit Success` or `Audit Failure`; nothing where it is neither.
    AuditKeywords,
}

impl Apply {
    /// The values that a value becomes: none, one or several.
    pub fn apply<'a>(&self, value: Cow<'a, str>) -> Vec<Cow<'a, str>> {
        match self {
            Apply::Split(by) => text::split(value, by),
            Apply::SplitWhitespace => value.split_whitespace().map(owned).collect(),
            Apply::Forms(forms) => forms.split('|').map(|form| Cow::Owned(form.replacen('*', &value, 1))).collect(),
            Apply::Arguments => command_line::arguments(&value).into_iter().map(Cow::Owned).collect(),
            Apply::Words => command_line::words(&value).into_iter().map(owned).collect(),
            Apply::Dns(part) => sysmon::dns(&value, *part),
            Apply::Flags(set) => set.of(&value).map(Cow::Borrowed).collect(),
            one => one.apply_one(value).into_iter().collect(),
        }
    }

    fn apply_one<'a>(&self, value: Cow<'a, str>) -> Option<Cow<'a, str>> {
        match self {
            Apply::After(what) => part(value, |text| Some(text.rsplit_once(&**what).map_or(text, |(_, after)| after))),
            Apply::Before(what) => part(value, |text| text.split_once(&**what).map(|(before, _)| before)),
            Apply::Basename => part(value, text::basename),
            Apply::Dirname => part(value, |path| path.get(..path.rfind(text::SEPARATORS)?)),
            Apply::Extension => part(value, text::extension),
            Apply::Decimal => Some(text::hexadecimal(&value).map_or(value, |number| Cow::Owned(number.to_string()))),
            Apply::Hash(name) => part(value, |list| sysmon::hash(list, name)),
            Apply::Lower if value.chars().any(char::is_uppercase) => Some(Cow::Owned(value.to_lowercase())),
            Apply::Upper if value.chars().any(char::is_lowercase) => Some(Cow::Owned(value.to_uppercase())),
            Apply::Setting(key) => part(value, |lines| text::setting(lines, key)),
            Apply::Capture(capture) => part(value, |text| capture.first_group(text)),
            Apply::Checksum => Some(Cow::Owned(text::checksum(&value).to_string())),
            Apply::ClockSeconds => text::clock_seconds(&value).map(|seconds| Cow::Owned(seconds.to_string())),
            Apply::Omit(what) => Some(value).filter(|value| !value.is_empty() && value != what),
            Apply::Times(factor) => text::times(&value, *factor).map(|product| Cow::Owned(product.to_string())),
            Apply::Ip => text::ip(value),
            Apply::ArgumentsCount => Some(Cow::Owned(command_line::arguments(&value).len().to_string())),
            Apply::WordsCount => Some(Cow::Owned(command_line::words(&value).len().to_string())),
            Apply::Registry(part) => sysmon::registry(value, *part),
            Apply::Named(name) => json::named(&value, name).map(Cow::Owned),
            Apply::Json(path) => json::in_text(&value, path).map(Cow::Owned),
            Apply::JsonAuto(name) => json::folded(&value, name).map(Cow::Owned),
            Apply::UrlDecode => Some(text::url_decoded(value)),
            Apply::JavaText => Some(json::java_text(&value).map_or(value, Cow::Owned)),
            Apply::Compact => Some(json::compact(value)),
            Apply::SumoWindows => Some(windows::sumo(&value).map_or(value, Cow::Owned)),
            Apply::AuditKeywords => windows::keyword_words(&value).map(Cow::Owned),
            Apply::Lower
            | Apply::Upper
            | Apply::Split(_)
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
                | Apply::Setting(_)
                | Apply::Capture(_)
                | Apply::Omit(_)
                | Apply::Words
                | Apply::Registry(RegistryPart::Key | RegistryPart::Value)
        )
    }

    /// The same with `suffix` for an argument `*`.
    pub(crate) fn with_suffix(&self, suffix: &str) -> Apply {
        match self {
            Apply::Named(name) => match name.strip_suffix('*') {
                Some(start) => Apply::Named(format!("{start}{suffix}")),
                None => self.clone(),
            },
            Apply::JsonAuto(name) if name == "*" => Apply::JsonAuto(suffix.to_owned()),
            Apply::Json(path) if *path == Path::parse("*") => Apply::Json(Path::parse(suffix)),
            other => other.clone(),
        }
    }
}

/// The part of a text that `pick` picks, without a copy where it was borrowed.
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

fn owned<'a>(text: &str) -> Cow<'a, str> {
    Cow::Owned(text.to_owned())
}
