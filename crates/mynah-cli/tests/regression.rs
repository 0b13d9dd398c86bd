//! `mynah test` over Sigma rules with regression tests, laid out as SigmaHQ lays them out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;
use support::mynah;

const RULE: &str = "title: Stopped\nid: 11111111-0000-4000-8000-000000000001\nstatus: test\n\
    logsource: {product: aws, service: cloudtrail}\ndetection: {a: {eventName: StopLogging}, condition: a}\n\
    regression_tests_path: regression_data/rules/cloud/stopped/info.yml\n";
const EVENT: &str = r#"{"eventVersion":"1.08","eventTime":"2026-03-02T06:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","awsRegion":"eu-west-1"}"#;

fn info(id: &str, count: &str) -> String {
    format!(
        "id: x\nrule_metadata:\n    - id: {id}\n      title: Stopped\nregression_tests_info:\n    - name: Positive Detection Test\n      \
         type: json\n{count}      path: regression_data/rules/cloud/stopped/log.json\n"
    )
}

fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| write(folder.path(), name, text);
    write("rules/cloud/stopped.yml", RULE);
    write("rules/cloud/untested.yml", &RULE.replace("000001", "000002").replace("regression_tests_path", "other"));
    let log = format!("{EVENT}\n{}\n", EVENT.replace("StopLogging", "StartLogging"));
    write("regression_data/rules/cloud/stopped/log.json", &log);
    write(INFO, &info("11111111-0000-4000-8000-000000000001", "      match_count: 1\n"));
    folder
}

const INFO: &str = "regression_data/rules/cloud/stopped/info.yml";

fn write(folder: &Path, name: &str, text: &str) {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

#[test]
fn a_rule_finds_as_many_events_as_its_tests_say() {
    let folder = repository();
    let test = |path: &str| {
        let run = mynah(&["test", &folder.path().join(path).display().to_string()]);
        (run.status, format!("{}{}", run.stdout, run.stderr))
    };
    for path in ["rules", "", "rules/cloud/stopped.yml"] {
        let (status, said) = test(path);
        assert_eq!(status, 0, "{said}");
        assert!(
            said.contains("ok   sigma  finds 1 event") && said.contains("1 detection, 1 check, 0 failed"),
            "{said}"
        );
    }
    let id = "11111111-0000-4000-8000-000000000001";
    write(folder.path(), INFO, &info(id, "      match_count: 2\n"));
    let (status, said) = test("rules");
    assert_eq!(status, 1);
    assert!(said.contains("found 1 of 2 events in regression_data/rules/cloud/stopped/log.json"), "{said}");
    write(folder.path(), INFO, &info(id, ""));
    assert_eq!(test("rules").0, 0, "without a number one event is enough");
    write(folder.path(), INFO, &info(id, "      match_count: 0\n"));
    let (status, said) = test("rules");
    assert!(status == 0 && said.contains("differs: found 1 of 2 events"), "more are no failure: {said}");
    write(folder.path(), INFO, &info("another", ""));
    assert!(test("rules").1.contains("is of another rule: another"));
    write(folder.path(), INFO, &info(id, "").replace("log.json", "gone.json"));
    assert!(test("rules").1.contains("file not found: regression_data/rules/cloud/stopped/gone.json"));
    fs::remove_file(folder.path().join(INFO)).unwrap();
    assert!(test("rules").1.contains("file not found: regression_data/rules/cloud/stopped/info.yml"));
    let (status, said) = test("rules/cloud/untested.yml");
    assert!(status == 2 && said.contains("no detection found"), "{said}");
}

#[test]
fn results_are_those_of_build_servers_too() {
    let folder = repository();
    let tap = mynah(&["test", "--format", "tap", &folder.path().display().to_string()]);
    assert!(tap.stdout.starts_with("TAP version 14\n1..1\nok 1 - "), "{}", tap.stdout);
    let junit = mynah(&["test", "--format", "junit", &folder.path().display().to_string()]);
    assert!(junit.stdout.contains("tests=\"1\" failures=\"0\""), "{}", junit.stdout);
}
