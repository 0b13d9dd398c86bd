//! Every container gives the records that are in it, and the same ones however it is packed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod reading;

use mynah_source::{Format, SourceError};
use reading::{Read, read};
use std::io::Write;

const RECORDS: [&str; 3] = [r#"{"a":1,"s":"x \" } ] {"}"#, r#"{"b":[{"c":"é"},[]],"n":null}"#, r#"{}"#];

fn expect_records(name: &str, bytes: &[u8], format: Format, wanted: &[&str]) -> Read {
    let read = read(bytes);
    assert_eq!(read.format, format, "{name}");
    assert_eq!(read.problems, Vec::<String>::new(), "{name}");
    assert_eq!(read.documents(), wanted, "{name}");
    let numbers: Vec<u64> = read.records.iter().map(|record| record.number).collect();
    assert_eq!(numbers, (1..=wanted.len() as u64).collect::<Vec<_>>(), "{name}");
    read
}

#[test]
fn ndjson() {
    let text = format!("{}\n\n  {}\t\r\n{}", RECORDS[0], RECORDS[1], RECORDS[2]);
    let read = expect_records("lines", text.as_bytes(), Format::JsonLines, &RECORDS);
    assert_eq!(read.records.iter().map(|r| r.line).collect::<Vec<_>>(), [1, 3, 4]);
    assert_eq!(read.records[1].raw, RECORDS[1]);
}

#[test]
fn one_object_after_another() {
    expect_records("on one line", RECORDS.concat().as_bytes(), Format::Json, &RECORDS);
    expect_records("blanks between", RECORDS.join("  ").as_bytes(), Format::Json, &RECORDS);
    let pretty = "{\n \"a\": {\n  \"b\": 1\n }\n}\n{\n \"a\": 2\n}\n";
    let wanted = ["{\n \"a\": {\n  \"b\": 1\n }\n}", "{\n \"a\": 2\n}"];
    let read = expect_records("on many lines", pretty.as_bytes(), Format::Json, &wanted);
    assert_eq!(read.records.iter().map(|r| r.line).collect::<Vec<_>>(), [1, 6]);
}

#[test]
fn arrays_and_wrappers() {
    let list = RECORDS.join(" ,\n ");
    for (before, after) in [
        ("[", "]"),
        ("\n[\n", "\n]\n"),
        (r#"{"Records":["#, "]}"),
        (r#"{"records" : [ "#, r#" ], "more": {"deep": [1, {"x": "]"}]}, "last": "}" }"#),
        (r#"{"count": 3, "nextLink": null, "records":["#, "]}"),
        (r#"{"@odata.context":"https://x/$metadata","value":["#, r#"],"@odata.nextLink":"y"}"#),
    ] {
        expect_records(before, format!("{before}{list}{after}").as_bytes(), Format::Json, &RECORDS);
    }
    let two = format!("{{\"records\":[{}]}}\n{{\"records\":[{},{}]}}\n", RECORDS[0], RECORDS[1], RECORDS[2]);
    let read = expect_records("a wrapper a line", two.as_bytes(), Format::Json, &RECORDS);
    assert_eq!(read.records.iter().map(|r| r.line).collect::<Vec<_>>(), [1, 2, 2]);
    expect_records("no records", b"{\"Records\":[]}", Format::Json, &[]);
    expect_records("empty array", b" [ ] ", Format::Json, &[]);
    expect_records("nothing", b"", Format::Empty, &[]);
    expect_records("blank", b" \n\n", Format::Empty, &[]);
}

#[test]
fn packed_and_encoded() {
    let text = RECORDS.join("\n");
    let gzip = |bytes: &[u8]| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    };
    let zstd = |bytes: &[u8]| zstd::encode_all(bytes, 1).unwrap();
    let halves = text.split_at(20);
    expect_records("gzip", &gzip(text.as_bytes()), Format::JsonLines, &RECORDS);
    expect_records(
        "gzip members",
        &[gzip(halves.0.as_bytes()), gzip(halves.1.as_bytes())].concat(),
        Format::JsonLines,
        &RECORDS,
    );
    expect_records("zstd", &zstd(text.as_bytes()), Format::JsonLines, &RECORDS);
    expect_records(
        "zstd frames",
        &[zstd(halves.0.as_bytes()), zstd(halves.1.as_bytes())].concat(),
        Format::JsonLines,
        &RECORDS,
    );
    expect_records("a mark", &[b"\xef\xbb\xbf", text.as_bytes()].concat(), Format::JsonLines, &RECORDS);
    let units: Vec<u16> = std::iter::once(0xfeff).chain(text.encode_utf16()).collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    expect_records("little UTF-16", &little, Format::JsonLines, &RECORDS);
    expect_records("big UTF-16, packed", &gzip(&big), Format::JsonLines, &RECORDS);
}

#[test]
fn larger_than_a_chunk() {
    let records: Vec<String> =
        (0..60_000).map(|i| format!("{{\"number\":{i},\"text\":\"{}\"}}", "x".repeat(i % 97))).collect();
    let wanted: Vec<&str> = records.iter().map(String::as_str).collect();
    expect_records("lines", records.join("\n").as_bytes(), Format::JsonLines, &wanted);
    expect_records("wrapper", format!("{{\"Records\":[{}]}}", records.join(",")).as_bytes(), Format::Json, &wanted);
    let long = format!("{{\"long\":\"{}\"}}", "\\\"{".repeat(2_000_000));
    let text = format!("{}\n{long}\n{}\n", records[0], records[1]);
    expect_records("a long line", text.as_bytes(), Format::JsonLines, &[&records[0], &long, &records[1]]);
    let text = format!("[{},{long},{}]", records[0], records[1]);
    expect_records("a long element", text.as_bytes(), Format::Json, &[&records[0], &long, &records[1]]);
}

#[test]
fn windows_xml() {
    let event = |id: u32| {
        format!(
            "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Test'/>\
             <EventID>{id}</EventID><Channel>Security</Channel></System><EventData><Data Name='A'>&lt;b></Data>\
             <!-- </Event> --><Data Name='C'><![CDATA[</Event>]]></Data></EventData></Event>"
        )
    };
    let document = |id: u32| {
        format!(
            "{{\"Event\":{{\"#attributes\":{{\"xmlns\":\"http://schemas.microsoft.com/win/2004/08/events/event\"}},\"System\":\
             {{\"Provider\":{{\"#attributes\":{{\"Name\":\"Test\"}}}},\"EventID\":{id},\"Channel\":\"Security\"}},\
             \"EventData\":{{\"A\":\"<b>\",\"C\":\"</Event>\"}}}}}}"
        )
    };
    let documents = [document(1), document(2)];
    let wanted: Vec<&str> = documents.iter().map(String::as_str).collect();
    for text in [
        format!("{}{}", event(1), event(2)),
        format!("{}\r\n{}\r\n", event(1), event(2)),
        format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Events>\n{}\n{}\n</Events>\n", event(1), event(2)),
    ] {
        let read = expect_records(&text, text.as_bytes(), Format::WindowsXml, &wanted);
        assert_eq!(read.records[1].raw, event(2));
    }
    let many: Vec<String> = (0..9_000).map(event).collect();
    let documents: Vec<String> = (0..9_000).map(document).collect();
    let wanted: Vec<&str> = documents.iter().map(String::as_str).collect();
    expect_records("many", many.join("\n").as_bytes(), Format::WindowsXml, &wanted);
    // A provider's own element of that name.
    let own = "<Event><System><Channel>X</Channel></System><UserData><Event><A>1</A></Event></UserData></Event>";
    let wanted = r#"{"Event":{"System":{"Channel":"X"},"UserData":{"Event":{"A":"1"}}}}"#;
    expect_records("nested", own.as_bytes(), Format::WindowsXml, &[wanted]);
}

#[test]
fn csv() {
    let text = "time,name,\"with \"\"quotes\"\"\",empty\r\n1,\"a,b\nc\",x,\r\n2,é,\"\"\"\",\"\"\r\n";
    let wanted = [
        r#"{"time":"1","name":"a,b\nc","with \"quotes\"":"x"}"#,
        r#"{"time":"2","name":"é","with \"quotes\"":"\"","empty":""}"#,
    ];
    let read = expect_records("commas", text.as_bytes(), Format::Csv, &wanted);
    assert_eq!(read.records[0].raw, "1,\"a,b\nc\",x,");
    assert_eq!(read.records.iter().map(|r| r.line).collect::<Vec<_>>(), [2, 4]);
    for delimiter in ["\t", ";", "|"] {
        let text = ["name", "value\na b", "1,5\n"].join(delimiter);
        expect_records(delimiter, text.as_bytes(), Format::Csv, &[r#"{"name":"a b","value":"1,5"}"#]);
    }
}

#[test]
fn parquet() {
    use datafusion::arrow::array::{
        ArrayRef, Int64Array, RecordBatch, StringArray, StructArray, TimestampMillisecondArray,
    };
    use datafusion::arrow::datatypes::{DataType, Field};
    use std::sync::Arc;
    let inner: ArrayRef = Arc::new(StringArray::from(vec![Some("x"), None, Some("line\nbreak")]));
    let nested = StructArray::from(vec![(Arc::new(Field::new("ip", DataType::Utf8, true)), inner)]);
    let batch = RecordBatch::try_from_iter([
        ("id", Arc::new(Int64Array::from(vec![Some(1), None, Some(3)])) as ArrayRef),
        ("source", Arc::new(nested) as ArrayRef),
        ("at", Arc::new(TimestampMillisecondArray::from(vec![0, 1_500, 2_000])) as ArrayRef),
    ])
    .unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let wanted = [
        r#"{"id":1,"source":{"ip":"x"},"at":"1970-01-01T00:00:00"}"#,
        r#"{"source":{},"at":"1970-01-01T00:00:01.500"}"#,
        r#"{"id":3,"source":{"ip":"line\nbreak"},"at":"1970-01-01T00:00:02"}"#,
    ];
    expect_records("parquet", &bytes, Format::Parquet, &wanted);
    expect_records("packed parquet", &zstd::encode_all(&*bytes, 1).unwrap(), Format::Parquet, &wanted);
}

#[test]
fn what_is_no_log_is_an_error() {
    for bytes in [&b"<html><body/></html>"[..], b"\x7fELF\0\0\0\0", b"[1, 2]"] {
        match mynah_source::Reader::from_bytes("x", bytes.to_vec()) {
            Err(SourceError::NotLogs { .. }) => {}
            Err(other) => panic!("{other}"),
            Ok(reader) => panic!("{} was taken for {}", String::from_utf8_lossy(bytes), reader.format()),
        }
    }
}

#[test]
fn bzip2_and_xz_are_unpacked() {
    use std::io::Write;
    let log = "{\"a\":1}\n{\"a\":2}\n";
    let mut packed = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    packed.write_all(log.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let wanted = [r#"{"a":1}"#, r#"{"a":2}"#];
    expect_records("bzip2", &packed, Format::JsonLines, &wanted);
    // As several programs write one file.
    expect_records("bzip2 streams", &[&packed[..], &packed].concat(), Format::JsonLines, &[wanted, wanted].concat());
    // What `xz` makes of the same text.
    expect_records("xz", include_bytes!("lines.json.xz"), Format::JsonLines, &wanted);
}
