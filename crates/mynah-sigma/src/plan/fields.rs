use super::functions::RowFunction;
use crate::ast::Detections;
use crate::modifier;
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_event::Path;
use mynah_kernels::call;
use mynah_view::{Binding, FieldType, Kind, Meta, Origin, PlatformView, ScanColumn};
use std::sync::Arc;

/// The time of an event, in milliseconds.
pub(super) const TIME: &str = "Time";
/// The event's own text, for keywords.
pub(super) const RAW: &str = "__raw";
/// The event's whole document, for keywords.
pub(super) const DOCUMENT: &str = "__document";

/// The fields that detections name, each once, in the order of the text; and whether there are keywords.
pub(super) fn named(detections: &Detections) -> (Vec<String>, bool) {
    let mut fields: Vec<String> = Vec::new();
    let mut keywords = false;
    for item in detections.items() {
        let others = item.values.iter().filter(|_| item.has(modifier::Kind::FieldReference));
        let others = others.filter_map(|value| value.node.text());
        for name in item.field.as_deref().into_iter().chain(others) {
            if !fields.iter().any(|known| known == name) {
                fields.push(name.to_owned());
            }
        }
        keywords |= item.field.is_none();
    }
    (fields, keywords)
}

/// The column of events' own text.
pub(super) fn raw_column(view: &PlatformView) -> ScanColumn {
    let binding = Binding {
        origin: Origin::Meta(Meta::Raw),
        apply: Vec::new(),
        when: Vec::new(),
        objects_as_json: true,
        also: false,
    };
    let binding: Arc<[Binding]> = Arc::new([binding]);
    let bindings = view.log_sources().map(|source| (source.clone(), Arc::clone(&binding))).collect();
    ScanColumn { name: RAW.to_owned(), field_type: FieldType::TEXT, bindings }
}

/// The column of events' whole documents.
pub(super) fn document_column(view: &PlatformView) -> ScanColumn {
    view.document_column(DOCUMENT, &Path::default())
}

/// A field as text, or as a list of texts: that is how every value is compared.
pub(super) fn text(scanned: &ScanColumn) -> Expr {
    let field_type = scanned.field_type;
    let plain = column(&scanned.name);
    if matches!(field_type.kind, Kind::Text | Kind::Ip) {
        return plain;
    }
    call(RowFunction::AsText { many: field_type.many }, vec![plain])
}

/// A field as one text: of several values the first.
pub(super) fn single_text(scanned: &ScanColumn) -> Expr {
    let text = text(scanned);
    if scanned.field_type.many { call(RowFunction::First, vec![text]) } else { text }
}
