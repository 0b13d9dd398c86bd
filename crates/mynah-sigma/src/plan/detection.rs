//! One search identifier: maps are AND, lists are OR, lists of plain values are keywords.
use super::{Planner, balanced};
use crate::document::Place;
use datafusion::prelude::Expr;
use mynah_syntax::Diagnostic;
use rsigma_parser::{Detection, DetectionItem, FieldSpec};

impl Planner<'_> {
    /// Whether an event is what a search identifier describes.
    pub(super) fn detection(&mut self, detection: &Detection, place: Place<'_>) -> Option<Expr> {
        match detection {
            Detection::AllOf(items) if items.is_empty() => {
                self.report(Diagnostic::error("sigma/empty", "this describes nothing", place.span()))
            }
            Detection::AllOf(items) => {
                let parts: Vec<Option<Expr>> =
                    items.iter().enumerate().map(|(index, item)| self.item(item, place.nth(index))).collect();
                parts.into_iter().collect::<Option<Vec<Expr>>>().map(balanced::all)
            }
            Detection::AnyOf(parts) | Detection::And(parts) if parts.is_empty() => {
                self.report(Diagnostic::error("sigma/empty", "this describes nothing", place.span()))
            }
            Detection::AnyOf(parts) => {
                let parts: Vec<Option<Expr>> =
                    parts.iter().enumerate().map(|(index, part)| self.detection(part, place.nth(index))).collect();
                parts.into_iter().collect::<Option<Vec<Expr>>>().map(balanced::any)
            }
            Detection::And(parts) => {
                let parts: Vec<Option<Expr>> = parts.iter().map(|part| self.detection(part, place)).collect();
                parts.into_iter().collect::<Option<Vec<Expr>>>().map(balanced::all)
            }
            Detection::Keywords(values) => {
                let field = FieldSpec::new(None, Vec::new());
                self.item(&DetectionItem { field, values: values.clone() }, place)
            }
            Detection::ArrayMatch { field, quantifier, .. } => {
                self.not_run_yet(&format!("matching the elements of an array (`{field}[{quantifier}]`)"), place.span())
            }
            Detection::Conditional { .. } => self.not_run_yet("a condition within a search identifier", place.span()),
        }
    }
}
