//! `mynah inspect`, as people and programs read it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use support::{Run, mynah};
use tempfile::TempDir;

/// CloudTrail of three days, Sysmon of two hosts, JSON of nothing known, and what is no log; the first two in archives.
fn evidence() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let call = |day: u32, name: &str| {
        json!({"eventVersion": "1.09", "eventTime": format!("2026-03-{day:02}T10:00:00Z"), "eventSource": "iam.amazonaws.com",
               "eventName": name, "awsRegion": "us-east-1", "sourceIPAddress": "192.0.2.1", "userIdentity": {"type": "IAMUser"}})
    };
    let trail = [call(1, "ListUsers"), call(1, "GetUser"), call(1, "CreateUser"), call(3, "ListUsers")];
    let trail: String = trail.iter().map(|call| format!("{call}\n")).collect();
    let process = |host: &str, hour: u32| {
        json!({"EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational", "SourceName": "Microsoft-Windows-Sysmon",
               "Hostname": host, "@timestamp": format!("2026-03-02T{hour:02}:00:00.000Z"), "Image": "C:\\a.exe"})
    };
    let sysmon = [process("ws01", 8), process("ws01", 9), process("ws\u{1b}[31m02", 9)];
    let sysmon: String = sysmon.iter().map(|event| format!("{event}\n")).collect();
    let mut zip = zip::ZipWriter::new(fs::File::create(folder.path().join("evidence.zip")).unwrap());
    for (name, text) in [("aws/trail.ndjson", &trail), ("host/sysmon.ndjson", &sysmon)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    fs::write(folder.path().join("app.json"), "{\"a\":1}\n").unwrap();
    fs::write(folder.path().join("README"), "Some words.\n").unwrap();
    folder
}

fn inspect(folder: &TempDir, more: &[&str]) -> Run {
    mynah(&[&["inspect", "--data", &folder.path().display().to_string()], more].concat())
}

fn of_kind<'r>(rows: &'r [Value], kind: &str) -> Vec<&'r Value> {
    rows.iter().filter(|row| row["kind"] == kind).collect()
}

#[test]
fn programs_read_files_log_sources_and_what_is_not_read() {
    let folder = evidence();
    let rows = inspect(&folder, &[]).rows();
    let files = of_kind(&rows, "file");
    assert_eq!(files.len(), 3);
    assert!(files[1]["file"].as_str().unwrap().ends_with("evidence.zip/aws/trail.ndjson"), "{}", files[1]);
    let sources = of_kind(&rows, "source");
    let source = |name: &str| *sources.iter().find(|row| row["source"] == name).unwrap();
    let trail = source("aws.cloudtrail");
    assert_eq!(trail["records"], 4);
    assert_eq!(trail["days"], json!({"2026-03-01": 3, "2026-03-03": 1}));
    assert!(trail["detections"].as_u64().unwrap() > 0 && trail["hosts"] == json!({}));
    let sysmon = source("windows.sysmon");
    assert_eq!(sysmon["hosts"]["ws01"], 2);
    assert_eq!(sysmon["hosts"].as_object().unwrap().len(), 2);
    let unknown = source("json");
    assert_eq!((&unknown["recognised"], &unknown["untimed"]), (&json!(false), &json!(1)));
    let left: Vec<(&Value, &Value)> =
        of_kind(&rows, "not_read").iter().map(|row| (&row["reason"], &row["error"])).collect();
    assert_eq!(left, [(&json!("text without times"), &json!(false))]);
}

#[test]
fn people_read_log_sources_over_time_and_what_no_rule_sees() {
    let folder = evidence();
    let run = inspect(&folder, &["--format", "table"]);
    let said = &run.stdout;
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(
        said.contains("8 records in 3 files of ") && said.contains("from 2026-03-01 10:00:00 to 2026-03-03"),
        "{said}"
    );
    assert!(said.contains("records an hour") || said.contains("records a day"), "{said}");
    // Three days: three records on the first, none on the second, one on the third.
    let line = said.lines().find(|line| line.contains("aws.cloudtrail")).unwrap();
    assert!(line.contains("█·▃"), "{line}");
    assert!(said.contains("hosts: ws01 (2), ws") && !said.contains('\u{1b}'), "{said}");
    assert!(said.contains("of no known log source: json (1)"), "{said}");
    assert!(said.contains("without a time: json (1)"), "{said}");
    // The log sources of the data that a set of rules is about.
    let rules = tempfile::tempdir().unwrap();
    let rule = "title: Process\nid: 2f0d2c36-06d1-4e44-9c0b-0b3f5b3a1b11\nstatus: test\nlogsource:\n    product: windows\n    \
                category: process_creation\ndetection:\n    selection:\n        Image|endswith: '\\a.exe'\n    condition: selection\nlevel: low\n";
    fs::write(rules.path().join("rule.yml"), rule).unwrap();
    let rules = rules.path().display().to_string();
    let run = inspect(&folder, &["-f", "table", "--rules", &rules, "--no-catalog"]);
    let unseen = run.stdout.lines().find(|line| line.starts_with("seen by none of 1 detection")).unwrap().to_owned();
    assert!(unseen.contains("aws.cloudtrail (4)") && !unseen.contains("windows.sysmon"), "{unseen}");
}

#[test]
fn paths_stand_alone_or_behind_data_and_one_is_needed() {
    let folder = evidence();
    let path = folder.path().join("app.json").display().to_string();
    let alone = mynah(&["inspect", &path]).rows();
    assert_eq!(alone, mynah(&["inspect", "--data", &path]).rows());
    assert_eq!(of_kind(&alone, "file").len(), 1);
    assert_eq!(mynah(&["inspect"]).status, 2);
    assert_eq!(mynah(&["inspect", "no/such/folder"]).status, 3);
}

#[test]
fn many_members_that_are_encrypted_are_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for number in 0..20 {
        zip.start_file(format!("{number}.json"), zip::write::SimpleFileOptions::default()).unwrap();
    }
    let mut bytes = zip.finish().unwrap().into_inner();
    // The flag of encryption, in the table of contents and before each member.
    for (mark, flags) in [(b"PK\x01\x02", 8), (b"PK\x03\x04", 6)] {
        let places: Vec<usize> = (0..bytes.len() - 4).filter(|at| bytes[*at..].starts_with(mark)).collect();
        places.into_iter().for_each(|at| bytes[at + flags] |= 1);
    }
    fs::write(folder.path().join("closed.zip"), bytes).unwrap();
    let run = inspect(&folder, &[]);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("closed.zip/0.json: it is encrypted"), "{}", run.stderr);
    assert!(run.stderr.contains("15 more files: it is encrypted") && !run.stderr.contains("/7.json"), "{}", run.stderr);
    assert!(inspect(&folder, &["--verbose"]).stderr.contains("closed.zip/7.json: it is encrypted"));
    assert_eq!(
        of_kind(&run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>(), "not_read")
            .len(),
        20
    );
}
