//! Which of our log sources a rule's `logsource` means.
//!
//! That is data, and belongs to the views: each says, in fields named `logsource.category`, `logsource.product` and
//! `logsource.service`, what its events are in the taxonomy's words.
use crate::ast::LogSource;
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;
use mynah_kernels::{Case, Matcher, text_match};
use mynah_view::{Binding, Origin, PlatformView, ScanColumn};
use std::collections::{BTreeSet, HashSet};

/// What a rule wants of its events, attribute by attribute.
pub(crate) struct Wanted<'a> {
    attributes: Vec<(&'static str, &'a str)>,
}

impl<'a> Wanted<'a> {
    pub fn of(source: &'a LogSource) -> Wanted<'a> {
        Wanted { attributes: source.attributes().map(|(name, value)| (name, value.node.as_str())).collect() }
    }

    /// The columns that tell whether an event is one of these.
    pub fn columns(&self, view: &PlatformView) -> Vec<ScanColumn> {
        self.attributes.iter().map(|(name, _)| view.listed(&field(name))).collect()
    }

    /// Whether an event is one of these.
    pub fn condition(&self) -> Expr {
        let holds = |(name, value): &(&'static str, &str)| {
            text_match(Matcher::equal([*value], Case::Folded), column(&field(name)))
        };
        self.attributes.iter().map(holds).reduce(Expr::and).unwrap_or_else(|| lit(true))
    }

    /// The log sources that can have such events.
    pub fn sources(&self, view: &PlatformView) -> Vec<mynah_event::LogSource> {
        let can = |((_, value), column): (&(&str, &str), &ScanColumn)| -> HashSet<mynah_event::LogSource> {
            let can = |bindings: &[Binding]| bindings.iter().any(|binding| can_be(binding, value));
            column.bindings.iter().filter(|(_, bindings)| can(bindings)).map(|(source, _)| source.clone()).collect()
        };
        let columns = self.columns(view);
        let each: Vec<_> = self.attributes.iter().zip(&columns).map(can).collect();
        let all = |source: &&mynah_event::LogSource| !each.is_empty() && each.iter().all(|can| can.contains(*source));
        view.log_sources().filter(all).cloned().collect()
    }

    /// Whether it wants nothing in particular.
    pub fn is_anything(&self) -> bool {
        self.attributes.is_empty()
    }

    /// As a person would write it.
    pub fn text(&self) -> String {
        let parts: Vec<String> = self.attributes.iter().map(|(name, value)| format!("{name} {value}")).collect();
        parts.join(", ")
    }
}

/// The field of views that holds an attribute.
fn field(attribute: &str) -> String {
    format!("logsource.{attribute}")
}

/// Whether a binding can give a value.
fn can_be(binding: &Binding, value: &str) -> bool {
    match &binding.origin {
        Origin::Constant(values) => values.iter().any(|known| known.eq_ignore_ascii_case(value)),
        Origin::Lookup { table, default, .. } => {
            table.values().flatten().chain(default).any(|known| known.eq_ignore_ascii_case(value))
        }
        _ => true,
    }
}

/// The values that views give for an attribute, each once, in order.
pub(crate) fn known_values(attribute: &str, view: &PlatformView) -> Vec<String> {
    let column = view.resolve(&field(attribute)).column;
    let values = column.bindings.iter().flat_map(|(_, bindings)| bindings.iter()).flat_map(|binding| {
        let values: Vec<&String> = match &binding.origin {
            Origin::Constant(values) => values.iter().collect(),
            Origin::Lookup { table, default, .. } => table.values().flatten().chain(default).collect(),
            _ => Vec::new(),
        };
        values.into_iter().cloned().collect::<Vec<_>>()
    });
    let values: BTreeSet<String> = values.collect();
    values.into_iter().collect()
}
