//! Regular expressions of rules.
use super::glyphs::DASHES;
use super::{Glyph, Kind, problem};
use crate::ast::Item;
use mynah_dialect::{Flavour, RegexRefusal, regex};
use mynah_kernels::Regex;
use mynah_syntax::Diagnostic;

/// An expression with its flags. Case counts unless `i` says otherwise.
pub(super) fn compile(source: &str, item: &Item) -> Result<Regex, Diagnostic> {
    let flags = [(Kind::IgnoreCase, 'i'), (Kind::Multiline, 'm'), (Kind::DotAll, 's')];
    let flags: String = flags.iter().filter(|(kind, _)| item.has(*kind)).map(|(_, flag)| *flag).collect();
    let flags = if flags.is_empty() { flags } else { format!("(?{flags})") };
    regex(&format!("{flags}{source}"), Flavour::Portable).map_err(|refusal| match refusal {
        RegexRefusal::Unsupported(what, _) => {
            let around = "a second item or a filter in the condition says the same";
            let help = if what.starts_with("look") { around } else { PORTABLE };
            problem("sigma/regex-unsupported", refusal.to_string()).with_help(help)
        }
        RegexRefusal::Broken(_) => problem("sigma/regex", refusal.to_string()),
    })
}

const PORTABLE: &str =
    "Sigma's specification allows `.`, anchors, quantifiers, character classes, groups and alternation only";

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
