//! Regular expressions of rules, as ours are written.
use super::glyphs::DASHES;
use super::{Glyph, Kind, problem};
use crate::ast::Item;
use mynah_kernels::{Regex, RegexError};
use mynah_syntax::Diagnostic;

/// What may stand behind a parenthesis and is not supported.
const GROUPS: [(&str, &str); 8] = [
    ("?=", "look-ahead (`(?=…)`)"),
    ("?!", "negative look-ahead (`(?!…)`)"),
    ("?<=", "look-behind (`(?<=…)`)"),
    ("?<!", "negative look-behind (`(?<!…)`)"),
    ("?>", "an atomic group (`(?>…)`)"),
    ("?(", "a conditional group (`(?(…)…)`)"),
    ("?R", "recursion (`(?R)`)"),
    ("?|", "a branch reset (`(?|…)`)"),
];

/// An expression with its flags. Case counts unless `i` says otherwise.
pub(super) fn compile(source: &str, item: &Item) -> Result<Regex, Diagnostic> {
    let translated = Translation::of(source)?;
    let flags = [(Kind::IgnoreCase, 'i'), (Kind::Multiline, 'm'), (Kind::DotAll, 's')];
    let flags: String = flags.iter().filter(|(kind, _)| item.has(*kind)).map(|(_, flag)| *flag).collect();
    let flags = if flags.is_empty() { flags } else { format!("(?{flags})") };
    Regex::new(&format!("{flags}{translated}")).map_err(|error| {
        let said = match error {
            RegexError::Syntax(said) => said.lines().last().unwrap_or("").trim_start_matches("error: ").to_owned(),
            other => other.to_string(),
        };
        problem("sigma/regex", format!("this is no regular expression: {said}"))
    })
}

/// A text with many options, each of which can begin with any dash.
pub(super) fn of_glyphs(glyphs: &[Glyph], cased: bool) -> Result<Regex, Diagnostic> {
    let mut source = String::from(if cased { "(?s)^" } else { "(?is)^" });
    for glyph in glyphs {
        match glyph {
            Glyph::Char(c) => plain(*c, &mut source),
            Glyph::Many => source.push_str(".*"),
            Glyph::One => source.push('.'),
            Glyph::Dash => {
                source.push('[');
                DASHES.iter().for_each(|dash| plain(*dash, &mut source));
                source.push(']');
            }
        }
    }
    source.push('$');
    Regex::new(&source).map_err(|error| problem("sigma/value", error.to_string()))
}

/// Writes a character that stands for itself.
fn plain(c: char, out: &mut String) {
    if c.is_ascii_punctuation() && c != '_' {
        out.push('\\');
    }
    out.push(c);
}

fn refused(what: &str, help: &str) -> Diagnostic {
    let message = format!("{what} is not supported in regular expressions");
    problem("sigma/regex-unsupported", message).with_help(help)
}

/// An expression of PCRE's flavour on its way to ours; what it has and Sigma has not is named.
#[derive(Default)]
struct Translation {
    out: String,
    /// How many brackets of character classes are open.
    class: usize,
}

impl Translation {
    fn of(source: &str) -> Result<String, Diagnostic> {
        let mut translation = Translation::default();
        let mut rest = source;
        let mut quantified = false;
        while let Some(c) = rest.chars().next() {
            let after = rest.get(c.len_utf8()..).unwrap_or("");
            let is_quantifier =
                translation.class == 0 && (matches!(c, '*' | '+' | '?') || (c == '{' && quantifier(after).is_some()));
            if is_quantifier && c == '+' && quantified {
                return Err(refused("a possessive quantifier (`++`)", PORTABLE));
            }
            let taken = translation.next(c, after)?;
            // `a??` is lazy, and a quantifier behind that is none.
            quantified = is_quantifier && !(quantified && c == '?');
            rest = after.get(taken..).unwrap_or("");
        }
        Ok(translation.out)
    }

    /// Translates what begins with a character, and says how many bytes of what follows belong to it.
    fn next(&mut self, c: char, after: &str) -> Result<usize, Diagnostic> {
        match c {
            '\\' => return self.escape(after),
            '[' if self.class == 0 => return Ok(self.open_class(after)),
            // A named class: [:alpha:].
            '[' if after.starts_with(':') => self.class += 1,
            '[' => self.out.push('\\'),
            ']' => self.class = self.class.saturating_sub(1),
            // Two of them are operators of ours in a class.
            '&' | '~' if self.class > 0 && after.starts_with(c) => self.out.push('\\'),
            '(' if self.class == 0 => {
                if let Some((_, what)) = GROUPS.iter().find(|(start, _)| after.starts_with(start)) {
                    return Err(refused(what, "a second item or a filter in the condition says the same"));
                }
            }
            '{' if self.class == 0 => match quantifier(after) {
                Some(length) => {
                    self.out.push('{');
                    self.out.push_str(after.get(..length).unwrap_or(""));
                    return Ok(length);
                }
                None => self.out.push('\\'),
            },
            '}' if self.class == 0 => self.out.push('\\'),
            _ => {}
        }
        self.out.push(c);
        Ok(0)
    }

    /// What a class begins with: a bracket right there is a member.
    fn open_class(&mut self, after: &str) -> usize {
        self.class = 1;
        self.out.push('[');
        let negated = after.starts_with('^');
        if negated {
            self.out.push('^');
        }
        let member = after.get(usize::from(negated)..).is_some_and(|body| body.starts_with(']'));
        if member {
            self.out.push_str("\\]");
        }
        usize::from(negated) + usize::from(member)
    }

    fn escape(&mut self, after: &str) -> Result<usize, Diagnostic> {
        let Some(next) = after.chars().next() else {
            self.out.push('\\');
            return Ok(0);
        };
        match next {
            '1'..='9' if self.class == 0 => return Err(refused("a reference back to a group (`\\1`)", PORTABLE)),
            'k' if self.class == 0 && after.starts_with("k<") => {
                return Err(refused("a reference back to a group (`\\k<…>`)", PORTABLE));
            }
            'G' | 'K' | 'R' | 'X' if self.class == 0 => return Err(refused(&format!("`\\{next}`"), PORTABLE)),
            'Z' => self.out.push_str("\\z"),
            'h' => self.out.push_str(if self.class > 0 { " \\t" } else { "[ \\t]" }),
            'e' => self.out.push_str("\\x1b"),
            '<' | '>' => self.out.push(next),
            // What needs no escape may have one, unless it means something with it.
            letter if letter.is_ascii_alphabetic() && !"abBdDfnpPrsStuUvwWxAzQE".contains(letter) => {
                self.out.push(letter);
            }
            other => {
                self.out.push('\\');
                self.out.push(other);
            }
        }
        Ok(next.len_utf8())
    }
}

const PORTABLE: &str =
    "Sigma's specification allows `.`, anchors, quantifiers, character classes, groups and alternation only";

/// The length of `2}`, `2,}` or `2,3}`; none where a brace is just a brace.
fn quantifier(text: &str) -> Option<usize> {
    let end = text.find('}')?;
    let (low, high) = text.get(..end)?.split_once(',').unwrap_or((text.get(..end)?, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!low.is_empty() && digits(low) && digits(high)).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_no_escape_may_have_one_and_the_other_way_round() {
        assert_eq!(Translation::of(r"a{b}\-\/\_c{2,3}[]x[]").unwrap(), r"a\{b\}\-\/\_c{2,3}[\]x\[]");
        for source in [r"\$\{env:", r"[\w\-]+", r"a\<b", r"x\Z", r"[[:alpha:]]+", r"[^]]"] {
            let regex = Regex::new(&Translation::of(source).unwrap()).unwrap();
            assert!(!regex.backtracks(), "{source}");
        }
    }

    #[test]
    fn what_cannot_be_matched_is_named() {
        for (source, what) in
            [("a(?=b)", "look-ahead"), ("(?<!a)b", "look-behind"), (r"(a)\1", "reference back"), ("a++", "possessive")]
        {
            assert!(Translation::of(source).unwrap_err().message.contains(what), "{source}");
        }
    }
}
