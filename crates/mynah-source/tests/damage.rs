//! Damage costs what is damaged, is told, and nothing more.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod reading;

use mynah_source::Reader;
use reading::{read, read_all};
use std::io::Write;

/// What a damaged log still gives, and what is said of the rest.
#[track_caller]
fn expect(bytes: &[u8], documents: &[&str], problems: &[&str]) {
    let read = read(bytes);
    assert_eq!(read.documents(), documents, "{:.200}", String::from_utf8_lossy(bytes));
    assert_eq!(read.problems, problems, "{:.200}", String::from_utf8_lossy(bytes));
}

#[test]
fn lines_that_are_no_objects() {
    expect(
        b"{\"a\":1}\nnot json\n{\"a\":\n[1]\n{\"a\":2}\n",
        &[r#"{"a":1}"#, r#"{"a":2}"#],
        &[
            "log:2: this line is no JSON object",
            "log:3: the JSON object on this line breaks off",
            "log:4: this line is no JSON object",
        ],
    );
    // A log whose first line lost its beginning when logs were rotated.
    expect(b"k\":\"v\"}\n{\"a\":1}\n{\"a\":2}", &[r#"{"a":1}"#, r#"{"a":2}"#], &["log:1: this line is no JSON object"]);
    // Records keep their numbers.
    let read = read(b"{\"a\":1}\nx\n{\"a\":2}\n");
    assert_eq!(read.records.iter().map(|r| (r.number, r.line)).collect::<Vec<_>>(), [(1, 1), (3, 3)]);
}

#[test]
fn records_of_an_array_that_are_broken() {
    let good = [r#"{"id":1,"x":{"id":9}}"#, r#"{"id":3,"y":[{"id":8}]}"#];
    for (broken, why) in [
        (r#"{"id":2,"x":[1,2}"#, "the brackets in this record do not match"),
        (r#"{"id":2,"x":{"y":1}"#, "something is missing in this record before an opening bracket"),
    ] {
        for (before, between, after) in [("[", ",", "]"), (r#"{"Records":["#, ",", "]}"), ("[\n  ", ",\n  ", "\n]")] {
            let text = format!("{before}{}{between}{broken}{between}{}{after}", good[0], good[1]);
            let line = 1 + before.matches('\n').count() + between.matches('\n').count();
            expect(text.as_bytes(), &good, &[&format!("log:{line}: {why}")]);
        }
    }
    let text = format!("[\n{},\n{{\"id\":2,\"s\":\"never closed}},\n{}\n]", good[0], good[1]);
    expect(text.as_bytes(), &good, &["log:3: a string in this record is not closed"]);
    let text = format!("[{}, 7, \"text\", [1], null, {}]", good[0], good[1]);
    let element = "log:1: this element is no JSON object";
    expect(text.as_bytes(), &good, &[element, element, element, element]);
}

#[test]
fn pretty_records_that_are_broken() {
    let text = "{\n  \"a\": 1\n}\n{\n  \"a\": [2\n}\n{\n  \"a\": 3\n}\n";
    expect(
        text.as_bytes(),
        &["{\n  \"a\": 1\n}", "{\n  \"a\": 3\n}"],
        &["log:4: the brackets in this record do not match"],
    );
    let text = "{\"Records\": [\n  {\n    \"a\": 1\n  },\n  {\n    \"a\": {\"b\": 2\n  },\n  {\n    \"a\": 3\n  }\n]}";
    let problem = "log:5: something is missing in this record before an opening bracket";
    expect(text.as_bytes(), &["{\n    \"a\": 1\n  }", "{\n    \"a\": 3\n  }"], &[problem]);
}

#[test]
fn files_that_break_off() {
    expect(b"[{\"a\":1},{\"a\":2},{\"a\":", &[r#"{"a":1}"#, r#"{"a":2}"#], &["log:1: this record breaks off"]);
    expect(b"{\"Records\":[\n{\"a\":1},\n{\"a\":\"x", &[r#"{"a":1}"#], &["log:3: this record breaks off"]);
    expect(
        b"{\"a\":1}\n{\"a\":2}\n{\"a",
        &[r#"{"a":1}"#, r#"{"a":2}"#],
        &["log:3: the JSON object on this line breaks off"],
    );
    expect(b"{\"a\": {\"b\"", &[], &["log:1: this record breaks off"]);
}

#[test]
fn packed_data_that_breaks_off_or_is_damaged() {
    let lines: Vec<String> = (0..20_000).map(|i| format!("{{\"n\":{i},\"random\":{}}}", i * 7919 % 10_007)).collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(lines.join("\n").as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let half = read(&gzip[..gzip.len() / 2]);
    assert!(half.records.len() > 5_000, "{}", half.records.len());
    assert!(half.documents().iter().zip(&lines).all(|(read, line)| read == line));
    assert_eq!(half.problems.last().unwrap(), "log: the gzip data breaks off before its end; what comes after is lost");

    let mut damaged = gzip.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 64].fill(0xff);
    let read_damaged = read(&damaged);
    assert!(read_damaged.records.len() > 1_000);
    assert!(read_damaged.problems.last().unwrap().contains("the gzip data is damaged"), "{:?}", read_damaged.problems);

    let zstd = zstd::encode_all(lines.join("\n").as_bytes(), 1).unwrap();
    let half = read(&zstd[..zstd.len() * 9 / 10]);
    assert!(half.problems.last().unwrap().contains("zstd"), "{:?}", half.problems);
}

#[test]
fn bytes_that_are_no_utf8() {
    let problem = "log:2: bytes that are no UTF-8 were replaced by U+FFFD";
    expect(
        b"{\"a\":1}\n{\"a\":\"\xff\xfe\"}\n{\"a\":\"\xc3\xa9\"}\n",
        &[r#"{"a":1}"#, "{\"a\":\"\u{fffd}\u{fffd}\"}", r#"{"a":"é"}"#],
        &[problem],
    );
    expect(b"[{\"a\":1},\n{\"a\":\"\xe9\"}]", &[r#"{"a":1}"#, "{\"a\":\"\u{fffd}\"}"], &[problem]);
}

#[test]
fn nesting_without_end() {
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(20_000), "]".repeat(20_000));
    let message = |line: u32| format!("log:{line}: the JSON of this record is nested deeper than 512; left out");
    let good = [r#"{"a":1}"#, r#"{"a":2}"#];
    expect(format!("{}\n{deep}\n{}\n", good[0], good[1]).as_bytes(), &good, &[&message(2)]);
    expect(format!("[{},\n{deep},\n{}]", good[0], good[1]).as_bytes(), &good, &[&message(2)]);
    // Never closed: must take neither the stack nor for ever.
    let open = "{\"a\":[".repeat(200_000);
    assert!(read(format!("[{open}").as_bytes()).records.is_empty());
    assert!(read("{\"a\":\n".repeat(200_000).as_bytes()).records.is_empty());
    assert!(read("[\n{\"a\":[\n".repeat(50_000).as_bytes()).records.is_empty());
}

#[test]
fn xml_events_that_are_broken() {
    let good = "<Event><System><EventID>1</EventID></System></Event>";
    let document = r#"{"Event":{"System":{"EventID":1}}}"#;
    let unclosed = "<Event><System><EventID>2</EventID></System>";
    expect(
        format!("{good}\n{unclosed}\n{good}").as_bytes(),
        &[document, document],
        &["log:2: this event is not closed"],
    );
    expect(
        format!("{good}\n<EventID>2</EventID></Event>\n{good}").as_bytes(),
        &[document, document],
        &["log:1: the beginning of this event is missing"],
    );
    expect(format!("{good}\n<Event><System>").as_bytes(), &[document], &["log:2: this event breaks off"]);
    let read = read(format!("{good}\n<Event><System></Sys></Event>\n{good}").as_bytes());
    assert_eq!(read.documents(), [document, document]);
    assert!(read.problems[0].starts_with("log:2: the XML of this event is broken"), "{:?}", read.problems);
}

#[test]
fn rows_that_are_broken() {
    let ragged = "log:3: this row has 1 fields, the row of names 2; kept as far as it goes";
    expect(b"a,b\n1,2\n3\n4,5\n", &[r#"{"a":"1","b":"2"}"#, r#"{"a":"3"}"#, r#"{"a":"4","b":"5"}"#], &[ragged]);
    let open = "log:3: a quote in this row is never closed; left out, and quotes after it are not heeded";
    expect(b"a,b\n1,2\n\"3,4\n5,6\n", &[r#"{"a":"1","b":"2"}"#, r#"{"a":"5","b":"6"}"#], &[open]);
}

#[test]
fn audit_lines_that_are_none() {
    let line = |serial: u32| format!("type=CWD msg=audit(1700000000.001:{serial}): cwd=\"/\"");
    let text = format!("{}\nrubbish\n{}\ntype=CWD msg=aud", line(1), line(2));
    let read = read(text.as_bytes());
    assert_eq!(read.records.len(), 2);
    assert_eq!(read.problems, ["log:2: this line is no audit record", "log:4: this line is no audit record"]);
}

#[test]
fn only_the_first_problems_are_kept() {
    let text = "{\"a\":1}\n".repeat(2_000) + &"x\n".repeat(1_000);
    let mut reader = mynah_source::Reader::from_bytes("log", text.into_bytes()).unwrap();
    let read = read_all(&mut reader);
    assert_eq!((read.records.len(), reader.problem_count(), read.problems.len()), (2_000, 1_000, 16));
}

/// A container that is moved about in is unpacked to a file first.
#[test]
fn packed_data_that_breaks_off_under_a_file_to_move_about_in() {
    use datafusion::arrow::array::{Int64Array, RecordBatch};
    let numbers = Int64Array::from_iter_values(1..=3);
    let batch = RecordBatch::try_from_iter([("a", std::sync::Arc::new(numbers) as _)]).unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&bytes).unwrap();
    let gzip = gzip.finish().unwrap();

    let error = Reader::from_bytes("log", gzip[..gzip.len() / 2].to_vec()).err().unwrap();
    assert_eq!(error.to_string(), "log: the gzip data breaks off before its end");
    // All content is there, but not the checksum behind it.
    let whole = read(&gzip[..gzip.len() - 4]);
    assert_eq!(whole.records.len(), 3);
    assert_eq!(whole.problems, ["log: the gzip data breaks off before its end; what comes after is lost"]);
}
