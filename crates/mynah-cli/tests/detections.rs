//! The commands that work with detections, run as a person runs them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn mynah(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mynah")).args(arguments).current_dir(root()).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn findings(arguments: &[&str]) -> Vec<serde_json::Value> {
    let output = mynah(&[&["detect", "--format", "ndjson"], arguments].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// A copy of a built-in package, with a change to one of its files.
fn changed(name: &str, file: &str, from: &str, to: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join(name);
    copy(&root().join("detections").join(name), &package);
    let text = fs::read_to_string(package.join(file)).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(package.join(file), text.replace(from, to)).unwrap();
    folder
}

#[test]
fn the_built_in_detections_prove_themselves() {
    let output = mynah(&["test"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains(" 0 failed"));
}

#[test]
fn a_query_that_is_broken_fails_and_names_the_behaviour() {
    let stop = "no longer found: logging (Stop or reconfigure CloudTrail logging)";
    let powershell = "no longer found: azure-powershell";
    let console = "no longer found: console-without-mfa";
    for (package, file, from, to, expected) in [
        ("T1059.009-cloud-api", "detection.aql", "'StopLogging'", "'StopLogin'", stop),
        ("T1059.009-cloud-api", "detection.eql", "\"StopLogging\"", "\"StopLogin\"", stop),
        ("T1059.009-cloud-api", "detection.spl", "StopLogging", "StopLogin", stop),
        ("T1059.009-cloud-api", "detection.sumo", "\"StopLogging\"", "\"StopLogin\"", stop),
        ("T1059.009-cloud-api", "detection.yml", "- StopLogging", "- StopLogin", stop),
        ("T1021.007-cloud-services", "detection.aql", "%Connect-AzAccount%", "%Connect-AzCount%", powershell),
        ("T1021.007-cloud-services", "detection.eql", "*Connect-AzAccount*", "*Connect-AzCount*", powershell),
        ("T1021.007-cloud-services", "detection.spl", "MFAUsed'=\"No\"", "MFAUsed'=\"Never\"", console),
        ("T1021.007-cloud-services", "detection.sumo", "mfa_used = \"No\"", "mfa_used = \"Never\"", console),
        ("T1021.007-cloud-services", "detection.yml", "Connect-AzAccount", "Connect-AzCount", powershell),
    ] {
        let folder = changed(package, file, from, to);
        let output = mynah(&["test", &folder.path().display().to_string()]);
        assert_eq!(output.status.code(), Some(1), "{package}/{file}");
        let said = text(&output.stdout);
        assert!(said.contains(expected), "{package}/{file}: {said}");
    }
}

/// A package with a sequence in EQL, and maybe with a search in SPL that asks for no order.
fn package_of_a_sequence(folder: &Path, with_spl: bool) -> PathBuf {
    let package = folder.join("key-then-silence");
    fs::create_dir_all(&package).unwrap();
    let spl = "  spl:
    query: detection.spl
    description: Both.
    data_sources: [AWS CloudTrail]
    tables: [index=aws]
";
    let manifest = format!(
        "title: A key is made and the trail stopped
id: 11111111-2222-3333-4444-555555555555
status: experimental
description: Somebody makes a key and stops the trail.
tags: [attack.execution, attack.t1059.009]
level: high
confidence: high
falsepositives: []
schedule: {{every: 15m, window: 24h}}
versions:
  eql:
    query: detection.eql
    description: A sequence.
    data_sources: [AWS CloudTrail]
    tables: [logs-aws.cloudtrail-*]
{}behaviours:
  - id: silence
    title: Make a key and stop the trail
    description: What is not recorded cannot be found.
    commands: []
    signals: []
tests:
  - name: One after the other
    behaviour: silence
    logs: [logs.ndjson]
    finds: {{logs.ndjson: [1, 3]}}
  - name: The other way round
    logs: [quiet.ndjson]
",
        if with_spl { spl } else { "" }
    );
    let eql = "sequence by user.name with maxspan=1h\n  [any where event.action == \"CreateAccessKey\"]\n  [any where event.action == \"StopLogging\"]\n";
    let event = |minute: u32, name: &str, user: &str| {
        format!(
            "{{\"eventVersion\":\"1.09\",\"userIdentity\":{{\"type\":\"IAMUser\",\"userName\":\"{user}\"}},\"eventTime\":\"2026-03-14T09:{minute:02}:00Z\",\"eventSource\":\"x.amazonaws.com\",\"eventName\":\"{name}\",\"awsRegion\":\"us-east-1\",\"eventID\":\"{minute}\"}}\n"
        )
    };
    let log = [
        event(0, "CreateAccessKey", "ann"),
        event(5, "StopLogging", "bob"),
        event(40, "StopLogging", "ann"),
        event(50, "CreateAccessKey", "bob"),
    ];
    fs::write(package.join("detection.yaml"), manifest).unwrap();
    fs::write(package.join("detection.eql"), eql).unwrap();
    fs::write(package.join("detection.spl"), "index=aws eventName IN (CreateAccessKey, StopLogging)\n").unwrap();
    fs::write(package.join("logs.ndjson"), log.concat()).unwrap();
    fs::write(package.join("quiet.ndjson"), [log[1].as_str(), &log[3]].concat()).unwrap();
    package
}

#[test]
fn a_sequence_is_one_finding() {
    let folder = tempfile::tempdir().unwrap();
    let package = package_of_a_sequence(folder.path(), false);
    let catalog = folder.path().display().to_string();
    let proof = mynah(&["test", &catalog]);
    assert_eq!(proof.status.code(), Some(0), "{}{}", text(&proof.stdout), text(&proof.stderr));
    let data = package.join("logs.ndjson").display().to_string();
    let found = findings(&["--data", &data, "--catalog", &catalog]);
    assert_eq!(found.len(), 1, "{found:?}");
    let records: Vec<u64> =
        found[0]["events"].as_array().unwrap().iter().map(|event| event["record"].as_u64().unwrap()).collect();
    assert_eq!(records, [1, 3]);
}

#[test]
fn an_event_that_fits_and_lacks_company_is_told_from_one_that_nothing_looks_for() {
    let folder = tempfile::tempdir().unwrap();
    let package = package_of_a_sequence(folder.path(), true);
    let data = package.join("logs.ndjson").display().to_string();
    let catalog = folder.path().display().to_string();
    let compared = text(&mynah(&["compare", "key-then-silence", "--catalog", &catalog, "--data", &data]).stdout);
    let line =
        "matches, but other required events are missing: detection.eql:3: [any where event.action == \"StopLogging\"]";
    assert!(compared.contains(line), "{compared}");
    assert!(!compared.contains("no clause matches this kind of event"), "{compared}");
}

/// What `detect` would not find on its schedule does not pass, nor do logs that are not what they were.
#[test]
fn tests_run_on_the_schedule_and_over_whole_logs() {
    let run = |file: &str, change: &dyn Fn(String) -> String| {
        let folder = tempfile::tempdir().unwrap();
        let package = package_of_a_sequence(folder.path(), false);
        let path = package.join(file);
        fs::write(&path, change(fs::read_to_string(&path).unwrap())).unwrap();
        let output = mynah(&["test", &folder.path().display().to_string()]);
        (output.status.code(), text(&output.stdout))
    };
    let (status, said) = run("detection.yaml", &|manifest| manifest.replace("window: 24h", "window: 15m"));
    assert!(status == Some(1) && said.contains("no longer found: silence"), "{said}");
    let (status, said) = run("detection.yaml", &|manifest| manifest.replace("attack.t1059.009", "attack.t9999.099"));
    assert!(status == Some(1) && said.contains("has no technique T9999.099"), "{said}");
    for (change, expected) in [
        ((|log| log + "{broken\n") as fn(String) -> String, "breaks off"),
        (|log| log.trim_end().trim_end_matches('}').to_owned(), "breaks off"),
        (|_| String::new(), "no records"),
        (|_| "\0\u{1}\u{2}\0".repeat(100), "no form that Mynah reads"),
    ] {
        let (status, said) = run("quiet.ndjson", &change);
        assert!(status == Some(1) && said.contains("its logs are whole") && said.contains(expected), "{said}");
    }
    let (status, said) =
        run("detection.yaml", &|manifest| manifest.replace("logs.ndjson: [1, 3]", "logs.ndjson: [1, 3, 7]"));
    assert!(status == Some(1) && said.contains("the test expects record 7 of logs.ndjson, which has 4"), "{said}");
}

#[test]
fn a_difference_that_is_not_declared_fails() {
    let declared = "        reason: EQL cannot count distinct values of a field.\n";
    let folder = changed("T1021.007-cloud-services", "detection.yaml", "versions: [eql]", "versions: [spl]");
    let output = mynah(&["test", &folder.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    assert!(said.contains("no longer found: many-addresses"), "{said}");
    assert!(said.contains("found, and should not be: tests/many-addresses/o365.ndjson"), "{said}");
    let manifest = fs::read_to_string(root().join("detections/T1021.007-cloud-services/detection.yaml")).unwrap();
    assert!(manifest.contains(declared));
}

#[test]
fn proofs_come_as_tap_and_junit() {
    let tap = text(&mynah(&["test", "--format", "tap", "detections/T1059.009-cloud-api"]).stdout);
    let mut lines = tap.lines();
    assert_eq!(lines.next(), Some("TAP version 14"));
    let count: usize = lines.next().and_then(|plan| plan.strip_prefix("1..")).unwrap().parse().unwrap();
    assert_eq!(tap.lines().filter(|line| line.starts_with("ok ")).count(), count);
    let junit = text(&mynah(&["test", "--format", "junit", "detections/T1059.009-cloud-api"]).stdout);
    assert!(junit.contains(&format!("<testsuites name=\"mynah\" tests=\"{count}\" failures=\"0\">")), "{junit}");
}

#[test]
fn the_examples_hold_these_attacks_and_no_more() {
    let findings = findings(&["--data", "examples/"]);
    let whats: Vec<String> = findings
        .iter()
        .map(|finding| finding["what"].as_array().unwrap().iter().map(|what| what.as_str().unwrap()).collect())
        .collect();
    let mut sorted: Vec<&str> = whats.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        [
            "\"C:\\Program Files\\Amazon\\AWSCLIV2\\aws\" sts get-caller-identity",
            "AttachUserPolicy",
            "ConsoleLogin",
            "CreateAccessKey",
            "CreateUser",
            "DeleteDetector",
            "RunInstances",
            "Sign-in activity",
            "Sign-in activity",
            "StopLogging",
            "UserLoggedIn",
            "cmd.exe /c az login --identity",
            "gcloud auth print-access-token",
            "powershell.exe -NoProfile -Command Connect-AzAccount -UseDeviceAuthentication",
        ]
    );
    let stopped = findings.iter().find(|finding| finding["what"][0] == "StopLogging").unwrap();
    assert_eq!(stopped["users"][0], "platform-admin");
    assert_eq!(stopped["addresses"][0], "203.0.113.66");
    assert_eq!(stopped["tactics"][0]["id"], "TA0002");
    assert_eq!(stopped["versions"].as_array().unwrap().len(), 5);
    assert_eq!(stopped["events"][0]["file"], "examples/logs/cloudtrail.json");
}

#[test]
fn findings_can_be_narrowed() {
    assert_eq!(findings(&["--data", "examples/logs", "--technique", "T1059"]).len(), 6);
    let elastic = findings(&["--data", "examples/logs", "--technique", "T1021.007", "--platform", "elastic"]);
    assert!(elastic.iter().all(|finding| finding["versions"] == serde_json::json!(["eql"])));
    assert!(!elastic.iter().any(|finding| finding["what"][0] == "UserLoggedIn"));
    let output = mynah(&["detect", "--data", "examples/logs", "--level", "critical"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(mynah(&["detect", "--data", "examples/logs", "--fail-on-findings", "--quiet"]).status.code(), Some(1));
}

#[test]
fn each_platform_alone_finds_the_same_events_of_an_attack() {
    let events = |platform: &str| {
        let mut events: Vec<String> =
            findings(&["--data", "examples/logs", "--technique", "T1059.009", "--platform", platform])
                .iter()
                .flat_map(|finding| finding["events"].as_array().unwrap().clone())
                .map(|event| event["record"].to_string())
                .collect();
        events.sort();
        events
    };
    let wanted = events("qradar");
    assert_eq!(wanted.len(), 6);
    for platform in ["elastic", "splunk", "sumologic", "sigma"] {
        assert_eq!(events(platform), wanted, "{platform}");
    }
}

#[test]
fn schedules_are_replayed_over_long_logs_and_each_finding_comes_once() {
    let folder = tempfile::tempdir().unwrap();
    let sign_in = |day: u32, hour: u32, address: &str| {
        format!(
            "{{\"CreationTime\":\"2026-03-{day:02}T{hour:02}:00:00\",\"Id\":\"{day}-{hour}\",\"Operation\":\"UserLoggedIn\",\"OrganizationId\":\"o\",\"RecordType\":15,\"ResultStatus\":\"Success\",\"UserKey\":\"k\",\"UserType\":0,\"Version\":1,\"Workload\":\"AzureActiveDirectory\",\"ClientIP\":\"{address}\",\"ObjectId\":\"x\",\"UserId\":\"ann@example.com\"}}\n"
        )
    };
    // Three addresses within a day, long before the newest event; and three that no day holds together.
    let log: String = [
        sign_in(1, 8, "192.0.2.1"),
        sign_in(1, 12, "192.0.2.2"),
        sign_in(1, 20, "192.0.2.3"),
        sign_in(10, 8, "192.0.2.4"),
        sign_in(12, 8, "192.0.2.5"),
        sign_in(14, 8, "192.0.2.6"),
    ]
    .concat();
    fs::write(folder.path().join("o365.ndjson"), log).unwrap();
    let data = folder.path().display().to_string();
    for platform in ["qradar", "splunk", "sumologic", "sigma"] {
        let found = findings(&["--data", &data, "--platform", platform]);
        assert_eq!(found.len(), 1, "{platform}: {found:?}");
        assert_eq!(found[0]["addresses"], serde_json::json!(["192.0.2.1", "192.0.2.2", "192.0.2.3"]), "{platform}");
    }
}

#[test]
fn exceptions_hide_events_from_every_version_and_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("detections"), folder.path());
    let package = folder.path().join("T1059.009-cloud-api");
    let exceptions = |expires: &str, name: &str| {
        format!(
            "exceptions:\n  - fields:\n      eventName: [StopLogging, Create*]\n      {name}: platform-admin\n    reason: Made up.\n    expires: {expires}\n"
        )
    };
    let catalog = folder.path().display().to_string();
    let detect = || {
        mynah(&[
            "detect",
            "--data",
            "examples/logs",
            "--catalog",
            &catalog,
            "--technique",
            "T1059.009",
            "--format",
            "ndjson",
        ])
    };
    fs::write(package.join("exceptions.yaml"), exceptions("2030-01-01", "userIdentity.userName")).unwrap();
    let output = detect();
    assert_eq!(text(&output.stdout).lines().count(), 3, "{}", text(&output.stdout));
    assert!(
        text(&output.stderr).contains("the exceptions of T1059.009-cloud-api suppress 3 events"),
        "{}",
        text(&output.stderr)
    );
    fs::write(package.join("exceptions.yaml"), exceptions("2026-03-01", "userIdentity.userName")).unwrap();
    assert_eq!(text(&detect().stdout).lines().count(), 6, "an exception that has expired hides nothing");
    fs::write(package.join("exceptions.yaml"), exceptions("soon", "userIdentity.userName")).unwrap();
    let output = detect();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("exceptions.yaml:"), "{}", text(&output.stderr));
}

#[test]
fn an_exception_may_name_networks() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("detections"), folder.path());
    let package = folder.path().join("T1059.009-cloud-api");
    let catalog = folder.path().display().to_string();
    let suppressed = |values: &str| {
        let exceptions = format!(
            "exceptions:\n  - fields:\n      sourceIPAddress: {values}\n    reason: Made up.\n    expires: 2030-01-01\n"
        );
        fs::write(package.join("exceptions.yaml"), exceptions).unwrap();
        let arguments = ["detect", "--data", "examples/logs", "--catalog", &catalog, "--technique", "T1059.009"];
        let said = text(&mynah(&arguments).stderr);
        said.lines().find(|line| line.contains("exceptions of")).map(str::to_owned)
    };
    let one_by_one = suppressed("[198.51.100.*, 203.0.113.*, 192.0.2.*]");
    assert!(one_by_one.is_some());
    assert_eq!(suppressed("[198.51.100.0/24, 203.0.113.77/24, 192.0.2.0/24]"), one_by_one);
    assert_eq!(suppressed("0.0.0.0/0"), one_by_one);
    assert_eq!(suppressed("[10.0.0.0/8, '2001:db8::/32', 198.51.100.0/99]"), None);
}

#[test]
fn findings_come_in_every_format() {
    let of = |format: &str| text(&mynah(&["detect", "--data", "examples/logs", "--format", format, "--quiet"]).stdout);
    let table = of("table");
    assert!(table.contains("14 findings, 23 events") && table.contains("Lateral Movement"), "{table}");
    let csv = of("csv");
    assert_eq!(csv.lines().count(), 15);
    let html = of("html");
    // The only script is the page's own, and its policy lets no other run.
    assert!(html.starts_with("<!DOCTYPE html>") && html.matches("<script").count() == 1, "{html}");
    assert!(html.contains("script-src &apos;sha256-") && html.contains("<script>// "), "{html}");
    for line in of("ocsf").lines() {
        let finding: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(finding["class_uid"], 2004);
        assert_eq!(finding["type_uid"], 200_401);
        for required in ["activity_id", "category_uid", "finding_info", "metadata", "severity_id", "time"] {
            assert!(!finding[required].is_null(), "{required}");
        }
        assert!(finding["finding_info"]["title"].is_string() && finding["finding_info"]["uid"].is_string());
    }
}

#[test]
fn versions_are_compared_with_the_clauses_that_decided() {
    let folder = changed("T1021.007-cloud-services", "detection.eql", "\"*az login*\", ", "");
    let package = folder.path().join("T1021.007-cloud-services").display().to_string();
    let output = mynah(&["compare", &package, "--data", "examples/logs", "--format", "json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let comparison: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let all = comparison["disagreements"].as_array().unwrap();
    let login = all.iter().find(|one| one["what"] == "cmd.exe /c az login --identity").unwrap();
    assert_eq!(login["missed_by"], serde_json::json!(["eql"]));
    let side = |version: &str| {
        login["sides"].as_array().unwrap().iter().find(|side| side["version"] == version).unwrap().clone()
    };
    assert!(side("aql")["clause"].as_str().unwrap().contains("%az login%"));
    assert!(side("sigma")["clause"].as_str().unwrap().contains("az login"), "{}", side("sigma"));
    assert!(side("eql")["clause"].as_str().unwrap().contains("az"), "{}", side("eql"));
    assert_eq!(side("eql")["found"], false);
    let counted = all.iter().find(|one| one["what"] == "UserLoggedIn").unwrap();
    assert!(
        counted["sides"].as_array().unwrap().iter().any(|side| side["version"] == "eql" && side["clause"].is_null())
    );
}

#[test]
fn a_filter_over_cases_is_told_by_the_case_that_nearly_holds() {
    let name = "T1059.009-cloud-api";
    let folder = changed(name, "detection.sumo", "user_type != \"AWSService\"", "user_type != \"IAMUser\"");
    let package = folder.path().join(name).display().to_string();
    let logs = "detections/T1059.009-cloud-api/tests/identities";
    let call = |format: &str| text(&mynah(&["compare", &package, "--data", logs, "--format", format]).stdout);
    let lines = call("ndjson");
    let lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let parted = lines.iter().find(|line| line["what"] == "AssumeRole").unwrap();
    let sumo = parted["sides"].as_array().unwrap().iter().find(|side| side["version"] == "sumo").unwrap();
    assert_eq!((&sumo["found"], &sumo["condition"]), (&false.into(), &"user_type != \"IAMUser\"".into()), "{sumo}");
    assert_eq!(sumo["fields"]["user_type"], "IAMUser");
    let page = call("html");
    assert!(page.contains("user_type is <mark>IAMUser</mark>") && page.contains("class=\"line marked\""), "{page}");
}

#[test]
fn the_catalogue_is_listed_shown_and_exported() {
    assert!(text(&mynah(&["catalog", "list"]).stdout).contains("T1059.009-cloud-api"));
    let shown = text(&mynah(&["catalog", "show", "T1021.007"]).stdout);
    assert!(shown.contains("az login --use-device-code") && shown.contains("58f57c8f-db14-4e62-a4d3-5aaf556755d7"));
    let layer: serde_json::Value =
        serde_json::from_slice(&mynah(&["catalog", "export", "--format", "navigator"]).stdout).unwrap();
    assert_eq!(layer["versions"]["layer"], "4.5");
    assert_eq!(layer["techniques"][0]["techniqueID"], "T1021.007");
    let sarif: serde_json::Value =
        serde_json::from_slice(&mynah(&["catalog", "export", "--format", "sarif"]).stdout).unwrap();
    assert_eq!(sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().len(), 2);
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules.yml").display().to_string();
    assert!(mynah(&["catalog", "export", "--format", "sigma", "--output", &rules]).status.success());
    assert_eq!(mynah(&["check", "--strict", &rules]).status.code(), Some(0));
}

#[test]
fn the_site_needs_nothing_outside_itself() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    let output = mynah(&["catalog", "export", "--format", "site", "--output", &site.display().to_string()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let mut pages = 0;
    for folder in [site.clone(), site.join("T1021.007-cloud-services"), site.join("T1059.009-cloud-api")] {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "html") {
                continue;
            }
            pages += 1;
            let page = fs::read_to_string(&path).unwrap();
            for link in page
                .split("href=\"")
                .skip(1)
                .chain(page.split("src=\"").skip(1))
                .filter_map(|rest| rest.split('"').next())
            {
                if link.starts_with("https://") {
                    continue;
                }
                let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
                let target = if file.is_empty() { path.clone() } else { folder.join(file) };
                assert!(target.is_file(), "{}: {link}", path.display());
                assert!(
                    anchor.is_empty() || fs::read_to_string(target).unwrap().contains(&format!("id=\"{anchor}\"")),
                    "{}: {link}",
                    path.display()
                );
            }
            assert!(!page.contains("src=\"http") && !page.contains("rel=\"stylesheet\" href=\"http"));
            if path.ends_with("queries.html") {
                assert_eq!(page.matches("<div class=\"query\"").count(), 5, "{}", path.display());
                assert!(page.contains("<span class=\"tk\">") && page.contains("<span class=\"ts\">"));
            }
        }
    }
    assert_eq!(pages, 16);
    let read = |file: &str| fs::read_to_string(site.join(file)).unwrap();
    // The whole matrix is there, with the detections of each technique; queries can be searched.
    let matrix = read("matrix.html");
    assert!(matrix.contains("Remote Services: Cloud Services") && matrix.contains("T1078"));
    assert!(matrix.contains("href=\"T1021.007-cloud-services/index.html\""));
    assert!(read("queries.js").contains("LOGSOURCETYPENAME"));
    assert!(read("T1021.007-cloud-services/index.html").contains("Related detections"));
    assert!(read("index.html").contains("T1059.009 Command and Scripting Interpreter: Cloud API"));
}

#[test]
fn a_broken_package_is_an_error_that_names_file_and_line() {
    let folder = changed("T1059.009-cloud-api", "detection.yaml", "level: high\n", "level: high\nseverity: high\n");
    let output = mynah(&["test", &folder.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("detection.yaml:"), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("severity"), "{}", text(&output.stderr));
}

#[test]
fn the_queries_are_such_as_vendors_accept() {
    let output = mynah(&["check", "--strict", "detections"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    // Two packages: five versions and four hunts each; four queries of hunting packages.
    assert!(text(&output.stdout).contains("22 queries: 0 errors, 0 warnings"), "{}", text(&output.stdout));
}

#[test]
fn rules_of_other_repositories_run_beside_the_built_in_detections() {
    let folder = tempfile::tempdir().unwrap();
    let rule = "title: Trail\nlogsource: {product: aws, service: cloudtrail}\n\
                detection: {a: {eventName: StopLogging}, condition: a}\nlevel: high\n";
    fs::write(folder.path().join("trail.yml"), rule).unwrap();
    fs::write(
        folder.path().join("ruby.yml"),
        rule.replace("Trail", "Ruby").replace("aws, service: cloudtrail", "ruby_on_rails"),
    )
    .unwrap();
    fs::write(folder.path().join("broken.eql"), "any where\n").unwrap();
    let path = folder.path().to_string_lossy().into_owned();
    let call = ["detect", "--rules", &path, "--no-catalog", "--data", "examples/logs", "--format", "ndjson"];
    let output = mynah(&call);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let titles = |output: &Output| -> Vec<serde_json::Value> {
        let lines = text(&output.stdout);
        lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["title"].clone()).collect()
    };
    assert!(
        !titles(&output).is_empty() && titles(&output).iter().all(|title| title == "Trail"),
        "{}",
        text(&output.stdout)
    );
    let said = text(&output.stderr);
    assert!(
        said.contains(
            "note: of 3 rules 1 ran, 1 lacked something that is not here, 1 refused (--list-rules names them)\n"
        ),
        "{said}"
    );
    assert_eq!(mynah(&[&call[..], &["--strict"]].concat()).status.code(), Some(2));
    let beside = mynah(&["detect", "--rules", &path, "--data", "examples/logs", "--format", "ndjson"]);
    assert!(titles(&beside).len() > titles(&output).len());
    let listed = text(&mynah(&[&call[..], &["--list-rules"]].concat()).stdout);
    let states: Vec<String> = listed
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|line| format!("{} {}", line["state"].as_str().unwrap(), line["title"].as_str().unwrap()))
        .collect();
    assert_eq!(states, ["refused broken", "needs Ruby", "runs Trail"]);
}

#[test]
fn rules_that_are_not_there_are_told() {
    let none = |path: &str| {
        let output = mynah(&["detect", "--rules", path, "--no-catalog", "--data", "examples/logs"]);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        text(&output.stderr)
    };
    assert!(none("README.md").contains("no rule to run in README.md\n  README.md: no format of rules"));
    assert!(none("no/such/folder").contains("no/such/folder"));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("broken.toml"), "[rule]\nname = 3\n").unwrap();
    assert!(none(&folder.path().to_string_lossy()).contains("broken.toml:2: invalid type"));
}
