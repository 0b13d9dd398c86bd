//! Extraction against a full parse by `serde_json`.
use super::{Captures, Columns, Program, RecordContext};
use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::{Field, Schema};
use mynah_event::{EventId, LogSource, Path, Segment};
use mynah_source::{JsonIndex, JsonText, Members, Recogniser};
use mynah_view::{Binding, Condition, FieldType, Origin, ScanColumn};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::sync::{Arc, LazyLock};

static RECOGNISER: LazyLock<Arc<Recogniser>> = LazyLock::new(|| Recogniser::built_in().unwrap());

/// What a column of texts over `path` gives for a record.
fn extract(document: &str, path: &Path) -> Result<Vec<String>, String> {
    extract_from(document, &[Binding::document(path.clone())])
}

/// What a column of texts over these bindings gives for a record: the same whether or not it was recognised before, which
/// goes over its members.
fn extract_from(document: &str, bindings: &[Binding]) -> Result<Vec<String>, String> {
    let mut index = JsonIndex::default();
    let text = index.of(document);
    let mut members = Members::default();
    RECOGNISER.recognise_as(None, text, &mut members);
    let extracted = extract_knowing(text, document, bindings, &members);
    assert_eq!(extracted, extract_knowing(text, document, bindings, &Members::default()), "{document}");
    extracted
}

fn extract_knowing(
    text: JsonText<'_>,
    raw: &str,
    bindings: &[Binding],
    members: &Members,
) -> Result<Vec<String>, String> {
    let source = LogSource::new("json");
    let column = ScanColumn {
        name: "x".to_owned(),
        field_type: FieldType::TEXTS,
        bindings: vec![(source.clone(), bindings.into())],
    };
    let program = Program::new(&[column], &[source], &[], &|path| vec![path.clone()]);
    let context = RecordContext { raw, other_document: None, file: "", log_source: "json", number: 1 };
    let mut out = Columns::new(&[FieldType::TEXTS]);
    program.run(text, &context, members, &mut Captures::default(), &mut out).map_err(|error| error.to_string())?;
    out.end_row(EventId::new(0, 1).unwrap());
    let schema = Arc::new(Schema::new(vec![Field::new("x", FieldType::TEXTS.data_type(), true)]));
    let batch = out.finish(schema, false).unwrap();
    let list = batch.column(0).as_list::<i32>();
    if list.is_null(0) {
        return Ok(Vec::new());
    }
    Ok(list.value(0).as_string::<i32>().iter().flatten().map(str::to_owned).collect())
}

/// The same by way of a full parse.
fn reference(value: &Value, path: &[Segment]) -> Vec<String> {
    let show = |value: &Value| mynah_kernels::json::show(value);
    match (path, value) {
        ([], Value::Array(elements)) => elements.iter().filter_map(show).collect(),
        ([], value) => show(value).into_iter().collect(),
        ([Segment::Each, rest @ ..], Value::Array(elements)) => {
            elements.iter().flat_map(|e| reference(e, rest)).collect()
        }
        ([Segment::Index(index), rest @ ..], Value::Array(elements)) => {
            elements.get(*index).map(|e| reference(e, rest)).unwrap_or_default()
        }
        ([Segment::Key(_), ..], Value::Object(members)) => {
            let mut found = Vec::new();
            for (key, value) in members {
                // A key may be several of the path's keys in one piece, joined by dots.
                for length in 1..=path.len() {
                    let keys: Option<Vec<&str>> = path[..length]
                        .iter()
                        .map(|segment| match segment {
                            Segment::Key(key) => Some(&**key),
                            _ => None,
                        })
                        .collect();
                    if keys.is_some_and(|keys| keys.join(".") == *key) {
                        found.extend(reference(value, &path[length..]));
                    }
                }
            }
            found
        }
        _ => Vec::new(),
    }
}

/// The same where arrays on the path and at its end stand for their elements.
fn reference_through(value: &Value, path: &[Segment], at_root: bool) -> Vec<String> {
    let Value::Array(elements) = value else {
        let keys = |length: usize| -> Option<String> {
            let keys: Option<Vec<&str>> = path[..length].iter().map(key_of).collect();
            keys.map(|keys| keys.join("."))
        };
        return match value {
            _ if path.is_empty() => mynah_kernels::json::show(value).into_iter().collect(),
            Value::Object(members) => members
                .iter()
                .flat_map(|(key, value)| (1..=path.len()).map(move |length| (key, value, length)))
                .filter(|(key, _, length)| keys(*length).as_ref() == Some(key))
                .flat_map(|(_, value, length)| reference_through(value, &path[length..], false))
                .collect(),
            _ => Vec::new(),
        };
    };
    if at_root { Vec::new() } else { elements.iter().flat_map(|e| reference_through(e, path, false)).collect() }
}

fn key_of(segment: &Segment) -> Option<&str> {
    match segment {
        Segment::Key(key) => Some(key),
        _ => None,
    }
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop_oneof!["a", "b", "c"],
        1 => prop_oneof![Just(String::new()), Just("a.b".to_owned()), Just("é\"\\".to_owned()), Just("a\n".to_owned())],
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        "\\PC{0,6}".prop_map(Value::from),
        prop_oneof![Just("a\\/\"\n\u{1}"), Just("{\"a\":1}"), Just("]}"), Just("𝄞")].prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn path() -> impl Strategy<Value = Path> {
    let segment = prop_oneof![
        4 => prop_oneof!["a", "b", "c"].prop_map(|key| Segment::Key(key.into())),
        1 => key().prop_map(|key| Segment::Key(key.into())),
        1 => Just(Segment::Each),
        1 => (0_usize..3).prop_map(Segment::Index),
    ];
    prop::collection::vec(segment, 1..5).prop_map(|mut segments| {
        // A record is an object, so a path begins with a key.
        if !matches!(segments[0], Segment::Key(_)) {
            segments[0] = Segment::Key("a".into());
        }
        Path(segments)
    })
}

/// The text of a value with every letter that stands in a string written as an escape.
fn escaped(value: &Value) -> String {
    let text = value.to_string();
    let mut out = String::new();
    let (mut in_string, mut after_backslash) = (false, false);
    for c in text.chars() {
        if in_string && !after_backslash && c.is_alphanumeric() {
            let mut units = [0; 2];
            out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
            continue;
        }
        if after_backslash {
            // What follows `\u` must stay as it is; so such strings are left alone from here on.
            if c == 'u' {
                return text;
            }
            after_backslash = false;
        } else if in_string && c == '\\' {
            after_backslash = true;
        } else if c == '"' {
            in_string = !in_string;
        }
        out.push(c);
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn gives_what_a_full_parse_gives(members in prop::collection::vec((key(), value()), 0..6), path in path(), pretty: bool) {
        let record = Value::Object(members.into_iter().collect());
        let text = if pretty { serde_json::to_string_pretty(&record).unwrap() } else { escaped(&record) };
        // An object's text keeps the escapes that the record wrote.
        let plain = |text: String| match serde_json::from_str::<Value>(&text) {
            Ok(value @ (Value::Object(_) | Value::Array(_))) => value.to_string(),
            _ => text,
        };
        let mut got: Vec<String> = extract(&text, &path).unwrap().into_iter().map(plain).collect();
        let mut wanted: Vec<String> = reference(&record, &path.0).into_iter().map(plain).collect();
        got.sort();
        wanted.sort();
        prop_assert_eq!(got, wanted, "{} in {}", path, text);
    }

    /// A path on which arrays stand for their elements, beside others that share some of its steps.
    #[test]
    fn arrays_stand_for_their_elements(
        members in prop::collection::vec((key(), value()), 0..6),
        keys in prop::collection::vec(prop_oneof!["a", "b", "c"], 1..6),
        others in prop::collection::vec((path(), any::<bool>()), 0..3),
    ) {
        let record = Value::Object(members.into_iter().collect());
        let path = Path::keys(keys.iter().map(String::as_str));
        let through = Binding { origin: Origin::Paths(vec![path.clone()]), through_arrays: true, ..Binding::document(Path::default()) };
        let beside = |path: &Path, through_arrays| {
            let through_arrays = through_arrays && path.0.iter().all(|segment| key_of(segment).is_some());
            Binding { origin: Origin::Paths(vec![path.clone()]), through_arrays, ..through.clone() }
        };
        let never = Condition { path: Path::keys(["no such key"]), values: vec!["*".to_owned()] };
        // These are looked for as well, and give nothing.
        let others = others.iter().map(|(path, through)| Binding { when: vec![never.clone()], ..beside(path, *through) });
        let bindings: Vec<Binding> = others.chain([through.clone()]).collect();
        let plain = |text: String| match serde_json::from_str::<Value>(&text) {
            Ok(value @ Value::Object(_)) => value.to_string(),
            _ => text,
        };
        let mut got: Vec<String> = extract_from(&record.to_string(), &bindings).unwrap().into_iter().map(plain).collect();
        let mut wanted: Vec<String> = reference_through(&record, &path.0, true).into_iter().map(plain).collect();
        got.sort();
        wanted.sort();
        prop_assert_eq!(got, wanted, "{} in {}", path, record);
    }

    /// Behind the last member that is wanted the walk looks for keys that come again.
    #[test]
    fn of_keys_that_come_again_the_last_counts(
        members in prop::collection::vec((key(), value()), 0..8), path in path(), spell: bool
    ) {
        let once = Value::Object(members.iter().cloned().collect());
        // A key with dots comes again as the nested ones that it stands for.
        if once.get("a").is_some() && once.get("a.b").is_some() {
            return Ok(());
        }
        let spell = spell && !once.to_string().contains('\\');
        let text = |(key, value): (String, Value)| {
            let one = Value::Object([(key, value)].into_iter().collect());
            let text = if spell { escaped(&one) } else { one.to_string() };
            text[1..text.len() - 1].to_owned()
        };
        let again = format!("{{{}}}", members.into_iter().map(text).collect::<Vec<_>>().join(","));
        let values = |text: &str| {
            let plain = |text: String| serde_json::from_str::<Value>(&text).map_or(text, |value| value.to_string());
            let mut values: Vec<String> = extract(text, &path).unwrap().into_iter().map(plain).collect();
            values.sort();
            values
        };
        prop_assert_eq!(values(&again), values(&once.to_string()), "{} in {}", path, again);
    }

    #[test]
    fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), path in path()) {
        let _ = extract(&String::from_utf8_lossy(&bytes), &path);
    }

    #[test]
    fn a_record_cut_short_is_refused(members in prop::collection::vec((key(), value()), 1..5), path in path(), cut in 0.0..1.0) {
        let text = Value::Object(members.into_iter().collect()).to_string();
        let mut end = (text.len() as f64 * cut) as usize;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        prop_assert!(extract(&text[..end], &path).is_err());
    }
}

#[test]
fn of_a_duplicate_key_the_last_value_counts() {
    assert_eq!(extract(r#"{"a":1,"a":2}"#, &Path::parse("a")).unwrap(), ["2"]);
    assert_eq!(extract(r#"{"a":{"b":1},"a":{"c":2}}"#, &Path::parse("a.b")).unwrap(), [""; 0]);
    assert_eq!(extract(r#"{"a":[{"b":1,"b":2},{"b":3}]}"#, &Path::parse("a[].b")).unwrap(), ["2", "3"]);
}

#[test]
fn keys_with_dots_are_found_in_elements_too() {
    let path = Path::keys(["a", "b", "c"]);
    let through =
        Binding { origin: Origin::Paths(vec![path]), through_arrays: true, ..Binding::document(Path::default()) };
    assert_eq!(extract_from(r#"{"a":[{"b.c":1},{"b":{"c":2}}]}"#, &[through]).unwrap(), ["1", "2"]);
}

#[test]
fn numbers_keep_their_digits() {
    assert_eq!(
        extract(r#"{"a":12345678901234567890123,"b":1.50}"#, &Path::parse("a")).unwrap(),
        ["12345678901234567890123"]
    );
    assert_eq!(extract(r#"{"b":1.50}"#, &Path::parse("b")).unwrap(), ["1.50"]);
}

#[test]
fn keys_and_values_may_be_escaped() {
    assert_eq!(extract(r#"{"\u0061\u002fb":"\u0041\/\ud834\udd1e"}"#, &Path::keys(["a/b"])).unwrap(), ["A/𝄞"]);
    assert_eq!(extract(r#"{"a":"\ud834x"}"#, &Path::parse("a")).unwrap(), ["\u{FFFD}x"]);
}

#[test]
fn a_path_through_null_or_a_scalar_has_no_value() {
    for record in [json!({"a": null}), json!({"a": 1}), json!({"a": "b"}), json!({"a": [1]}), json!({})] {
        assert_eq!(extract(&record.to_string(), &Path::parse("a.b")).unwrap(), [""; 0]);
    }
}

#[test]
fn nesting_has_a_limit() {
    let deep = |n: usize| format!("{{\"x\":{}1{}}}", "[".repeat(n), "]".repeat(n));
    assert_eq!(extract(&deep(100), &Path::parse("a")).unwrap(), [""; 0]);
    assert!(extract(&deep(10_000), &Path::parse("a")).unwrap_err().contains("levels deep"));
    assert!(extract(&deep(10_000), &Path::parse("x[][].y")).unwrap_err().contains("levels deep"));
}
