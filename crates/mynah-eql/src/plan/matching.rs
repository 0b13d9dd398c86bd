//! `in`, `:`, `like` and `regex`.
use super::Lowering;
use super::condition::{negated, unknown};
use super::regexp;
use super::value::{Value, ValueType};
use crate::ast::{In, Match};
use datafusion::prelude::Expr;
use mynah_dialect::any_of;
use mynah_kernels::{Case, Matcher, Network, Pattern, WildcardSyntax, cidr_match, regex_match, text_match};
use mynah_syntax::Diagnostic;

impl Lowering<'_> {
    pub(super) fn found_in(&mut self, found: &In) -> Option<Expr> {
        let value = self.value(&found.value);
        let list: Vec<Option<Value>> = found.list.iter().map(|part| self.value(part)).collect();
        let (value, list) = (value?, list.into_iter().collect::<Option<Vec<_>>>()?);
        let plan = self.found(value, list, found.folded)?;
        Some(if found.negated { negated(plan) } else { plan })
    }

    fn found(&mut self, value: Value, list: Vec<Value>, folded: bool) -> Option<Expr> {
        if value.is_null() {
            return Some(unknown());
        }
        if value.kind == ValueType::Text
            && value.constant.is_none()
            && let Some(texts) = list.iter().map(|part| part.text().map(Pattern::exact)).collect::<Option<Vec<_>>>()
        {
            let case = if folded || value.caseless { Case::Folded } else { Case::Exact };
            return Some(text_match(Matcher::new(texts, case), value.plan));
        }
        if value.kind == ValueType::Ip
            && let Some(networks) = networks(&list)
        {
            return Some(cidr_match(networks, value.plan));
        }
        let value = Value { caseless: value.caseless || folded, ..value };
        // Nothing is equal to null.
        let parts: Vec<Option<Expr>> =
            list.into_iter().filter(|part| !part.is_null()).map(|part| self.equal(value.clone(), part)).collect();
        let parts: Vec<Expr> = parts.into_iter().collect::<Option<_>>()?;
        Some(any_of(parts).unwrap_or_else(unknown))
    }

    pub(super) fn matches(&mut self, found: &Match) -> Option<Expr> {
        let value = self.value(&found.value)?;
        let patterns: Vec<Option<Value>> = found.patterns.iter().map(|pattern| self.value(pattern)).collect();
        let patterns: Vec<Value> = patterns.into_iter().collect::<Option<_>>()?;
        if value.is_null() {
            return Some(unknown());
        }
        if value.kind == ValueType::Boolean {
            // Wildcards mean nothing here: it is true or false.
            return self.found(value, patterns, true);
        }
        if value.kind == ValueType::Ip
            && !found.operator.is_regex()
            && let Some(networks) = networks(&patterns)
        {
            return Some(cidr_match(networks, value.plan));
        }
        let patterns: Vec<Value> = patterns.into_iter().map(|pattern| self.as_text(pattern)).collect();
        let case = if found.operator.is_folded() || value.caseless { Case::Folded } else { Case::Exact };
        let value = self.as_text(value);
        if !found.operator.is_regex() {
            let patterns = patterns
                .iter()
                .filter_map(Value::text)
                .map(|text| Pattern::parse(text, WildcardSyntax::STARS_AND_MARKS));
            return Some(text_match(Matcher::new(patterns, case), value.plan));
        }
        let mut parts = Vec::new();
        let mut broken = false;
        for pattern in &patterns {
            let Some(text) = pattern.text() else { continue };
            match regexp::compile(text, case) {
                Ok(regex) => parts.push(regex_match(regex, value.plan.clone())),
                Err(problem) => {
                    broken = true;
                    self.diagnostics.push(Diagnostic::error("eql/regex", problem, pattern.span));
                }
            }
        }
        if broken { None } else { Some(any_of(parts).unwrap_or_else(unknown)) }
    }
}

/// The networks that a list consists of, single addresses among them.
fn networks(list: &[Value]) -> Option<Vec<Network>> {
    list.iter().map(|part| part.text().and_then(|text| text.parse().ok())).collect()
}
