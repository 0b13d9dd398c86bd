//! Fields for which the Elastic Common Schema has one value, in events that have several of them: any of them fulfils a
//! condition, as in [Elasticsearch](https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/array), which has
//! no type for arrays.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah::{Dialect, Mynah};

/// The last of many events has several values.
fn mynah() -> Mynah {
    let mut log = String::new();
    for second in 0..50 {
        log += &format!(
            "{{\"@timestamp\":\"2026-03-14T12:00:{second:02}Z\",\"ecs\":{{\"version\":\"8.17.0\"}},\"event\":{{\"category\":\"process\"}},\"process\":{{\"name\":\"a.exe\",\"pid\":1}},\"source\":{{\"ip\":\"10.0.0.1\"}}}}\n"
        );
    }
    log += "{\"@timestamp\":\"2026-03-14T12:01:00Z\",\"ecs\":{\"version\":\"8.17.0\"},\"event\":{\"category\":[\"process\"]},\"process\":{\"name\":[\"x.exe\",\"y.exe\"],\"pid\":[7,8]},\"source\":{\"ip\":[\"10.0.0.2\",\"192.0.2.9\"]}}\n";
    log += "{\"@timestamp\":\"2026-03-14T12:02:00Z\",\"ecs\":{\"version\":\"8.17.0\"},\"event\":{\"category\":[\"file\"]},\"process\":{\"name\":\"y.exe\"}}\n";
    Mynah::builder().reader("log.ndjson", log.as_bytes()).unwrap().build().unwrap()
}

fn found(dialect: Dialect, query: &str) -> usize {
    let mynah = mynah();
    let query = mynah.query(query, dialect).unwrap();
    let rows = query.rows().unwrap().count();
    assert_eq!(mynah.engine().progress().events(), 52, "each event counts once");
    rows
}

#[test]
fn any_value_fulfils_a_condition() {
    for (query, count) in [
        (r#"any where process.name == "x.exe""#, 1),
        (r#"process where process.name == "y.exe""#, 1),
        (r#"process where process.name : "Y.*""#, 1),
        (r#"any where process.name.caseless : "Y.EXE""#, 2),
        (r#"any where process.pid == 8"#, 1),
        (r#"any where process.pid > 7"#, 1),
        (r#"process where not process.pid == 8"#, 50),
        (r#"any where source.ip == "192.0.2.9""#, 1),
        (r#"any where cidrMatch(source.ip, "192.0.2.0/24")"#, 1),
        (r#"process where endsWith(process.name, "y.exe")"#, 1),
        (r#"sequence by process.name [process where true] [file where true]"#, 2),
    ] {
        assert_eq!(found(Dialect::Eql, query), count, "{query}");
    }
    for (query, count) in [
        ("process.name: y.exe", 2),
        ("process.pid >= 8", 1),
        ("source.ip: \"192.0.2.0/24\"", 1),
        ("not process.name: (x.exe or a.exe)", 1),
    ] {
        assert_eq!(found(Dialect::Kuery, query), count, "{query}");
    }
}

#[test]
fn the_events_behind_rows_are_found_by_any_value_too() {
    let mynah = mynah();
    let query = mynah.query(r#"process where process.name == "y.exe""#, Dialect::Eql).unwrap();
    let mut records = Vec::new();
    query
        .events(|event| {
            records.push(event.record);
            Ok(())
        })
        .unwrap();
    assert_eq!(records, [51]);
}
