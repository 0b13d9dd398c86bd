//! The elastic views, tried on records.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod support;

use mynah_event::{LogSource, Platform};
use mynah_view::{FieldType, Kind};
use serde_json::{Value, json};
use support::{value, values, view};

fn sysmon(id: u32, data: Value) -> Value {
    json!({
        "System": {"EventID": id, "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "pc1.example.test",
                   "Provider": "Microsoft-Windows-Sysmon", "Level": 4, "UserID": "S-1-5-18"},
        "EventData": data,
    })
}

fn text(source: &str, record: &Value, field: &str) -> Option<String> {
    value(&view(Platform::Elastic), source, record, field)
}

#[test]
fn every_listed_field_resolves_as_known_with_bindings() {
    let view = view(Platform::Elastic);
    for source in view.log_sources() {
        for (name, _) in view.names_of(source) {
            let found = view.resolve(name);
            assert!(found.known, "{name}");
            assert!(found.column.bindings.iter().any(|(s, bindings)| s == source && !bindings.is_empty()), "{name}");
        }
    }
}

#[test]
fn types_come_from_the_common_schema() {
    let view = view(Platform::Elastic);
    let kind = |name: &str| view.resolve(name).column.field_type;
    assert_eq!(kind("event.category"), FieldType::TEXTS);
    assert_eq!(kind("process.args"), FieldType::TEXTS);
    assert_eq!(kind("source.ip"), FieldType::one(Kind::Ip));
    assert_eq!(kind("destination.port"), FieldType::one(Kind::Integer));
    assert_eq!(kind("@timestamp"), FieldType::one(Kind::Milliseconds));
    assert_eq!(kind("event.code"), FieldType::TEXT);
    assert_eq!(kind("azure.signinlogs.properties.status.error_code"), FieldType::one(Kind::Integer));
    assert_eq!(kind("aws.cloudtrail.console_login.additional_eventdata.mfa_used"), FieldType::one(Kind::Boolean));
    assert_eq!(kind("process.parent.pid"), FieldType::one(Kind::Integer));
}

#[test]
fn a_field_of_the_schema_is_known_and_a_misspelt_one_is_not() {
    let view = view(Platform::Elastic);
    assert!(view.resolve("dll.code_signature.trusted").known);
    assert!(view.resolve("process.Ext.token.integrity_level_name").known);
    assert!(view.resolve("okta.event_type").known);
    let wrong = view.resolve("proces.comand_line");
    assert!(!wrong.known);
    assert_eq!(wrong.suggestion.as_deref(), Some("process.command_line"));
}

#[test]
fn a_common_mistake_reads_the_field_that_is_meant_and_says_so() {
    let view = view(Platform::Elastic);
    let found = view.resolve("azure.signinlogs.properties.risk_level_during_sign_in");
    assert!(!found.known);
    assert_eq!(found.suggestion.as_deref(), Some("azure.signinlogs.properties.risk_level_during_signin"));
    let record = json!({"properties": {"riskLevelDuringSignIn": "high"}});
    assert_eq!(
        value(&view, "azure.signinlogs", &record, "azure.signinlogs.properties.risk_level_during_sign_in").as_deref(),
        Some("high")
    );
    assert!(!view.names().contains("azure.signinlogs.properties.risk_level_during_sign_in"));
}

#[test]
fn a_form_of_a_field_is_the_field_with_more_done_to_it() {
    let record = sysmon(1, json!({"Image": r"C:\Windows\System32\CMD.EXE"}));
    assert_eq!(
        text("windows.sysmon", &record, "process.executable.caseless").as_deref(),
        Some(r"c:\windows\system32\cmd.exe")
    );
    assert_eq!(text("windows.sysmon", &record, "process.name.text").as_deref(), Some("CMD.EXE"));
    assert!(view(Platform::Elastic).resolve("process.executable.caseless").known);
    assert!(!view(Platform::Elastic).resolve("proces.name.caseless").known);
}

#[test]
fn sysmon_process_creation() {
    let record = sysmon(
        1,
        json!({
            "RuleName": "-", "ProcessGuid": "{3569F755-6405-431B-8F14-44EC33DFA7E7}", "ProcessId": 54,
            "Image": r"C:\Windows\System32\reg.exe", "CommandLine": r#"reg.exe query "HKLM\A B" /v X"#,
            "OriginalFileName": "reg.exe", "Description": "-", "User": r"CORP\ada",
            "Hashes": "MD5=AB01,SHA256=CD02,IMPHASH=00000000", "ParentImage": r"C:\Windows\explorer.exe",
        }),
    );
    let text = |field: &str| text("windows.sysmon", &record, field);
    let elastic = view(Platform::Elastic);
    assert_eq!(values(&elastic, "windows.sysmon", &record, "event.category"), ["process"]);
    assert_eq!(values(&elastic, "windows.sysmon", &record, "event.type"), ["start"]);
    assert_eq!(text("event.action").as_deref(), Some("Process creation"));
    assert_eq!(text("event.code").as_deref(), Some("1"));
    assert_eq!(text("winlog.channel").as_deref(), Some("Microsoft-Windows-Sysmon/Operational"));
    assert_eq!(text("process.name").as_deref(), Some("reg.exe"));
    assert_eq!(text("process.parent.name").as_deref(), Some("explorer.exe"));
    assert_eq!(text("process.hash.sha256").as_deref(), Some("cd02"));
    assert_eq!(text("process.pe.imphash"), None);
    assert_eq!(text("file.hash.sha256"), None);
    assert_eq!(text("process.pe.original_file_name").as_deref(), Some("reg.exe"));
    assert_eq!(text("process.pe.description"), None);
    assert_eq!(text("rule.name"), None);
    assert_eq!((text("user.domain").as_deref(), text("user.name").as_deref()), (Some("CORP"), Some("ada")));
    assert_eq!(
        values(&elastic, "windows.sysmon", &record, "process.args"),
        ["reg.exe", "query", r"HKLM\A B", "/v", "X"]
    );
    assert_eq!(text("process.args_count").as_deref(), Some("5"));
    assert_eq!(values(&elastic, "windows.sysmon", &record, "related.hash"), ["ab01", "cd02"]);
    assert_eq!(text("winlog.event_data.Hashes").as_deref(), Some("MD5=AB01,SHA256=CD02,IMPHASH=00000000"));
    assert_eq!(text("winlog.event_data.Description"), None);
    assert_eq!(text("host.os.type").as_deref(), Some("windows"));
    assert_eq!(text("host.hostname").as_deref(), Some("pc1"));
}

#[test]
fn sysmon_registry_file_and_network() {
    let registry = sysmon(13, json!({"TargetObject": r"HKLM\Software\A\Start", "Details": "DWORD (0x00000010)"}));
    let of = |field: &str| text("windows.sysmon", &registry, field);
    assert_eq!(of("registry.path").as_deref(), Some(r"HKLM\Software\A\Start"));
    assert_eq!(of("registry.hive").as_deref(), Some("HKLM"));
    assert_eq!(of("registry.key").as_deref(), Some(r"Software\A\Start"));
    assert_eq!(of("registry.value").as_deref(), Some("Start"));
    assert_eq!(of("registry.data.strings").as_deref(), Some("16"));
    assert_eq!(of("registry.data.type").as_deref(), Some("SZ_DWORD"));
    assert_eq!(of("winlog.event_data.Details").as_deref(), Some("DWORD (0x00000010)"));

    let file = sysmon(11, json!({"TargetFilename": r"C:\Users\ada\notes.tar.gz"}));
    let of = |field: &str| text("windows.sysmon", &file, field);
    assert_eq!(of("file.path").as_deref(), Some(r"C:\Users\ada\notes.tar.gz"));
    assert_eq!(of("file.name").as_deref(), Some("notes.tar.gz"));
    assert_eq!(of("file.directory").as_deref(), Some(r"C:\Users\ada"));
    assert_eq!(of("file.extension").as_deref(), Some("gz"));

    let pipe = sysmon(17, json!({"PipeName": r"\mypipe"}));
    assert_eq!(text("windows.sysmon", &pipe, "file.name").as_deref(), Some(r"\mypipe"));

    let image = sysmon(
        7,
        json!({"ImageLoaded": r"C:\x.dll", "Signed": "false", "SignatureStatus": "Unavailable", "Hashes": "SHA1=AA"}),
    );
    let of = |field: &str| text("windows.sysmon", &image, field);
    assert_eq!(of("file.code_signature.signed").as_deref(), Some("false"));
    assert_eq!(of("file.code_signature.status").as_deref(), Some("Unavailable"));
    assert_eq!(of("file.code_signature.valid"), None);
    assert_eq!(of("file.hash.sha1").as_deref(), Some("aa"));

    let dns = sysmon(
        22,
        json!({"QueryName": "www.example.test", "QueryResults": "type:  5 a.example.test;::ffff:192.0.2.7;", "QueryStatus": "0"}),
    );
    let elastic = view(Platform::Elastic);
    assert_eq!(values(&elastic, "windows.sysmon", &dns, "dns.resolved_ip"), ["192.0.2.7"]);
    assert_eq!(values(&elastic, "windows.sysmon", &dns, "related.hosts"), ["a.example.test", "www.example.test"]);
    assert_eq!(text("windows.sysmon", &dns, "sysmon.dns.status").as_deref(), Some("SUCCESS"));
    assert_eq!(text("windows.sysmon", &dns, "network.protocol").as_deref(), Some("dns"));

    let network = sysmon(
        3,
        json!({"Protocol": "tcp", "Initiated": "true", "SourceIsIpv6": "false", "DestinationIp": "192.0.2.9", "DestinationPort": "443"}),
    );
    let of = |field: &str| text("windows.sysmon", &network, field);
    assert_eq!(of("network.direction").as_deref(), Some("egress"));
    assert_eq!(of("network.type").as_deref(), Some("ipv4"));
    assert_eq!(of("destination.port").as_deref(), Some("443"));
}

#[test]
fn security_process_creation_and_logon() {
    let security = |id: u32, data: Value| json!({"System": {"EventID": id, "Channel": "Security", "Keywords": "0x8010000000000000"}, "EventData": data});
    let process = security(
        4688,
        json!({"SubjectUserName": "ada", "NewProcessId": "0x1f4", "NewProcessName": r"C:\a\b.exe", "ProcessId": "0x10",
               "CommandLine": "b.exe  \"c d\"", "ParentProcessName": r"C:\p.exe", "TargetUserName": "-"}),
    );
    let elastic = view(Platform::Elastic);
    let of = |field: &str| text("windows.security", &process, field);
    assert_eq!(of("process.pid").as_deref(), Some("500"));
    assert_eq!(of("process.parent.pid").as_deref(), Some("16"));
    assert_eq!(of("process.name").as_deref(), Some("b.exe"));
    assert_eq!(of("process.parent.name").as_deref(), Some("p.exe"));
    // This module's pipeline cuts at each space and keeps quotes, unlike Sysmon's.
    assert_eq!(values(&elastic, "windows.security", &process, "process.args"), ["b.exe", "", "\"c d\""]);
    assert_eq!(values(&elastic, "windows.security", &process, "event.type"), ["start"]);
    assert_eq!(of("user.name").as_deref(), Some("ada"));
    assert_eq!(of("user.effective.name"), None);
    assert_eq!(of("event.outcome").as_deref(), Some("failure"));

    let logon = security(
        4624,
        json!({"SubjectUserName": "PC1$", "TargetUserName": "ada@example.test", "TargetUserSid": "S-1", "IpAddress": "::ffff:192.0.2.1", "IpPort": "0", "LogonType": "10"}),
    );
    let of = |field: &str| text("windows.security", &logon, field);
    assert_eq!(of("user.name").as_deref(), Some("ada"));
    assert_eq!(of("user.id").as_deref(), Some("S-1"));
    assert_eq!(of("source.ip").as_deref(), Some("192.0.2.1"));
    assert_eq!(of("winlog.logon.type").as_deref(), Some("RemoteInteractive"));
    assert_eq!(values(&elastic, "windows.security", &logon, "related.user"), ["PC1$", "ada"]);

    let change = security(4738, json!({"NewUacValue": "0x2010", "TargetUserName": "bob", "SubjectUserName": "ada"}));
    assert_eq!(
        values(&elastic, "windows.security", &change, "winlog.event_data.NewUACList"),
        ["USER_NORMAL_ACCOUNT", "USER_TRUSTED_FOR_DELEGATION"]
    );
    assert_eq!(text("windows.security", &change, "user.target.name").as_deref(), Some("bob"));

    let member = security(
        4728,
        json!({"MemberName": r"CN=Lovelace\, Ada,OU=x,DC=example", "TargetUserName": "Admins", "TargetSid": "S-2"}),
    );
    assert_eq!(text("windows.security", &member, "user.target.name").as_deref(), Some(r"Lovelace\, Ada"));
    assert_eq!(text("windows.security", &member, "group.name").as_deref(), Some("Admins"));
}

#[test]
fn powershell() {
    let module = json!({"System": {"EventID": 4103}, "EventData": {"ContextInfo":
        "        Severity = Informational\r\n        Host Name = ConsoleHost\r\n        Host Application = powershell.exe -NoProfile\r\n        Command Name = Get-Item\r\n        Script Name = C:\\s\\run.ps1\r\n        User = CORP\\ada\r\n        Connected User = \r\n        Shell ID = Microsoft.PowerShell\r\n"}});
    let of = |field: &str| text("windows.powershell", &module, field);
    assert_eq!(of("process.title").as_deref(), Some("ConsoleHost"));
    assert_eq!(of("process.command_line").as_deref(), Some("powershell.exe -NoProfile"));
    assert_eq!(of("powershell.command.name").as_deref(), Some("Get-Item"));
    assert_eq!(of("file.name").as_deref(), Some("run.ps1"));
    assert_eq!(of("file.extension").as_deref(), Some("ps1"));
    assert_eq!((of("user.domain").as_deref(), of("user.name").as_deref()), (Some("CORP"), Some("ada")));

    let block = json!({"System": {"EventID": 4104}, "EventData": {"ScriptBlockText": "whoami", "Path": "", "MessageNumber": 1}});
    assert_eq!(text("windows.powershell", &block, "powershell.file.script_block_text").as_deref(), Some("whoami"));
    assert_eq!(text("windows.powershell", &block, "file.path"), None);
    assert_eq!(text("windows.powershell", &block, "event.type").as_deref(), Some("info"));

    let classic = json!({"System": {"EventID": 400}, "EventData": {"param3": "\tNewEngineState=Available\r\n\tPreviousEngineState=None\r\n\tHostApplication=powershell.exe -c x\r\n\tEngineVersion=5.1"}});
    let of = |field: &str| text("windows.powershell_classic", &classic, field);
    assert_eq!(of("powershell.engine.version").as_deref(), Some("5.1"));
    let unnamed =
        json!({"System": {"EventID": 400}, "EventData": {"Data": ["Available", "None", "\tHostName=ConsoleHost\r\n"]}});
    assert_eq!(text("windows.powershell_classic", &unnamed, "process.title").as_deref(), Some("ConsoleHost"));
    assert_eq!(text("windows.powershell_classic", &unnamed, "winlog.event_data.param2").as_deref(), Some("None"));
    assert_eq!(of("process.command_line").as_deref(), Some("powershell.exe -c x"));
    assert_eq!(of("event.type").as_deref(), Some("start"));
}

#[test]
fn cloudtrail() {
    let login = json!({
        "eventName": "ConsoleLogin", "eventSource": "signin.amazonaws.com", "sourceIPAddress": "192.0.2.4",
        "userIdentity": {"userName": "ada", "arn": "arn:aws:iam::1:user/ada"},
        "responseElements": {"ConsoleLogin": "Success"}, "additionalEventData": {"MFAUsed": "No", "LoginTo": "https://x"},
    });
    let of = |field: &str| text("aws.cloudtrail", &login, field);
    assert_eq!(of("event.dataset").as_deref(), Some("aws.cloudtrail"));
    assert_eq!(of("event.outcome").as_deref(), Some("success"));
    assert_eq!(of("event.category").as_deref(), Some("authentication"));
    assert_eq!(of("aws.cloudtrail.flattened.response_elements.ConsoleLogin").as_deref(), Some("Success"));
    assert_eq!(of("aws.cloudtrail.console_login.additional_eventdata.mfa_used").as_deref(), Some("false"));
    assert_eq!(of("aws.cloudtrail.console_login.additional_event_data.mfa_used").as_deref(), Some("false"));
    assert_eq!(of("user.name").as_deref(), Some("ada"));

    let failed = json!({"eventName": "AddUserToGroup", "errorCode": "AccessDenied", "sourceIPAddress": "iam.amazonaws.com",
        "requestParameters": {"userName": "bob", "groups": ["a", "b"], "open": true},
        "resources": [{"ARN": "arn:1"}, {"ARN": "arn:2"}]});
    let of = |field: &str| text("aws.cloudtrail", &failed, field);
    assert_eq!(of("event.outcome").as_deref(), Some("failure"));
    assert_eq!(of("source.ip"), None);
    assert_eq!(of("source.address").as_deref(), Some("iam.amazonaws.com"));
    assert_eq!(of("aws.cloudtrail.request_parameters").as_deref(), Some("{userName=bob, groups=[a, b], open=true}"));
    let elastic = view(Platform::Elastic);
    assert_eq!(values(&elastic, "aws.cloudtrail", &failed, "event.type"), ["group", "change"]);
    assert_eq!(values(&elastic, "aws.cloudtrail", &failed, "aws.cloudtrail.resources.arn"), ["arn:1", "arn:2"]);
}

#[test]
fn azure_and_microsoft_365() {
    let sign_in = json!({"operationName": "Sign-in activity", "callerIpAddress": "192.0.2.5:443", "durationMs": 3,
        "resourceId": "/tenants/t/providers/Microsoft.aadiam",
        "properties": {"userPrincipalName": "ada@example.test", "status": {"errorCode": 0}, "isInteractive": true,
            "deviceDetail": {"operatingSystem": "Linux"}, "riskEventTypes_v2": ["anonymizedIPAddress"],
            "networkLocationDetails": [{"networkType": "namedNetwork", "networkNames": ["HQ"]}]}});
    let of = |field: &str| text("azure.signinlogs", &sign_in, field);
    assert_eq!(of("event.outcome").as_deref(), Some("success"));
    assert_eq!(of("source.ip").as_deref(), Some("192.0.2.5"));
    assert_eq!(of("event.duration").as_deref(), Some("3000000"));
    assert_eq!(of("azure.resource.provider").as_deref(), Some("Microsoft.aadiam"));
    assert_eq!((of("user.name").as_deref(), of("user.domain").as_deref()), (Some("ada"), Some("example.test")));
    assert_eq!(of("azure.signinlogs.properties.device_detail.operating_system").as_deref(), Some("Linux"));
    assert_eq!(of("azure.signinlogs.properties.risk_event_types_v2").as_deref(), Some("anonymizedIPAddress"));
    assert!(of("azure.signinlogs.properties.network_location_details").unwrap().contains("namedNetwork"));
    assert_eq!(
        of("azure.signinlogs.properties.network_location_details.network_type").as_deref(),
        Some("namedNetwork")
    );

    let audit = json!({"operationName": "Add member to role", "properties": {"result": "success",
        "initiatedBy": {"user": {"userPrincipalName": "ada@example.test"}}, "targetResources": [{"displayName": "bob"}]}});
    let of = |field: &str| text("azure.auditlogs", &audit, field);
    assert_eq!(of("event.action").as_deref(), Some("Add member to role"));
    assert_eq!(of("event.outcome").as_deref(), Some("success"));
    assert_eq!(
        of("azure.auditlogs.properties.initiated_by.user.userPrincipalName").as_deref(),
        Some("ada@example.test")
    );
    assert_eq!(of("azure.auditlogs.properties.target_resources.0.display_name").as_deref(), Some("bob"));

    let activity = json!({"operationName": "MICROSOFT.COMPUTE/VIRTUALMACHINES/DELETE", "resultType": "Success",
        "resourceId": "/SUBSCRIPTIONS/5F0E/RESOURCEGROUPS/PROD/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/VM1",
        "identity": {"claims": {"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name": "ada@example.test"}}});
    let of = |field: &str| text("azure.activitylogs", &activity, field);
    assert_eq!(of("event.outcome").as_deref(), Some("success"));
    assert_eq!(of("azure.subscription_id").as_deref(), Some("5F0E"));
    assert_eq!(of("azure.resource.group").as_deref(), Some("PROD"));
    assert_eq!(of("azure.resource.provider").as_deref(), Some("MICROSOFT.COMPUTE/VIRTUALMACHINES"));
    assert_eq!(of("azure.resource.name").as_deref(), Some("VM1"));
    assert_eq!(of("user.email").as_deref(), Some("ada@example.test"));

    let o365 = json!({"Operation": "New-InboxRule", "RecordType": 1, "UserId": "ada@example.test", "ResultStatus": "True",
        "ClientIP": "[192.0.2.6]:1234", "OrganizationId": "ABC", "Parameters": [{"Name": "ForwardTo", "Value": "eve@example.test"}]});
    let of = |field: &str| text("o365.audit", &o365, field);
    assert_eq!(of("event.action").as_deref(), Some("New-InboxRule"));
    assert_eq!(of("event.code").as_deref(), Some("ExchangeAdmin"));
    assert_eq!(of("event.outcome").as_deref(), Some("success"));
    assert_eq!(of("o365.audit.Parameters.ForwardTo").as_deref(), Some("eve@example.test"));
    assert_eq!(of("o365.audit.Parameters.RedirectTo"), None);
    assert_eq!(of("o365.audit.UserId").as_deref(), Some("ada@example.test"));
    assert_eq!(of("source.ip").as_deref(), Some("192.0.2.6"));
    assert_eq!(of("organization.id").as_deref(), Some("abc"));
    let logon = json!({"Operation": "UserLoggedIn", "RecordType": 15});
    assert_eq!(values(&view(Platform::Elastic), "o365.audit", &logon, "event.category"), ["web", "authentication"]);
}

#[test]
fn auditd() {
    let exec = json!({"audit": {"types": ["SYSCALL", "EXECVE"], "keys": ["exec"], "serial": "7",
        "syscall": {"arch": "c000003e", "syscall": "59", "success": "yes", "exe": "/usr/bin/az", "comm": "az", "pid": "9", "uid": "1000"},
        "execve": {"argc": "2", "args": ["az", "login"], "command_line": "az login"}, "cwd": "/home/ada"}});
    let elastic = view(Platform::Elastic);
    assert_eq!(values(&elastic, "linux.auditd", &exec, "event.category"), ["process"]);
    assert_eq!(values(&elastic, "linux.auditd", &exec, "event.type"), ["start"]);
    assert_eq!(values(&elastic, "linux.auditd", &exec, "process.args"), ["az", "login"]);
    assert_eq!(values(&elastic, "linux.auditd", &exec, "tags"), ["exec"]);
    let of = |field: &str| text("linux.auditd", &exec, field);
    assert_eq!(of("process.command_line").as_deref(), Some("az login"));
    assert_eq!(of("process.executable").as_deref(), Some("/usr/bin/az"));
    assert_eq!(of("process.working_directory").as_deref(), Some("/home/ada"));
    assert_eq!(of("auditd.data.syscall").as_deref(), Some("execve"));
    assert_eq!(of("host.os.type").as_deref(), Some("linux"));
    assert_eq!(of("event.outcome").as_deref(), Some("success"));

    let login = json!({"audit": {"types": ["USER_LOGIN"], "user_login": {"acct": "ada", "addr": "192.0.2.3", "res": "failed", "exe": "/usr/sbin/sshd", "terminal": "ssh"}}});
    let of = |field: &str| text("linux.auditd", &login, field);
    assert_eq!(of("event.category").as_deref(), Some("authentication"));
    assert_eq!(of("event.action").as_deref(), Some("logged-in"));
    assert_eq!(of("event.outcome").as_deref(), Some("failure"));
    assert_eq!(of("user.name").as_deref(), Some("ada"));
    assert_eq!(of("source.ip").as_deref(), Some("192.0.2.3"));
    assert_eq!(of("process.executable").as_deref(), Some("/usr/sbin/sshd"));

    let connect = json!({"audit": {"types": ["SYSCALL", "SOCKADDR"], "syscall": {"arch": "c000003e", "syscall": "42"},
        "sockaddr": {"family": "ipv4", "addr": "192.0.2.8", "port": "443"}}});
    let of = |field: &str| text("linux.auditd", &connect, field);
    assert_eq!(of("event.action").as_deref(), Some("connected-to"));
    assert_eq!(of("destination.ip").as_deref(), Some("192.0.2.8"));
    assert_eq!(of("auditd.data.socket.family").as_deref(), Some("ipv4"));
}

#[test]
fn documents_in_the_common_schema_are_taken_as_they_are() {
    let document = json!({"event": {"action": "exec"}, "custom": {"field": "x"}});
    assert_eq!(text("elastic.ecs", &document, "event.action").as_deref(), Some("exec"));
    assert_eq!(text("elastic.ecs", &document, "custom.field").as_deref(), Some("x"));
    let found = view(Platform::Elastic).resolve("custom.field");
    assert!(!found.known && found.column.bindings.iter().any(|(source, _)| *source == LogSource::new("elastic.ecs")));
}

#[test]
fn names_go_into_the_objects_of_arrays() {
    let elastic = view(Platform::Elastic);
    let document =
        json!({"dns": {"answers": [{"data": "192.0.2.1"}, {"data": "192.0.2.2"}]}, "x": [{"y": {"z": "1"}}]});
    assert_eq!(values(&elastic, "elastic.ecs", &document, "dns.answers.data"), ["192.0.2.1", "192.0.2.2"]);
    assert_eq!(values(&elastic, "elastic.ecs", &document, "x.y.z"), ["1"]);
    let record = json!({"requestParameters": {"tags": {"items": [{"key": "a"}, {"key": "b"}]}, "name": "n"}});
    let nested = "aws.cloudtrail.flattened.request_parameters.tags.items.key";
    assert_eq!(values(&elastic, "aws.cloudtrail", &record, nested), ["a", "b"]);
    assert_eq!(elastic.resolve(nested).column.field_type, FieldType::TEXTS);
    assert_eq!(elastic.resolve("aws.cloudtrail.flattened.request_parameters.name").column.field_type, FieldType::TEXT);
}
