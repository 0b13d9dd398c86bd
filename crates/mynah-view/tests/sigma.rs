//! The built-in view of Sigma: the names of the taxonomy, and which `logsource` an event belongs to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use mynah_event::Platform;
use serde_json::json;
use support::{value, values, view};

#[test]
fn every_log_source_has_a_time() {
    let view = view(Platform::Sigma);
    assert_eq!(view.resolve("Time").column.bindings.len(), view.log_sources().count());
}

#[test]
fn a_record_knows_its_logsource() {
    let view = view(Platform::Sigma);
    let of = |source: &str, record: &serde_json::Value| {
        ["logsource.product", "logsource.category", "logsource.service"]
            .map(|name| values(&view, source, record, name).join(" "))
    };
    let event = |channel: &str, id: &str| json!({"System": {"Channel": channel, "EventID": id}, "EventData": {}});
    let sysmon = event("Microsoft-Windows-Sysmon/Operational", "13");
    assert_eq!(of("windows.sysmon", &sysmon), ["windows", "registry_event registry_set", "sysmon"]);
    assert_eq!(of("windows.security", &event("Security", "4688")), ["windows", "process_creation", "security"]);
    assert_eq!(of("windows.security", &event("Security", "4624")), ["windows", "", "security"]);
    assert_eq!(of("windows.eventlog", &event("DNS Server", "3")), ["windows", "", "dns-server"]);
    assert_eq!(
        of("windows.eventlog", &event("Linux-Sysmon/Operational", "1")),
        ["linux", "process_creation", "sysmon"]
    );
    assert_eq!(of("aws.cloudtrail", &json!({})), ["aws", "", "cloudtrail"]);
    let audit = json!({"audit": {"execve": {"args": ["ls"]}}});
    assert_eq!(of("linux.auditd", &audit), ["linux", "process_creation", "auditd"]);
    let mail = json!({"Workload": "Exchange"});
    assert_eq!(of("o365.audit", &mail), ["m365", "", "audit exchange"]);
}

#[test]
fn auditing_has_the_names_of_sysmon() {
    let view = view(Platform::Sigma);
    let record = json!({"System": {"EventID": "4688"}, "EventData": {
        "NewProcessName": "C:\\a.exe", "NewProcessId": "0x1f4", "ProcessId": "0x10", "SubjectDomainName": "CORP",
        "SubjectUserName": "ada", "MandatoryLabel": "S-1-16-12288",
    }});
    let of = |name: &str| value(&view, "windows.security", &record, name).unwrap();
    assert_eq!([of("Image"), of("User"), of("IntegrityLevel")], ["C:\\a.exe", "CORP\\ada", "High"]);
    assert_eq!([of("ProcessId"), of("ParentProcessId")], ["500", "16"]);
    // Other events of the channel keep their own.
    let other = json!({"System": {"EventID": "4663"}, "EventData": {"ProcessId": "0x10", "ProcessName": "C:\\b.exe"}});
    assert_eq!(value(&view, "windows.security", &other, "ProcessId").as_deref(), Some("0x10"));
}
