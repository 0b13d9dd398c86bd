//! Splunk's regular expressions, which are PCRE's, in the syntax of the `regex` crate.
//!
//! What only a backtracking engine can match (look-around, back-references, atomic groups, possessive
//! quantifiers) is refused by name: matching here takes time linear in the text.

use regex::Regex;
use std::sync::Mutex;

/// A regular expression that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PcreError {
    /// It uses what needs backtracking.
    #[error("{0} `{1}` is not supported: regular expressions are matched in linear time, without backtracking")]
    Unsupported(&'static str, String),
    /// It is broken.
    #[error("this is no regular expression: {0}")]
    Broken(String),
}

/// Compiles a regular expression as PCRE reads it.
pub(crate) fn compile(pattern: &str) -> Result<Regex, PcreError> {
    let translated = translate(pattern)?;
    regex::RegexBuilder::new(&translated).size_limit(50 << 20).build().map_err(|error| {
        // The last line says what is wrong; the others draw the translated pattern.
        let message = error.to_string();
        let last = message.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
        PcreError::Broken(last.to_owned())
    })
}

/// The last regular expression of a column of them, compiled: mostly the next row has the same.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Option<(String, Option<Regex>)>>);

impl Cache {
    /// The compiled expression; none where it cannot be used.
    pub(crate) fn get(&self, pattern: &str) -> Option<Regex> {
        let Ok(mut last) = self.0.lock() else { return compile(pattern).ok() };
        match &*last {
            Some((known, regex)) if known == pattern => regex.clone(),
            _ => {
                let regex = compile(pattern).ok();
                *last = Some((pattern.to_owned(), regex.clone()));
                regex
            }
        }
    }
}

const WORD: &str = "0-9A-Za-z_";
const SPACE: &str = r"\t\n\x0B\x0C\r ";
const HORIZONTAL: &str = r"\t \u{A0}\u{1680}\u{180E}\u{2000}-\u{200A}\u{202F}\u{205F}\u{3000}";

fn translate(pattern: &str) -> Result<String, PcreError> {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        rest = match c {
            '\\' => escape(after, &mut out, false)?,
            '[' => class(after, &mut out)?,
            '(' => group(after, &mut out)?,
            '{' => {
                // Only a counted repetition is special.
                let counted = after.split_once('}').filter(|(count, _)| is_count(count));
                match counted {
                    Some((count, after)) => {
                        out.push_str(&format!("{{{count}}}"));
                        possessive(after, &format!("{{{count}}}"))?;
                        after
                    }
                    None => {
                        out.push_str(r"\{");
                        after
                    }
                }
            }
            '*' | '+' | '?' => {
                out.push(c);
                possessive(after, &c.to_string())?;
                // A lazy quantifier's mark is no quantifier itself.
                match after.strip_prefix('?') {
                    Some(after) => {
                        out.push('?');
                        after
                    }
                    None => after,
                }
            }
            c => {
                out.push(c);
                after
            }
        };
    }
    Ok(out)
}

fn is_count(text: &str) -> bool {
    let (least, most) = text.split_once(',').unwrap_or((text, ""));
    !least.is_empty() && least.bytes().chain(most.bytes()).all(|b| b.is_ascii_digit())
}

fn possessive(after: &str, quantifier: &str) -> Result<(), PcreError> {
    if after.starts_with('+') {
        return Err(PcreError::Unsupported("the possessive quantifier", format!("{quantifier}+")));
    }
    Ok(())
}

/// What stands behind `(`.
fn group<'p>(after: &'p str, out: &mut String) -> Result<&'p str, PcreError> {
    let unsupported = |what, text: &str| Err(PcreError::Unsupported(what, format!("({text}...)")));
    if let Some(verb) = after.strip_prefix('*') {
        return unsupported(
            "the backtracking verb",
            &format!("*{}", verb.chars().take_while(char::is_ascii_uppercase).collect::<String>()),
        );
    }
    let Some(kind) = after.strip_prefix('?') else {
        out.push('(');
        return Ok(after);
    };
    for (prefix, what) in [("<=", "look-behind"), ("<!", "look-behind"), ("=", "look-ahead"), ("!", "look-ahead")] {
        if kind.starts_with(prefix) {
            return unsupported(what, &format!("?{prefix}"));
        }
    }
    for (prefix, what) in [
        (">", "the atomic group"),
        ("|", "the branch reset group"),
        ("(", "the conditional group"),
        ("R", "recursion"),
        ("&", "the subroutine call"),
        ("P>", "the subroutine call"),
        ("P=", "the back-reference"),
    ] {
        if kind.starts_with(prefix) {
            return unsupported(what, &format!("?{prefix}"));
        }
    }
    if kind.starts_with(|c: char| c.is_ascii_digit()) {
        return unsupported(
            "recursion",
            &format!("?{}", kind.chars().take_while(char::is_ascii_digit).collect::<String>()),
        );
    }
    if let Some(comment) = kind.strip_prefix('#') {
        return Ok(comment.split_once(')').map_or("", |(_, after)| after));
    }
    if let Some((name, after)) = kind.strip_prefix('\'').and_then(|named| named.split_once('\'')) {
        out.push_str(&format!("(?P<{name}>"));
        return Ok(after);
    }
    out.push_str("(?");
    Ok(kind)
}

/// What stands behind `[`, up to the end of the class.
fn class<'p>(after: &'p str, out: &mut String) -> Result<&'p str, PcreError> {
    out.push('[');
    let mut rest = after;
    if let Some(negated) = rest.strip_prefix('^') {
        out.push('^');
        rest = negated;
    }
    // A `]` that stands first is a member.
    if let Some(member) = rest.strip_prefix(']') {
        out.push_str(r"\]");
        rest = member;
    }
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        rest = match c {
            ']' => {
                out.push(']');
                return Ok(after);
            }
            '\\' => escape(after, out, true)?,
            '[' => match after.strip_prefix(':').and_then(|name| name.split_once(":]")) {
                Some((name, after)) if name.trim_start_matches('^').bytes().all(|b| b.is_ascii_lowercase()) => {
                    out.push_str(&format!("[:{name}:]"));
                    after
                }
                _ => {
                    out.push_str(r"\[");
                    after
                }
            },
            // Set operators of the `regex` crate.
            '&' | '~' => {
                out.push('\\');
                out.push(c);
                after
            }
            '-' if after.starts_with('-') => {
                out.push_str(r"\-");
                after
            }
            c => {
                out.push(c);
                after
            }
        };
    }
    Ok("")
}

/// What stands behind a backslash; `within` a class or outside.
fn escape<'p>(after: &'p str, out: &mut String, within: bool) -> Result<&'p str, PcreError> {
    let Some(c) = after.chars().next() else { return Err(PcreError::Broken("it ends in a backslash".to_owned())) };
    let rest = after.get(c.len_utf8()..).unwrap_or("");
    // Without PCRE's UCP option the classes are those of ASCII.
    let mut set = |members: &str, negated: bool| match (within, negated) {
        (true, false) => out.push_str(members),
        (_, true) => out.push_str(&format!("[^{members}]")),
        (false, false) => out.push_str(&format!("[{members}]")),
    };
    match c {
        'd' => set("0-9", false),
        'D' => set("0-9", true),
        'w' => set(WORD, false),
        'W' => set(WORD, true),
        's' => set(SPACE, false),
        'S' => set(SPACE, true),
        'h' => set(HORIZONTAL, false),
        'H' => set(HORIZONTAL, true),
        'v' => set(r"\n\x0B\x0C\r", false),
        'V' => set(r"\n\x0B\x0C\r", true),
        'N' if !within => set(r"\n", true),
        'R' if !within => out.push_str(r"(?:\r\n|[\n\x0B\x0C\r])"),
        'b' if within => out.push_str(r"\x08"),
        'b' => out.push_str(r"(?-u:\b)"),
        // A negated ASCII boundary could stand inside a character.
        'B' if !within => out.push_str(r"\B"),
        'Z' if !within => out.push_str(r"(?:\n?\z)"),
        'A' | 'z' if !within => out.push_str(&format!("\\{c}")),
        'G' | 'K' | 'X' | 'C' => return Err(PcreError::Unsupported("the escape", format!("\\{c}"))),
        'k' | 'g' => return Err(PcreError::Unsupported("the back-reference", format!("\\{c}"))),
        '1'..='9' if !within => {
            return Err(PcreError::Unsupported("the back-reference", format!("\\{c}")));
        }
        '0'..='7' => {
            let digits: String = after.chars().take(3).take_while(|c| matches!(c, '0'..='7')).collect();
            let value = u32::from_str_radix(&digits, 8).unwrap_or(0);
            out.push_str(&format!(r"\x{{{value:x}}}"));
            return Ok(after.get(digits.len()..).unwrap_or(""));
        }
        'x' if !rest.starts_with('{') => {
            let digits: String = rest.chars().take(2).take_while(char::is_ascii_hexdigit).collect();
            out.push_str(&format!(r"\x{{{}}}", if digits.is_empty() { "0" } else { &digits }));
            return Ok(rest.get(digits.len()..).unwrap_or(""));
        }
        'c' => {
            let control = rest.chars().next().map_or(0, |c| u32::from(c.to_ascii_uppercase()) ^ 0x40);
            out.push_str(&format!(r"\x{{{control:x}}}"));
            return Ok(rest.get(rest.chars().next().map_or(0, char::len_utf8)..).unwrap_or(""));
        }
        'e' => out.push_str(r"\x1B"),
        'Q' => {
            let (literal, after) = rest.split_once(r"\E").unwrap_or((rest, ""));
            out.push_str(&regex::escape(literal));
            return Ok(after);
        }
        'E' => {}
        'a' | 'f' | 'n' | 'r' | 't' | 'x' | 'p' | 'P' => {
            out.push('\\');
            out.push(c);
            // `\x{202E}`, `\p{Lu}`: these braces repeat nothing.
            if matches!(c, 'x' | 'p' | 'P')
                && let Some((inside, after)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'))
            {
                out.push_str(&format!("{{{inside}}}"));
                return Ok(after);
            }
        }
        // Any other escaped character stands for itself; `\<` would be a word's start to the `regex` crate.
        '<' | '>' => out.push(c),
        c if c.is_ascii_punctuation() => {
            out.push('\\');
            out.push(c);
        }
        c => out.push_str(&regex::escape(&c.to_string())),
    }
    Ok(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        compile(pattern).unwrap().is_match(text)
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
    fn names_what_needs_backtracking() {
        for (pattern, named) in [
            ("(?!x)", "look-ahead `(?!...)`"),
            ("(?<=x)y", "look-behind `(?<=...)`"),
            (r"(a)\1", r"the back-reference `\1`"),
            ("(?>a)", "the atomic group `(?>...)`"),
            ("a++", "the possessive quantifier `++`"),
            ("(?R)", "recursion `(?R...)`"),
        ] {
            let error = compile(pattern).unwrap_err().to_string();
            assert!(error.starts_with(named), "{pattern}: {error}");
        }
        assert!(compile("(a").unwrap_err().to_string().starts_with("this is no regular expression"));
    }
}
