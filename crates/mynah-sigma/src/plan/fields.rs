use crate::document::Place;
use datafusion::arrow::datatypes::DataType;
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_event::Path;
use mynah_kernels::{Cell, row_function};
use mynah_view::{Binding, FieldType, Kind, Meta, Origin, PlatformView, ScanColumn};
use rsigma_parser::{Detection, Detections};
use std::sync::Arc;

/// The time of an event, in milliseconds.
pub(super) const TIME: &str = "Time";
/// The event's own text, for keywords.
pub(super) const RAW: &str = "__raw";
/// The event's whole document, for keywords.
pub(super) const DOCUMENT: &str = "__document";

/// A field's name without the escapes that the parser puts before brackets.
pub(crate) fn plain_name(name: &str) -> String {
    name.replace("\\[", "[").replace("\\]", "]")
}

/// The named detections of a rule in the order of the text, with their places.
pub(crate) fn in_order<'a>(detections: &'a Detections, place: Place<'a>) -> Vec<(&'a str, &'a Detection, Place<'a>)> {
    let mut named: Vec<(&str, &Detection, Place<'_>)> =
        detections.named.iter().map(|(name, detection)| (name.as_str(), detection, place.key(name))).collect();
    named.sort_by_key(|(name, _, place)| (!place.exists(), place.span().start, *name));
    named
}

/// The fields that detections name, each once, in the order of the text; and whether there are keywords.
pub(super) fn named(detections: &Detections, place: Place<'_>) -> (Vec<String>, bool) {
    let mut fields = Vec::new();
    let mut keywords = false;
    for (_, detection, _) in in_order(detections, place) {
        collect(detection, &mut fields, &mut keywords);
    }
    (fields, keywords)
}

fn collect(detection: &Detection, fields: &mut Vec<String>, keywords: &mut bool) {
    let mut add = |name: String| {
        if !fields.contains(&name) {
            fields.push(name);
        }
    };
    match detection {
        Detection::AllOf(items) => {
            for item in items {
                match &item.field.name {
                    Some(name) => add(plain_name(name)),
                    None => *keywords = true,
                }
                if item.field.has_modifier(rsigma_parser::Modifier::FieldRef) {
                    for value in &item.values {
                        if let rsigma_parser::SigmaValue::String(text) = value {
                            add(text.original.clone());
                        }
                    }
                }
            }
        }
        Detection::AnyOf(parts) | Detection::And(parts) => {
            parts.iter().for_each(|part| collect(part, fields, keywords))
        }
        Detection::Keywords(_) => *keywords = true,
        Detection::ArrayMatch { .. } | Detection::Conditional { .. } => {}
    }
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
    let returns = FieldType { kind: Kind::Text, ..field_type }.data_type();
    row_function("sigma_text", returns, |row| row.first().map_or(Cell::Null, as_text)).call(vec![plain])
}

/// A field as one text: of several values the first.
pub(super) fn single_text(scanned: &ScanColumn) -> Expr {
    let text = text(scanned);
    if !scanned.field_type.many {
        return text;
    }
    row_function("sigma_first", DataType::Utf8, |row| match row {
        [Cell::List(cells)] => cells.first().and_then(Cell::as_text).map(Cell::text).into(),
        _ => Cell::Null,
    })
    .call(vec![text])
}

fn as_text(cell: &Cell<'_>) -> Cell<'static> {
    match cell {
        Cell::Null => Cell::Null,
        Cell::Boolean(truth) => Cell::text(truth.to_string()),
        Cell::Integer(number) => Cell::text(number.to_string()),
        Cell::Float(number) => Cell::text(number.to_string()),
        Cell::Text(text) => Cell::text(text.to_string()),
        Cell::List(cells) => Cell::List(cells.iter().map(as_text).collect()),
    }
}
