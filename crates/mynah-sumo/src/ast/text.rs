use super::Place;

/// A text between double quotes, as it is written: what its backslashes mean depends on who reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What stands between the quotes.
    pub raw: String,
    /// Where it stands.
    pub place: Place,
}

impl Text {
    /// The text it stands for: `\"`, `\\`, `\n`, `\t` and `\r` replaced, and dashboard parameters by `*`,
    /// which is what a dashboard fills in where nothing is chosen. Any other backslash is itself.
    pub fn value(&self) -> String {
        unescaped(&fill_parameters(&self.raw, "*"), |c| match c {
            'n' => Some('\n'),
            't' => Some('\t'),
            'r' => Some('\r'),
            '"' | '\\' => Some(c),
            _ => None,
        })
    }

    /// The text for a regular expression: only quotes lose their backslash, and parameters stand for any text.
    pub fn pattern(&self) -> String {
        unescaped(&fill_parameters(&self.raw, ".*"), |c| (c == '"').then_some(c))
    }
}

fn unescaped(raw: &str, meaning: impl Fn(char) -> Option<char>) -> String {
    let mut value = String::with_capacity(raw.len());
    let mut characters = raw.chars();
    while let Some(c) = characters.next() {
        match (c, characters.clone().next()) {
            ('\\', Some(next)) => {
                characters.next();
                match meaning(next) {
                    Some(plain) => value.push(plain),
                    None => value.extend(['\\', next]),
                }
            }
            _ => value.push(c),
        }
    }
    value
}

/// Puts this for every `{{parameter}}`: what stands for any value.
pub(crate) fn fill_parameters(text: &str, any: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((_, after)) = after.split_once("}}") else { break };
        filled.push_str(before);
        filled.push_str(any);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// A regular expression between slashes, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regex {
    /// What stands between the slashes.
    pub raw: String,
    /// Where it stands.
    pub place: Place,
}

impl Regex {
    /// The expression: a slash needs no backslash any more.
    pub fn pattern(&self) -> String {
        fill_parameters(&self.raw, ".*").replace("\\/", "/")
    }
}

/// The value of a number with its suffix of size or time; times are milliseconds.
///
/// Source: <https://www.sumologic.com/help/docs/search/search-query-language/field-expressions/>
pub(crate) fn number_value(text: &str) -> Option<f64> {
    let suffix_at = text.trim_end_matches(|c: char| c.is_alphabetic()).len();
    let (digits, suffix) = text.split_at_checked(suffix_at)?;
    let factor = match suffix {
        "" => 1.0,
        "K" | "k" => 1e3,
        "M" => 1e6,
        "G" | "B" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "Ki" => 1024.0,
        "Mi" => 1_048_576.0,
        "Gi" => 1_073_741_824.0,
        "Ti" => 1_099_511_627_776.0,
        "Pi" => 1_125_899_906_842_624.0,
        "ns" => 1e-6,
        "us" => 1e-3,
        "ms" => 1.0,
        "s" => 1e3,
        "m" => 60e3,
        "h" => 3_600e3,
        "d" => 86_400e3,
        "w" => 604_800e3,
        _ => return None,
    };
    Some(digits.parse::<f64>().ok()? * factor)
}

/// An interval as milliseconds.
pub(crate) fn interval(text: &str) -> Option<i64> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let seconds: i64 = match unit.to_lowercase().as_str() {
        "w" | "week" | "weeks" => 604_800,
        "d" | "day" | "days" => 86_400,
        "h" | "hour" | "hours" => 3_600,
        "m" | "min" | "minute" | "minutes" => 60,
        "s" | "sec" | "second" | "seconds" => 1,
        "ms" => return number_value(text).map(|n| n as i64).filter(|n| *n > 0),
        _ => return None,
    };
    let number: i64 = text.get(..text.len() - unit.len())?.parse().ok()?;
    number.checked_mul(seconds)?.checked_mul(1000).filter(|n| *n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backslashes_mean_what_their_reader_makes_of_them() {
        let text = Text { raw: r#"a\"b\d\n\\{{x}}"#.into(), place: Place::default() };
        assert_eq!(text.value(), "a\"b\\d\n\\*");
        assert_eq!(text.pattern(), r#"a"b\d\n\\.*"#);
    }

    #[test]
    fn numbers_have_suffixes() {
        assert_eq!(number_value("2k"), Some(2000.0));
        assert_eq!(number_value("1.5M"), Some(1_500_000.0));
        assert_eq!(number_value("1m"), Some(60_000.0));
        assert_eq!(number_value("3.14e+4"), Some(31_400.0));
        assert_eq!(number_value("1.5s"), Some(1500.0));
        assert_eq!(number_value("4xx"), None);
    }
}
