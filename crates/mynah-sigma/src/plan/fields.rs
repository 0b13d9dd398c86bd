use super::functions::RowFunction;
use crate::ast::Detections;
use crate::modifier;
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_event::{Path, Segment};
use mynah_kernels::call;
use mynah_view::{Kind, Meta, Origin, PlatformView, Resolution, ScanColumn};

/// The time of an event, in milliseconds.
pub(super) const TIME: &str = "Time";
/// The event's own text, for keywords.
pub(super) const RAW: &str = "__raw";
/// The event's whole document, where that is not its own text, for keywords.
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

/// What a view makes of a field of a rule, under the field's name. A bracket that is part of a name is no index.
pub(crate) fn resolve(view: &PlatformView, field: &str) -> Resolution {
    if !field.contains("\\[") {
        return view.resolve(field);
    }
    let quoted = |segment: &str| match segment.contains("\\[") {
        true => format!("\"{}\"", shown(segment)),
        false => segment.to_owned(),
    };
    let path: Vec<String> = field.split('.').map(quoted).collect();
    let mut found = view.resolve(&path.join("."));
    field.clone_into(&mut found.column.name);
    found
}

/// A field's name without the backslashes before its brackets.
pub(crate) fn shown(field: &str) -> String {
    field.replace("\\[", "[").replace("\\]", "]")
}

/// The columns of events' own text, and of their documents where those are something else.
pub(super) fn text_columns(view: &PlatformView) -> [ScanColumn; 2] {
    [(RAW, Meta::Raw), (DOCUMENT, Meta::OtherDocument)].map(|(name, meta)| view.meta_column(name, meta, Kind::Text))
}

/// Whether a field is a member of a Windows event's data, which is there and empty where it has no value.
pub(super) fn is_event_data(scanned: &ScanColumn) -> bool {
    let is_member = |path: &Path| matches!(path.0.first(), Some(Segment::Key(first)) if matches!(&**first, "EventData" | "UserData"));
    scanned.bindings.iter().flat_map(|(_, bindings)| bindings.iter()).any(|binding| match &binding.origin {
        Origin::Paths(paths) => paths.iter().any(is_member),
        _ => false,
    })
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
