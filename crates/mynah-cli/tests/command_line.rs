//! The command line as its users see it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::{Value, json};
use std::fs;
use support::{mynah, mynah_with_input, repository};
use tempfile::TempDir;

const TRAIL: &str = r#"{"eventVersion":"1.10","userIdentity":{"type":"IAMUser","userName":"deploy"},"eventTime":"2026-03-02T06:00:00Z","eventSource":"iam.amazonaws.com","eventName":"CreateUser","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.1","eventID":"1"}
{"eventVersion":"1.10","userIdentity":{"type":"IAMUser","userName":"deploy"},"eventTime":"2026-03-02T07:00:00Z","eventSource":"ec2.amazonaws.com","eventName":"DescribeInstances","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.1","eventID":"2"}
"#;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

#[test]
fn the_example_queries_find_the_attack_of_the_example_logs() {
    let logs = repository("examples/logs");
    let rows = |query: &str| mynah(&["run", &repository(&format!("examples/queries/{query}")), "--data", &logs]).rows();
    let operations: Vec<Value> = rows("iam-and-logging.aql").iter().map(|row| row["Operation"].clone()).collect();
    assert_eq!(
        operations,
        ["CreateUser", "AttachUserPolicy", "CreateAccessKey", "DeleteDetector", "StopLogging", "RunInstances"]
    );
    assert_eq!(rows("cloud-cli.eql").len(), 4);
    let [addresses] = rows("many-addresses.spl").try_into().unwrap();
    assert_eq!(addresses["UserId"], "finance@example.com");
    assert_eq!(addresses["addresses"], 4);
    let users: Vec<Value> = rows("risky-sign-in.sumo").iter().map(|row| row["user"].clone()).collect();
    assert_eq!(users.len(), 2);
    assert!(
        users.contains(&json!("finance@example.com")) && users.contains(&json!("support@example.com")),
        "{users:?}"
    );
}

#[test]
fn the_same_query_gives_each_format() {
    let data = folder(&[("trail.json", TRAIL)]);
    let run = |format: &str| {
        let query = "SELECT QIDNAME(qid) AS operation, sourceip FROM events ORDER BY starttime";
        mynah(&["run", "-q", query, "--lang", "aql", "--data", &path(&data, "trail.json"), "--format", format])
    };
    let array: Value = serde_json::from_str(&run("json").stdout).unwrap();
    assert_eq!(
        array,
        json!([{"operation": "CreateUser", "sourceip": "192.0.2.1"}, {"operation": "DescribeInstances", "sourceip": "192.0.2.1"}])
    );
    assert_eq!(run("ndjson").stdout.lines().next(), Some(r#"{"operation":"CreateUser","sourceip":"192.0.2.1"}"#));
    assert_eq!(run("csv").stdout, "operation,sourceip\nCreateUser,192.0.2.1\nDescribeInstances,192.0.2.1\n");
    let table = run("table").stdout;
    assert!(table.contains("operation") && table.contains("CreateUser") && table.ends_with("2 rows\n"), "{table}");
}

#[test]
fn several_queries_share_an_output_and_a_refused_one_stops_none() {
    let files = folder(&[
        ("trail.json", TRAIL),
        ("a.aql", "SELECT username AS who FROM events WHERE QIDNAME(qid) = 'CreateUser'"),
        ("b.aql", "SELECT username FORM events"),
        ("c.eql", "any where no_such_function(1)"),
        ("d.aql", "SELECT sourceip FROM events WHERE QIDNAME(qid) = 'CreateUser'"),
        ("e.aql", "SELECT sourceip FROM events WHERE QIDNAME(qid) = 'DescribeInstances'"),
        ("f.aql", "SELECT sourceip FROM events WHERE QIDNAME(qid) = 'DeleteUser'"),
    ]);
    let names = ["a.aql", "b.aql", "c.eql", "no-such.aql", "d.aql", "e.aql", "f.aql"].map(|name| path(&files, name));
    let [a, _, _, _, d, e, f] = &names;
    let run = |options: &[&str]| {
        let arguments: Vec<&str> = ["run"].into_iter().chain(names.iter().map(String::as_str)).collect();
        let run = mynah(&[&arguments[..], &["--data", &path(&files, "trail.json")], options].concat());
        assert_eq!(run.status, 2, "{}", run.stderr);
        for refused in ["b.aql", "c.eql", "no-such.aql"] {
            assert!(run.stderr.contains(refused), "{refused} is not named: {}", run.stderr);
        }
        run.stdout
    };
    let rows = [
        json!({"mynah_query": a, "who": "deploy"}),
        json!({"mynah_query": d, "sourceip": "192.0.2.1"}),
        json!({"mynah_query": e, "sourceip": "192.0.2.1"}),
    ];
    assert_eq!(serde_json::from_str::<Value>(&run(&["-f", "json"])).unwrap(), json!(rows));
    let lines: Vec<Value> = run(&["-f", "ndjson"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, rows);
    let csv = format!("mynah_query,who,sourceip\n{a},deploy,\n{d},,192.0.2.1\n{e},,192.0.2.1\n");
    assert_eq!(run(&["-f", "csv"]), csv);
    let table = run(&["-f", "table"]);
    assert!(table.contains(&format!("{a}:\n")) && table.contains(&format!("{f}:\nno rows\n")), "{table}");
    let events: Vec<Value> = run(&["--events"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.iter().map(|event| event["mynah_query"].as_str().unwrap()).collect::<Vec<_>>(), [a, d, e]);
}

#[test]
fn csv_of_several_queries_is_one_table() {
    let files = folder(&[
        ("trail.json", TRAIL),
        ("a.spl", "* | table eventName user"),
        ("b.spl", "eventName=CreateUser | eval both=mvappend(\"x,\\\"y\",\"z\") | table both eventName"),
        ("c.spl", "eventName=None | table neither"),
        ("d.spl", "* | stats count"),
    ]);
    let names = ["a.spl", "b.spl", "c.spl", "d.spl"].map(|name| path(&files, name));
    let [a, b, _, d] = &names;
    let data = path(&files, "trail.json");
    let arguments: Vec<&str> = ["run"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let run = mynah(&[&arguments[..], &["--data", &data, "-f", "csv"]].concat());
    let rows = [
        "mynah_query,eventName,user,both,neither,count".to_owned(),
        format!("{a},DescribeInstances,deploy,,,"),
        format!("{a},CreateUser,deploy,,,"),
        format!("{b},CreateUser,,\"x,\"\"y\nz\",,"),
        format!("{d},,,,,2\n"),
    ];
    assert_eq!(run.stdout, rows.join("\n"));
}

#[test]
fn standard_input_is_data_too() {
    let run =
        mynah_with_input(&["run", "-q", "any where event.action == \"CreateUser\"", "-l", "eql", "--data", "-"], TRAIL);
    assert_eq!(run.rows().len(), 1);
}

#[test]
fn a_query_that_reads_no_events_needs_no_data() {
    let made = mynah(&["run", "--quiet", "-l", "spl", "-q", "| makeresults | eval a=1 | table a"]);
    assert_eq!(made.rows(), [json!({"a": 1})]);
    let events = mynah(&["run", "--quiet", "-l", "spl", "-q", "user=ana"]);
    assert_eq!(events.status, 2);
    assert!(events.stderr.contains("name the logs with --data"), "{}", events.stderr);
}

#[test]
fn places_of_addresses_come_from_the_site() {
    let site = folder(&[
        ("mynah.toml", "[lookups.iplocation]\nfile = \"places.csv\"\nmatch = { network = \"cidr\" }\n"),
        ("places.csv", "network,City,Country\n192.0.2.0/24,Exampleton,Nowhere\n2001:db8::/32,,Elsewhere\n"),
    ]);
    let query = "| makeresults | eval four=\"192.0.2.7\", six=\"2001:db8::1\", City=\"known\" | iplocation prefix=p_ four \
                 | iplocation six | table p_City p_Country p_lat City Country";
    let run = mynah(&["run", "--quiet", "--config", &path(&site, "mynah.toml"), "-l", "spl", "-q", query]);
    assert_eq!(
        run.rows(),
        [
            json!({"p_City": "Exampleton", "p_Country": "Nowhere", "p_lat": null, "City": "known", "Country": "Elsewhere"})
        ]
    );
}

/// A table of Sumo Logic's older kind, named by its path alone, minds case and takes the last row for a key.
#[test]
fn sumo_tables_of_both_kinds_are_looked_up_as_documented() {
    let site = folder(&[
        (
            "mynah.toml",
            "[lookups.'shared/users']\nfile = \"users.csv\"\n[lookups.'/Library/Users']\nfile = \"users.csv\"\n",
        ),
        ("users.csv", "userName,email\nJohn,john@example.com\nJohn,another_john@example.com\n"),
        (
            "log.ndjson",
            "{\"timestamp\":\"2026-03-14T10:00:00Z\",\"name\":\"John\"}\n{\"timestamp\":\"2026-03-14T10:01:00Z\",\"name\":\"JOHN\"}\n",
        ),
    ]);
    let look_up = |table: &str| {
        let query = format!("* | lookup email from {table} on name=userName | count by name, email | sort name asc");
        let arguments = ["run", "--quiet", "--config", &path(&site, "mynah.toml"), "-l", "sumo", "-q", &query];
        let data = path(&site, "log.ndjson");
        let rows = mynah(&[&arguments[..], &["--data", &data]].concat()).rows();
        rows.iter().map(|row| row["email"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(look_up("shared/users"), [None, Some("another_john@example.com".to_owned())]);
    assert_eq!(look_up("path://\"/Library/Users\""), vec![Some("john@example.com".to_owned()); 2]);
}

#[test]
fn events_are_the_records_own_text_through_an_aggregate() {
    let data = folder(&[("trail.json", TRAIL)]);
    let query = "index=aws | stats count by eventName | where eventName=\"CreateUser\"";
    let events = mynah(&["run", "-q", query, "-l", "spl", "--data", &path(&data, "trail.json"), "--events"]).rows();
    let [event] = events.try_into().unwrap();
    assert_eq!(event["raw"].as_str(), TRAIL.lines().next());
    assert_eq!(event["source"], "aws.cloudtrail");
    assert_eq!(event["record"], 1);
    assert_eq!(event["time"], "2026-03-02T06:00:00Z");
    assert_eq!(event["file"], path(&data, "trail.json"));
}

#[test]
fn exit_statuses() {
    let data = folder(&[("trail.json", TRAIL), ("broken.json", "{\"eventVersion\":\"1.10\",\n{\"a\":1}\n")]);
    let trail = path(&data, "trail.json");
    let found = ["run", "-q", "any where event.action == \"CreateUser\"", "-l", "eql", "--data", &trail];
    assert_eq!(mynah(&found).status, 0);
    assert_eq!(mynah(&[&found[..], &["--fail-on-findings"]].concat()).status, 1);
    let none =
        ["run", "-q", "any where event.action == \"DeleteUser\"", "-l", "eql", "--data", &trail, "--fail-on-findings"];
    assert_eq!(mynah(&none).status, 0);
    let wrong = mynah(&["run", "-q", "any where", "-l", "eql", "--data", &trail]);
    assert_eq!((wrong.status, wrong.stdout.as_str()), (2, ""));
    assert_eq!(mynah(&["run", "no-such-query.eql", "--data", &trail]).status, 2);
    assert_eq!(mynah(&["run", "--no-such-flag"]).status, 2);
    let missing = mynah(&["run", "-q", "any where true", "-l", "eql", "--data", &path(&data, "nowhere.json")]);
    assert_eq!(missing.status, 3);
    assert!(missing.stderr.contains("nowhere.json"), "{}", missing.stderr);
    let broken = path(&data, "broken.json");
    let run = ["run", "-q", "any where true", "-l", "eql", "--data", &broken, &trail];
    let lenient = mynah(&run);
    assert_eq!(lenient.status, 0);
    assert!(lenient.stderr.contains("broken.json:1"), "{}", lenient.stderr);
    assert!(lenient.stdout.lines().count() >= 2, "the records that are well formed are there: {}", lenient.stdout);
    assert_eq!(mynah(&[&run[..], &["--strict-data"]].concat()).status, 3);
}

#[test]
fn an_empty_folder_and_an_unknown_log_source_are_named() {
    let empty = TempDir::new().unwrap();
    let folder_path = empty.path().display().to_string();
    let run = mynah(&["run", "-q", "any where true", "-l", "eql", "--data", &folder_path]);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains(&folder_path), "{}", run.stderr);
    let data = folder(&[("trail.json", TRAIL)]);
    let run = mynah(&[
        "run",
        "-q",
        "any where true",
        "-l",
        "eql",
        "--data",
        &format!("aws.cloudtrial={}", path(&data, "trail.json")),
    ]);
    assert!(run.status != 0 && run.stderr.contains("aws.cloudtrail"), "{}", run.stderr);
}

#[test]
fn the_clock_of_files_is_just_after_their_newest_event() {
    let data = folder(&[("trail.json", TRAIL)]);
    let query = "SELECT QIDNAME(qid) AS operation FROM events LAST 30 MINUTES";
    let run = mynah(&["run", "-q", query, "-l", "aql", "--data", &path(&data, "trail.json")]);
    assert_eq!(run.rows(), [json!({"operation": "DescribeInstances"})]);
    assert!(run.stderr.contains("now is 2026-03-02T07:00:00.001Z"), "{}", run.stderr);
    let run = mynah(&[
        "run",
        "-q",
        query,
        "-l",
        "aql",
        "--data",
        &path(&data, "trail.json"),
        "--now",
        "2026-03-02T06:10:00Z",
    ]);
    assert_eq!(run.rows(), [json!({"operation": "CreateUser"})]);
    assert!(!run.stderr.contains("now is"), "{}", run.stderr);
}

#[test]
fn check_speaks_of_every_file_of_a_folder() {
    let queries = folder(&[
        ("good.eql", "process where process.name == \"cmd.exe\""),
        ("bad.aql", "SELECT username FORM events"),
        ("notes.txt", "not a query"),
    ]);
    let folder_path = queries.path().display().to_string();
    let run = mynah(&["check", "--format", "json", &folder_path]);
    assert_eq!(run.status, 2);
    let files: Vec<Value> = serde_json::from_str(&run.stdout).unwrap();
    let names: Vec<String> = files.iter().map(|file| file["file"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names, [path(&queries, "bad.aql"), path(&queries, "good.eql")]);
    assert_eq!(files[0]["dialect"], "aql");
    let diagnostic = &files[0]["diagnostics"][0];
    assert_eq!(diagnostic["severity"], "error");
    assert!(diagnostic["span"]["start"].is_u64() && diagnostic["code"].as_str().unwrap().starts_with("aql/"));
    assert_eq!(files[1]["diagnostics"], json!([]));
    let sarif: Value = serde_json::from_str(&mynah(&["check", "--format", "sarif", &folder_path]).stdout).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(sarif["runs"][0]["results"][0]["level"], "error");
    assert_eq!(mynah(&["check", &path(&queries, "good.eql")]).status, 0);
}

#[test]
fn strict_makes_errors_of_warnings() {
    let data = folder(&[("trail.json", TRAIL)]);
    let query = "SELECT sourceip FROM events WHERE LAST 1 DAYS AND QIDNAME(qid) = 'CreateUser'";
    let run = ["run", "-q", query, "-l", "aql", "--data", &path(&data, "trail.json")];
    let lenient = mynah(&run);
    assert_eq!(lenient.rows().len(), 1);
    assert!(lenient.stderr.contains("warning[aql/last-in-where]"), "{}", lenient.stderr);
    assert_eq!(mynah(&[&run[..], &["--strict"]].concat()).status, 2);
}

#[test]
fn the_settings_of_a_site_reach_queries() {
    let site = folder(&[
        ("trail.json", TRAIL),
        ("admins.csv", "account,team\ndeploy,platform\n"),
        (
            "mynah.toml",
            "[splunk.macros]\ntrail = 'index=cloud'\n[lookups.admins]\nfile = 'admins.csv'\n[fields.splunk.'aws.cloudtrail']\nindex = { value = 'cloud' }\n",
        ),
        ("wrong.toml", "[splunk]\nmacro = 'x'\n"),
    ]);
    let query = "`trail` | lookup admins account AS userIdentity.userName OUTPUT team | stats count by team";
    let (data, config) = (path(&site, "trail.json"), path(&site, "mynah.toml"));
    let rows = mynah(&["run", "-q", query, "-l", "spl", "--data", &data, "--config", &config]).rows();
    assert_eq!(rows, [json!({"team": "platform", "count": 2})]);
    let run = mynah(&["run", "-q", query, "-l", "spl", "--data", &data, "--config", &path(&site, "wrong.toml")]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("wrong.toml") && run.stderr.contains("macro"), "{}", run.stderr);
}

#[test]
fn what_a_site_has_set_up_in_qradar_reaches_queries() {
    let site = folder(&[
        (
            "events.json",
            concat!(
                r#"{"sourceip":"10.1.2.3","destinationip":"10.9.0.7","username":"alice"}"#,
                "\n",
                r#"{"sourceip":"192.0.2.1","destinationip":"10.9.0.8","username":"bob"}"#,
                "\n"
            ),
        ),
        (
            "mynah.toml",
            r#"
            [qradar.networks]
            "Offices.Berlin" = ["10.1.0.0/16"]
            "Offices" = ["10.0.0.0/8"]
            "Servers" = ["10.9.0.0/16"]
            [qradar.assets]
            "10.9.0.7" = "mail"
            [qradar.reference_tables.Employees.alice]
            Team = "finance"
            [qradar.reference_map_sets."Hosts of users"]
            alice = ["10.1.2.3"]
            "#,
        ),
    ]);
    let query = "SELECT username, NETWORKNAME(sourceip) AS net, FULLNETWORKNAME(sourceip) AS full, eventdirection AS direction, \
        ASSETHOSTNAME(destinationip, starttime) AS host, REFERENCETABLE('Employees', 'Team', username) AS team \
        FROM events WHERE REFERENCEMAPSETCONTAINS('Hosts of users', 'alice', sourceip) OR eventdirection = 'R2L' \
        ORDER BY username";
    let (data, config) = (path(&site, "events.json"), path(&site, "mynah.toml"));
    let run = mynah(&["run", "-q", query, "-l", "aql", "--data", &data, "--config", &config]);
    let rows = [
        json!({"username": "alice", "net": "Berlin", "full": "Offices.Berlin", "direction": "L2L", "host": "mail", "team": "finance"}),
        json!({"username": "bob", "net": null, "full": null, "direction": "R2L", "host": null, "team": null}),
    ];
    assert_eq!(run.rows(), rows);
    assert!(!run.stderr.contains("aql/"), "{}", run.stderr);
}

#[test]
fn explain_says_where_each_field_comes_from() {
    let run = mynah(&["explain", "-q", "any where event.action == \"CreateUser\"", "-l", "eql"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    for expected in ["event.action", "eventName", "`createuser`"] {
        assert!(run.stdout.contains(expected), "{expected} is not in\n{}", run.stdout);
    }
}

#[test]
fn explain_counts_what_is_left_out_of_data() {
    let data = folder(&[("trail.json", TRAIL)]);
    let run = mynah(&[
        "explain",
        "-q",
        "any where event.action == \"CreateUser\"",
        "-l",
        "eql",
        "--data",
        &path(&data, "trail.json"),
    ]);
    assert!(run.stdout.contains("1 of 2 records were left out unparsed (50.0 %)"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn completions_are_written_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(mynah(&["completions", shell]).stdout.contains("mynah"), "{shell}");
    }
}

#[test]
fn a_rule_that_can_find_nothing_says_so_when_it_runs() {
    let rule = |product: &str| {
        format!(
            "title: t\nid: 0f06a3a5-6a09-413f-8743-e6cf35561297\nstatus: test\nlogsource:\n    product: {product}\n    service: x\ndetection:\n    selection:\n        eventType: user.session.start\n    condition: selection\nlevel: low\n"
        )
    };
    let data = folder(&[("trail.json", TRAIL), ("rule.yml", &rule("nosuchproduct"))]);
    let run = mynah(&["run", &path(&data, "rule.yml"), "--data", &path(&data, "trail.json")]);
    assert!(run.status == 0 && run.stderr.contains("the rule finds nothing"), "{}", run.stderr);
    let run = mynah(&["run", "-q", "proces where true", "-l", "eql", "--data", &path(&data, "trail.json")]);
    assert!(run.status == 0 && run.stderr.contains("did you mean `process`?"), "{}", run.stderr);
    let quiet = mynah(&["run", &path(&data, "rule.yml"), "--quiet", "--data", &path(&data, "trail.json")]);
    assert_eq!(quiet.stderr, "");
}

#[test]
fn what_is_left_out_of_a_folder_is_counted_and_named() {
    let data = folder(&[
        ("trail.json", TRAIL),
        (".hidden.json", TRAIL),
        ("one.png", "\u{89}PNG\0"),
        ("two.png", "\u{89}PNG\0"),
    ]);
    let at = data.path().display().to_string();
    let run = |more: &[&str]| {
        let all = [&["run", "-q", "any where true", "-l", "eql", "--data", &at][..], more].concat();
        mynah(&all).stderr
    };
    let said = run(&[]);
    assert!(
        said.contains("not read: 2 files that are no logs (binary data)") && said.contains("1 hidden file"),
        "{said}"
    );
    assert!(run(&["--verbose"]).contains("two.png"));
}

#[test]
fn detect_says_what_ran_over_what() {
    let data = folder(&[("trail.json", TRAIL), ("app.json", "{\"a\":1}\n")]);
    let run = mynah(&["detect", "--data", &data.path().display().to_string(), "--platform", "splunk"]);
    let said = "note: 2 detections (2 queries) ran over 3 records in 2 files of aws.cloudtrail, json, from 2026-03-02T06:00:00Z to 2026-03-02T07:00:00Z";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert!(
        run.stderr.contains("in 1 file no log source is recognised") && run.stderr.contains("app.json"),
        "{}",
        run.stderr
    );
    assert!(!run.rows().is_empty());
    let events =
        mynah(&["detect", "--data", &data.path().display().to_string(), "--platform", "splunk", "--events"]).rows();
    assert_eq!(events[0]["events"][0]["raw"].as_str(), TRAIL.lines().next());
}

#[test]
fn inspect_shows_files_log_sources_and_times() {
    let data = folder(&[("trail.json", TRAIL), ("app.json", "{\"a\":1}\n"), ("empty.json", "")]);
    let rows = mynah(&["inspect", &data.path().display().to_string()]).rows();
    let got: Vec<(&Value, &Value, &Value)> = rows
        .iter()
        .filter(|row| row["kind"] == "file")
        .map(|row| (&row["source"], &row["records"], &row["last"]))
        .collect();
    let (none, last) = (Value::Null, json!("2026-03-02T07:00:00Z"));
    assert_eq!(
        got,
        [(&json!("json"), &json!(1), &none), (&none, &json!(0), &none), (&json!("aws.cloudtrail"), &json!(2), &last)]
    );
}

#[test]
fn check_reads_standard_input_and_writes_fixes() {
    let run = mynah_with_input(&["check", "-", "--lang", "eql"], "proces where true");
    assert!(
        run.stdout.contains("did you mean `process`?") && run.stdout.contains("1 query: 0 errors, 0 warnings"),
        "{}",
        run.stdout
    );
    assert_eq!(mynah_with_input(&["check", "-", "--lang", "elastic", "-q"], "any where true").stdout, "");
    assert_eq!(mynah_with_input(&["check", "-"], "any where true").status, 2);
    let run = mynah(&["check", "--query", "any where true\n and proces.name == 1 2", "--lang", "eql"]);
    assert!(run.status == 2 && run.stdout.contains("--> query:2:"), "{}", run.stdout);
    assert_eq!(mynah(&["check", "--query", "any where true"]).status, 2);
    let queries = folder(&[("rule.eql", "proces where process.name == \"a\"")]);
    let run = mynah(&["check", "--fix", &path(&queries, "rule.eql")]);
    assert!(run.stdout.contains("1 fix written"), "{}", run.stdout);
    assert_eq!(fs::read_to_string(queries.path().join("rule.eql")).unwrap(), "process where process.name == \"a\"");
}

#[test]
fn folders_of_queries_run_and_missing_ones_are_named() {
    let data = folder(&[("trail.json", TRAIL), ("one.eql", "any where event.action == \"CreateUser\"")]);
    let run = mynah(&["run", &data.path().display().to_string(), "--data", &path(&data, "trail.json")]);
    assert_eq!(run.rows().len(), 1);
    for command in [&["check", "nosuch"][..], &["run", "nosuch", "--data", "x"]] {
        let run = mynah(command);
        assert!(run.status == 2 && run.stderr.contains("nosuch: No such file"), "{}", run.stderr);
    }
    let kusto = "SecurityEvent | where EventID == 4688 | project Account";
    let run = mynah(&["run", "-q", kusto, "-l", "eql", "--data", &path(&data, "trail.json")]);
    assert!(run.stderr.contains("Kusto"), "{}", run.stderr);
}

/// Texts of logs, queries and file names do not act on the terminal, and no format of a program loses anything.
#[test]
fn nothing_acts_on_the_terminal() {
    let name = "x\u{1b}[2J\u{202e}.json";
    let hostile =
        r#"{"@timestamp":"2026-03-02T06:00:00Z","event":{"action":"=\u001b[2J\u202e\u009bx"},"user":{"name":"-5"}}"#;
    let data = folder(&[(name, &format!("{hostile}\n{{broken\n"))]);
    let at = data.path().display().to_string();
    let acts = ['\u{1b}', '\u{202e}', '\u{9b}'];
    let query = "any where event.action != null";
    for format in ["table", "list", "json", "ndjson", "csv"] {
        let run = mynah(&["run", "-q", query, "-l", "eql", "-f", format, "--data", &at]);
        assert!(!run.stdout.contains(acts) && !run.stderr.contains(acts), "{format}: {}{}", run.stdout, run.stderr);
    }
    let events = mynah(&["run", "-q", query, "-l", "eql", "--events", "--data", &at]);
    assert!(!events.stdout.contains(acts));
    assert_eq!(events.rows()[0]["raw"], hostile);
    let rows = mynah(&["run", "-q", query, "-l", "eql", "--data", &at]).rows();
    assert_eq!(rows[0]["event.action"], "=\u{1b}[2J\u{202e}\u{9b}x");
    let csv = mynah(&[
        "run",
        "-q",
        "SELECT QIDNAME(qid) AS q, UTF8(payload) AS p FROM events",
        "-l",
        "aql",
        "-f",
        "csv",
        "--data",
        &at,
    ]);
    assert!(csv.status == 0, "{}", csv.stderr);
    let wrong = mynah(&["run", "-q", "any where \u{1b}[2J\u{202e}", "-l", "eql", "--data", &at]);
    assert!(wrong.status == 2 && !wrong.stderr.contains(acts), "{}", wrong.stderr);
    assert!(!mynah(&["run", "no\u{1b}[2J.eql", "--data", &at]).stderr.contains(acts));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let queries = folder(&[("a.eql", "proces where true"), ("b.eql", "proces where true")]);
    let line = format!(
        "{} check {} 2>&1 | head -n 1; echo ${{PIPESTATUS[0]}}",
        env!("CARGO_BIN_EXE_mynah"),
        queries.path().display()
    );
    let output = std::process::Command::new("bash").args(["-c", &line]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.trim_end().ends_with('0') && !said.contains("panicked"), "{said}");
}

#[test]
fn parameters_of_dashboards_have_the_values_that_are_given() {
    let files = folder(&[("trail.json", TRAIL), ("mynah.toml", "[sumo.parameters]\nrows = 1\nname = 'Create*'\n")]);
    let run = |query: &str, more: &[&str]| {
        let (data, config) = (path(&files, "trail.json"), path(&files, "mynah.toml"));
        let common = ["run", "-q", query, "--lang", "sumo", "--data", &data, "--config", &config];
        mynah(&[&common, more].concat())
    };
    let counted = "* | limit {{rows}} | count";
    assert_eq!(run(counted, &[]).rows(), [json!({"_count": 1})]);
    // The command line counts for more than the file.
    assert_eq!(run(counted, &["--parameter", "rows=2"]).rows(), [json!({"_count": 2})]);
    let matched = "* | where eventName matches \"{{name}}\" | count by eventName";
    assert_eq!(run(matched, &[]).rows(), [json!({"eventName": "CreateUser", "_count": 1})]);
    // What is wrong is said of the query as it is written.
    let refused = run("* | count | limit {{rows}}", &["--parameter", "rows=many"]);
    assert!(refused.stderr.contains("limit {{rows}}") && refused.stderr.contains("^^^^^^^^"), "{}", refused.stderr);
    assert!(run(counted, &["--parameter", "rows"]).stderr.contains("NAME=VALUE"));
}

#[test]
fn rules_that_need_rows_to_be_planned_read_the_data_once_together() {
    let among = |name: &str| {
        format!(
            "sourcetype=aws:cloudtrail [search eventName={name} | fields sourceIPAddress] | stats count by sourceIPAddress"
        )
    };
    // What is optimized away is read by nobody, and no reason to refuse a rule.
    let nothing = "sourcetype=aws:cloudtrail | where 1=2 | stats count by sourceIPAddress";
    let rules = folder(&[("a.spl", &among("StopLogging")), ("b.spl", &among("DeleteTrail")), ("nothing.spl", nothing)]);
    let record = |hour: u8, name: &str, address: &str| {
        format!(
            r#"{{"eventVersion":"1.08","eventSource":"iam.amazonaws.com","eventTime":"2026-03-02T{hour:02}:00:00Z","eventName":"{name}","sourceIPAddress":"{address}"}}"#
        )
    };
    let [first, second] = ["192.0.2.1", "192.0.2.2"];
    let records = [record(6, "StopLogging", first), record(7, "GetUser", first), record(8, "GetUser", second)];
    let data = folder(&[("log.ndjson", &records.join("\n"))]);
    let [rules, data] = [&rules, &data].map(|folder| folder.path().display().to_string());
    let run = mynah(&["detect", "--no-catalog", "--rules", &rules, "--data", &data]);
    assert!(
        run.stderr.contains("of 3 rules 3 ran") && run.stderr.contains("ran over 3 records in 1 file"),
        "{}",
        run.stderr
    );
    let found = run.rows();
    let found: Vec<_> = found.iter().map(|row| (&row["title"], row["events"].as_array().map(Vec::len))).collect();
    assert_eq!(found, [(&json!("a"), Some(2))], "{}", run.stderr);
}

#[cfg(not(feature = "lake"))]
#[test]
fn what_an_ordinary_build_leaves_out_is_said() {
    for arguments in [&["ingest", "--data", "logs", "--into", "lake"][..], &["lake", "stats", "lake"]] {
        let run = mynah(arguments);
        assert_eq!(run.status, 2, "{}", run.stderr);
        assert!(run.stderr.contains("--features full"), "{}", run.stderr);
    }
}
