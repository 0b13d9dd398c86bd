//! Lines of text and tables under directives: what they are taken for, and what is in their documents (`texts.toml`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod reading;

use mynah_event::{Path, Segment};
use mynah_source::{Format, InputFile, JsonIndex, Reader, Recogniser, TextFormats};
use reading::{Read, read_all};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A log, and what its records are.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Log {
    title: String,
    text: String,
    /// Of all of its records.
    source: String,
    shape: Option<String>,
    #[serde(default = "one")]
    records: usize,
    /// The values at paths of the first record's document.
    #[serde(default)]
    values: BTreeMap<String, Value>,
    #[serde(default)]
    absent: Vec<String>,
}

fn one() -> usize {
    1
}

fn read(bytes: &[u8], texts: &TextFormats) -> Read {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    std::fs::write(&path, bytes).unwrap();
    let mut reader = Reader::open(&InputFile::new(path).unwrap(), texts).unwrap();
    read_all(&mut reader)
}

#[test]
fn logs_are_what_their_lines_say() {
    let recogniser = Recogniser::built_in().unwrap();
    let mut file: BTreeMap<String, Vec<Log>> = toml::from_str(include_str!("texts.toml")).unwrap();
    let mut wrong = Vec::new();
    for log in file.remove("log").unwrap() {
        let found = read(log.text.as_bytes(), recogniser.texts());
        if found.records.len() != log.records || !found.problems.is_empty() {
            wrong.push(format!("{}: {} records, {:?}", log.title, found.records.len(), found.problems));
        }
        for record in &found.records {
            let is = recogniser.recognise(JsonIndex::default().of(&record.document));
            let source = &recogniser.sources()[is.source];
            let shape = source.shape_name(is.shape);
            if source.log_source().as_str() != log.source || log.shape.as_ref().is_some_and(|wanted| wanted != shape) {
                wrong.push(format!("{}: {} ({shape}): {}", log.title, source.log_source(), record.document));
            }
        }
        let document: Value = serde_json::from_str(&found.records[0].document).expect(&log.title);
        let absent = log.absent.into_iter().map(|path| (path, Value::Null));
        for (path, value) in log.values.into_iter().chain(absent) {
            let there = at(&document, &Path::parse(&path));
            if there != value {
                wrong.push(format!("{}: {path}: {there}, not {value}", log.title));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn at(document: &Value, path: &Path) -> Value {
    let step = |value: &Value, segment: &Segment| match segment {
        Segment::Key(key) => value.get(&**key).cloned().unwrap_or_default(),
        Segment::Index(index) => value.get(index).cloned().unwrap_or_default(),
        Segment::Each => Value::Null,
    };
    path.0.iter().fold(document.clone(), |value, segment| step(&value, segment))
}

#[test]
fn a_large_file_is_read_in_pieces_as_a_packed_one_is_in_order() {
    let lines: String = (0..20_000).map(|i| format!("2026-03-14 12:00:00 INFO main: number={i} é\n")).collect();
    let texts = TextFormats::default();
    let packed = zstd::encode_all(lines.as_bytes(), 1).unwrap();
    let (plain, packed) = (read(lines.as_bytes(), &texts), read(&packed, &texts));
    assert_eq!((plain.format, plain.records.len()), (Format::Text, 20_000));
    for (a, b) in plain.records.iter().zip(&packed.records) {
        assert_eq!((a.number, a.line, &a.raw, &a.document), (b.number, b.line, &b.raw, &b.document));
    }
}

#[test]
fn what_is_no_text() {
    for (bytes, what) in [
        (&b"\x89PNG\r\n\x1a\nxxxx"[..], "a picture"),
        (b"PK\x03\x04xxxx", "a zip archive"),
        (b"\x01\x02\x03\x04 some words \x05\x06\x07", "binary data"),
        (b"text and a zero\0", "binary data"),
        (b"<?xml version=\"1.0\"?><note/>", "XML without Windows events"),
    ] {
        let error = Reader::from_bytes("file", bytes.to_vec()).err().map(|error| error.to_string());
        assert!(error.as_ref().is_some_and(|error| error.contains(what)), "{what}: {error:?}");
    }
}

#[test]
fn bytes_of_another_encoding_are_told() {
    let found = read(b"2026-03-14 12:00:00 caf\xe9\n2026-03-14 12:00:01 tea\n", &TextFormats::default());
    assert_eq!(found.records[0].raw, "2026-03-14 12:00:00 caf\u{fffd}");
    assert_eq!(found.problems.len(), 1, "{:?}", found.problems);
}
