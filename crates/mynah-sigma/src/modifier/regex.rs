use super::glyphs::DASHES;
use super::{Glyph, Kind, problem};
use crate::ast::Item;
use mynah_syntax::Diagnostic;
use regex::{Regex, RegexBuilder};

/// How large a compiled expression may get, in bytes.
const SIZE: usize = 64 << 20;

/// An expression with its flags. Case counts unless `i` says otherwise.
pub(super) fn compile(source: &str, item: &Item) -> Result<Regex, Diagnostic> {
    let translated = translate(source)?;
    RegexBuilder::new(&translated)
        .case_insensitive(item.has(Kind::IgnoreCase))
        .multi_line(item.has(Kind::Multiline))
        .dot_matches_new_line(item.has(Kind::DotAll))
        .size_limit(SIZE)
        .build()
        .map_err(|error| {
            let said = error.to_string();
            let last = said.lines().last().unwrap_or("").trim_start_matches("error: ").to_owned();
            problem("sigma/regex", format!("this is no regular expression: {last}"))
        })
}

/// A text with many options, each of which can begin with any dash.
pub(super) fn of_glyphs(glyphs: &[Glyph], cased: bool) -> Result<Regex, Diagnostic> {
    let dashes: String = DASHES.iter().rev().collect();
    let mut source = String::from("^");
    for glyph in glyphs {
        match glyph {
            Glyph::Char(c) => source.push_str(&regex::escape(&c.to_string())),
            Glyph::Many => source.push_str(".*"),
            Glyph::One => source.push('.'),
            Glyph::Dash => source.push_str(&format!("[{}]", dashes.replace('-', "\\-"))),
        }
    }
    source.push('$');
    RegexBuilder::new(&source)
        .case_insensitive(!cased)
        .dot_matches_new_line(true)
        .size_limit(SIZE)
        .build()
        .map_err(|error| problem("sigma/value", error.to_string()))
}

/// An expression of PCRE's flavour as ours writes it; what it has and ours has not is named.
fn translate(source: &str) -> Result<String, Diagnostic> {
    let refused = |what: &str, help: &str| {
        Err(problem("sigma/regex-unsupported", format!("{what} is not supported in regular expressions"))
            .with_help(help))
    };
    let portable =
        "Sigma's specification allows `.`, anchors, quantifiers, character classes, groups and alternation only";
    let mut out = String::with_capacity(source.len());
    let mut class = 0usize;
    let mut rest = source;
    let mut quantified = false;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        let mut take = c.len_utf8();
        let mut quantifies = false;
        match c {
            '\\' => {
                let next = after.chars().next();
                take += next.map_or(0, char::len_utf8);
                match next {
                    Some('1'..='9') if class == 0 => return refused("a reference back to a group (`\\1`)", portable),
                    Some('k') if class == 0 && after.starts_with("k<") => {
                        return refused("a reference back to a group (`\\k<…>`)", portable);
                    }
                    Some('G' | 'K' | 'R' | 'X') if class == 0 => {
                        return refused(&format!("`\\{}`", next.unwrap_or_default()), portable);
                    }
                    Some('Z') => out.push_str("\\z"),
                    Some('h') => out.push_str(if class > 0 { " \\t" } else { "[ \\t]" }),
                    Some('e') => out.push_str("\\x1b"),
                    // What needs no escape may have one, unless it means something with it.
                    Some(plain) if plain.is_ascii_alphabetic() && !"abBdDfnpPrsStuUvwWxAzQE".contains(plain) => {
                        out.push_str(&regex::escape(&plain.to_string()));
                    }
                    Some('<' | '>') => out.push(next.unwrap_or_default()),
                    Some(other) => {
                        out.push('\\');
                        out.push(other);
                    }
                    None => out.push('\\'),
                }
            }
            '[' if class == 0 => {
                class = 1;
                out.push('[');
                // A bracket right at the beginning is a member.
                let mut body = after;
                if let Some(stripped) = body.strip_prefix('^') {
                    out.push('^');
                    take += 1;
                    body = stripped;
                }
                if body.starts_with(']') {
                    out.push_str("\\]");
                    take += 1;
                }
            }
            '[' if !after.starts_with(':') => out.push_str("\\["),
            '[' => {
                // A named class: [:alpha:].
                class += 1;
                out.push('[');
            }
            ']' if class > 0 => {
                class -= 1;
                out.push(']');
            }
            '&' | '~' if class > 0 && after.starts_with(c) => {
                out.push('\\');
                out.push(c);
            }
            '(' if class == 0 => {
                for (start, what) in [
                    ("?=", "look-ahead (`(?=…)`)"),
                    ("?!", "negative look-ahead (`(?!…)`)"),
                    ("?<=", "look-behind (`(?<=…)`)"),
                    ("?<!", "negative look-behind (`(?<!…)`)"),
                    ("?>", "an atomic group (`(?>…)`)"),
                    ("?(", "a conditional group (`(?(…)…)`)"),
                    ("?R", "recursion (`(?R)`)"),
                    ("?|", "a branch reset (`(?|…)`)"),
                ] {
                    if after.starts_with(start) {
                        return refused(
                            what,
                            "matching takes time linear in the text, which leaves these out; a second item or a filter in the condition says the same",
                        );
                    }
                }
                out.push('(');
            }
            '*' | '+' | '?' if class == 0 => {
                if c == '+' && quantified {
                    return refused("a possessive quantifier (`++`)", portable);
                }
                quantifies = true;
                out.push(c);
            }
            '{' if class == 0 => match quantifier(after) {
                Some(length) => {
                    out.push('{');
                    out.push_str(after.get(..length).unwrap_or(""));
                    take += length;
                    quantifies = true;
                }
                None => out.push_str("\\{"),
            },
            '}' if class == 0 => out.push_str("\\}"),
            other => out.push(other),
        }
        // `a??` is lazy, and a quantifier behind that is none.
        quantified = quantifies && !(quantified && c == '?');
        rest = rest.get(take..).unwrap_or("");
    }
    Ok(out)
}

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
        assert_eq!(translate(r"a{b}\-\/\_c{2,3}[]x[]").unwrap(), r"a\{b\}\-\/\_c{2,3}[\]x\[]");
        for source in [r"\$\{env:", r"[\w\-]+", r"a\<b", r"x\Z", r"[[:alpha:]]+", r"[^]]"] {
            Regex::new(&translate(source).unwrap()).unwrap();
        }
    }

    #[test]
    fn what_cannot_be_matched_is_named() {
        for (source, what) in
            [("a(?=b)", "look-ahead"), ("(?<!a)b", "look-behind"), (r"(a)\1", "reference back"), ("a++", "possessive")]
        {
            assert!(translate(source).unwrap_err().message.contains(what), "{source}");
        }
    }
}
