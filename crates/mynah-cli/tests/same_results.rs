//! Leaving records out unparsed, and sharing the work between threads, must not show.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::Path;
use support::{mynah, repository};

const QUERIES: [(&str, &str); 13] = [
    ("eql", "any where event.action == \"StopLogging\" or process.command_line : \"*az login*\""),
    ("eql", "process where process.name : (\"cmd.exe\", \"powershell.exe\") and not process.command_line : \"*dir*\""),
    ("eql", "any where user.name != null and source.ip != null"),
    (
        "eql",
        "sequence by user.name with maxspan=1h [any where event.action == \"AssumeRole\" or process.pid > 0] \
         ![any where event.action == \"StopLogging\"] [any where event.outcome == \"failure\"] | tail 50",
    ),
    ("aql", "SELECT QIDNAME(qid) AS e, COUNT(*) AS n FROM events GROUP BY QIDNAME(qid) ORDER BY n DESC, e"),
    (
        "aql",
        "SELECT username, sourceip FROM events WHERE UTF8(payload) ILIKE '%roleassignments/write%' OR QIDNAME(qid) = 'CreateUser'",
    ),
    ("aql", "SELECT sourceip, COUNT(*) FROM events WHERE sourceip IS NOT NULL GROUP BY sourceip ORDER BY sourceip"),
    ("spl", "index=aws eventName=Create* | stats count, values(sourceIPAddress) as ips by userIdentity.userName"),
    ("spl", "EventCode=1 CommandLine=\"*connect-*\" | table _time, host, CommandLine"),
    ("spl", "index=* | stats count, dc(host) as hosts by sourcetype"),
    (
        "spl",
        "index=azure properties.status.errorCode=0 | sort - _time | head 5 | table _time, properties.userPrincipalName",
    ),
    ("sumo", "_sourceCategory=*CloudTrail* | json \"eventName\" as name | count by name | sort by _count, name"),
    ("sumo", "(az login or StopLogging) | json auto | count by _sourceCategory | sort by _sourceCategory"),
];

/// Every query over some logs, by default, without the prefilter, and with one and eight threads. Two empty results
/// are the same whatever is wrong: each query must find something, but those with a part of `lacking` in them.
fn compare(data: &str, lacking: &[&str]) {
    for (lang, query) in QUERIES {
        let run = |extra: &[&str]| {
            let run = mynah(
                &[&["run", "-q", query, "-l", lang, "--data", data, "--format", "ndjson", "--quiet"], extra].concat(),
            );
            assert_eq!(run.status, 0, "{query}: {}", run.stderr);
            run.stdout
        };
        let usual = run(&[]);
        let lacks = lacking.iter().any(|part| query.contains(part));
        assert_eq!(usual.is_empty(), lacks, "{query} over {data} finds:\n{usual}");
        for extra in
            [&["--no-prefilter"][..], &["--threads", "1"], &["--threads", "8"], &["--threads", "8", "--no-prefilter"]]
        {
            assert_eq!(run(extra), usual, "{query} with {extra:?} over {data}");
        }
        let events = run(&["--events"]);
        assert_eq!(events.is_empty(), lacks, "events of {query} over {data}");
        assert_eq!(run(&["--events", "--no-prefilter", "--threads", "8"]), events, "events of {query} over {data}");
    }
}

#[test]
fn over_the_example_logs() {
    compare(&repository("examples/logs"), &["sequence"]);
}

/// Files of several megabytes, which workers share.
#[test]
fn over_large_logs() {
    let folder = tempfile::tempdir().unwrap();
    for source in ["aws.cloudtrail", "windows.sysmon"] {
        let made = mynah(&["generate", "--source", source, "--events", "4000", "--seed", "3"]);
        assert!(made.stdout.len() > 4_000_000);
        std::fs::write(folder.path().join(source), made.stdout).unwrap();
    }
    compare(folder.path().to_str().unwrap(), &["roleassignments", "*connect-*", "index=azure"]);
}

#[test]
fn over_the_shared_logs() {
    let shared = repository("..") + "/shared";
    if !Path::new(&shared).is_dir() {
        println!("skipped: no shared logs beside the repository");
        return;
    }
    let cloud = ["az login", "roleassignments", "index=aws", "index=azure", "CloudTrail", "*connect-*"];
    let logs: [(&str, &[&str]); 3] = [
        ("labelled/logs", &[]),
        ("data/cloudtrail-attack", &["cmd.exe", "*connect-*", "index=azure"]),
        ("data/windows", &cloud),
    ];
    for (data, lacking) in logs {
        compare(&format!("{shared}/{data}"), lacking);
    }
}
