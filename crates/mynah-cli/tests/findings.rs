//! What `mynah detect` shows of findings: which of them, in which formats, and what they come to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::Value;
use std::fs;
use support::{Run, mynah, repository};

/// A folder of rules over CloudTrail, some of which find much.
fn rules() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let rule = |title: &str, id: u32, tag: &str, name: &str| {
        format!(
            "title: {title}\nid: 11111111-0000-4000-8000-00000000000{id}\ndescription: It tells of {title}.\n\
             falsepositives: [Maintenance]\ntags: [attack.defense-evasion, attack.t1562.008, {tag}]\nlevel: high\n\
             logsource: {{product: aws, service: cloudtrail}}\ndetection: {{a: {{eventName: '{name}'}}, condition: a}}\n"
        )
    };
    fs::create_dir(folder.path().join("cloud")).unwrap();
    fs::write(folder.path().join("cloud/stopped.yml"), rule("Trail stopped", 1, "team.red", "StopLogging")).unwrap();
    fs::write(folder.path().join("any.yml"), rule("Any call", 2, "team.blue", "*")).unwrap();
    folder
}

fn detect(folder: &tempfile::TempDir, more: &[&str]) -> Run {
    let (rules, logs) = (folder.path().display().to_string(), repository("examples/logs"));
    mynah(&[&["detect", "--no-catalog", "--rules", &rules, "--data", &logs], more].concat())
}

fn titles(run: &Run) -> Vec<String> {
    let mut titles: Vec<String> = run.rows().iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect();
    titles.dedup();
    titles
}

#[test]
fn rules_are_chosen_by_tag_and_left_out_by_id_title_and_path() {
    let folder = rules();
    let ndjson = |more: &[&str]| detect(&folder, &[&["-f", "ndjson"], more].concat());
    assert_eq!(titles(&ndjson(&["--tag", "TEAM.r*"])), ["Trail stopped"]);
    assert_eq!(titles(&ndjson(&["--exclude", "11111111-0000-4000-8000-000000000002"])), ["Trail stopped"]);
    assert_eq!(titles(&ndjson(&["--exclude", "any*"])), ["Trail stopped"]);
    for path in ["cloud", "cloud/", "cloud/*.yml", "stopped.yml"] {
        assert_eq!(titles(&ndjson(&["--exclude", path])), ["Any call"], "{path}");
    }
    let run = ndjson(&["--exclude", "any call", "--exclude", "nothing"]);
    assert!(run.stderr.contains("--exclude nothing names no detection"), "{}", run.stderr);
    assert!(run.stderr.contains("of 2 rules 1 ran, 1 left out"), "{}", run.stderr);
    assert_eq!(ndjson(&["--tag", "team.green"]).status, 2);
}

#[test]
fn findings_are_those_of_a_time() {
    let folder = rules();
    let run = detect(&folder, &["-f", "ndjson", "--from", "2026-03-02T08:30:00Z", "--to", "2026-03-02T08:33:00Z"]);
    for row in run.rows() {
        let time = |key: &str| row[key].as_str().unwrap().to_owned();
        assert!(time("first").as_str() < "2026-03-02T08:33:00Z" && time("last").as_str() >= "2026-03-02T08:30:00Z");
    }
    assert!(titles(&run).contains(&"Trail stopped".to_owned()), "{}", run.stdout);
    assert!(run.stderr.contains("--from and --to leave out"), "{}", run.stderr);
    assert_eq!(detect(&folder, &["-f", "ndjson", "--from", "2026-03-03"]).rows().len(), 0);
    assert!(!detect(&folder, &["-f", "ndjson", "--to", "2026-03-03"]).rows().is_empty());
}

#[test]
fn noisy_rules_are_named() {
    let folder = rules();
    let log = folder.path().join("calls.ndjson");
    fs::write(&log, mynah(&["generate", "--source", "aws.cloudtrail", "-n", "500"]).stdout).unwrap();
    let (rules, log) = (folder.path().display().to_string(), log.display().to_string());
    let call = ["detect", "--no-catalog", "--rules", &rules, "--data", &log];
    let said = mynah(&call).stderr;
    assert!(
        said.contains("note: noisy, finding more than one record in 100: Any call (500 events) (--exclude"),
        "{said}"
    );
    assert!(!mynah(&[&call[..], &["--exclude", "Any call"]].concat()).stderr.contains("noisy"));
}

#[test]
fn a_finding_has_what_its_rule_says() {
    let folder = rules();
    let rows = detect(&folder, &["-f", "ndjson", "--tag", "team.red"]).rows();
    assert_eq!(rows[0]["description"], "It tells of Trail stopped.");
    assert_eq!(rows[0]["falsepositives"][0], "Maintenance");
    let html = detect(&folder, &["-f", "html"]).stdout;
    assert!(html.contains("It tells of Trail stopped.") && html.contains("Maintenance"), "{html}");
    // The built-in detections have playbooks.
    let html = mynah(&["detect", "--data", &repository("examples/logs"), "-f", "html"]).stdout;
    assert!(html.contains("How to respond"), "{html}");
}

#[test]
fn a_page_shows_which_conditions_an_event_fulfils_and_the_values_that_they_ask_about() {
    let page = detect(&rules(), &["-f", "html", "--tag", "team.red"]).stdout;
    // The condition of the rule, the value in the record's own text, and the rule's own text.
    assert!(page.contains("<code>eventName: &apos;StopLogging&apos;</code>"), "{page}");
    assert!(page.contains("<b>&quot;eventName&quot;</b>: <mark>&quot;StopLogging&quot;</mark>"), "{page}");
    assert!(page.contains("<span class=\"tk\">detection</span>"), "{page}");
    assert!(page.contains("1 detection (1 query) ran over "), "{page}");
    assert!(page.contains("class=\"histogram\"") && page.contains("Users and techniques"), "{page}");
    // Nothing is fetched from anywhere.
    assert!(!page.contains("src=") && !page.contains("<link"), "{page}");
}

#[test]
fn a_table_ends_in_what_the_findings_come_to() {
    let table = detect(&rules(), &["-f", "table"]).stdout;
    let end = table.rsplit_once("findings, ").unwrap().1;
    for line in ["levels   high ", "tactics  Defense Evasion ", "users    ", "findings    events  level"] {
        assert!(end.contains(line), "{line}: {end}");
    }
    assert!(table.contains("Trail stopped") && end.contains("from 2026-03-02T"), "{table}");
}

#[test]
fn timesketch_has_an_event_a_line_with_its_time() {
    let folder = rules();
    let events: usize =
        detect(&folder, &["-f", "ndjson"]).rows().iter().map(|row| row["events"].as_array().unwrap().len()).sum();
    let lines = detect(&folder, &["-f", "timesketch", "--events"]).rows();
    assert_eq!(lines.len(), events);
    for line in &lines {
        for key in ["message", "datetime", "timestamp_desc", "raw"] {
            assert!(line[key].is_string(), "{key}: {line}");
        }
        assert!(line["tag"].as_array().unwrap().contains(&Value::from("T1562.008")));
    }
}

#[test]
fn a_layer_counts_findings_and_sarif_has_rules_and_results() {
    let folder = rules();
    let findings = detect(&folder, &["-f", "ndjson"]).rows().len();
    let json = |format: &str| -> Value { serde_json::from_str(&detect(&folder, &["-f", format]).stdout).unwrap() };
    let layer = json("navigator");
    assert_eq!(layer["versions"]["layer"], "4.5");
    assert_eq!(layer["techniques"][0]["techniqueID"], "T1562.008");
    assert_eq!(layer["techniques"][0]["score"], findings);
    let sarif = json("sarif");
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), 2);
    assert_eq!(run["results"].as_array().unwrap().len(), findings);
    assert!(run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64().unwrap() > 0);
    assert_eq!(detect(&folder, &["-f", "sarif", "--events"]).status, 2);
}
