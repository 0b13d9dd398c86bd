//! A plain reading of bindings, so that views can be tried on records without an engine.
#![allow(dead_code)]
use mynah_event::{LogSource, Path, Platform, Segment};
use mynah_view::{Binding, Catalog, Meta, Origin, PlatformView, TemplatePart};
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// One platform's built-in view.
pub fn view(platform: Platform) -> Arc<PlatformView> {
    Catalog::built_in().unwrap().platform(platform).unwrap()
}

/// All values of a field in a record of a log source, as texts.
pub fn values(view: &PlatformView, source: &str, record: &Value, field: &str) -> Vec<String> {
    let column = view.resolve(field).column;
    let bindings = column.bindings.iter().find(|(known, _)| *known == LogSource::new(source));
    let mut all: Vec<String> = Vec::new();
    for binding in bindings.iter().flat_map(|(_, bindings)| bindings.iter()) {
        if all.is_empty() || binding.also {
            all.extend(values_of(binding, source, record));
        }
    }
    if !column.field_type.many {
        all.truncate(1);
    }
    all
}

/// The one value of a field, if it has one.
pub fn value(view: &PlatformView, source: &str, record: &Value, field: &str) -> Option<String> {
    values(view, source, record, field).into_iter().next()
}

fn values_of(binding: &Binding, source: &str, record: &Value) -> Vec<String> {
    let holds = binding.when.iter().all(|condition| {
        let found = reach(record, &condition.path, true);
        if condition.values.iter().any(|value| value == "*") {
            !found.is_empty()
        } else {
            found.iter().any(|value| condition.values.iter().any(|wanted| wanted.eq_ignore_ascii_case(value)))
        }
    });
    if !holds {
        return Vec::new();
    }
    let found = match &binding.origin {
        Origin::Paths(paths) => paths
            .iter()
            .map(|path| reach(record, path, binding.objects_as_json))
            .find(|found| !found.is_empty())
            .unwrap_or_default(),
        Origin::Document(path) => reach(record, path, true),
        Origin::Constant(values) => values.clone(),
        Origin::Lookup { key, table, default } => match reach(record, key, false).first() {
            Some(key) => table.get(key).unwrap_or(default).clone(),
            None => Vec::new(),
        },
        Origin::Template(parts) => {
            let parts: Option<Vec<String>> = parts
                .iter()
                .map(|part| match part {
                    TemplatePart::Text(text) => Some(text.clone()),
                    TemplatePart::Path(path) => reach(record, path, false).into_iter().next(),
                })
                .collect();
            parts.map(|parts| parts.concat()).into_iter().collect()
        }
        Origin::Meta(Meta::Raw) => vec![record.to_string()],
        Origin::Meta(Meta::LogSource) => vec![source.to_owned()],
        Origin::Meta(_) => Vec::new(),
    };
    found
        .into_iter()
        .flat_map(|value| {
            binding.apply.iter().fold(vec![Cow::Owned(value)], |values, apply| {
                values.into_iter().flat_map(|value| apply.apply(value)).collect()
            })
        })
        .map(Cow::into_owned)
        .collect()
}

fn reach(record: &Value, path: &Path, objects: bool) -> Vec<String> {
    let mut at = vec![record];
    for segment in &path.0 {
        at = at
            .into_iter()
            .flat_map(|value| match segment {
                Segment::Key(key) => value.get(&**key).into_iter().collect::<Vec<_>>(),
                Segment::Index(index) => value.get(*index).into_iter().collect(),
                Segment::Each => value.as_array().into_iter().flatten().collect(),
            })
            .collect();
    }
    at.into_iter()
        .filter_map(|value| match value {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            Value::Object(_) | Value::Array(_) if !objects => None,
            other => Some(other.to_string()),
        })
        .collect()
}
