//! What the built-in views say of names and of records: `expectations/PLATFORM.toml`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_event::{LogSource, Path, Platform, Segment};
use mynah_view::{Binding, Catalog, Meta, Origin, PlatformView, TemplatePart};
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What is expected of one platform's view.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Expectations {
    /// Names that are known.
    known: Vec<String>,
    /// Names that are known, with values in every log source.
    everywhere: Vec<String>,
    /// Names that are listed, by log source.
    listed: BTreeMap<String, Vec<String>>,
    /// Types, by name.
    types: BTreeMap<String, String>,
    /// Names that are not known, with what is suggested; with nothing where any suggestion will do.
    unknown: BTreeMap<String, String>,
    /// Names whose several values are names of one thing.
    alternatives: Vec<String>,
    record: Vec<Record>,
}

/// A record and the values of its fields: a text for one value, a list for none or several.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    title: String,
    source: String,
    json: String,
    fields: BTreeMap<String, toml::Value>,
}

#[test]
fn views_are_as_expected() {
    let catalog = Catalog::built_in().unwrap();
    let mut wrong = Vec::new();
    for platform in Platform::ALL {
        let file = format!("{}/tests/expectations/{platform}.toml", env!("CARGO_MANIFEST_DIR"));
        let expectations: Expectations = toml::from_str(&std::fs::read_to_string(&file).expect(&file)).expect(&file);
        let view = catalog.platform(platform).unwrap();
        wrong.extend(wrong_names(&view, &expectations).into_iter().map(|what| format!("{platform}: {what}")));
        for record in &expectations.record {
            let json = serde_json::from_str(&record.json).expect(&record.title);
            for (field, expected) in &record.fields {
                let found = values(&view, &record.source, &json, field);
                let expected: Vec<String> = match expected {
                    toml::Value::String(text) => vec![text.clone()],
                    list => list.clone().try_into().expect(field),
                };
                if found != expected {
                    wrong.push(format!("{platform}: {}: {field}: {found:?}, not {expected:?}", record.title));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The names that are not what is expected, and how.
fn wrong_names(view: &PlatformView, expected: &Expectations) -> Vec<String> {
    let sources = view.log_sources().count();
    let lists = |source: &str, name: &str| view.lists(&LogSource::new(source), name);
    let mut wrong = Vec::new();
    let mut expect = |holds: bool, name: &str, what: &str| {
        if !holds {
            wrong.push(format!("{name} {what}"));
        }
    };
    for name in expected.known.iter().chain(&expected.everywhere) {
        expect(view.resolve(name).known, name, "is not known");
    }
    for name in &expected.everywhere {
        expect(view.resolve(name).column.bindings.len() == sources, name, "is not in every log source");
    }
    for (source, names) in &expected.listed {
        for name in names {
            expect(lists(source, name), name, &format!("is not listed for {source}"));
        }
    }
    for (name, field_type) in &expected.types {
        let found = view.resolve(name).column.field_type.to_string();
        expect(found == *field_type, name, &format!("is {found}, not {field_type}"));
    }
    for (name, suggestion) in &expected.unknown {
        let found = view.resolve(name);
        expect(!found.known && !view.names().contains(name.as_str()), name, "is known");
        let is_suggested = suggestion.is_empty() || found.suggestion.as_ref() == Some(suggestion);
        expect(is_suggested, name, &format!("is a mistake for {:?}, not {suggestion}", found.suggestion));
    }
    for name in &expected.alternatives {
        expect(view.is_name(name), name, "has values that it has at once");
    }
    wrong
}

/// All values of a field in a record of a log source, as texts: a plain reading of the bindings, without an engine.
fn values(view: &PlatformView, source: &str, record: &Value, field: &str) -> Vec<String> {
    let column = view.resolve(field).column;
    let bindings = column.bindings.iter().find(|(known, _)| *known == LogSource::new(source));
    let mut all = Vec::new();
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

fn values_of(binding: &Binding, source: &str, record: &Value) -> Vec<String> {
    let holds = binding.when.iter().all(|condition| {
        let found = reach(record, &condition.path, true);
        let is_wanted = |value: &String| condition.values.iter().any(|wanted| wanted.eq_ignore_ascii_case(value));
        found.iter().any(|value| is_wanted(value) || condition.values.iter().any(|wanted| wanted == "*"))
    });
    if !holds {
        return Vec::new();
    }
    let found = match &binding.origin {
        Origin::Paths(paths) => {
            let reach = if binding.through_arrays { reach_through } else { reach };
            let mut found = paths.iter().map(|path| reach(record, path, binding.objects_as_json));
            found.find(|found| !found.is_empty()).unwrap_or_default()
        }
        Origin::Document(path) => reach(record, path, true),
        Origin::Constant(values) => values.clone(),
        Origin::Lookup { key, table, default } => {
            let key = reach(record, key, false).into_iter().next();
            key.map(|key| table.get(&key).unwrap_or(default).clone()).unwrap_or_default()
        }
        Origin::Template(parts) => {
            let part = |part: &TemplatePart| match part {
                TemplatePart::Text(text) => Some(text.clone()),
                TemplatePart::Path(path) => reach(record, path, false).into_iter().next(),
            };
            parts.iter().map(part).collect::<Option<String>>().into_iter().collect()
        }
        Origin::Meta(Meta::Raw) => vec![record.to_string()],
        Origin::Meta(Meta::LogSource) => vec![source.to_owned()],
        Origin::Meta(_) => Vec::new(),
    };
    let applied = binding.apply.iter().fold(found.into_iter().map(Cow::Owned).collect(), |values: Vec<_>, apply| {
        values.into_iter().flat_map(|value| apply.apply(value)).collect()
    });
    applied.into_iter().map(Cow::into_owned).collect()
}

/// The values at a path; objects and arrays as JSON where they are asked for.
fn reach(record: &Value, path: &Path, objects: bool) -> Vec<String> {
    let found = path.0.iter().fold(vec![record], |at, segment| {
        at.into_iter()
            .flat_map(|value| match segment {
                Segment::Key(key) => value.get(&**key).into_iter().collect(),
                Segment::Index(index) => value.get(*index).into_iter().collect(),
                Segment::Each => value.as_array().into_iter().flatten().collect::<Vec<_>>(),
            })
            .collect()
    });
    found.into_iter().filter_map(|value| text(value, objects)).collect()
}

/// The same where arrays stand for their elements.
fn reach_through(record: &Value, path: &Path, objects: bool) -> Vec<String> {
    let found = path.0.iter().fold(vec![record], |at, segment| {
        let inside = at.into_iter().filter_map(|value| match segment {
            Segment::Key(key) => value.get(&**key),
            _ => None,
        });
        inside.flat_map(elements).collect()
    });
    found.into_iter().filter_map(|value| text(value, objects)).collect()
}

fn elements(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |array| array.iter().flat_map(elements).collect())
}

fn text(value: &Value, objects: bool) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Object(_) | Value::Array(_) if !objects => None,
        other => Some(other.to_string()),
    }
}
