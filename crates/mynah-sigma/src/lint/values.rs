//! Fields, their modifiers and values.
use super::{Lint, MODIFIERS_PAGE, RULES_PAGE, whoami};
use crate::modifier::{Glyph, Kind, glyphs};
use crate::yaml::Scalar;
use mynah_syntax::{Diagnostic, Rule, Severity, Span};
use std::collections::HashSet;

pub(super) const ALL_WITHOUT_LIST: Rule = Rule {
    code: "sigma/all-without-list",
    severity: Severity::Warning,
    what: "`all` on a field with one value",
    why: "All of one value is that value. The specification does not allow it, since some backends cannot convert it.",
    bad: whoami!(item: "CommandLine|contains|all: ' /all'"),
    good: whoami!(item: "CommandLine|contains: ' /all'"),
    page: MODIFIERS_PAGE,
};

pub(super) fn all_without_list(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for item in lint.items() {
        if item.has(Kind::All) && item.values.len() == 1 && !item.has(Kind::Expand) {
            let diagnostic = Diagnostic::warning(ALL_WITHOUT_LIST.code, "`all` of one value", item.span);
            diagnostics.push(diagnostic.with_help("leave `all` out"));
        }
    }
}

pub(super) const DUPLICATE_VALUE: Rule = Rule {
    code: "sigma/duplicate-value",
    severity: Severity::Warning,
    what: "a value that stands twice in one list",
    why: "The second is of no use; often another was meant. Case counts only behind `cased` and `re`.",
    bad: whoami!(item: "CommandLine|contains:\n            - ' /all'\n            - ' /ALL'"),
    good: whoami!(item: "CommandLine|contains:\n            - ' /all'\n            - ' /priv'"),
    page: RULES_PAGE,
};

pub(super) fn duplicate_value(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for item in lint.items() {
        let cased = [Kind::Cased, Kind::Regex, Kind::Base64, Kind::Base64Offset].into_iter().any(|kind| item.has(kind));
        let mut seen = HashSet::new();
        for value in &item.values {
            let text = value.node.to_string();
            if !seen.insert(if cased { text } else { text.to_lowercase() }) {
                let message = format!("`{}` is in this list already", value.node);
                diagnostics.push(Diagnostic::warning(DUPLICATE_VALUE.code, message, value.span));
            }
        }
    }
}

pub(super) const ESCAPED_WILDCARD: Rule = Rule {
    code: "sigma/escaped-wildcard",
    severity: Severity::Warning,
    what: "a backslash before a wildcard at the end of a path",
    why: "`\\*` is a plain star. A backslash with a wildcard behind it is written `\\\\*`.",
    bad: whoami!(item: r"Image: 'C:\Temp\*'"),
    good: whoami!(item: r"Image: 'C:\Temp\\*'"),
    page: RULES_PAGE,
};

pub(super) fn escaped_wildcard(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (_, text, span) in texts(lint) {
        let Some(path) = text.strip_suffix("\\*") else { continue };
        // A path: stars that are looked for as such stand behind backslashes too.
        let folders =
            path.as_bytes().windows(2).any(|pair| matches!(pair, [b'\\', next] if next.is_ascii_alphanumeric()));
        if !path.ends_with('\\') && (folders || path.ends_with(':')) {
            let help = "for a folder and whatever is in it write `\\\\*`, or use `startswith` without the star";
            let diagnostic = Diagnostic::warning(ESCAPED_WILDCARD.code, "the star at the end is a plain one", span);
            diagnostics.push(diagnostic.with_help(help));
        }
    }
}

pub(super) const REDUNDANT_WILDCARD: Rule = Rule {
    code: "sigma/redundant-wildcard",
    severity: Severity::Warning,
    what: "a wildcard where the modifier puts one anyway",
    why: "`contains`, `startswith` and `endswith` stand for wildcards: one of one's own in the same place says nothing.",
    bad: whoami!(item: "CommandLine|contains: '* /all*'"),
    good: whoami!(item: "CommandLine|contains: ' /all'"),
    page: MODIFIERS_PAGE,
};

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
            diagnostics.push(Diagnostic::warning(REDUNDANT_WILDCARD.code, message, span));
        }
    }
}

/// The texts in which wildcards mean something.
fn texts<'a>(lint: &Lint<'a>) -> impl Iterator<Item = (&'a crate::ast::Item, &'a str, Span)> {
    lint.items().filter(|item| !item.has(Kind::Regex)).flat_map(|item| {
        item.values.iter().filter_map(move |value| match &value.node {
            Scalar::Text(text) => Some((item, text.as_str(), value.span)),
            _ => None,
        })
    })
}
