//! Which log source a record belongs to, and where it keeps what.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_event::{LogSource, Path, Timestamp};
use mynah_source::{DefinitionError, JsonIndex, Recogniser};
use serde_json::Value;

/// The log source, the shape's name, and the values at the canonical paths.
fn look(document: &str, paths: &[&str]) -> (String, String, Vec<Value>) {
    let recogniser = Recogniser::built_in().unwrap();
    let found = recogniser.recognise(JsonIndex::default().of(document));
    let source = &recogniser.sources()[found.source];
    let record: Value = serde_json::from_str(document).unwrap();
    let values = paths.iter().map(|path| {
        let places = source.physical(found.shape, &Path::parse(path));
        places.iter().map(|place| at(&record, place)).find(|value| !value.is_null()).unwrap_or_default()
    });
    (source.log_source().to_string(), source.shape_name(found.shape).to_owned(), values.collect())
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

#[track_caller]
fn expect(document: &str, source: &str, shape: &str, values: &[(&str, Value)]) {
    let paths: Vec<&str> = values.iter().map(|(path, _)| *path).collect();
    let wanted: Vec<Value> = values.iter().map(|(_, value)| value.clone()).collect();
    assert_eq!(look(document, &paths), (source.to_owned(), shape.to_owned(), wanted), "{document}");
}

#[test]
fn windows_events_look_the_same_in_every_container() {
    let system = r##""Provider":{"#attributes":{"Name":"P"}},"EventID":{"#attributes":{"Qualifiers":1},"#text":4624},"TimeCreated":{"#attributes":{"SystemTime":"2026-03-14T12:00:00Z"}},"Execution":{"#attributes":{"ProcessID":4}},"Channel":"Security","Computer":"DC""##;
    let values = [
        ("System.EventID", 4624.into()),
        ("System.Channel", "Security".into()),
        ("System.Computer", "DC".into()),
        ("System.Provider", "P".into()),
        ("System.TimeCreated", "2026-03-14T12:00:00Z".into()),
        ("System.ProcessID", 4.into()),
        ("EventData.LogonType", "3".into()),
    ];
    let data = r#""EventData":{"LogonType":"3"}"#;
    expect(&format!(r#"{{"Event":{{"System":{{{system}}},{data}}}}}"#), "windows.security", "event", &values);
    expect(&format!(r#"{{"System":{{{system}}},{data}}}"#), "windows.security", "system", &values);
    let separate = r#""Provider_attributes":{"Name":"P"},"EventID":4624,"TimeCreated_attributes":{"SystemTime":"2026-03-14T12:00:00Z"},"Execution_attributes":{"ProcessID":4},"Channel":"Security","Computer":"DC""#;
    expect(
        &format!(r#"{{"Event":{{"System":{{{separate}}},{data}}}}}"#),
        "windows.security",
        "separate attributes",
        &values,
    );
    let value = r#""Provider":{"Name":"P"},"EventID":{"Value":4624},"TimeCreated":{"SystemTime":"2026-03-14T12:00:00Z"},"Execution":{"ProcessID":4},"Channel":"Security","Computer":"DC""#;
    expect(&format!(r#"{{"System":{{{value}}},{data}}}"#), "windows.security", "system value", &values);
    let flat = r#"{"EventTime":"2026-03-14 08:00:00","@timestamp":"2026-03-14T12:00:00Z","EventID":4624,"Hostname":"DC","SourceName":"P","ExecutionProcessID":4,"Channel":"security","LogonType":"3"}"#;
    let mut flat_values = values.clone();
    flat_values[1].1 = "security".into();
    expect(flat, "windows.security", "flat", &flat_values);
}

#[test]
fn windows_channels() {
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
        expect(&format!(r#"{{"EventID":1,"Channel":"{channel}"}}"#), source, "flat", &[]);
        expect(&format!(r#"{{"Channel":"{channel}","x":[{{"EventID":7}}],"EventID":1}}"#), source, "flat", &[]);
        expect(
            &format!(r#"{{"Event":{{"System":{{"EventID":1,"Channel":"{}"}}}}}}"#, channel.replace('/', "\\/")),
            source,
            "event",
            &[],
        );
    }
}

#[test]
fn user_data_is_found_whatever_its_element_is_called() {
    let event = r#"{"Event":{"System":{"EventID":5858,"Channel":"X"},"UserData":{"Failure":{"User":"eve"}}}}"#;
    expect(event, "windows.eventlog", "event", &[("UserData.User", "eve".into()), ("EventData.User", Value::Null)]);
}

#[test]
fn clouds() {
    let trail = r#"{"eventVersion":"1.11","userIdentity":{"type":"Root"},"eventTime":"2026-03-14T12:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject"}"#;
    expect(trail, "aws.cloudtrail", "record", &[("userIdentity.type", "Root".into())]);
    let bridge = format!(r#"{{"version":"0","detail-type":"AWS API Call via CloudTrail","detail":{trail}}}"#);
    expect(
        &bridge,
        "aws.cloudtrail",
        "eventbridge",
        &[("userIdentity.type", "Root".into()), ("eventName", "GetObject".into())],
    );
    for category in
        ["SignInLogs", "NonInteractiveUserSignInLogs", "ServicePrincipalSignInLogs", "ManagedIdentitySignInLogs"]
    {
        let signin =
            format!(r#"{{"time":"2026-03-14T12:00:00Z","category":"{category}","properties":{{"appId":"1"}}}}"#);
        expect(&signin, "azure.signinlogs", "diagnostic settings", &[("properties.appId", "1".into())]);
    }
    let graph = r#"{"id":"1","createdDateTime":"2026-03-14T12:00:00Z","appId":"7","ipAddress":"10.0.0.9","status":{"errorCode":50126}}"#;
    let values =
        [("properties.appId", "7".into()), ("time", "2026-03-14T12:00:00Z".into()), ("resultType", 50126.into())];
    expect(graph, "azure.signinlogs", "graph", &values);
    let audit = r#"{"time":"2026-03-14T12:00:00Z","operationName":"Add user","category":"AuditLogs","properties":{"category":"UserManagement"}}"#;
    expect(audit, "azure.auditlogs", "diagnostic settings", &[("category", "AuditLogs".into())]);
    let graph = r#"{"activityDateTime":"2026-03-14T12:00:00Z","activityDisplayName":"Add user","loggedByService":"Core Directory","category":"UserManagement","initiatedBy":{}}"#;
    let values = [
        ("operationName", "Add user".into()),
        ("properties.category", "UserManagement".into()),
        ("category", Value::Null),
    ];
    expect(graph, "azure.auditlogs", "graph", &values);
    let activity =
        r#"{"time":"2026-03-14T12:00:00Z","resourceId":"/S","operationName":"X/WRITE","category":"Administrative"}"#;
    expect(activity, "azure.activitylogs", "diagnostic settings", &[("operationName", "X/WRITE".into())]);
    let rest = r#"{"caller":"eve","category":{"value":"Administrative"},"eventTimestamp":"2026-03-14T12:00:00Z","operationName":{"value":"X/write"},"claims":{"upn":"eve"}}"#;
    expect(
        rest,
        "azure.activitylogs",
        "rest",
        &[("operationName", "X/write".into()), ("identity.claims.upn", "eve".into())],
    );
    let o365 =
        r#"{"CreationTime":"2026-03-14T12:00:00","Id":"1","Operation":"Send","RecordType":2,"Workload":"Exchange"}"#;
    expect(o365, "o365.audit", "record", &[("Operation", "Send".into())]);
}

#[test]
fn exports_and_the_rest() {
    let nested = r#"{"@timestamp":"2026-03-14T12:00:00Z","ecs":{"version":"8.11.0"},"process":{"name":"cmd.exe"}}"#;
    expect(nested, "elastic.ecs", "document", &[("process.name", "cmd.exe".into())]);
    let dotted = r#"{"@timestamp":"2026-03-14T12:00:00Z","event.code":"1","process.name":"cmd.exe","winlog":{"channel":"Security"}}"#;
    expect(
        dotted,
        "elastic.ecs",
        "document",
        &[("process.name", "cmd.exe".into()), ("winlog.channel", "Security".into())],
    );
    let hit = format!(r#"{{"_index":"logs","_source":{nested}}}"#);
    expect(&hit, "elastic.ecs", "hit", &[("process.name", "cmd.exe".into())]);
    let export =
        r#"{"preview":false,"offset":1,"result":{"_raw":"x","_time":"2026-03-14T12:00:00.000+00:00","host":"h"}}"#;
    expect(export, "splunk.export", "export", &[("host", "h".into())]);
    expect(r#"{"host":"h","_raw":"x","sourcetype":"s"}"#, "splunk.export", "result", &[("host", "h".into())]);
    expect(
        r#"{"audit":{"time":"1.0","serial":"1","types":["CWD"],"cwd":"/"}}"#,
        "linux.auditd",
        "event",
        &[("audit.cwd", "/".into())],
    );
    for other in [
        "{}",
        r#"{"a":{"EventID":1,"Channel":"System"}}"#,
        r#"{"EventID":null,"Channel":"System"}"#,
        r#"{"EventID":1,"Channel":}"#,
        "",
        "[]",
        r#"{"a"#,
    ] {
        let recogniser = Recogniser::built_in().unwrap();
        let found = recogniser.recognise(JsonIndex::default().of(other));
        assert_eq!(recogniser.sources()[found.source].log_source().as_str(), LogSource::JSON, "{other}");
    }
}

#[test]
fn what_the_user_says_is_taken_for_granted() {
    let recogniser = Recogniser::built_in().unwrap();
    let sysmon = recogniser.index(&LogSource::new("windows.sysmon")).unwrap();
    let flat = r#"{"EventID":1,"Channel":"Forwarded","Image":"x"}"#;
    let shape = recogniser.shape_as(sysmon, JsonIndex::default().of(flat));
    assert_eq!(recogniser.sources()[sysmon].shape_name(shape), "flat");
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
    let name = |document: &str| {
        recogniser.sources()[recogniser.recognise(JsonIndex::default().of(document)).source].log_source().to_string()
    };
    assert_eq!(name(r#"{"door":1,"kind":"SHUTTING"}"#), "acme.door");
    assert_eq!(name(r#"{"door":1,"kind":"ajar"}"#), "json");
    assert_eq!(name(r#"{"mine":1}"#), "aws.cloudtrail");
    assert_eq!(name(r#"{"EventID":1,"Channel":"Security"}"#), "windows.security");
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
