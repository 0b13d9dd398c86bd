//! Events as Sysmon writes them: <https://learn.microsoft.com/en-us/sysinternals/downloads/sysmon>.
use super::windows::{self, Channel, DOWNLOAD, ENCODED, Kind, MINIDUMP, SHADOWS};
use crate::attack::Attack;
use crate::context::Context;
use serde_json::{Value, json};

const CHANNEL: Channel = Channel {
    name: "Microsoft-Windows-Sysmon/Operational",
    provider: "Microsoft-Windows-Sysmon",
    provider_guid: "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}",
    records_before: 480_112,
};
const COMMAND: &str = r"C:\Windows\System32\cmd.exe";

pub(super) const ATTACKS: [Attack; 6] = [
    Attack {
        name: "encoded PowerShell",
        technique: "T1059.001",
        sign: " -enc SQBFAFgA",
        record: |context| attack(context, r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe", ENCODED),
    },
    Attack {
        name: "shadow copies deleted",
        technique: "T1490",
        sign: "delete shadows",
        record: |context| attack(context, r"C:\Windows\System32\vssadmin.exe", SHADOWS),
    },
    Attack {
        name: "download by a tool for certificates",
        technique: "T1105",
        sign: "-urlcache",
        record: |context| attack(context, r"C:\Windows\System32\certutil.exe", DOWNLOAD),
    },
    Attack {
        name: "memory of the logon process dumped",
        technique: "T1003.001",
        sign: "comsvcs.dll",
        record: |context| attack(context, r"C:\Windows\System32\rundll32.exe", MINIDUMP),
    },
    Attack {
        name: "logon process opened for reading",
        technique: "T1003.001",
        sign: "\"GrantedAccess\":\"0x1410\"",
        record: |context| access(context, r"C:\Windows\Temp\svc.exe", r"C:\Windows\System32\lsass.exe", "0x1410"),
    },
    Attack {
        name: "program started at each logon",
        technique: "T1547.001",
        sign: r"\\CurrentVersion\\Run\\",
        record: |context| {
            registry(
                context,
                r"C:\Windows\System32\reg.exe",
                r"HKU\S-1-5-21-1111111111-2222222222-3333333333-1104\Software\Microsoft\Windows\CurrentVersion\Run\Updater",
                r"C:\Users\Public\update.exe",
            )
        },
    },
];

pub(super) fn ordinary(context: &mut Context) -> Value {
    let (program, command) = windows::started(context);
    match context.random.below(100) {
        0..22 => process(context, program.image, &command, program.parent, program.description),
        22..32 => ended(context, program.image),
        32..50 => connection(context, program.image),
        50..64 => loaded(context, program.image),
        64..80 => access(context, program.parent, program.image, "0x1000"),
        80..88 => file(context, program.image),
        88..94 => registry(
            context,
            program.image,
            r"HKLM\System\CurrentControlSet\Services\bam\State\UserSettings\S-1-5-18\Sequence",
            "DWORD (0x00000024)",
        ),
        _ => query(context, program.image),
    }
}

fn kind(id: u64, version: u64) -> Kind {
    Kind { id, version, level: 4, task: id, keywords: "0x8000000000000000" }
}

fn event(context: &mut Context, kind: Kind, data: Value) -> Value {
    let computer = context.computer();
    windows::event(context, &CHANNEL, kind, &computer, "EventData", data)
}

fn utc(context: &Context) -> String {
    context.at.strftime("%Y-%m-%d %H:%M:%S.%3f").to_string()
}

fn hashes(context: &mut Context, image: &str) -> String {
    let version = context.random.skewed(8);
    let md5 = Context::code_of(&format!("{image}{version}md5"), 32);
    format!(
        "MD5={md5},SHA256={}{md5},IMPHASH={}",
        Context::code_of(&format!("{image}{version}sha"), 32),
        Context::code_of(image, 32)
    )
}

fn user(context: &mut Context) -> String {
    if context.random.chance(450) {
        r"NT AUTHORITY\SYSTEM".to_owned()
    } else {
        format!(r"EXAMPLE\{}", context.person())
    }
}

fn pid(context: &mut Context) -> u64 {
    context.random.between(100, 4500) * 4
}

/// A command line in whatever case its author liked.
fn attack(context: &mut Context, image: &str, command: &str) -> Value {
    let made_up = context.random.between(1000, 9999).to_string();
    let command = context.any_case(&command.replace('#', &made_up));
    process(context, image, &command, COMMAND, "")
}

fn process(context: &mut Context, image: &str, command: &str, parent: &str, description: &str) -> Value {
    let user = user(context);
    let data = json!({
        "RuleName": "-",
        "UtcTime": utc(context),
        "ProcessGuid": context.guid(),
        "ProcessId": pid(context),
        "Image": image,
        "FileVersion": "10.0.22621.3810 (WinBuild.160101.0800)",
        "Description": description,
        "Product": "Microsoft® Windows® Operating System",
        "Company": "Microsoft Corporation",
        "OriginalFileName": image.rsplit('\\').next().unwrap_or(image),
        "CommandLine": command,
        "CurrentDirectory": r"C:\Windows\system32\",
        "User": user,
        "LogonGuid": context.guid(),
        "LogonId": format!("0x{:x}", context.random.below(0xFFF_FFFF)),
        "TerminalSessionId": context.random.below(3),
        "IntegrityLevel": context.random.weighted(&[(50, "System"), (35, "Medium"), (15, "High")]),
        "Hashes": hashes(context, image),
        "ParentProcessGuid": context.guid(),
        "ParentProcessId": pid(context),
        "ParentImage": parent,
        "ParentCommandLine": parent,
        "ParentUser": r"NT AUTHORITY\SYSTEM",
    });
    event(context, kind(1, 5), data)
}

fn ended(context: &mut Context, image: &str) -> Value {
    let data = json!({
        "RuleName": "-", "UtcTime": utc(context), "ProcessGuid": context.guid(), "ProcessId": pid(context),
        "Image": image, "User": user(context),
    });
    event(context, kind(5, 3), data)
}

fn connection(context: &mut Context, image: &str) -> Value {
    let port = context.random.weighted(&[(70, 443), (10, 80), (10, 445), (5, 88), (5, 389)]);
    let data = json!({
        "RuleName": "-", "UtcTime": utc(context), "ProcessGuid": context.guid(), "ProcessId": pid(context),
        "Image": image, "User": user(context), "Protocol": "tcp", "Initiated": true, "SourceIsIpv6": false,
        "SourceIp": context.private_address(), "SourceHostname": context.workstation(),
        "SourcePort": context.random.between(49_152, 65_535), "SourcePortName": "-", "DestinationIsIpv6": false,
        "DestinationIp": context.public_address(), "DestinationHostname": "-", "DestinationPort": port,
        "DestinationPortName": if port == 443 { "https" } else { "-" },
    });
    event(context, kind(3, 5), data)
}

fn loaded(context: &mut Context, image: &str) -> Value {
    let library = context.random.pick(&["combase", "crypt32", "dbghelp", "ntdll", "rpcrt4", "urlmon", "wininet"]);
    let path = format!(r"C:\Windows\System32\{library}.dll");
    let data = json!({
        "RuleName": "-", "UtcTime": utc(context), "ProcessGuid": context.guid(), "ProcessId": pid(context),
        "Image": image, "ImageLoaded": path, "FileVersion": "10.0.22621.3733 (WinBuild.160101.0800)",
        "Description": "Windows library", "Product": "Microsoft® Windows® Operating System",
        "Company": "Microsoft Corporation", "OriginalFileName": format!("{library}.dll"),
        "Hashes": hashes(context, &path), "Signed": true, "Signature": "Microsoft Windows",
        "SignatureStatus": "Valid", "User": user(context),
    });
    event(context, kind(7, 3), data)
}

fn access(context: &mut Context, from: &str, to: &str, granted: &str) -> Value {
    let mut trace = String::from(r"C:\Windows\SYSTEM32\ntdll.dll+9d104");
    for _ in 0..context.random.between(3, 14) {
        let library = context.random.pick(&["KERNELBASE", "RPCRT4", "combase", "wbemcomn", "sechost"]);
        trace.push_str(&format!(r"|C:\Windows\System32\{library}.dll+{:x}", context.random.between(0x1000, 0xF_FFFF)));
    }
    let data = json!({
        "RuleName": "-", "UtcTime": utc(context), "SourceProcessGUID": context.guid(), "SourceProcessId": pid(context),
        "SourceThreadId": pid(context), "SourceImage": from, "TargetProcessGUID": context.guid(),
        "TargetProcessId": pid(context), "TargetImage": to, "GrantedAccess": granted, "CallTrace": trace,
        "SourceUser": user(context), "TargetUser": user(context),
    });
    event(context, kind(10, 3), data)
}

fn file(context: &mut Context, image: &str) -> Value {
    let person = context.person();
    let target = format!(r"C:\Users\{person}\AppData\Local\Temp\{}.tmp", context.hex(8));
    let data = json!({
        "RuleName": "-", "UtcTime": utc(context), "ProcessGuid": context.guid(), "ProcessId": pid(context),
        "Image": image, "TargetFilename": target, "CreationUtcTime": utc(context), "User": user(context),
    });
    event(context, kind(11, 2), data)
}

fn registry(context: &mut Context, image: &str, target: &str, details: &str) -> Value {
    let data = json!({
        "RuleName": "-", "EventType": "SetValue", "UtcTime": utc(context), "ProcessGuid": context.guid(),
        "ProcessId": pid(context), "Image": image, "TargetObject": target, "Details": details, "User": user(context),
    });
    event(context, kind(13, 2), data)
}

fn query(context: &mut Context, image: &str) -> Value {
    let name =
        format!("{}{}.example.com", context.random.pick(&["api", "cdn", "files", "www"]), context.random.below(40));
    let address = context.public_address();
    let data = json!({
        "RuleName": "-", "UtcTime": utc(context), "ProcessGuid": context.guid(), "ProcessId": pid(context),
        "QueryName": name, "QueryStatus": "0", "QueryResults": format!("::ffff:{address};"), "Image": image,
        "User": user(context),
    });
    event(context, kind(22, 5), data)
}
