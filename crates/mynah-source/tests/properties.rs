//! What holds of any input.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod reading;

use mynah_source::{JsonIndex, Reader, Recogniser};
use proptest::prelude::*;
use serde_json::Value;

/// Reads whatever it is; only that this ends well matters.
fn survive(bytes: Vec<u8>) {
    let recogniser = Recogniser::built_in().unwrap();
    if let Ok(mut reader) = Reader::from_bytes("any", bytes) {
        while let Ok(Some(chunk)) = reader.next_chunk() {
            for record in &chunk.records {
                assert!(chunk.text.get(record.raw.clone()).is_some());
                recogniser.recognise(JsonIndex::default().of(&chunk.text[record.document.clone()]));
            }
        }
    }
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        r#"[\\"{}\[\]:, \n]{0,12}"#.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-zé\"\\\\{]{0,6}", inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn object() -> impl Strategy<Value = Value> {
    prop::collection::btree_map("[a-z\"\\\\]{0,6}", json(), 0..6)
        .prop_map(|map| Value::Object(map.into_iter().collect()))
}

/// Records are the same texts however they are framed.
fn frames_to(text: &str, records: &[String]) {
    let read = reading::read(text.as_bytes());
    assert_eq!(read.problems, Vec::<String>::new(), "{text}");
    assert_eq!(read.documents(), records, "{text}");
}

fn is_wrapper(value: &Value) -> bool {
    ["Records", "records", "value"].iter().any(|key| value.get(key).is_some())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn framing_agrees_with_serde_json(values in prop::collection::vec(object(), 1..8), pretty in any::<bool>()) {
        prop_assume!(!values.iter().any(is_wrapper));
        let text = |value: &Value| if pretty { serde_json::to_string_pretty(value).unwrap() } else { value.to_string() };
        let texts: Vec<String> = values.iter().map(text).collect();
        frames_to(&texts.join("\n"), &texts);
        frames_to(&texts.concat(), &texts);
        frames_to(&format!("[{}]", texts.join(",")), &texts);
        frames_to(&format!("{{\"Records\":[{}],\"x\":{{}}}}", texts.join(",\r\n")), &texts);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        survive(bytes);
    }

    #[test]
    fn any_bytes_after_a_known_beginning(
        start in prop::sample::select(vec![
            &b"{\"Records\":["[..], b"[{\"a\":", b"{\"a\":1}\n", b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd", b"ElfFile\0", b"PAR1", b"<Event>",
            b"<Events><Event><System>", b"type=A msg=audit(1.0:1): a=", b"a,b\n1,2\n", b"\xff\xfe", b"\xef\xbb\xbf{",
        ]),
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        survive([start, &bytes].concat());
    }

    #[test]
    fn any_structure(text in r#"([{}\[\],:"\\\n ]|a|1|"a":|<Event>|</Event>|type=A msg=audit\(1\.0:1\): ){0,60}"#) {
        survive(text.into_bytes());
    }

    #[test]
    fn a_changed_byte_costs_no_more_than_its_record(at in 0usize..500, byte in any::<u8>()) {
        let lines: Vec<String> = (0..40).map(|i| format!("{{\"number\":{i}}}")).collect();
        let mut bytes = lines.join("\n").into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        let read = reading::read(&bytes);
        prop_assert!(read.records.len() >= 38, "{}", String::from_utf8_lossy(&bytes));
    }
}
