//! Regular expressions as vendors write them, in the syntax of [`Regex`].
//!
//! Splunk's are PCRE's, those of QRadar and Sumo Logic are Java's, and Sigma's specification allows what all engines have.
//! They differ from the crates that run them in small things: shorthand classes are ASCII's, a bracket in a class is a
//! member, a brace that counts nothing is a brace, more characters have escapes. Look-around, back-references, atomic groups
//! and possessive quantifiers are tried step by step, with a bound; what is left (recursion, verbs) is refused by name.
//!
//! Sources: <https://www.pcre.org/current/doc/html/pcre2pattern.html>,
//! <https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/regex/Pattern.html>,
//! <https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md>.
use mynah_kernels::{Regex, RegexError};

/// Whose regular expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// PCRE's.
    Pcre,
    /// Those of Java. A word's boundary knows the letters of all languages.
    Java,
    /// What all engines have: nothing that is tried step by step.
    Portable,
}

/// A regular expression that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegexRefusal {
    /// It has a part that is not supported: what it is, and how it is written.
    #[error("{0} `{1}` is not supported")]
    Unsupported(&'static str, String),
    /// It is broken.
    #[error("this is no regular expression: {0}")]
    Broken(String),
}

/// Compiles a regular expression of a vendor.
///
/// ```
/// use mynah_dialect::{Flavour, regex};
/// assert!(regex(r"[\w-.]+{", Flavour::Java)?.is_match("a.b{")?);
/// assert!(regex(r"(?<!x)\d", Flavour::Pcre)?.is_match("y1")?);
/// let refused = regex(r"(?<!x)\d", Flavour::Portable).unwrap_err();
/// assert_eq!(refused.to_string(), "look-behind `(?<!...)` is not supported");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Where it is broken, or has what is not supported.
pub fn regex(pattern: &str, flavour: Flavour) -> Result<Regex, RegexRefusal> {
    let mut translation = Translation { flavour, text: String::new(), backtracks: false };
    translation.read(pattern)?;
    if translation.backtracks {
        // Where steps are tried anyway, a word's boundary can be ASCII's only by looking around; and what stands in
        // front says that they are, since `a++` alone means something else to an engine that takes no steps.
        translation = Translation { flavour, text: Regex::STEPWISE.to_owned(), backtracks: true };
        translation.read(pattern)?;
    }
    Regex::new(&translation.text).map_err(|error| match error {
        // The last line says what is wrong; the others draw the translated pattern.
        RegexError::Syntax(message) => {
            let last = message.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
            RegexRefusal::Broken(last.to_owned())
        }
        other => RegexRefusal::Broken(other.to_string()),
    })
}

/// A translated pattern, as far as it is read.
struct Translation {
    flavour: Flavour,
    text: String,
    /// Whether it has what only an engine that tries step by step can match.
    backtracks: bool,
}

const WORD: &str = "0-9A-Za-z_";
const SPACE: &str = r"\t\n\x0B\x0C\r ";
const VERTICAL: &str = r"\n\x0B\x0C\r\u{85}\u{2028}\u{2029}";
const HORIZONTAL: &str = r"\t \u{A0}\u{1680}\u{180E}\u{2000}-\u{200A}\u{202F}\u{205F}\u{3000}";

impl Translation {
    fn read(&mut self, pattern: &str) -> Result<(), RegexRefusal> {
        let mut rest = pattern;
        while let Some(c) = rest.chars().next() {
            let after = rest.get(c.len_utf8()..).unwrap_or("");
            rest = match c {
                '\\' => self.escape(after, false)?,
                '[' => self.class(after)?,
                '(' => self.group(after)?,
                // Only a counted repetition is special.
                '{' => match after.split_once('}').filter(|(count, _)| is_count(count)) {
                    Some((count, after)) => {
                        self.text.push_str(&format!("{{{count}}}"));
                        self.quantified(after)?
                    }
                    None => {
                        self.text.push_str(r"\{");
                        after
                    }
                },
                '*' | '+' | '?' => {
                    self.text.push(c);
                    self.quantified(after)?
                }
                c => {
                    self.text.push(c);
                    after
                }
            };
        }
        Ok(())
    }

    /// Notes a part that is tried step by step, if the flavour has it.
    fn stepwise(&mut self, what: &'static str, part: impl Into<String>) -> Result<(), RegexRefusal> {
        self.backtracks = true;
        match self.flavour {
            Flavour::Portable => Err(RegexRefusal::Unsupported(what, part.into())),
            Flavour::Pcre | Flavour::Java => Ok(()),
        }
    }

    /// What stands behind a quantifier: the mark of a lazy or a possessive one is no quantifier itself.
    fn quantified<'p>(&mut self, after: &'p str) -> Result<&'p str, RegexRefusal> {
        let Some(mark @ ('?' | '+')) = after.chars().next() else { return Ok(after) };
        if mark == '+' {
            self.stepwise("the possessive quantifier", "++")?;
        }
        self.text.push(mark);
        Ok(after.get(1..).unwrap_or(""))
    }

    /// What stands behind `(`.
    fn group<'p>(&mut self, after: &'p str) -> Result<&'p str, RegexRefusal> {
        let unsupported = |what, text: &str| Err(RegexRefusal::Unsupported(what, format!("({text}...)")));
        if let Some(verb) = after.strip_prefix('*') {
            let verb: String = verb.chars().take_while(char::is_ascii_uppercase).collect();
            return unsupported("the backtracking verb", &format!("*{verb}"));
        }
        let Some(kind) = after.strip_prefix('?') else {
            self.text.push('(');
            return Ok(after);
        };
        for (prefix, what) in [
            ("|", "the branch reset group"),
            ("R", "recursion"),
            ("&", "the subroutine call"),
            ("P>", "the subroutine call"),
        ] {
            if kind.starts_with(prefix) {
                return unsupported(what, &format!("?{prefix}"));
            }
        }
        if kind.starts_with(|c: char| c.is_ascii_digit()) {
            let number: String = kind.chars().take_while(char::is_ascii_digit).collect();
            return unsupported("recursion", &format!("?{number}"));
        }
        if let Some(comment) = kind.strip_prefix('#') {
            return Ok(comment.split_once(')').map_or("", |(_, after)| after));
        }
        if let Some((name, after)) = kind.strip_prefix('\'').and_then(|named| named.split_once('\'')) {
            self.text.push_str(&format!("(?P<{name}>"));
            return Ok(after);
        }
        for (prefix, what) in [
            ("=", "look-ahead"),
            ("!", "look-ahead"),
            ("<=", "look-behind"),
            ("<!", "look-behind"),
            (">", "the atomic group"),
            ("(", "the conditional group"),
            ("P=", "the back-reference"),
        ] {
            if kind.starts_with(prefix) {
                self.stepwise(what, format!("(?{prefix}...)"))?;
            }
        }
        self.text.push_str("(?");
        Ok(kind)
    }

    /// What stands behind `[`, up to the end of the class.
    fn class<'p>(&mut self, after: &'p str) -> Result<&'p str, RegexRefusal> {
        self.text.push('[');
        let mut rest = after;
        if let Some(negated) = rest.strip_prefix('^') {
            self.text.push('^');
            rest = negated;
        }
        // A `]` that stands first is a member.
        if let Some(member) = rest.strip_prefix(']') {
            self.text.push_str(r"\]");
            rest = member;
        }
        let mut after_shorthand = false;
        while let Some(c) = rest.chars().next() {
            let after = rest.get(c.len_utf8()..).unwrap_or("");
            let was_shorthand = std::mem::replace(&mut after_shorthand, c == '\\' && is_shorthand(after));
            rest = match c {
                ']' => {
                    self.text.push(']');
                    return Ok(after);
                }
                '\\' => self.escape(after, true)?,
                '[' => match after.strip_prefix(':').and_then(|name| name.split_once(":]")) {
                    Some((name, after)) if name.trim_start_matches('^').bytes().all(|b| b.is_ascii_lowercase()) => {
                        self.text.push_str(&format!("[:{name}:]"));
                        after
                    }
                    _ => {
                        self.text.push_str(r"\[");
                        after
                    }
                },
                // Set operators of the `regex` crate.
                '&' | '~' => {
                    self.text.push('\\');
                    self.text.push(c);
                    after
                }
                // A shorthand class neither begins a range nor ends one.
                '-' if was_shorthand
                    || after.starts_with('-')
                    || after.strip_prefix('\\').is_some_and(is_shorthand) =>
                {
                    self.text.push_str(r"\-");
                    after
                }
                c => {
                    self.text.push(c);
                    after
                }
            };
        }
        Ok("")
    }

    /// What stands behind a backslash; `within` a class or outside.
    fn escape<'p>(&mut self, after: &'p str, within: bool) -> Result<&'p str, RegexRefusal> {
        let Some(c) = after.chars().next() else {
            return Err(RegexRefusal::Broken("it ends in a backslash".to_owned()));
        };
        let rest = after.get(c.len_utf8()..).unwrap_or("");
        if let Some(members) = members(c, within) {
            self.text.push_str(&match (within, c.is_ascii_uppercase()) {
                (true, false) => members.to_owned(),
                (_, true) => format!("[^{members}]"),
                (false, false) => format!("[{members}]"),
            });
            return Ok(rest);
        }
        match c {
            'R' if !within => self.text.push_str(&format!(r"(?:\r\n|[{VERTICAL}])")),
            'b' if within => self.text.push_str(r"\x08"),
            'b' if self.flavour == Flavour::Java => self.text.push_str(r"\b"),
            'b' if self.backtracks => {
                self.text.push_str(&format!("(?:(?<=[{WORD}])(?![{WORD}])|(?<![{WORD}])(?=[{WORD}]))"));
            }
            'b' => self.text.push_str(r"(?-u:\b)"),
            // A negated ASCII boundary could stand inside a character.
            'B' if !within => self.text.push_str(r"\B"),
            'Z' if !within => self.text.push_str(r"(?:\n?\z)"),
            'A' | 'z' if !within => self.text.push_str(&format!("\\{c}")),
            'G' | 'K' if !within => {
                self.stepwise("the escape", format!("\\{c}"))?;
                self.text.push_str(&format!("\\{c}"));
            }
            'G' | 'K' | 'X' | 'C' => return Err(RegexRefusal::Unsupported("the escape", format!("\\{c}"))),
            '1'..='9' | 'g' | 'k' if !within => return self.back_reference(after),
            'u' if self.flavour == Flavour::Java => return Ok(self.code_point(c, after)),
            '0'..='7' | 'x' | 'c' => return Ok(self.code_point(c, after)),
            'e' => self.text.push_str(r"\x1B"),
            'Q' => {
                let (literal, after) = rest.split_once(r"\E").unwrap_or((rest, ""));
                self.text.push_str(&regex_syntax::escape(literal));
                return Ok(after);
            }
            'E' => {}
            'a' | 'f' | 'n' | 'r' | 't' | 'p' | 'P' => {
                self.text.push_str(&format!("\\{c}"));
                // `\p{Lu}`: these braces repeat nothing.
                if matches!(c, 'p' | 'P')
                    && let Some((inside, after)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'))
                {
                    self.text.push_str(&format!("{{{inside}}}"));
                    return Ok(after);
                }
            }
            // Any other escaped character stands for itself; `\<` would be a word's start to the engines.
            '<' | '>' => self.text.push(c),
            c if c.is_ascii_punctuation() => self.text.push_str(&format!("\\{c}")),
            c => self.text.push_str(&regex_syntax::escape(&c.to_string())),
        }
        Ok(rest)
    }

    /// `\1`, `\g1`, `\g{-1}`, `\g{name}`, `\k<name>`, `\k{name}`, `\k'name'`, behind the backslash.
    fn back_reference<'p>(&mut self, after: &'p str) -> Result<&'p str, RegexRefusal> {
        self.stepwise("the back-reference", format!("\\{}", after.chars().next().unwrap_or_default()))?;
        let bare = after.trim_start_matches(['g', 'k']);
        let close = match bare.chars().next() {
            Some('{') => Some('}'),
            Some('<') => Some('>'),
            Some('\'') => Some('\''),
            _ => None,
        };
        let (name, rest) = match close {
            Some(close) => bare.get(1..).and_then(|inside| inside.split_once(close)).unwrap_or((bare, "")),
            None => bare.split_at(bare.bytes().take_while(|b| b.is_ascii_digit() || *b == b'-').count()),
        };
        if name.is_empty() {
            return Err(RegexRefusal::Broken(format!("`\\{after}` names no group")));
        }
        match name.bytes().all(|b| b.is_ascii_digit()) {
            true => self.text.push_str(&format!(r"(?:\{name})")),
            false => self.text.push_str(&format!(r"\k<{name}>")),
        }
        Ok(rest)
    }

    /// `\012`, `\x41`, `\x{202E}`, `\cA`, behind the backslash.
    fn code_point<'p>(&mut self, c: char, after: &'p str) -> &'p str {
        let rest = after.get(1..).unwrap_or("");
        let (value, length) = match c {
            'x' => {
                if let Some((inside, after)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
                    self.text.push_str(&format!(r"\x{{{inside}}}"));
                    return after;
                }
                let digits = rest.bytes().take(2).take_while(u8::is_ascii_hexdigit).count();
                (u32::from_str_radix(rest.get(..digits).unwrap_or(""), 16).unwrap_or(0), 1 + digits)
            }
            'u' => {
                let digits = rest.bytes().take(4).take_while(u8::is_ascii_hexdigit).count();
                (u32::from_str_radix(rest.get(..digits).unwrap_or(""), 16).unwrap_or(0), 1 + digits)
            }
            'c' => match rest.chars().next() {
                Some(control) => (u32::from(control.to_ascii_uppercase()) ^ 0x40, 1 + control.len_utf8()),
                None => (0, 1),
            },
            _ => {
                let digits = after.bytes().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
                (u32::from_str_radix(after.get(..digits).unwrap_or(""), 8).unwrap_or(0), digits)
            }
        };
        self.text.push_str(&format!(r"\x{{{value:x}}}"));
        after.get(length..).unwrap_or("")
    }
}

/// The members of a class that a letter stands for, negated where it is upper-case. Without PCRE's UCP option they are
/// those of ASCII.
fn members(letter: char, within: bool) -> Option<&'static str> {
    Some(match letter.to_ascii_lowercase() {
        'd' => "0-9",
        'w' => WORD,
        's' => SPACE,
        'h' => HORIZONTAL,
        'v' => VERTICAL,
        _ if letter == 'N' && !within => r"\n",
        _ => return None,
    })
}

/// Whether a shorthand class stands behind the backslash.
fn is_shorthand(after: &str) -> bool {
    after.starts_with(|c: char| members(c, true).is_some())
}

fn is_count(text: &str) -> bool {
    let (least, most) = text.split_once(',').unwrap_or((text, ""));
    !least.is_empty() && least.bytes().chain(most.bytes()).all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        regex(pattern, Flavour::Pcre).unwrap().is_match(text).unwrap()
    }

    #[test]
    fn reads_what_pcre_reads() {
        assert!(matches(r"^\/api\/v\d{1,2}\/[\w-]+$", "/api/v12/user-list"));
        assert!(matches(r"(?i)\\temp\\[^\\]+\.exe", r"C:\TEMP\a.EXE"));
        assert!(matches(r"{\d+}", "{12}"));
        assert!(matches(r"a{2,}b{0,1}", "aa"));
        assert!(matches(r"[[\]]x", "[x"));
        assert!(matches(r"[]a]+", "]"));
        assert!(matches(r"[&&~-]", "~"));
        assert!(matches(r"\<b\>", "<b>"));
        assert!(matches(r"\Qa.b\E+", "a.bb"));
        assert!(matches(r"[[:alpha:]]\h\x41", "z A"));
        assert!(matches(r"(?'year'\d{4})(?#comment)", "2026"));
        assert!(matches(r"\_\!\-\:", "_!-:"));
        assert!(!matches(r"\w", "é"), "classes are ASCII's");
        assert!(matches(r"\bcmd\b", "x cmd y"));
        assert!(matches(r"a??b", "b"));
        assert!(
            matches(r"^[\w-.]+$", "a-.") && matches(r"^[.-\w]+$", "a-."),
            "a class in a class is no end of a range"
        );
    }

    #[test]
    fn what_needs_steps_runs() {
        assert!(matches("(?!x)a", "a") && !matches("^(?!a)", "a"));
        assert!(matches("(?<=x)y", "xy") && !matches("(?<=x)y", "ay"));
        assert!(matches(r"(\w)\1", "book") && !matches(r"(\w)\1", "bok"));
        assert!(matches(r"(?<c>\w)\k{c}", "book") && matches(r"(?<c>\w)(?P=c)", "book"));
        assert!(matches(r"(\w)\g{-1}", "book") && matches(r"(\w)\g1", "book"));
        assert!(!matches("(?>a+)ab", "aab") && !matches("a++ab", "aab") && matches("a+ab", "aab"));
        assert!(matches(r"\b(?=cmd)\w+\b", "x cmd y") && !matches(r"(?=cmd)\bcmd", "xcmd"));
        assert!(!matches(r"(?=.)\w", "é"), "classes are ASCII's");
    }

    #[test]
    fn what_java_reads() {
        let matches = |pattern: &str, text: &str| regex(pattern, Flavour::Java).unwrap().is_match(text).unwrap();
        assert!(matches(r"\u0041\x42", "AB") && matches("(?<=x)y", "xy") && matches("x{", "x{"));
        assert!(matches(r"^[\w-_ :.]+$", "a-b c:d") && matches(r"^[^[]+\[x$", "ab[x") && matches(r"^{a}$", "{a}"));
        assert!(matches(r"\{[^\}]+\}", "{a}") && matches(r"^[\s\S]+$", "a\nb") && matches(r#"^"?a\"$"#, "\"a\""));
        assert!(!matches(r"^\d$", "٣") && matches(r"(?<part>\{.*?(?=,\{|\]$))", r#"[{"a":1},{"b":2}]"#));
        assert!(!matches(r"\bcmd", "écmd") && matches(r"\R", "\u{2028}"));
    }

    #[test]
    fn what_only_some_engines_have_is_named() {
        for (pattern, named) in [
            ("a(?=b)", "look-ahead `(?=...)`"),
            ("(?<!a)b", "look-behind `(?<!...)`"),
            (r"(a)\1", r"the back-reference `\1`"),
            ("a++", "the possessive quantifier `++`"),
            ("(?>a)", "the atomic group `(?>...)`"),
        ] {
            let error = regex(pattern, Flavour::Portable).unwrap_err().to_string();
            assert_eq!(error, format!("{named} is not supported"));
        }
        assert!(!regex(r"a{b}\-\/\_c{2,3}[]x[]", Flavour::Portable).unwrap().backtracks());
    }

    #[test]
    fn what_nobody_runs_is_named() {
        for (pattern, named) in [
            ("(?R)", "recursion `(?R...)`"),
            ("(*SKIP)a", "the backtracking verb `(*SKIP...)`"),
            (r"\X", r"the escape `\X`"),
        ] {
            let error = regex(pattern, Flavour::Java).unwrap_err().to_string();
            assert!(error.starts_with(named), "{pattern}: {error}");
        }
        assert!(regex("(a", Flavour::Pcre).unwrap_err().to_string().starts_with("this is no regular expression"));
    }
}
