//! The map `correlation`.
use super::{Parser, condition};
use crate::ast::{Alias, Correlation, CorrelationCondition, Window};
use crate::correlation_kind::CorrelationKind;
use crate::modifier::Comparison;
use crate::suggesting;
use crate::yaml::{Entry, Node, Offsets, Scalar, Shape};
use mynah_syntax::{Diagnostic, Spanned, nearest};

/// Units of time spans, in milliseconds; a month and a year are what they are on average.
const UNITS: [(char, u64); 7] = [
    ('s', 1_000),
    ('m', 60_000),
    ('h', 3_600_000),
    ('d', 86_400_000),
    ('w', 604_800_000),
    ('M', 2_629_746_000),
    ('y', 31_556_952_000),
];

impl Parser<'_> {
    /// A correlation; nothing where it does not say what to measure, or over which time.
    pub(super) fn correlation(&mut self, entry: &Entry, root: &Node) -> Option<Correlation> {
        let map = &entry.value;
        if !matches!(map.shape, Shape::Map(_)) {
            let message = "`correlation` must be a map of `type`, `rules`, `timespan` and `condition`";
            self.error("sigma/syntax", message, map.span);
            return None;
        }
        // A condition over rules names them itself.
        let named = map.get("condition").is_some_and(|condition| condition.value.text().is_some());
        self.require(map, if named { &["type"] } else { &["type", "rules"] }, "correlation", entry.key.span);
        let kind = self.string(map, "type").and_then(|written| self.correlation_kind(&written));
        let timespan = self.timespan(map, entry);
        let condition = map.get("condition").map(|condition| self.correlation_condition(condition));
        if condition.is_none() && kind.is_some_and(|kind| !kind.is_temporal()) {
            self.require(map, &["condition"], "correlation", entry.key.span);
            return None;
        }
        if let (Some(kind), Some(Some(CorrelationCondition::Threshold { span, fields, .. }))) = (kind, &condition)
            && kind.measures_field()
            && fields.is_empty()
        {
            let message = format!("there is no `field` in the condition of a `{}` correlation", kind.name());
            self.error("sigma/missing-key", message, *span);
            return None;
        }
        let is_true = |map: &Node| {
            map.get("generate").and_then(|entry| entry.value.scalar()).map(|scalar| *scalar == Scalar::Boolean(true))
        };
        let rules = map.get("rules");
        let rules_span = rules.map_or(entry.key.span, |rules| rules.value.span);
        let rules = match (rules, &condition) {
            (Some(rules), _) => self.strings(&rules.value),
            (None, Some(Some(CorrelationCondition::Rules(condition)))) => condition::names(condition),
            (None, _) => Vec::new(),
        };
        let window = self.window(map, root, entry);
        let group_by = map.get("group-by").map(|fields| self.strings(&fields.value)).unwrap_or_default();
        let aliases = self.aliases(map);
        Some(Correlation {
            span: entry.key.span,
            kind: kind?,
            rules: Spanned::new(rules, rules_span),
            group_by,
            timespan: timespan?,
            window: window?,
            condition: match condition {
                Some(condition) => Some(condition?),
                None => None,
            },
            aliases,
            generate: is_true(root).or_else(|| is_true(map)).unwrap_or(false),
        })
    }

    fn correlation_kind(&mut self, written: &Spanned<String>) -> Option<CorrelationKind> {
        let known = CorrelationKind::named(&written.node);
        if known.is_none() {
            let message = format!("there is no correlation type `{}`", written.node);
            let diagnostic = Diagnostic::error("sigma/syntax", message, written.span);
            let names = CorrelationKind::ALL.iter().map(|(_, doc)| doc.name);
            self.diagnostics.push(suggesting(diagnostic, nearest(&written.node, names)));
        }
        known
    }

    /// `window`, and the `gap` that a session has; in the map or, under longer names, in the document.
    fn window(&mut self, map: &Node, root: &Node, entry: &Entry) -> Option<Window> {
        let Some(written) = self.string(root, "rsigma.window").or_else(|| self.string(map, "window")) else {
            return Some(Window::Sliding);
        };
        match written.node.as_str() {
            "sliding" => Some(Window::Sliding),
            "tumbling" => Some(Window::Tumbling),
            "session" => {
                let Some(gap) = self.string(root, "rsigma.gap").or_else(|| self.string(map, "gap")) else {
                    self.require(map, &["gap"], "correlation", entry.key.span);
                    return None;
                };
                self.span(&gap).map(|gap| Window::Session { gap })
            }
            other => {
                let message = format!("there is no window `{other}`");
                let diagnostic = Diagnostic::error("sigma/syntax", message, written.span);
                let names = ["sliding", "tumbling", "session"];
                self.diagnostics.push(suggesting(diagnostic, nearest(other, names)));
                None
            }
        }
    }

    /// `timespan`, or `timeframe` as it is called by many: `5m`.
    fn timespan(&mut self, map: &Node, entry: &Entry) -> Option<i64> {
        if map.get("timeframe").is_none() {
            self.require(map, &["timespan"], "correlation", entry.key.span);
        }
        let written = self.string(map, "timeframe").or_else(|| self.string(map, "timespan"))?;
        self.span(&written)
    }

    /// A span of time in milliseconds.
    fn span(&mut self, written: &Spanned<String>) -> Option<i64> {
        let parsed = || {
            let (unit, milliseconds) = UNITS.iter().find(|(unit, _)| written.node.ends_with(*unit))?;
            let count: u64 = written.node.strip_suffix(*unit)?.parse().ok()?;
            i64::try_from(count.checked_mul(*milliseconds)?).ok().filter(|span| *span > 0)
        };
        let span = parsed();
        if span.is_none() {
            let message = format!("`{}` is no span of time such as `30s`, `5m`, `12h` or `7d`", written.node);
            self.error("sigma/syntax", message, written.span);
        }
        span
    }

    /// Comparisons, or a condition over the rules.
    fn correlation_condition(&mut self, entry: &Entry) -> Option<CorrelationCondition> {
        let node = &entry.value;
        if let Some(text) = node.text() {
            let read = condition::parse(text, &Offsets::new(self.text, node.span, text));
            return read.map_err(|error| self.diagnostics.push(error)).ok().map(CorrelationCondition::Rules);
        }
        if !matches!(node.shape, Shape::Map(_)) {
            let message = "a correlation's condition is a map such as `gte: 10`, or a condition over its rules";
            self.error("sigma/condition", message, node.span);
            return None;
        }
        let mut predicates = Vec::new();
        for entry in node.entries() {
            let Some(comparison) = Comparison::named(&entry.key.node) else { continue };
            let number = entry.value.scalar().and_then(|number| number.to_string().parse().ok());
            match number.filter(|number: &f64| number.is_finite()) {
                Some(number) => predicates.push((comparison, number)),
                None => {
                    let message = format!("`{}` wants a number", entry.key.node);
                    self.error("sigma/condition", message, entry.value.span);
                }
            }
        }
        let is_read = node.entries().iter().any(|entry| Comparison::named(&entry.key.node).is_some());
        if !is_read && self.complete {
            let message = "a correlation's condition needs one of `gt`, `gte`, `lt`, `lte`, `eq` and `neq`";
            self.error("sigma/condition", message, entry.key.span);
        }
        let percentile = node.get("percentile").and_then(|entry| entry.value.scalar()?.to_string().parse().ok());
        let fields = node.get("field").map(|fields| self.strings(&fields.value)).unwrap_or_default();
        Some(CorrelationCondition::Threshold { span: entry.key.span, predicates, fields, percentile })
    }

    fn aliases(&mut self, map: &Node) -> Vec<Alias> {
        let aliases = map.get("aliases").map_or(&[][..], |aliases| aliases.value.entries());
        let alias = |alias: &Entry| {
            let fields = alias.value.entries().iter().filter_map(|field| {
                let name = field.value.scalar().filter(|name| **name != Scalar::Null)?;
                Some((field.key.node.clone(), name.to_string()))
            });
            Alias { name: alias.key.node.clone(), fields: fields.collect() }
        };
        aliases.iter().map(alias).collect()
    }
}
