//! What is left of a file without the rules that are refused.
use crate::yaml::{self, Node};
use mynah_dialect::Remaining;
use mynah_syntax::{Diagnostic, Span, Spanned};
use std::collections::BTreeSet;

/// A document of a file, between two lines `---`.
struct Part {
    /// With the line that it begins behind.
    span: Span,
    /// What can be read of it.
    root: Option<Node>,
    refused: bool,
    left_out: bool,
}

impl Part {
    /// What others call it.
    fn names(&self) -> impl Iterator<Item = &str> {
        let root = self.root.iter();
        root.flat_map(|root| ["id", "name"].into_iter().filter_map(|key| root.get(key)?.value.text()))
    }

    /// The rules that a correlation refers to, each with its place.
    fn refers_to(&self) -> Vec<Spanned<&str>> {
        let rules = self.root.as_ref().and_then(|root| root.get("correlation")?.value.get("rules"));
        let names = rules.into_iter().flat_map(|rules| rules.value.items());
        names.filter_map(|name| Some(Spanned::new(name.text()?, name.span))).collect()
    }

    /// Whether the rules that it refers to find nothing for themselves.
    fn hides(&self) -> bool {
        let generate = self.root.as_ref().and_then(|root| root.get("correlation")?.value.get("generate"));
        generate
            .is_none_or(|generate| !matches!(generate.value.scalar().map(ToString::to_string).as_deref(), Some("true")))
    }
}

/// The file without the rules that these errors refuse. A correlation goes with the rules that it refers to, and they with it. None
/// where nothing is left, or where what is refused is part of other rules.
pub(crate) fn remaining(text: &str, diagnostics: &[Diagnostic]) -> Option<Remaining> {
    let mut parts = parts(text)?;
    for error in diagnostics.iter().filter(|diagnostic| diagnostic.is_error()) {
        parts.iter_mut().rev().find(|part| part.span.start <= error.span.start)?.refused = true;
    }
    if parts.iter().any(|part| part.refused && is_of_others(part, text)) {
        return None;
    }
    let mut diagnostics = Vec::new();
    // Each round refuses one part at least.
    while let Some((number, error)) = dependent(&parts) {
        parts.get_mut(number)?.refused = true;
        diagnostics.push(error);
    }
    leave_out_hidden(&mut parts);
    let is_left =
        |part: &Part| !part.refused && !part.left_out && part.root.as_ref().is_some_and(|root| !root.is_null());
    if !parts.iter().any(is_left) {
        return None;
    }
    let mut left = String::with_capacity(text.len());
    for part in &parts {
        let written = part.span.of(text);
        match part.refused || part.left_out {
            true => left.push_str(&blanked(written)),
            false => left.push_str(written),
        }
    }
    Some(Remaining { text: left, diagnostics })
}

/// The documents of a file; none where some of them set keys for others.
fn parts(text: &str) -> Option<Vec<Part>> {
    if text.lines().any(|line| line.starts_with("action:")) {
        return None;
    }
    let separators = yaml::separators(text).map(|line| line.start).filter(|start| *start > 0);
    let starts: Vec<usize> = std::iter::once(0).chain(separators).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let spans = starts.iter().zip(ends).map(|(start, end)| Span::new(*start, end));
    let mut parts: Vec<Part> = spans.map(|span| Part { span, root: None, refused: false, left_out: false }).collect();
    for document in yaml::read(text).0 {
        if let Some(part) = parts.iter_mut().rev().find(|part| part.span.start <= document.root.span.start) {
            part.root = Some(document.root);
        }
    }
    Some(parts)
}

/// Whether other rules would find something else without a part: a filter, or what may be one.
fn is_of_others(part: &Part, text: &str) -> bool {
    let has = |key| part.root.as_ref().is_some_and(|root| root.get(key).is_some());
    if has("filter") {
        return true;
    }
    let begins =
        |key| part.span.of(text).lines().any(|line: &str| line.trim_start_matches(['{', ' ']).starts_with(key));
    // What could not be read may have been anything; a rule's own search identifiers may be called like a filter.
    !has("detection") && begins("filter:") || !has("correlation") && !has("detection") && begins("correlation:")
}

/// A correlation that refers to a rule that is refused, by its number, with what is said of it.
fn dependent(parts: &[Part]) -> Option<(usize, Diagnostic)> {
    let refused: BTreeSet<&str> = parts.iter().filter(|part| part.refused).flat_map(Part::names).collect();
    parts.iter().enumerate().filter(|(_, part)| !part.refused).find_map(|(number, part)| {
        let name = part.refers_to().into_iter().find(|name| refused.contains(name.node))?;
        let message = format!("the rule `{}`, which this correlation refers to, is refused", name.node);
        Some((number, Diagnostic::error("sigma/unknown-rule", message, name.span)))
    })
}

/// Leaves out rules that only refused correlations refer to: they alert through these alone.
fn leave_out_hidden(parts: &mut [Part]) {
    let names = |refused: bool| -> BTreeSet<String> {
        let correlations = parts.iter().filter(|part| part.refused == refused && part.hides());
        correlations.flat_map(Part::refers_to).map(|name| name.node.to_owned()).collect()
    };
    let (hidden, wanted) = (names(true), names(false));
    for part in parts.iter_mut() {
        let is_hidden =
            part.names().any(|name| hidden.contains(name)) && !part.names().any(|name| wanted.contains(name));
        part.left_out = is_hidden;
    }
}

/// Comments in the place of a text, so that all behind it keeps its place.
fn blanked(text: &str) -> String {
    let line = |line: &str| {
        let end = line.len() - line.trim_end_matches(['\r', '\n']).len();
        "#".repeat(line.len() - end) + line.get(line.len() - end..).unwrap_or_default()
    };
    text.split_inclusive('\n').map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Sigma, parse};
    use mynah_dialect::{Frontend, Mode, PlanContext, Site, Stages};
    use mynah_event::Platform;
    use mynah_view::Catalog;

    const RULE: &str = "title: A\nname: a\nlogsource:\n    product: windows\ndetection:\n    s:\n        EventID: 1\n    condition: s\n";

    fn left(text: &str) -> Option<Remaining> {
        let catalog = Catalog::built_in().unwrap();
        let view = catalog.platform(Platform::Sigma).unwrap();
        let context =
            PlanContext { mode: Mode::Run, view: &view, site: &Site::default(), stages: &Stages::without_data() };
        let remaining = remaining(text, &Sigma.plan(text, &context).diagnostics)?;
        assert_eq!(remaining.text.len(), text.len());
        Some(remaining)
    }

    #[test]
    fn a_refused_rule_leaves_the_others_where_they_are() {
        let text = format!("{}---\n{RULE}---\ntitle: [\n", RULE.replace("condition: s", "condition: t"));
        let left = left(&text).unwrap();
        assert_eq!(left.text.find("title: A"), text.rfind("title: A"));
        let (documents, diagnostics) = parse(&left.text);
        assert_eq!((documents.len(), diagnostics), (1, Vec::new()));
    }

    #[test]
    fn correlations_go_with_their_rules_and_rules_with_them() {
        let correlation = "title: C\ncorrelation:\n    type: event_count\n    rules: a\n    timespan: 5m\n    condition:\n        gte: 2\n";
        let other = RULE.replace("name: a", "name: b");
        let refused = RULE.replace("condition: s", "condition: t");
        let without_rule = left(&format!("{refused}---\n{correlation}---\n{other}")).unwrap();
        assert_eq!(without_rule.diagnostics.len(), 1);
        assert_eq!(parse(&without_rule.text).0.len(), 1);
        let wrong = correlation.replace("event_count", "event_cuont");
        let without_correlation = left(&format!("{RULE}---\n{wrong}---\n{other}")).unwrap();
        assert_eq!(parse(&without_correlation.text).0.len(), 1);
    }

    #[test]
    fn what_others_rest_on_refuses_all() {
        let refused = RULE.replace("condition: s", "condition: t");
        let filter = "title: F\nlogsource:\n    product: windows\nfilter:\n    rules: any\n    s:\n        User: x\n    condition: t\n";
        assert!(left(&format!("{RULE}---\n{filter}")).is_none());
        assert!(left(&format!("action: global\n{RULE}---\n{refused}")).is_none());
        assert!(left(&refused).is_none());
    }
}
