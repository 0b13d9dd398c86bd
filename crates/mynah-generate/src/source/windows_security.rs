//! Events of the audit trail of Windows, as the pages of each event describe them:
//! <https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/advanced-security-audit-policy-settings>.
use super::windows::{self, Channel, DOMAIN_SID, DOWNLOAD, ENCODED, Kind};
use crate::attack::Attack;
use crate::context::Context;
use serde_json::{Value, json};

const CHANNEL: Channel = Channel {
    name: "Security",
    provider: "Microsoft-Windows-Security-Auditing",
    provider_guid: "{54849625-5478-4994-A5BA-3E3B0328C30D}",
    records_before: 7_310_448,
};
const EVENTLOG: Channel = Channel {
    name: "Security",
    provider: "Microsoft-Windows-Eventlog",
    provider_guid: "{FC65DDD8-D6EF-4962-83D5-6E5CFE9CE148}",
    records_before: 7_310_448,
};
const SUCCESS: &str = "0x8020000000000000";
const FAILURE: &str = "0x8010000000000000";

pub(super) const ATTACKS: [Attack; 6] = [
    Attack {
        name: "password guessed over the network",
        technique: "T1110.001",
        sign: "\"IpAddress\":\"203.0.113.",
        record: |context| {
            let address = context.attacker_address();
            failed(context, "administrator", &address)
        },
    },
    Attack {
        name: "service ticket with weak encryption",
        technique: "T1558.003",
        sign: "\"TicketEncryptionType\":\"0x17\"",
        record: |context| ticket(context, "svc-sql", "0x17"),
    },
    Attack {
        name: "audit log cleared",
        technique: "T1070.001",
        sign: "LogFileCleared",
        record: |context| {
            let person = context.person();
            let data = json!({ "LogFileCleared": {
                "SubjectUserSid": format!("{DOMAIN_SID}-1104"), "SubjectUserName": person,
                "SubjectDomainName": "EXAMPLE", "SubjectLogonId": "0x3a1f2",
            } });
            let kind = Kind { id: 1102, version: 0, level: 4, task: 104, keywords: "0x4020000000000000" };
            let computer = context.server();
            windows::event(context, &EVENTLOG, kind, &computer, "UserData", data)
        },
    },
    Attack {
        name: "encoded PowerShell",
        technique: "T1059.001",
        sign: " -enc SQBFAFgA",
        record: |context| {
            let made_up = context.random.between(1000, 9999).to_string();
            let command = context.any_case(&ENCODED.replace('#', &made_up));
            let shell = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe";
            process(context, shell, &command, r"C:\Windows\System32\cmd.exe")
        },
    },
    Attack {
        name: "download by a tool for certificates",
        technique: "T1105",
        sign: "-urlcache",
        record: |context| {
            let made_up = context.random.between(1000, 9999).to_string();
            let command = context.any_case(&DOWNLOAD.replace('#', &made_up));
            process(context, r"C:\Windows\System32\certutil.exe", &command, r"C:\Windows\System32\cmd.exe")
        },
    },
    Attack {
        name: "user made an administrator",
        technique: "T1098.007",
        sign: "\"TargetUserName\":\"Administrators\"",
        record: |context| {
            let data = json!({
                "MemberName": "-", "MemberSid": format!("{DOMAIN_SID}-{}", context.random.between(1100, 1600)),
                "TargetUserName": "Administrators", "TargetDomainName": "Builtin", "TargetSid": "S-1-5-32-544",
                "SubjectUserSid": format!("{DOMAIN_SID}-1104"), "SubjectUserName": context.person(),
                "SubjectDomainName": "EXAMPLE", "SubjectLogonId": "0x3a1f2", "PrivilegeList": "-",
            });
            event(context, kind(4732, 0, 13_826, SUCCESS), data)
        },
    },
];

pub(super) fn ordinary(context: &mut Context) -> Value {
    match context.random.below(100) {
        0..24 => logon(context),
        24..40 => ended(context),
        40..50 => privileges(context),
        50..68 => {
            let (program, command) = windows::started(context);
            process(context, program.image, &command, program.parent)
        }
        68..82 => connection(context),
        82..95 => {
            let service = format!("{}$", context.server().split('.').next().unwrap_or("DC-01"));
            ticket(context, &service, "0x12")
        }
        _ => {
            let (person, address) = (context.person(), context.private_address());
            failed(context, &person, &address)
        }
    }
}

fn kind(id: u64, version: u64, task: u64, keywords: &'static str) -> Kind {
    Kind { id, version, level: 0, task, keywords }
}

fn event(context: &mut Context, kind: Kind, data: Value) -> Value {
    let computer = context.computer();
    windows::event(context, &CHANNEL, kind, &computer, "EventData", data)
}

fn sid(person: &str) -> String {
    let number: u64 = person.bytes().map(u64::from).sum();
    format!("{DOMAIN_SID}-{}", 1100 + number % 500)
}

fn logon_id(context: &mut Context) -> String {
    format!("0x{:x}", context.random.below(0xFFF_FFFF))
}

fn logon(context: &mut Context) -> Value {
    let person = context.person();
    let kind_of_logon = context.random.weighted(&[(60, 3), (25, 5), (6, 2), (5, 7), (4, 10)]);
    let data = json!({
        "SubjectUserSid": "S-1-5-18", "SubjectUserName": "-", "SubjectDomainName": "-", "SubjectLogonId": "0x0",
        "TargetUserSid": sid(&person), "TargetUserName": person, "TargetDomainName": "EXAMPLE",
        "TargetLogonId": logon_id(context), "LogonType": kind_of_logon, "LogonProcessName": "Kerberos",
        "AuthenticationPackageName": "Kerberos", "WorkstationName": "-", "LogonGuid": context.guid(),
        "TransmittedServices": "-", "LmPackageName": "-", "KeyLength": 0, "ProcessId": "0x0", "ProcessName": "-",
        "IpAddress": context.private_address(), "IpPort": context.random.between(49_152, 65_535).to_string(),
        "ImpersonationLevel": "%%1833", "RestrictedAdminMode": "-", "TargetOutboundUserName": "-",
        "TargetOutboundDomainName": "-", "VirtualAccount": "%%1843", "TargetLinkedLogonId": "0x0",
        "ElevatedToken": "%%1842",
    });
    event(context, kind(4624, 2, 12_544, SUCCESS), data)
}

fn failed(context: &mut Context, person: &str, address: &str) -> Value {
    let data = json!({
        "SubjectUserSid": "S-1-0-0", "SubjectUserName": "-", "SubjectDomainName": "-", "SubjectLogonId": "0x0",
        "TargetUserSid": "S-1-0-0", "TargetUserName": person, "TargetDomainName": "EXAMPLE", "Status": "0xc000006d",
        "FailureReason": "%%2313", "SubStatus": "0xc000006a", "LogonType": 3, "LogonProcessName": "NtLmSsp ",
        "AuthenticationPackageName": "NTLM", "WorkstationName": context.workstation(), "TransmittedServices": "-",
        "LmPackageName": "-", "KeyLength": 0, "ProcessId": "0x0", "ProcessName": "-", "IpAddress": address,
        "IpPort": context.random.between(49_152, 65_535).to_string(),
    });
    event(context, kind(4625, 0, 12_544, FAILURE), data)
}

fn ended(context: &mut Context) -> Value {
    let person = context.person();
    let data = json!({
        "TargetUserSid": sid(&person), "TargetUserName": person, "TargetDomainName": "EXAMPLE",
        "TargetLogonId": logon_id(context), "LogonType": 3,
    });
    event(context, kind(4634, 0, 12_545, SUCCESS), data)
}

fn privileges(context: &mut Context) -> Value {
    let person = context.person();
    let data = json!({
        "SubjectUserSid": sid(&person), "SubjectUserName": person, "SubjectDomainName": "EXAMPLE",
        "SubjectLogonId": logon_id(context),
        "PrivilegeList": "SeSecurityPrivilege\n\t\t\tSeBackupPrivilege\n\t\t\tSeRestorePrivilege\n\t\t\tSeTakeOwnershipPrivilege\n\t\t\tSeDebugPrivilege\n\t\t\tSeLoadDriverPrivilege\n\t\t\tSeImpersonatePrivilege",
    });
    event(context, kind(4672, 0, 12_548, SUCCESS), data)
}

fn process(context: &mut Context, image: &str, command: &str, parent: &str) -> Value {
    let person = context.person();
    let data = json!({
        "SubjectUserSid": sid(&person), "SubjectUserName": person, "SubjectDomainName": "EXAMPLE",
        "SubjectLogonId": logon_id(context), "NewProcessId": format!("0x{:x}", context.random.between(100, 4500) * 4),
        "NewProcessName": image, "TokenElevationType": "%%1938",
        "ProcessId": format!("0x{:x}", context.random.between(100, 4500) * 4), "CommandLine": command,
        "TargetUserSid": "S-1-0-0", "TargetUserName": "-", "TargetDomainName": "-", "TargetLogonId": "0x0",
        "ParentProcessName": parent, "MandatoryLabel": "S-1-16-8192",
    });
    event(context, kind(4688, 2, 13_312, SUCCESS), data)
}

fn connection(context: &mut Context) -> Value {
    let data = json!({
        "ProcessID": (context.random.between(100, 4500) * 4).to_string(),
        "Application": r"\device\harddiskvolume3\windows\system32\svchost.exe", "Direction": "%%14593",
        "SourceAddress": context.private_address(),
        "SourcePort": context.random.between(49_152, 65_535).to_string(),
        "DestAddress": context.public_address(), "DestPort": "443", "Protocol": "6",
        "FilterRTID": context.random.between(60_000, 99_999).to_string(), "LayerName": "%%14611", "LayerRTID": "48",
        "RemoteUserID": "S-1-0-0", "RemoteMachineID": "S-1-0-0",
    });
    event(context, kind(5156, 1, 12_810, SUCCESS), data)
}

fn ticket(context: &mut Context, service: &str, encryption: &str) -> Value {
    let person = context.person();
    let data = json!({
        "TargetUserName": format!("{person}@EXAMPLE.COM"), "TargetDomainName": "EXAMPLE.COM", "ServiceName": service,
        "ServiceSid": sid(service), "TicketOptions": "0x40810000", "TicketEncryptionType": encryption,
        "IpAddress": format!("::ffff:{}", context.private_address()),
        "IpPort": context.random.between(49_152, 65_535).to_string(), "Status": "0x0", "LogonGuid": context.guid(),
        "TransmittedServices": "-",
    });
    event(context, kind(4769, 0, 14_337, SUCCESS), data)
}
