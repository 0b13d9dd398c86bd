//! The built-in view of Splunk: the names that the add-ons give.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use mynah_event::{LogSource, Platform};
use mynah_view::{Binding, Catalog, FieldType, Kind, Origin, PlatformView};
use serde_json::{Value, json};
use std::sync::Arc;
use support::{value, values};

fn view() -> Arc<PlatformView> {
    Catalog::built_in().unwrap().platform(Platform::Splunk).unwrap()
}

fn bindings(view: &PlatformView, source: &str, name: &str) -> Vec<Binding> {
    let column = view.resolve(name).column;
    let (_, bindings) = column.bindings.iter().find(|(known, _)| *known == LogSource::new(source)).unwrap();
    bindings.to_vec()
}

#[test]
fn default_fields_are_known_in_every_log_source() {
    let view = view();
    for name in ["index", "sourcetype", "source", "host", "_time", "_raw"] {
        let resolution = view.resolve(name);
        assert!(resolution.known, "{name}");
        assert_eq!(resolution.column.bindings.len(), view.log_sources().count(), "{name}");
    }
    assert_eq!(view.resolve("_time").column.field_type, FieldType::one(Kind::Seconds));
}

#[test]
fn cloud_logs_have_the_index_and_source_type_of_their_add_ons() {
    let view = view();
    for (source, index, sourcetype) in [
        ("aws.cloudtrail", "aws", "aws:cloudtrail"),
        ("azure.signinlogs", "azure", "azure:monitor:aad:signin"),
        ("azure.auditlogs", "azure", "azure:monitor:aad"),
        ("azure.activitylogs", "azure", "azure:monitor:activity"),
        ("o365.audit", "o365", "o365:management:activity"),
    ] {
        let constant = |name: &str| match &bindings(&view, source, name)[0].origin {
            Origin::Constant(values) => values[0].clone(),
            other => panic!("{source} {name}: {other:?}"),
        };
        assert_eq!((constant("index").as_str(), constant("sourcetype").as_str()), (index, sourcetype));
    }
}

#[test]
fn a_windows_channel_answers_to_its_classic_and_its_xml_source() {
    let view = view();
    let source = &bindings(&view, "windows.sysmon", "source")[0];
    assert_eq!(
        source.apply[0].apply("Microsoft-Windows-Sysmon/Operational".into()),
        ["XmlWinEventLog:Microsoft-Windows-Sysmon/Operational", "WinEventLog:Microsoft-Windows-Sysmon/Operational"]
    );
    assert!(view.resolve("source").column.field_type.many && view.is_name("source"));
}

#[test]
fn members_of_event_data_stand_at_the_top_level() {
    let view = view();
    for name in ["Image", "CommandLine", "TargetUserName", "EventCode"] {
        assert!(view.resolve(name).known, "{name}");
    }
    let unlisted = &bindings(&view, "windows.eventlog", "SomethingRare")[0];
    assert!(matches!(&unlisted.origin, Origin::Paths(paths) if paths[0].to_string() == "EventData.SomethingRare"));
    assert_eq!(view.resolve("ComandLine").suggestion.as_deref(), Some("CommandLine"));
}

#[test]
fn braces_stand_for_every_element() {
    let column = view().resolve("requestParameters.items{}.name").column;
    assert!(column.field_type.many);
}

#[test]
fn the_common_information_model_is_filled() {
    let view = view();
    let fills = |source: &str, names: &[&str]| {
        for name in names {
            let resolution = view.resolve(name);
            assert!(resolution.known, "{source} {name}");
            let listed: Vec<&str> = view.names_of(&LogSource::new(source)).map(|(name, _)| name).collect();
            assert!(listed.contains(name), "{source} {name}");
        }
    };
    fills(
        "windows.sysmon",
        &[
            "process",
            "process_name",
            "process_path",
            "process_id",
            "process_guid",
            "process_hash",
            "original_file_name",
            "parent_process",
            "parent_process_name",
            "parent_process_path",
            "parent_process_id",
            "parent_process_guid",
            "user",
            "dest",
            "action",
            "registry_path",
            "registry_key_name",
            "registry_value_name",
            "registry_value_data",
            "file_path",
            "file_name",
            "file_create_time",
            "src",
            "src_ip",
            "dest_ip",
            "dest_port",
            "transport",
            "query",
            "answer",
        ],
    );
    fills(
        "windows.security",
        &[
            "process",
            "process_name",
            "parent_process_name",
            "user",
            "src",
            "src_user",
            "dest",
            "action",
            "signature",
            "signature_id",
            "app",
            "object",
            "result",
        ],
    );
    fills(
        "aws.cloudtrail",
        &[
            "user",
            "src",
            "dest",
            "action",
            "command",
            "object",
            "object_category",
            "status",
            "vendor_product",
            "user_agent",
        ],
    );
    fills("o365.audit", &["user", "src", "dest", "action", "command", "object", "status", "app", "signature"]);
}

#[test]
fn a_typed_registry_value_shows_what_stands_in_its_parentheses() {
    let view = view();
    let data = bindings(&view, "windows.sysmon", "registry_value_data");
    assert_eq!(data[0].apply[0].apply("QWORD (0x00000000-0x00000001)".into()), ["0x00000000-0x00000001"]);
    assert!(data[0].apply[0].apply(r"C:\Program Files (x86)\a.exe".into()).is_empty());
    assert!(data[1].apply.is_empty());
}

fn sysmon(id: u32, data: Value) -> Value {
    json!({"System": {"EventID": id, "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "pc1.example.test"}, "EventData": data})
}

#[test]
fn a_process_creation_by_sysmon() {
    let view = view();
    let record = sysmon(
        1,
        json!({
            "Image": r"C:\Windows\System32\whoami.exe", "CommandLine": "whoami /all", "OriginalFileName": "-",
            "User": r"EXAMPLE\mia", "ParentImage": r"C:\Windows\explorer.exe", "ParentCommandLine": "explorer.exe",
            "Hashes": "MD5=1F,SHA256=2E", "ProcessId": 4711,
        }),
    );
    let text = |field: &str| value(&view, "windows.sysmon", &record, field);
    assert_eq!(text("process").as_deref(), Some("whoami /all"));
    assert_eq!(text("process_name").as_deref(), Some("whoami.exe"));
    assert_eq!(text("parent_process_name").as_deref(), Some("explorer.exe"));
    assert_eq!(text("user").as_deref(), Some("mia"));
    assert_eq!(text("original_file_name"), None);
    assert_eq!(text("dest").as_deref(), Some("pc1.example.test"));
    assert_eq!(text("SHA256").as_deref(), Some("2E"));
    assert_eq!(text("EventCode").as_deref(), Some("1"));
    assert_eq!(text("action").as_deref(), Some("allowed"));
    assert_eq!(values(&view, "windows.sysmon", &record, "tag"), ["process", "report"]);
}

#[test]
fn a_registry_value_by_sysmon() {
    let view = view();
    let record = sysmon(
        13,
        json!({"EventType": "SetValue", "TargetObject": r"HKLM\SOFTWARE\Example\Switch", "Details": "DWORD (0x00000001)"}),
    );
    let text = |field: &str| value(&view, "windows.sysmon", &record, field).unwrap();
    assert_eq!(text("registry_path"), r"HKLM\SOFTWARE\Example\Switch");
    assert_eq!(text("registry_key_name"), "Example");
    assert_eq!(text("registry_value_name"), "Switch");
    assert_eq!(text("registry_value_data"), "0x00000001");
    assert_eq!(text("registry_hive"), r"HKEY_LOCAL_MACHINE\Software");
    assert_eq!(text("action"), "modified");
}

#[test]
fn a_logon_in_the_security_channel() {
    let view = view();
    let record = json!({
        "System": {"EventID": 4625, "Channel": "Security", "Computer": "dc1.example.test", "Keywords": "0x8010000000000000"},
        "EventData": {"SubjectUserName": "-", "TargetUserName": "mia", "LogonType": "3", "IpAddress": "192.0.2.7", "WorkstationName": "-"},
    });
    let text = |field: &str| value(&view, "windows.security", &record, field);
    assert_eq!(text("user").as_deref(), Some("mia"));
    assert_eq!(text("action").as_deref(), Some("failure"));
    assert_eq!(text("src").as_deref(), Some("192.0.2.7"));
    assert_eq!(text("app").as_deref(), Some("win:remote"));
    assert_eq!(text("signature").as_deref(), Some("An account failed to log on"));
    assert_eq!(text("Logon_Type").as_deref(), Some("3"));
}

#[test]
fn a_call_of_cloudtrail() {
    let view = view();
    let record = json!({
        "eventName": "DeleteUser", "eventSource": "iam.amazonaws.com", "sourceIPAddress": "192.0.2.9",
        "userIdentity": {"type": "IAMUser", "userName": "ops", "arn": "arn:aws:iam::123456789012:user/ops", "accountId": "123456789012"},
        "requestParameters": {"userName": "mia"},
    });
    let text = |field: &str| value(&view, "aws.cloudtrail", &record, field).unwrap();
    assert_eq!(text("user"), "mia");
    assert_eq!(text("src_user"), "ops");
    assert_eq!(text("action"), "deleted");
    assert_eq!(text("errorCode"), "success");
    assert_eq!(text("object_category"), "user");
    assert_eq!(text("requestParameters.userName"), "mia");
}

#[test]
fn an_object_of_json_is_no_field_but_its_members_are() {
    let view = view();
    let record = json!({"userIdentity": {"type": "Root"}, "resources": [{"ARN": "a"}, {"ARN": "b"}]});
    assert_eq!(value(&view, "aws.cloudtrail", &record, "userIdentity"), None);
    assert_eq!(values(&view, "aws.cloudtrail", &record, "resources{}.ARN"), ["a", "b"]);
}
