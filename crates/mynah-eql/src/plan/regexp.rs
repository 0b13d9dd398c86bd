//! Lucene's regular expressions in the terms of the `regex` crate.
//!
//! They fit whole values, know no anchors and no `(?…)`, and have operators of their own (`~ & < > @ #`). Of these
//! `@` (anything) and `#` (nothing) have a counterpart; the others are refused by name.
use mynah_kernels::{Case, Regex, RegexError};
use mynah_syntax::MAX_DEPTH;
use std::fmt::Write;
use std::iter::Peekable;
use std::str::Chars;

/// An expression that fits whole values.
pub(super) fn compile(pattern: &str, case: Case) -> Result<Regex, String> {
    let mut translation = Translation { rest: pattern.chars().peekable(), case, depth: 0, out: String::from(r"\A(?:") };
    translation.union()?;
    if let Some(stray) = translation.rest.next() {
        return Err(format!("nothing is open for `{stray}` to close in this regular expression"));
    }
    translation.out.push_str(r")\z");
    Regex::new(&translation.out).map_err(|error| match error {
        RegexError::TooLarge => "this regular expression is too large".to_owned(),
        _ => "this regular expression cannot be read".to_owned(),
    })
}

struct Translation<'a> {
    rest: Peekable<Chars<'a>>,
    case: Case,
    depth: usize,
    out: String,
}

impl Translation<'_> {
    fn eat(&mut self, wanted: char) -> bool {
        self.rest.next_if_eq(&wanted).is_some()
    }

    /// `sequence | sequence …`, up to a closing parenthesis or the end.
    fn union(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("this regular expression is nested more than {MAX_DEPTH} levels deep"));
        }
        loop {
            while let Some(next) = self.rest.peek()
                && !matches!(next, '|' | ')')
            {
                self.repetition()?;
            }
            if !self.eat('|') {
                self.depth -= 1;
                return Ok(());
            }
            self.out.push('|');
        }
    }

    /// One thing and how often it comes.
    fn repetition(&mut self) -> Result<(), String> {
        let start = self.out.len();
        self.single()?;
        loop {
            let suffix = match self.rest.peek() {
                Some('?') => "?".to_owned(),
                Some('*') => "*".to_owned(),
                Some('+') => "+".to_owned(),
                Some('{') => {
                    self.rest.next();
                    self.count()?
                }
                _ => return Ok(()),
            };
            if !suffix.starts_with('{') {
                self.rest.next();
            }
            // A group of its own, so that `a*?` is an optional `a*` as in Lucene, and not a lazy one.
            self.out.insert_str(start, "(?:");
            self.out.push(')');
            self.out.push_str(&suffix);
            if self.out.len() - start > 64 * 1024 {
                return Err("this regular expression is too large".to_owned());
            }
        }
    }

    /// `2}`, `2,}` or `2,4}`.
    fn count(&mut self) -> Result<String, String> {
        let wrong = || "`{` in a regular expression is followed by how often: `{2}`, `{2,}`, `{2,4}`".to_owned();
        let mut text = String::from("{");
        while let Some(next) = self.rest.next_if(|c| *c != '}') {
            text.push(next);
        }
        if !self.eat('}') {
            return Err(wrong());
        }
        text.push('}');
        let inner = text.trim_matches(['{', '}']);
        let (least, most) = inner.split_once(',').unwrap_or((inner, ""));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number(least) && (most.is_empty() || is_number(most)) { Ok(text) } else { Err(wrong()) }
    }

    fn single(&mut self) -> Result<(), String> {
        let Some(next) = self.rest.next() else { return Ok(()) };
        match next {
            '.' => self.out.push_str("(?s:.)"),
            '@' => self.out.push_str("(?s:.*)"),
            '#' => self.out.push_str(r"[^\x{0}-\x{10FFFF}]"),
            '~' => return Err(operator('~', "everything but what follows")),
            '&' => return Err(operator('&', "what fits both sides")),
            '<' => return Err(operator('<', "a range of numbers")),
            '"' => loop {
                match self.rest.next() {
                    Some('"') => break,
                    Some(c) => self.literal(c),
                    None => return Err("a quotation mark in this regular expression is never closed".to_owned()),
                }
            },
            '(' => {
                self.out.push_str("(?:");
                self.union()?;
                if !self.eat(')') {
                    return Err("a parenthesis in this regular expression is never closed".to_owned());
                }
                self.out.push(')');
            }
            '[' => self.class()?,
            '\\' => self.escape()?,
            c => self.literal(c),
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<(), String> {
        match self.rest.next() {
            None => return Err("this regular expression ends in a backslash".to_owned()),
            Some(c) => match named_class(c) {
                Some(class) => {
                    self.out.push('[');
                    self.out.push_str(class);
                    self.out.push(']');
                }
                None => self.literal(c),
            },
        }
        Ok(())
    }

    /// A class of characters; the bracket has been taken. Lucene leaves case aside for its letters, not for its ranges.
    fn class(&mut self) -> Result<(), String> {
        let open = || "a bracket in this regular expression is never closed".to_owned();
        self.out.push('[');
        if self.eat('^') {
            self.out.push('^');
        }
        let mut first = true;
        loop {
            let c = self.rest.next().ok_or_else(open)?;
            match c {
                ']' if !first => break,
                '\\' => {
                    let escaped = self.rest.next().ok_or_else(open)?;
                    match named_class(escaped) {
                        Some(class) => self.out.push_str(class),
                        None => self.range(escaped)?,
                    }
                }
                c => self.range(c)?,
            }
            first = false;
        }
        self.out.push(']');
        Ok(())
    }

    /// A character of a class, or a range that begins with it.
    fn range(&mut self, from: char) -> Result<(), String> {
        let open = || "a bracket in this regular expression is never closed".to_owned();
        let mut ahead = self.rest.clone();
        let is_range = ahead.next() == Some('-') && ahead.next().is_some_and(|c| c != ']');
        self.code(from);
        if !is_range {
            if self.case == Case::Folded && from.is_ascii_alphabetic() {
                self.code(if from.is_ascii_lowercase() {
                    from.to_ascii_uppercase()
                } else {
                    from.to_ascii_lowercase()
                });
            }
            return Ok(());
        }
        self.rest.next();
        let mut to = self.rest.next().ok_or_else(open)?;
        if to == '\\' {
            to = self.rest.next().ok_or_else(open)?;
        }
        if to < from {
            return Err(format!("the range `{from}-{to}` in this regular expression runs backwards"));
        }
        self.out.push('-');
        self.code(to);
        Ok(())
    }

    fn literal(&mut self, c: char) {
        if self.case == Case::Folded && c.is_ascii_alphabetic() {
            self.out.push('[');
            self.out.push(c.to_ascii_lowercase());
            self.out.push(c.to_ascii_uppercase());
            self.out.push(']');
        } else {
            self.code(c);
        }
    }

    /// A character as it stands: letters and digits plainly, all else by its number.
    fn code(&mut self, c: char) {
        if c.is_ascii_alphanumeric() {
            self.out.push(c);
        } else {
            // Writing to a string cannot fail.
            let _ = write!(self.out, r"\x{{{:X}}}", u32::from(c));
        }
    }
}

fn operator(operator: char, what: &str) -> String {
    format!(
        "Lucene's operator `{operator}` ({what}) is not supported; a `{operator}` of the value is written `\\{operator}`"
    )
}

/// What a class that has a name consists of, for use inside brackets.
fn named_class(name: char) -> Option<&'static str> {
    Some(match name {
        'd' => "0-9",
        'D' => r"[^0-9]",
        's' => r" \t\n\r",
        'S' => r"[^ \t\n\r]",
        'w' => "0-9A-Za-z_",
        'W' => r"[^0-9A-Za-z_]",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, text: &str) -> bool {
        compile(pattern, Case::Exact).unwrap().is_match(text).unwrap()
    }

    #[test]
    fn the_whole_value_must_fit() {
        assert!(fits("ab.", "abc"));
        assert!(!fits("ab", "abc"));
        assert!(fits(".*", "two\nlines"));
    }

    #[test]
    fn repetitions_are_as_in_lucene() {
        assert!(fits("abc?", "ab"));
        assert!(fits("a+?", ""));
        assert!(fits("a{2,4}", "aaa"));
        assert!(!fits("a{2}", "aaa"));
        assert!(fits("x[0-9]{1,3}(\\.[0-9]{1,3}){3}", "x10.0.0.1"));
    }

    #[test]
    fn classes_ranges_and_escapes() {
        assert!(fits("[-abc]", "-"));
        assert!(fits(r"[a-c\-\.]+", "a-.c"));
        assert!(fits("[^a-c]", "d"));
        assert!(fits(r"\d+\s\w", "12 x"));
        assert!(fits(r"[\d_]+", "1_2"));
        assert!(fits(r#""a.b"c"#, "a.bc"));
        assert!(!fits(r#""a.b"c"#, "axbc"));
        assert!(fits("^a$", "^a$"));
        assert!(fits("a|@b", "xxb"));
        assert!(fits("#|abc", "abc"));
    }

    #[test]
    fn case_is_left_aside_outside_of_ranges() {
        let regex = compile("k[a-c]m[xy][^z]", Case::Folded).unwrap();
        assert!(regex.is_match("KbMXa").unwrap());
        assert!(!regex.is_match("kBmxa").unwrap());
        assert!(!regex.is_match("kbmxZ").unwrap());
    }

    #[test]
    fn what_cannot_be_run_is_said() {
        for (pattern, part) in [
            ("a~b", "`~`"),
            ("a&b", "`&`"),
            ("<1-9>", "`<`"),
            ("(a", "parenthesis"),
            ("[a", "bracket"),
            ("a)", "`)`"),
            ("a{x}", "how often"),
        ] {
            assert!(compile(pattern, Case::Exact).unwrap_err().contains(part), "{pattern}");
        }
        assert!(compile(&"(".repeat(1000), Case::Exact).is_err());
        assert!(compile(&format!("a{}", "+".repeat(20_000)), Case::Exact).is_err());
    }
}
