//! What `run` says where a query finds nothing, over the example logs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::{mynah, repository};

/// A language, a query, and parts of what is said in one line.
const HINTS: &[(&str, &str, &[&str])] = &[
    (
        "spl",
        "index=aws eventName=StopLoging",
        &[
            "of 170 events, the nearest 69 fulfil 1 of 2 conditions, not `eventName=StopLoging`",
            "did you mean `StopLogging`?",
        ],
    ),
    ("spl", "index=awz eventName=StopLogging", &["the nearest one fulfils 1 of 2 conditions, not `index=awz`"]),
    (
        "spl",
        "index=aws | stats count by eventName | where count > 1000",
        &["none of 14 rows fulfils `count > 1000`; count is `1` (6)"],
    ),
    ("eql", "any where event.action == \"StopLoging\"", &["none of 170 events fulfils", "did you mean `StopLogging`?"]),
    ("eql", "any where event.acton == \"StopLogging\"", &["; event.acton has no value (170) (--why"]),
    (
        "spl",
        "index=aws | head 0",
        &["events fulfil every condition, but nothing comes out behind them (--why shows more)"],
    ),
    (
        "eql",
        "sequence by user.name [any where event.action == \"StopLogging\"] [any where event.action == \"None\"]",
        &["nothing comes out of the sequence"],
    ),
    (
        "aql",
        "SELECT * FROM events WHERE LOGSOURCETYPENAME(devicetype) = 'Amazon AWS CloudTrial' LAST 24 HOURS",
        &["the nearest 170 fulfil 1 of 2 conditions", "did you mean `Amazon AWS CloudTrail`?"],
    ),
    (
        "sumo",
        "_sourceCategory=*cloudtrail* | json \"eventName\" as e | where e = \"StopLoging\"",
        &["none of 69 rows fulfils `e = \"StopLoging\"`"],
    ),
    ("kuery", "event.action: \"StopLoging\" and event.provider: *cloudtrail*", &["not `event.action: \"StopLoging\"`"]),
];

#[test]
fn one_line_says_how_far_the_nearest_events_came() {
    let logs = repository("examples/logs");
    for (language, query, parts) in HINTS {
        let run = mynah(&["run", "-l", language, "-q", query, "--data", &logs]);
        assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{query}");
        let lines: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("nothing found: ")).collect();
        let [line] = lines.as_slice() else { panic!("{query}: {}", run.stderr) };
        for part in *parts {
            assert!(line.contains(part), "{query}: no `{part}` in {line}");
        }
    }
}

/// A language, a query over the example logs that counts nothing, and what is said.
const COUNTS: &[(&str, &str, &str)] = &[
    ("spl", "eventName=CreateUsr | stats count", "did you mean `CreateUser`?"),
    (
        "spl",
        "eventName=CreateUsr | stats count, avg(x) as a, values(user) | where count < 5",
        "did you mean `CreateUser`?",
    ),
    ("sumo", "nowhereatall | count", "none of 170 events fulfils `nowhereatall`"),
    ("aql", "SELECT COUNT(*), MAX(magnitude) FROM events WHERE username = 'nobody'", "fulfils `username = 'nobody'`"),
];

#[test]
fn a_count_of_nothing_is_explained_as_no_rows_are() {
    let logs = repository("examples/logs");
    let said = |language: &str, query: &str| mynah(&["run", "-l", language, "-q", query, "--data", &logs]).stderr;
    for (language, query, part) in COUNTS {
        let said = said(language, query);
        let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("nothing counted: ")).collect();
        let [line] = lines.as_slice() else { panic!("{query}: {said}") };
        assert!(line.contains(part), "{query}: no `{part}` in {line}");
    }
    for counted in
        ["index=aws | stats count(nosuchfield)", "index=aws | stats count", "index=aws | head 1 | eval n=0 | table n"]
    {
        let said = said("spl", counted);
        assert!(!said.contains("nothing"), "{counted}: {said}");
    }
}

#[test]
fn events_of_the_log_source_or_any_events_may_be_absent() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.ndjson");
    std::fs::write(&empty, "\n").unwrap();
    let empty = empty.display().to_string();
    let logs = repository("examples/logs");
    let rule = |source: &str| {
        format!("title: T\nlogsource: {{{source}}}\ndetection:\n  a:\n    query: x\n    id: y\n  condition: a\n")
    };
    for (source, wanted) in [
        ("product: zeek, service: dns", "is of the log source `product: zeek, service: dns`; logsource.product is "),
        ("category: proxy", "none of 170 events is of the log source `category: proxy`; logsource.category "),
        ("product: windows, category: dns_query", "is of the log source `category: dns_query`; logsource.category "),
    ] {
        let run = mynah(&["run", "-l", "sigma", "-q", &rule(source), "--data", &logs]);
        assert!(run.stderr.contains(wanted), "{source}: {}", run.stderr);
    }
    let present = mynah(&["run", "-l", "sigma", "-q", &rule("product: aws"), "--data", &logs]).stderr;
    assert!(present.contains("the nearest 69 fulfil 1 of 3 conditions"), "{present}");
    let rule = rule("product: aws");
    for (language, query) in [
        ("sigma", rule.as_str()),
        ("eql", "any where true"),
        ("spl", "*"),
        ("spl", "* | stats count"),
        ("aql", "SELECT * FROM events"),
        ("sumo", "*"),
        ("kuery", "*"),
    ] {
        let said = mynah(&["run", "-l", language, "-q", query, "--data", &empty]).stderr;
        assert!(said.contains("the data holds no events"), "{query}: {said}");
    }
}

#[test]
fn nothing_is_said_where_something_is_found_or_quiet_is_wanted() {
    let logs = repository("examples/logs");
    let hint = |arguments: &[&str]| {
        let query = ["run", "-l", "spl", "-q"];
        mynah(&[&query[..], arguments, &["--data", &logs]].concat()).stderr.contains("nothing found")
    };
    assert!(hint(&["index=awz"]));
    assert!(!hint(&["index=awz", "--quiet"]));
    assert!(!hint(&["index=aws"]));
}

#[test]
fn why_shows_each_condition_and_the_values_that_were_there() {
    let rule = "title: T\nlogsource: {product: windows, category: process_creation}\ndetection:\n  one:\n    \
                Image|endswith: '\\powershel.exe'\n  two:\n    CommandLine|contains: zzz\n  not_wanted:\n    \
                User|contains: nobody\n  condition: (one or two) and not not_wanted\n";
    let run = mynah(&["run", "-l", "sigma", "-q", rule, "--data", &repository("examples/logs"), "--why"]);
    for line in [
        "  170 events, of which 0 fulfil all of:",
        "           0  any of:",
        "           0    `Image|endswith: '\\powershel.exe'`",
        "         170  not `User|contains: nobody`",
    ] {
        assert!(run.stderr.lines().any(|shown| shown == line), "no `{line}` in:\n{}", run.stderr);
    }
    assert!(run.stderr.contains("Image is `C:\\Windows\\System32\\conhost.exe`"), "{}", run.stderr);
}
