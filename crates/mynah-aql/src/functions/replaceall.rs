use super::{Call, Function, Kind, text_to_text};
use crate::plan::Typed;
use mynah_dialect::{Example, FunctionDoc};
use mynah_syntax::Diagnostic;
use regex::Regex;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "REPLACEALL",
        usage: "REPLACEALL('expression', text, 'replacement')",
        summary: "The text with everything that fits a regular expression replaced. `$1` in the replacement is what the first group fitted.",
        page: super::FORMATTING,
        examples: &[
            Example { query: r#"REPLACEALL('[0-9]{4}', 'card 1234 5678', 'xxxx')"#, result: r#"card xxxx xxxx"# },
            Example { query: r#"REPLACEALL('(a)(b)', 'xaby', '$2$1')"#, result: r#"xbay"# },
        ],
    },
    arity: (3, 3),
    kind: Kind::Scalar(replaceall),
};

fn replaceall(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    let (regex, replacement) = parts(call)?;
    let name = format!("replaceall({regex:?}, {replacement:?})");
    Ok(text_to_text(&name, call.as_text(1), move |text| regex.replace_all(text, replacement.as_str()).into_owned()))
}

/// The regular expression and the replacement of a call of REPLACEALL or REPLACEFIRST. `$1` in a replacement is
/// the first group, as in Java; where Rust reads `$1x` as a group named `1x`, Java reads the group 1 and an `x`.
pub(super) fn parts(call: &Call<'_>) -> Result<(Regex, String), Box<Diagnostic>> {
    let pattern = call.literal(0)?;
    let regex = Regex::new(pattern).map_err(|fault| {
        call.error(
            0,
            format!("this regular expression cannot be run: {}", fault.to_string().lines().last().unwrap_or_default()),
        )
    })?;
    let replacement = call.literal(2)?;
    let mut rust = String::with_capacity(replacement.len());
    let mut characters = replacement.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            // Java's backslash takes the meaning from the next character.
            '\\' => match characters.next() {
                Some('$') => rust.push_str("$$"),
                Some(next) => rust.push(next),
                None => {}
            },
            '$' if characters.peek().is_some_and(char::is_ascii_digit) => {
                rust.push_str("${");
                while let Some(digit) = characters.next_if(char::is_ascii_digit) {
                    rust.push(digit);
                }
                rust.push('}');
            }
            '$' if characters.peek() != Some(&'{') => rust.push_str("$$"),
            c => rust.push(c),
        }
    }
    Ok((regex, rust))
}
