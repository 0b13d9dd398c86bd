//! Fields, their modifiers and values.
use super::{Lint, MODIFIERS_PAGE, RULES_PAGE, whoami};
use crate::modifier::{Comparison, Glyph, Kind, glyphs};
use mynah_syntax::{Diagnostic, Rule, Span};
use std::collections::HashSet;

pub(super) const ALL_WITHOUT_LIST: Rule = Rule::warning(
    "sigma/all-without-list",
    "`all` on a field with one value",
    "All of one value is that value. The specification does not allow it, since some backends cannot convert it.",
    whoami!(item: "CommandLine|contains|all: ' /all'"),
    whoami!(item: "CommandLine|contains: ' /all'"),
    MODIFIERS_PAGE,
);

pub(super) fn all_without_list(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for item in lint.items() {
        if item.has(Kind::All) && item.values.len() == 1 && !item.has(Kind::Expand) {
            let diagnostic = ALL_WITHOUT_LIST.diagnostic("`all` of one value", item.span);
            diagnostics.push(diagnostic.with_help("leave `all` out"));
        }
    }
}

pub(super) const DUPLICATE_VALUE: Rule = Rule::warning(
    "sigma/duplicate-value",
    "a value that stands twice in one list",
    "The second is of no use; often another was meant. Case counts only behind `cased` and `re`.",
    whoami!(item: "CommandLine|contains:\n            - ' /all'\n            - ' /ALL'"),
    whoami!(item: "CommandLine|contains:\n            - ' /all'\n            - ' /priv'"),
    RULES_PAGE,
);

pub(super) fn duplicate_value(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for item in lint.items() {
        let cased = [Kind::Cased, Kind::Regex, Kind::Base64, Kind::Base64Offset].into_iter().any(|kind| item.has(kind));
        let mut seen = HashSet::new();
        for value in &item.values {
            let text = value.node.to_string();
            if !seen.insert(if cased { text } else { text.to_lowercase() }) {
                let message = format!("`{}` is in this list already", value.node);
                diagnostics.push(DUPLICATE_VALUE.diagnostic(message, value.span));
            }
        }
    }
}

pub(super) const ESCAPED_WILDCARD: Rule = Rule::warning(
    "sigma/escaped-wildcard",
    "a backslash before a wildcard at the end of a path",
    "`\\*` is a plain star. A backslash with a wildcard behind it is written `\\\\*`.",
    whoami!(item: r"Image: 'C:\Temp\*'"),
    whoami!(item: r"Image: 'C:\Temp\\*'"),
    RULES_PAGE,
);

pub(super) fn escaped_wildcard(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (_, text, span) in texts(lint) {
        let Some(path) = text.strip_suffix("\\*") else { continue };
        // A path: stars that are looked for as such stand behind backslashes too.
        let folders =
            path.as_bytes().windows(2).any(|pair| matches!(pair, [b'\\', next] if next.is_ascii_alphanumeric()));
        if !path.ends_with('\\') && (folders || path.ends_with(':')) {
            let help = "for a folder and whatever is in it write `\\\\*`, or use `startswith` without the star";
            let diagnostic = ESCAPED_WILDCARD.diagnostic("the star at the end is a plain one", span);
            diagnostics.push(diagnostic.with_help(help));
        }
    }
}

pub(super) const QUOTED_NUMBER: Rule = Rule::warning(
    "sigma/quoted-number",
    "a comparison with a number between quotes",
    "Between quotes it is a text, which pySigma refuses; here the number counts.",
    whoami!(item: "ProcessId|gt: '1000'"),
    whoami!(item: "ProcessId|gt: 1000"),
    MODIFIERS_PAGE,
);

pub(super) fn quoted_number(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    use Comparison::{Greater, GreaterOrEqual, Less, LessOrEqual};
    for (item, text, span) in texts(lint) {
        let compares = [Less, LessOrEqual, Greater, GreaterOrEqual].map(Kind::Compare);
        if text.trim().parse::<f64>().is_ok() && compares.into_iter().any(|kind| item.has(kind)) {
            let diagnostic = QUOTED_NUMBER.diagnostic(format!("`{text}` is a text"), span);
            diagnostics.push(diagnostic.with_help("leave the quotes out"));
        }
    }
}

pub(super) const REDUNDANT_WILDCARD: Rule = Rule::warning(
    "sigma/redundant-wildcard",
    "a wildcard where the modifier puts one anyway",
    "`contains`, `startswith` and `endswith` stand for wildcards: one of one's own in the same place says nothing.",
    whoami!(item: "CommandLine|contains: '* /all*'"),
    whoami!(item: "CommandLine|contains: ' /all'"),
    MODIFIERS_PAGE,
);

pub(super) fn redundant_wildcard(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (item, text, span) in texts(lint) {
        let contains = item.has(Kind::Contains);
        let (before, after) = (contains || item.has(Kind::EndsWith), contains || item.has(Kind::StartsWith));
        let glyphs = glyphs(text);
        // Any value at all: there is no shorter way to say it.
        if glyphs.iter().all(|glyph| *glyph == Glyph::Many) {
            continue;
        }
        let first = before && glyphs.first() == Some(&Glyph::Many);
        let last = after && glyphs.last() == Some(&Glyph::Many);
        if first || last {
            let place = if first { "beginning" } else { "end" };
            let message = format!("the wildcard at the {place} says nothing here");
            diagnostics.push(REDUNDANT_WILDCARD.diagnostic(message, span));
        }
    }
}

/// The texts in which wildcards mean something.
fn texts<'a>(lint: &Lint<'a>) -> impl Iterator<Item = (&'a crate::ast::Item, &'a str, Span)> {
    lint.items()
        .filter(|item| !item.has(Kind::Regex))
        .flat_map(|item| item.values.iter().filter_map(move |value| Some((item, value.node.text()?, value.span))))
}
