//! The built-in view of QRadar: columns, name look-ups, custom properties.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use mynah_event::{LogSource, Platform};
use mynah_view::{Binding, Catalog, FieldType, Kind, Origin, PlatformView};
use serde_json::json;
use std::sync::Arc;
use support::value;

fn view() -> Arc<PlatformView> {
    Catalog::built_in().unwrap().platform(Platform::Qradar).unwrap()
}

fn bindings(view: &PlatformView, source: &str, name: &str) -> Vec<Binding> {
    let column = view.resolve(name).column;
    let (_, bindings) = column.bindings.iter().find(|(known, _)| *known == LogSource::new(source)).unwrap();
    bindings.to_vec()
}

fn constant(view: &PlatformView, source: &str, name: &str) -> String {
    match &bindings(view, source, name)[0].origin {
        Origin::Constant(values) => values[0].clone(),
        other => panic!("{source} {name}: {other:?}"),
    }
}

#[test]
fn every_log_source_has_the_columns_and_their_text_companions() {
    let view = view();
    for name in [
        "starttime",
        "devicetime",
        "endtime",
        "payload",
        "qid",
        "QIDNAME(qid)",
        "QIDDESCRIPTION(qid)",
        "logsourceid",
        "LOGSOURCENAME(logsourceid)",
        "devicetype",
        "LOGSOURCETYPEID",
        "LOGSOURCETYPENAME(devicetype)",
        "LOGSOURCETYPENAME(logsourceid)",
        "category",
        "CATEGORYNAME(category)",
        "highlevelcategory",
        "CATEGORYNAME(highlevelcategory)",
        "protocolid",
        "PROTOCOLNAME(protocolid)",
        "eventcount",
        "username",
        "sourceip",
    ] {
        let resolution = view.resolve(name);
        assert!(resolution.known, "{name}");
        assert_eq!(resolution.column.bindings.len(), view.log_sources().count(), "{name}");
    }
    for name in ["qid", "category", "devicetype", "logsourcetypeid", "logsourceid", "protocolid", "eventcount"] {
        assert_eq!(view.resolve(name).column.field_type, FieldType::one(Kind::Integer), "{name}");
    }
    assert_eq!(view.resolve("startTime").column.field_type, FieldType::one(Kind::Milliseconds));
    assert_eq!(view.resolve("sourceIP").column.field_type, FieldType::one(Kind::Ip));
}

#[test]
fn log_source_types_have_their_numbers_and_names() {
    let view = view();
    for (source, devicetype, type_id, name) in [
        ("windows.security", "12", "12", "Microsoft Windows Security Event Log"),
        ("windows.sysmon", "12", "13", "Microsoft Windows Security Event Log"),
        ("aws.cloudtrail", "347", "352", "Amazon AWS CloudTrail"),
        ("azure.signinlogs", "445", "397", "Microsoft Azure Active Directory"),
        ("azure.activitylogs", "413", "413", "Microsoft Azure Activity"),
        ("azure.auditlogs", "445", "445", "Microsoft Azure Audit"),
        ("o365.audit", "397", "397", "Microsoft Office 365"),
        ("linux.auditd", "11", "11", "Linux OS"),
    ] {
        assert_eq!(constant(&view, source, "devicetype"), devicetype, "{source}");
        assert_eq!(constant(&view, source, "LOGSOURCETYPEID"), type_id, "{source}");
        assert_eq!(constant(&view, source, "logsourcetypename(devicetype)"), name, "{source}");
    }
}

#[test]
fn custom_properties_match_in_any_case() {
    let view = view();
    for name in [
        "Process Path",
        "process name",
        "COMMAND",
        "Filename",
        "Object Name",
        "Target Process Name",
        "Parent Command",
        "Pipe Name",
        "Event ID",
        "CommandLine",
        "RiskLevelDuringSignIn",
        "NetworkLocationDetails",
        "ErrorCode",
        "deviceCustomString2",
    ] {
        assert!(view.resolve(name).known, "{name}");
    }
}

#[test]
fn an_object_is_a_property_too() {
    let response = &bindings(&view(), "aws.cloudtrail", "responseElements")[0];
    assert!(response.objects_as_json);
}

#[test]
fn the_name_of_an_audit_says_how_it_ended() {
    let view = view();
    let names = bindings(&view, "windows.security", "QIDNAME(qid)");
    assert_eq!(
        names[0].apply[0].apply("An account failed to log on".into()),
        ["Failure Audit: An account failed to log on"]
    );
    let failed = names[1].when.iter().any(|condition| condition.values.iter().any(|value| value == "4625"));
    assert!(failed);
}

#[test]
fn a_process_creation_by_sysmon() {
    let view = view();
    let record = json!({
        "System": {"EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "pc1"},
        "EventData": {"Image": r"C:\Windows\System32\whoami.exe", "CommandLine": "whoami /all", "OriginalFileName": "whoami.exe", "User": r"EXAMPLE\mia"},
    });
    let text = |field: &str| value(&view, "windows.sysmon", &record, field).unwrap();
    assert_eq!(text("Process Path"), r"C:\Windows\System32\whoami.exe");
    assert_eq!(text("Process Name"), "whoami.exe");
    assert_eq!(text("command"), "whoami /all");
    assert_eq!(text("filename"), "whoami.exe");
    assert_eq!(text("username"), "mia");
    assert_eq!(text("QIDNAME(qid)"), "Process Create");
    assert_eq!(text("LOGSOURCENAME(logsourceid)"), "WindowsAuthServer @ pc1");
    assert_eq!(text("PROTOCOLNAME(protocolid)"), "Reserved");
    assert!(text("qid").parse::<u32>().is_ok());
}

#[test]
fn a_call_of_cloudtrail() {
    let view = view();
    let record = json!({
        "eventName": "ConsoleLogin", "eventID": "e-1", "awsRegion": "eu-west-1", "sourceIPAddress": "signin.amazonaws.com",
        "userIdentity": {"arn": "arn:aws:iam::123456789012:user/mia"}, "responseElements": {"ConsoleLogin": "Success"},
    });
    let text = |field: &str| value(&view, "aws.cloudtrail", &record, field);
    assert_eq!(text("QIDNAME(qid)").as_deref(), Some("ConsoleLogin"));
    assert_eq!(text("responseElements").as_deref(), Some(r#"{"ConsoleLogin":"Success"}"#));
    assert_eq!(text("username").as_deref(), Some("mia"));
    assert_eq!(text("sourceip"), None);
    assert_eq!(text("deviceCustomString2").as_deref(), Some("eu-west-1"));
    assert_eq!(text("eventID").as_deref(), Some("e-1"));
    assert_eq!(text("CATEGORYNAME(category)").as_deref(), Some("Web Service Login Succeeded"));
}

#[test]
fn a_sign_in() {
    let record = json!({"tenantId": "t1", "operationName": "Sign-in activity", "properties": {
        "userPrincipalName": "mia@example.test", "ipAddress": "192.0.2.3", "status": {"errorCode": 0},
        "riskLevelDuringSignIn": "high", "networkLocationDetails": [{"networkType": "namedNetwork"}]}});
    let view = view();
    let text = |field: &str| value(&view, "azure.signinlogs", &record, field).unwrap();
    assert_eq!(text("ErrorCode"), "0");
    assert_eq!(text("RiskLevelDuringSignIn"), "high");
    assert_eq!(text("NetworkLocationDetails"), r#"[{"networkType":"namedNetwork"}]"#);
    assert_eq!(text("sourceip"), "192.0.2.3");
    assert_eq!(text("username"), "mia@example.test");
}
