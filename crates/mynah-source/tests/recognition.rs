//! Which log source a record belongs to, and where it keeps what.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_event::{LogSource, Path, Timestamp};
use mynah_source::{DefinitionError, JsonIndex, Members, Recogniser};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A record of `recognised.toml`, and what is expected of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    source: String,
    shape: String,
    json: String,
    /// The values at canonical paths.
    #[serde(default)]
    values: BTreeMap<String, Value>,
    /// Canonical paths without a value.
    #[serde(default)]
    absent: Vec<String>,
}

/// The names of a record's log source and shape.
fn name(recogniser: &Recogniser, json: &str) -> (String, String) {
    let found = recogniser.recognise(JsonIndex::default().of(json));
    let source = &recogniser.sources()[found.source];
    (source.log_source().to_string(), source.shape_name(found.shape).to_owned())
}

#[test]
fn records_are_recognised() {
    let recogniser = Recogniser::built_in().unwrap();
    let mut file: BTreeMap<String, Vec<Record>> = toml::from_str(include_str!("recognised.toml")).unwrap();
    for Record { source, shape, json, mut values, absent } in file.remove("record").unwrap() {
        assert_eq!(name(&recogniser, &json), (source, shape), "{json}");
        let found = recogniser.recognise(JsonIndex::default().of(&json));
        let record = serde_json::from_str(&json).unwrap();
        values.extend(absent.into_iter().map(|path| (path, Value::Null)));
        for (path, value) in values {
            let places = recogniser.sources()[found.source].physical(found.shape, &Path::parse(&path));
            let there = places.iter().map(|place| at(&record, place)).find(|value| !value.is_null());
            assert_eq!(there.unwrap_or_default(), value, "{path} of {json}");
        }
    }
}

/// A value by a path of keys, of which `*` is any.
fn at(record: &Value, path: &Path) -> Value {
    let mut value = record;
    for segment in &path.0 {
        let mynah_event::Segment::Key(key) = segment else { return Value::Null };
        let next = if &**key == "*" { value.as_object().and_then(|o| o.values().next()) } else { value.get(&**key) };
        let Some(next) = next else { return Value::Null };
        value = next;
    }
    value.clone()
}

#[test]
fn windows_channels() {
    let recogniser = Recogniser::built_in().unwrap();
    for (channel, source) in [
        ("Microsoft-Windows-Sysmon/Operational", "windows.sysmon"),
        ("Security", "windows.security"),
        ("System", "windows.system"),
        ("Application", "windows.application"),
        ("Microsoft-Windows-PowerShell/Operational", "windows.powershell"),
        ("Windows PowerShell", "windows.powershell_classic"),
        ("Microsoft-Windows-Windows Defender/Operational", "windows.defender"),
        ("Microsoft-Windows-TaskScheduler/Operational", "windows.eventlog"),
    ] {
        let flat = json!({"EventID": 1, "Channel": channel}).to_string();
        let flat_behind_another = json!({"Channel": channel, "x": [{"EventID": 7}], "EventID": 1}).to_string();
        let event = json!({"Event": {"System": {"EventID": 1, "Channel": channel}}}).to_string().replace('/', "\\/");
        for (json, shape) in [(flat, "flat"), (flat_behind_another, "flat"), (event, "event")] {
            assert_eq!(name(&recogniser, &json), (source.to_owned(), shape.to_owned()), "{json}");
        }
    }
}

#[test]
fn what_no_log_source_claims() {
    let recogniser = Recogniser::built_in().unwrap();
    for other in [
        "{}",
        r#"{"a":{"EventID":1,"Channel":"System"}}"#,
        r#"{"EventID":null,"Channel":"System"}"#,
        r#"{"EventID":1,"Channel":}"#,
        "",
        "[]",
        r#"{"a"#,
    ] {
        assert_eq!(name(&recogniser, other).0, LogSource::JSON, "{other}");
    }
}

#[test]
fn what_the_user_says_is_taken_for_granted() {
    let recogniser = Recogniser::built_in().unwrap();
    let sysmon = recogniser.index(&LogSource::new("windows.sysmon")).unwrap();
    let flat = r#"{"EventID":1,"Channel":"Forwarded","Image":"x"}"#;
    let found = recogniser.recognise_as(Some(sysmon), JsonIndex::default().of(flat), &mut Members::default());
    assert_eq!((found.source, recogniser.sources()[sysmon].shape_name(found.shape)), (sysmon, "flat"));
    assert_eq!(recogniser.index(&LogSource::new("no.such")), None);
}

#[test]
fn every_definition_has_its_time_and_pages() {
    let recogniser = Recogniser::built_in().unwrap();
    for source in recogniser.sources() {
        assert!(!source.time_paths().is_empty(), "{}", source.log_source());
        let is_fallback = source.log_source().as_str() == LogSource::JSON;
        assert_eq!(source.shape_count() == 0, is_fallback, "{}", source.log_source());
    }
}

#[test]
fn the_forms_of_time_that_log_sources_have() {
    for (source, text) in [
        ("aws.cloudtrail", "2026-03-14T12:00:00Z"),
        ("azure.signinlogs", "2026-03-14T12:00:00.0000000Z"),
        ("azure.activitylogs", "2026-03-14T12:00:00.0000000+00:00"),
        ("o365.audit", "2026-03-14T12:00:00"),
        ("windows.eventlog", "2026-03-14T12:00:00.0000000Z"),
        ("windows.sysmon", "2026-03-14 12:00:00.000"),
        ("linux.auditd", "1773489600.000"),
        ("splunk.export", "2026-03-14T12:00:00.000+00:00"),
        ("splunk.export", "2026-03-14T12:00:00.000+0000"),
        ("splunk.export", "2026-03-14 12:00:00.000 UTC"),
    ] {
        assert_eq!(Timestamp::parse(text).map(Timestamp::milliseconds), Ok(1_773_489_600_000), "{source}: {text}");
    }
}

#[test]
fn definitions_of_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("acme.toml"),
        "name = 'acme.door'\ntime = ['at']\n[[shape]]\nname = 'one'\nwhere = { door = '*', kind = ['open', 'shut*'] }\npaths = { '' = 'inner' }\n",
    )
    .unwrap();
    std::fs::write(
        folder.path().join("trail.toml"),
        "name = 'aws.cloudtrail'\n[[shape]]\nname = 'mine'\nwhere = { mine = '*' }\n",
    )
    .unwrap();
    let recogniser = Recogniser::with_folder(folder.path()).unwrap();
    assert_eq!(name(&recogniser, r#"{"door":1,"kind":"SHUTTING"}"#).0, "acme.door");
    assert_eq!(name(&recogniser, r#"{"door":1,"kind":"ajar"}"#).0, "json");
    assert_eq!(name(&recogniser, r#"{"mine":1}"#).0, "aws.cloudtrail");
    assert_eq!(name(&recogniser, r#"{"EventID":1,"Channel":"Security"}"#).0, "windows.security");
}

#[test]
fn definitions_that_cannot_be_used() {
    let error = |text: &str| Recogniser::parse([("x.toml", text)]).unwrap_err();
    assert!(matches!(error("name = 1"), DefinitionError::Syntax { .. }));
    assert!(matches!(error("name = 'a'\nextends = 'b'"), DefinitionError::Extends { .. }));
    assert!(matches!(error("name = 'a'\nextends = 'a'"), DefinitionError::Extends { .. }));
    assert!(matches!(error("name = 'a'\n[[shape]]\nname = 's'\nwhere = {}"), DefinitionError::Shape { .. }));
    assert!(matches!(
        error("name = 'a'\n[[shape]]\nname = 's'\nwhere = { 'x[]' = '*' }"),
        DefinitionError::Shape { .. }
    ));
    let twice = Recogniser::parse([("x.toml", "name = 'a'"), ("y.toml", "name = 'a'")]).unwrap_err();
    assert_eq!(twice.to_string(), "y.toml: x.toml defines `a` too");
}
