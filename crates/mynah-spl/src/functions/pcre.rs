//! Splunk's regular expressions, which are PCRE's, in the syntax of [`mynah_kernels::Regex`].
//!
//! Look-around, back-references, atomic groups and possessive quantifiers are tried step by step, with a bound; what is
//! left of PCRE (recursion, verbs) is refused by name.

use mynah_kernels::Regex;

/// A regular expression that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PcreError {
    /// It uses what nobody runs here.
    #[error("{0} `{1}` is not supported")]
    Unsupported(&'static str, String),
    /// It is broken.
    #[error("this is no regular expression: {0}")]
    Broken(String),
}

/// Compiles a regular expression as PCRE reads it.
pub(crate) fn compile(pattern: &str) -> Result<Regex, PcreError> {
    let mut translation = Translation::default();
    translation.read(pattern)?;
    if translation.backtracks {
        // Where steps are tried anyway, a word's boundary can be ASCII's only by looking around; and what stands in
        // front says that they are, since `a++` alone means something else to an engine that takes no steps.
        translation = Translation { backtracks: true, text: "(?=)".to_owned() };
        translation.read(pattern)?;
    }
    Regex::new(&translation.text).map_err(|error| {
        // The last line says what is wrong; the others draw the translated pattern.
        let message = error.to_string();
        let last = message.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
        PcreError::Broken(last.to_owned())
    })
}

/// A translated pattern, as far as it is read.
#[derive(Default)]
struct Translation {
    text: String,
    /// Whether it has what only an engine that tries step by step can match.
    backtracks: bool,
}

const WORD: &str = "0-9A-Za-z_";
const SPACE: &str = r"\t\n\x0B\x0C\r ";
const HORIZONTAL: &str = r"\t \u{A0}\u{1680}\u{180E}\u{2000}-\u{200A}\u{202F}\u{205F}\u{3000}";

impl Translation {
    fn read(&mut self, pattern: &str) -> Result<(), PcreError> {
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
                        self.quantified(after)
                    }
                    None => {
                        self.text.push_str(r"\{");
                        after
                    }
                },
                '*' | '+' | '?' => {
                    self.text.push(c);
                    self.quantified(after)
                }
                c => {
                    self.text.push(c);
                    after
                }
            };
        }
        Ok(())
    }

    /// What stands behind a quantifier: the mark of a lazy or a possessive one is no quantifier itself.
    fn quantified<'p>(&mut self, after: &'p str) -> &'p str {
        let Some(mark @ ('?' | '+')) = after.chars().next() else { return after };
        self.backtracks |= mark == '+';
        self.text.push(mark);
        after.get(1..).unwrap_or("")
    }

    /// What stands behind `(`.
    fn group<'p>(&mut self, after: &'p str) -> Result<&'p str, PcreError> {
        let unsupported = |what, text: &str| Err(PcreError::Unsupported(what, format!("({text}...)")));
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
        self.backtracks |= ["=", "!", "<=", "<!", ">", "(", "P="].iter().any(|prefix| kind.starts_with(prefix));
        self.text.push_str("(?");
        Ok(kind)
    }

    /// What stands behind `[`, up to the end of the class.
    fn class<'p>(&mut self, after: &'p str) -> Result<&'p str, PcreError> {
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
        while let Some(c) = rest.chars().next() {
            let after = rest.get(c.len_utf8()..).unwrap_or("");
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
                '-' if after.starts_with('-') => {
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
    fn escape<'p>(&mut self, after: &'p str, within: bool) -> Result<&'p str, PcreError> {
        let Some(c) = after.chars().next() else { return Err(PcreError::Broken("it ends in a backslash".to_owned())) };
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
            'R' if !within => self.text.push_str(r"(?:\r\n|[\n\x0B\x0C\r])"),
            'b' if within => self.text.push_str(r"\x08"),
            'b' if self.backtracks => {
                self.text.push_str(&format!("(?:(?<=[{WORD}])(?![{WORD}])|(?<![{WORD}])(?=[{WORD}]))"));
            }
            'b' => self.text.push_str(r"(?-u:\b)"),
            // A negated ASCII boundary could stand inside a character.
            'B' if !within => self.text.push_str(r"\B"),
            'Z' if !within => self.text.push_str(r"(?:\n?\z)"),
            'A' | 'z' if !within => self.text.push_str(&format!("\\{c}")),
            'G' | 'K' if !within => {
                self.backtracks = true;
                self.text.push_str(&format!("\\{c}"));
            }
            'G' | 'K' | 'X' | 'C' => return Err(PcreError::Unsupported("the escape", format!("\\{c}"))),
            '1'..='9' | 'g' | 'k' if !within => return self.back_reference(after),
            '0'..='7' | 'x' | 'c' => return Ok(self.code_point(c, after)),
            'e' => self.text.push_str(r"\x1B"),
            'Q' => {
                let (literal, after) = rest.split_once(r"\E").unwrap_or((rest, ""));
                self.text.push_str(&regex::escape(literal));
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
            c => self.text.push_str(&regex::escape(&c.to_string())),
        }
        Ok(rest)
    }

    /// `\1`, `\g1`, `\g{-1}`, `\g{name}`, `\k<name>`, `\k{name}`, `\k'name'`, behind the backslash.
    fn back_reference<'p>(&mut self, after: &'p str) -> Result<&'p str, PcreError> {
        self.backtracks = true;
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
            return Err(PcreError::Broken(format!("`\\{after}` names no group")));
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
        'v' => r"\n\x0B\x0C\r",
        _ if letter == 'N' && !within => r"\n",
        _ => return None,
    })
}

fn is_count(text: &str) -> bool {
    let (least, most) = text.split_once(',').unwrap_or((text, ""));
    !least.is_empty() && least.bytes().chain(most.bytes()).all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        compile(pattern).unwrap().is_match(text).unwrap()
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
    fn what_nobody_runs_is_named() {
        for (pattern, named) in [
            ("(?R)", "recursion `(?R...)`"),
            ("(*SKIP)a", "the backtracking verb `(*SKIP...)`"),
            (r"\X", r"the escape `\X`"),
        ] {
            let error = compile(pattern).unwrap_err().to_string();
            assert!(error.starts_with(named), "{pattern}: {error}");
        }
        assert!(compile("(a").unwrap_err().to_string().starts_with("this is no regular expression"));
    }
}
