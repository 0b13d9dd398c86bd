//! A lake gives what the logs that went into it give.
#![cfg(feature = "lake")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use support::{Run, mynah, repository};
use tempfile::TempDir;

const QUERIES: [(&str, &str); 20] = [
    ("eql", "any where event.action == \"StopLogging\" or process.command_line : \"*az login*\""),
    ("eql", "any where user.name != null and source.ip != null"),
    ("eql", "sequence by user.name with maxspan=1d [any where true] [any where event.outcome == \"failure\"]"),
    ("eql", "any where true | tail 7"),
    ("aql", "SELECT QIDNAME(qid) AS e, COUNT(*) AS n FROM events GROUP BY QIDNAME(qid) ORDER BY n DESC, e"),
    ("aql", "SELECT username, sourceip, UTF8(payload) FROM events WHERE username IS NOT NULL"),
    ("aql", "SELECT * FROM events LAST 3 HOURS"),
    ("aql", "SELECT COUNT(*) AS n, MIN(starttime) AS a, MAX(starttime) AS b FROM events LAST 20 MINUTES"),
    ("spl", "index=aws eventName=Create* | stats count, values(sourceIPAddress) as ips by userIdentity.userName"),
    ("spl", "index=* | stats count, dc(host) as hosts, values(source) as files by sourcetype"),
    ("spl", "index=* | table _time, source, _raw | head 9"),
    ("spl", "index=* earliest=-30m | stats count by sourcetype"),
    ("spl", "index=* \"failed\" | stats count by source"),
    ("spl", "index=* | transaction host maxspan=10m | table eventcount, duration"),
    ("sumo", "_sourceCategory=*CloudTrail* | json \"eventName\" as name | count by name | sort by _count, name"),
    ("sumo", "(az login or StopLogging) | json auto | count by _sourceCategory | sort by _sourceCategory"),
    ("sumo", "* | count by _sourceName, _collector"),
    ("sumo", "root or admin | count"),
    ("kuery", "event.action: (Create* or Stop*)"),
    ("kuery", "user.name: * and not event.outcome: success"),
];

/// Logs of every form: what they are made of and what they are called.
fn logs() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| std::fs::write(folder.path().join(name), text).unwrap();
    for entry in std::fs::read_dir(repository("examples/logs")).unwrap() {
        let path = entry.unwrap().path();
        write(path.file_name().unwrap().to_str().unwrap(), &std::fs::read(&path).unwrap());
    }
    for (source, name) in [("aws.cloudtrail", "trail.ndjson"), ("windows.security", "security.ndjson")] {
        let made = mynah(&["generate", "--source", source, "--events", "600", "--seed", "5"]);
        write(name, made.stdout.as_bytes());
    }
    write(
        "messages.log",
        b"Mar 14 07:00:01 web-1 sshd[412]: Failed password for root from 203.0.113.7 port 4242 ssh2\n\
          Mar 14 07:00:02 web-1 sshd[412]: Accepted password for admin from 203.0.113.7 port 4243 ssh2\n\
          Mar 14 07:00:02 web-2 app: something failed\n  and went on on another line\n",
    );
    write(
        "access.log",
        b"203.0.113.7 - admin [14/Mar/2026:07:00:05 +0000] \"GET /admin HTTP/1.1\" 403 12 \"-\" \"curl/8\"\n\
          203.0.113.8 - - [14/Mar/2026:07:00:06 +0000] \"GET / HTTP/1.1\" 200 512 \"-\" \"Mozilla \xc3\xbc\"\n",
    );
    write(
        "audit.log",
        b"type=SYSCALL msg=audit(1773471600.123:88): arch=c000003e syscall=59 success=yes exit=0 pid=99 uid=0 comm=\"az\" exe=\"/usr/bin/az\" key=\"k\"\n\
          type=EXECVE msg=audit(1773471600.123:88): argc=2 a0=\"az\" a1=\"login\"\n",
    );
    write("table.csv", b"time,user,note\n2026-03-14T07:00:09Z,\"admin\",\"a \"\"quoted\"\" note\"\n,nobody,no time\n");
    write("broken.ndjson", b"{\"time\":\"2026-03-14T07:00:10Z\",\"a\":1}\n{\"a\":\n{\"a\":[1,2,{\"b\":\"x\"}],\"time\":\"1901-01-01T00:00:00Z\"}\n");
    write("README.md", b"no log\n");
    folder
}

fn lake_of(logs: &Path) -> TempDir {
    let lake = tempfile::tempdir().unwrap();
    let run = ingest(logs, lake.path());
    assert_eq!(run.status, 0, "{}", run.stderr);
    lake
}

fn ingest(logs: &Path, lake: &Path) -> Run {
    mynah(&["ingest", "--data", logs.to_str().unwrap(), "--into", lake.to_str().unwrap()])
}

fn named(lake: &TempDir) -> String {
    format!("lake:{}", lake.path().display())
}

#[track_caller]
fn verified(lake: &Path, records: u64) {
    let found = mynah(&["lake", "verify", lake.to_str().unwrap()]);
    assert_eq!(found.status, 0, "{}{}", found.stdout, found.stderr);
    assert!(found.stdout.contains(&format!(", {records} records: nothing is wrong")), "{}", found.stdout);
}

/// How many records `inspect` finds.
fn records(data: &str) -> u64 {
    let found = mynah(&["inspect", "--data", data, "--format", "ndjson"]);
    let sources = found.rows().into_iter().filter(|row| row.get("file").is_none());
    sources.filter_map(|row| row["records"].as_u64()).sum()
}

#[test]
fn queries_give_the_same_bytes() {
    let logs = logs();
    let lake = lake_of(logs.path());
    let (logs, lake) = (logs.path().to_str().unwrap().to_owned(), named(&lake));
    for (lang, query) in QUERIES {
        let run = |data: &str, extra: &[&str]| {
            let run = mynah(
                &[&["run", "-q", query, "-l", lang, "--data", data, "--format", "ndjson", "--quiet"], extra].concat(),
            );
            assert_eq!(run.status, 0, "{query} over {data}: {}", run.stderr);
            run.stdout
        };
        let rows = run(&logs, &[]);
        assert!(!rows.is_empty() || query.contains("transaction"), "{query} finds nothing");
        for extra in [&[][..], &["--threads", "1"], &["--no-prefilter"], &["--threads", "8"]] {
            assert_eq!(run(&lake, extra), rows, "{query} {extra:?}");
        }
        assert_eq!(run(&lake, &["--events"]), run(&logs, &["--events"]), "events of {query}");
    }
}

#[test]
fn detections_and_hunts_give_the_same_bytes() {
    let logs = logs();
    let lake = lake_of(logs.path());
    let logs = logs.path().to_str().unwrap().to_owned();
    for arguments in [
        &["detect", "--format", "ndjson", "--events"][..],
        &["detect", "--format", "csv"],
        &["hunt", "logon-summary", "--format", "ndjson"],
        &["hunt", "event-ids", "--format", "ndjson"],
    ] {
        let run = |data: &str| mynah(&[arguments, &["--data", data]].concat());
        let (of_logs, of_lake) = (run(&logs), run(&named(&lake)));
        assert_eq!((of_logs.status, of_lake.status), (0, 0), "{}{}", of_logs.stderr, of_lake.stderr);
        assert!(!of_logs.stdout.is_empty(), "{arguments:?}");
        assert_eq!(of_lake.stdout, of_logs.stdout, "{arguments:?}");
    }
    let queries = repository("examples/queries");
    let run = |data: &str| mynah(&["run", &queries, "--data", data, "--format", "ndjson", "--quiet"]);
    assert_eq!(run(&named(&lake)).stdout, run(&logs).stdout);
}

#[test]
fn a_lake_and_files_are_read_together() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::copy(repository("examples/logs/cloudtrail.json"), one.path().join("cloudtrail.json")).unwrap();
    std::fs::copy(repository("examples/logs/signins.ndjson"), other.path().join("signins.ndjson")).unwrap();
    let lake = lake_of(one.path());
    let query = "index=* | stats count by source, sourcetype | sort source";
    let run = |data: &[&str]| {
        let events = mynah(&[&["run", "-q", query, "-l", "spl", "--quiet", "--events", "--data"], data].concat());
        let mut events: Vec<String> = events.stdout.lines().map(str::to_owned).collect();
        events.sort();
        (mynah(&[&["run", "-q", query, "-l", "spl", "--quiet", "--data"], data].concat()).stdout, events)
    };
    let (one, other) = (one.path().to_str().unwrap(), other.path().to_str().unwrap());
    let whole = run(&[one, other]);
    assert!(whole.0.lines().count() == 2 && whole.1.len() > 2);
    assert_eq!(run(&[&named(&lake), other]), whole);
    assert_eq!(run(&[other, &named(&lake)]), whole);
}

#[test]
fn what_is_there_is_not_read_again_and_what_came_is() {
    let (logs, lake) = (logs(), tempfile::tempdir().unwrap());
    let first = ingest(logs.path(), lake.path());
    assert!(first.stderr.contains("log sources") && first.stderr.contains("no logs"), "{}", first.stderr);
    let count = records(logs.path().to_str().unwrap());
    verified(lake.path(), count);
    let again = ingest(logs.path(), lake.path());
    assert!(
        again.stderr.contains("0 records of 0 files") && again.stderr.contains("files there before"),
        "{}",
        again.stderr
    );
    // A file grows, another one is replaced, and a third comes.
    let trail = logs.path().join("trail.ndjson");
    let text = std::fs::read_to_string(&trail).unwrap();
    let line = text.lines().next().unwrap().to_owned();
    std::fs::write(&trail, format!("{text}{line}\n{line}\n")).unwrap();
    std::fs::write(logs.path().join("table.csv"), "time,user\n2026-03-15T00:00:00Z,new\n").unwrap();
    std::fs::write(logs.path().join("new.ndjson"), format!("{line}\n")).unwrap();
    let more = ingest(logs.path(), lake.path());
    assert!(more.stderr.contains("4 records of 3 files"), "{}", more.stderr);
    verified(lake.path(), count + 4);
}

#[test]
fn small_files_are_made_into_one_and_results_stay() {
    let (logs, lake) = (logs(), tempfile::tempdir().unwrap());
    let text = std::fs::read_to_string(logs.path().join("trail.ndjson")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    std::fs::remove_file(logs.path().join("trail.ndjson")).unwrap();
    for (number, lines) in lines.chunks(200).enumerate() {
        std::fs::write(logs.path().join(format!("trail-{number}.ndjson")), lines.join("\n")).unwrap();
        assert_eq!(ingest(logs.path(), lake.path()).status, 0);
    }
    let path = lake.path().to_str().unwrap();
    let tables = || mynah(&["lake", "stats", path, "--json"]).rows();
    let query =
        ["run", "-q", "index=* | stats count, values(source) as s by sourcetype, eventName", "-l", "spl", "--quiet"];
    let rows = || mynah(&[&query[..], &["--data", &named(&lake)]].concat()).stdout;
    let files = |tables: &[serde_json::Value]| tables.iter().filter_map(|table| table["files"].as_u64()).sum::<u64>();
    let (before, found) = (tables(), rows());
    let done = mynah(&["lake", "compact", path]);
    assert!(done.status == 0 && done.stdout.contains("made into"), "{}{}", done.stdout, done.stderr);
    let after = tables();
    assert!(files(&after) < files(&before));
    let counts = |tables: &[serde_json::Value]| tables.iter().map(|table| table["rows"].clone()).collect::<Vec<_>>();
    assert_eq!(counts(&after), counts(&before));
    assert_eq!(rows(), found);
    assert_eq!(mynah(&["lake", "compact", path]).stdout, "no small files\n");
    let to_delete = mynah(&["lake", "vacuum", path, "--older-than", "0", "--dry-run"]).stdout;
    assert!(to_delete.ends_with("files to delete\n"), "{to_delete}");
    let deleted = mynah(&["lake", "vacuum", path, "--older-than", "0"]).stdout;
    assert_eq!(deleted, to_delete.replace("to delete", "deleted"));
    assert_eq!(rows(), found);
    verified(lake.path(), records(logs.path().to_str().unwrap()));
}

/// Killed at any moment and started again, it loses nothing and has nothing twice.
#[test]
fn a_killed_ingest_goes_on_where_it_was() {
    let (logs, lake) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (source, seed) in [("aws.cloudtrail", "1"), ("windows.sysmon", "2"), ("o365.audit", "3")] {
        let made = mynah(&["generate", "--source", source, "--events", "3000", "--seed", seed]);
        let lines: Vec<&str> = made.stdout.lines().collect();
        for (number, lines) in lines.chunks(500).enumerate() {
            std::fs::write(logs.path().join(format!("{source}-{number}.ndjson")), lines.join("\n")).unwrap();
        }
    }
    let path = lake.path().to_str().unwrap();
    let start = || {
        Command::new(env!("CARGO_BIN_EXE_mynah"))
            .args(["ingest", "--batch-bytes", "400000", "--data", logs.path().to_str().unwrap(), "--into", path])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut killed = 0;
    for round in 0..8_u64 {
        // Now and then two at once.
        let mut running: Vec<_> = (0..=round % 2).map(|_| start()).collect();
        std::thread::sleep(Duration::from_millis(60 + 90 * round));
        for child in &mut running {
            killed += u32::from(child.try_wait().unwrap().is_none());
            let _ = child.kill();
            let _ = child.wait();
        }
    }
    assert!(killed > 0, "every run ended before it was killed");
    let last = ingest(logs.path(), lake.path());
    assert_eq!(last.status, 0, "{}", last.stderr);
    verified(lake.path(), 9000);
    let query =
        ["run", "-q", "index=* | stats count, dc(_raw) as different by source", "-l", "spl", "--quiet", "--data"];
    let of = |data: &str| mynah(&[&query[..], &[data]].concat()).stdout;
    assert_eq!(of(&named(&lake)), of(logs.path().to_str().unwrap()));
}

/// The first file of events of a lake.
fn a_data_file(lake: &Path) -> PathBuf {
    let mut folders = vec![lake.join("events")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path.file_name().unwrap() != "_delta_log" {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "parquet") {
                return path;
            }
        }
    }
    panic!("no file");
}

#[test]
fn what_is_broken_is_an_error_that_says_so() {
    let logs = tempfile::tempdir().unwrap();
    std::fs::copy(repository("examples/logs/cloudtrail.json"), logs.path().join("cloudtrail.json")).unwrap();
    let run = |data: &str| mynah(&["run", "-q", "any where true", "-l", "eql", "--data", data]);
    let said = |run: Run, what: &str| {
        assert_eq!(run.status, 3, "{}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains(what), "{what}: {}", run.stderr);
    };
    said(run("lake:/nowhere"), "is no lake");
    said(run(&format!("lake:{}", logs.path().display())), "is no lake");
    said(ingest(logs.path(), logs.path()), "something else in it");
    said(mynah(&["lake", "stats", "s3://bucket/lake"]), "no place that a lake can be in");

    let lake = lake_of(logs.path());
    let other = tempfile::tempdir().unwrap();
    let again = mynah(&["ingest", "--data", &named(&lake), "--into", other.path().to_str().unwrap()]);
    said(again, "not ingested again");
    let file = a_data_file(lake.path());
    let whole = std::fs::read(&file).unwrap();
    // A torn write, a file of another's, and one that is gone.
    let verify = || mynah(&["lake", "verify", lake.path().to_str().unwrap()]);
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    said(run(&named(&lake)), "error: ");
    said(verify(), "by the log");
    let mut other = whole.clone();
    let middle = other.len() / 3;
    other[4..middle].fill(0xff);
    std::fs::write(&file, other).unwrap();
    said(run(&named(&lake)), "error: ");
    said(verify(), "error: ");
    std::fs::remove_file(&file).unwrap();
    said(run(&named(&lake)), "error: ");
    said(verify(), "it is not there");
    std::fs::write(&file, whole).unwrap();
    assert_eq!((run(&named(&lake)).status, verify().status), (0, 0));

    // A protocol of years to come, and a log that breaks off.
    let log = lake.path().join("events/aws.cloudtrail/_delta_log/00000000000000000000.json");
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, text.replace("\"minReaderVersion\":1", "\"minReaderVersion\":9")).unwrap();
    said(run(&named(&lake)), "aws.cloudtrail");
    std::fs::write(&log, &text[..text.len() / 2]).unwrap();
    said(run(&named(&lake)), "aws.cloudtrail");
    std::fs::write(&log, text).unwrap();
    assert_eq!(run(&named(&lake)).status, 0);
}

/// Whoever reads Delta reads the tables; where PyPI's `deltalake` is not installed this says so.
#[test]
fn a_stranger_reads_the_tables() {
    let logs = logs();
    let lake = lake_of(logs.path());
    let script = "import sys\ntry:\n    import deltalake, pyarrow\nexcept ImportError:\n    print('skipped'); sys.exit()\n\
                  t = deltalake.DeltaTable(sys.argv[1]).to_pyarrow_table()\nprint(t.num_rows, len(set(t.column('eventName').to_pylist())))";
    let table = lake.path().join("events/aws.cloudtrail");
    let run = Command::new("python3").args(["-c", script]).arg(table).output();
    let Ok(run) = run else { return println!("skipped: no python3") };
    let out = String::from_utf8(run.stdout).unwrap();
    if out.trim() == "skipped" {
        return println!("skipped: PyPI's deltalake and pyarrow are not installed");
    }
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let rows = mynah(&[
        "run",
        "-q",
        "index=aws | stats count, dc(eventName) as n",
        "-l",
        "spl",
        "--quiet",
        "--data",
        &named(&lake),
    ])
    .rows();
    assert_eq!(out.trim(), format!("{} {}", rows[0]["count"], rows[0]["n"]));
}
