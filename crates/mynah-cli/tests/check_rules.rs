//! `mynah check` over rules of every format: what is wrong is shown where it stands in the rule's own file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use support::mynah;

const FILES: [(&str, &str); 11] = [
    (
        "elastic/rule.toml",
        "[rule]\nname = \"A\"\nrule_id = \"a\"\nseverity = \"low\"\ntype = \"eql\"\nquery = '''\nprocess where\n  nosuch(process.name) == \"a\"\n'''\n",
    ),
    ("elastic/esql.toml", "[rule]\nname = \"B\"\nseverity = \"low\"\ntype = \"esql\"\nquery = \"from x\"\n"),
    ("elastic/broken.toml", "[rule]\nname = 3\n"),
    (
        "splunk/detections/fold.yml",
        "name: C\ntype: TTP\nsearch: '`trail` eventName=\"It''s\"\n  | eval\n    x=nosuch(1)\n  | `c_filter`'\n",
    ),
    ("splunk/detections/broken.yml", "name: D\nsearch: [\n"),
    ("splunk/macros/trail.yml", "name: trail\ndefinition: index=aws sourcetype=aws:cloudtrail\n"),
    ("app/default/savedsearches.conf", "[E]\nsearch = index=aws \\\n  | stats nosuch(x)\n"),
    (
        "sumo.json",
        "{\"type\": \"SavedSearchSyncDefinition\", \"name\": \"F\",\n \"search\": {\"queryText\": \"_sourceCategory=a\\n| nosuch b\"}}",
    ),
    ("queries/bad.aql", "SELECT username FORM events\n"),
    (
        "sigma/rule.yml",
        "title: G\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  a: {eventName: x}\n  condition: b\n",
    ),
    ("workflow.yml", "on: push\njobs: {}\n"),
];

fn rules() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in FILES {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

#[test]
fn errors_stand_at_their_lines_in_files_of_every_format() {
    let folder = rules();
    let run = mynah(&["check", "--format", "sarif", &folder.path().display().to_string()]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    let sarif: Value = serde_json::from_str(&run.stdout).unwrap();
    let mut errors: BTreeMap<String, (u64, String)> = BTreeMap::new();
    for result in sarif["runs"][0]["results"].as_array().unwrap().iter().filter(|result| result["level"] == "error") {
        let place = &result["locations"][0]["physicalLocation"];
        let region = &place["region"];
        let file = place["artifactLocation"]["uri"].as_str().unwrap();
        let text = fs::read_to_string(file).unwrap();
        let line = region["startLine"].as_u64().unwrap();
        let (start, end) =
            (region["startColumn"].as_u64().unwrap() as usize, region["endColumn"].as_u64().unwrap() as usize);
        let written = text.lines().nth(line as usize - 1).unwrap_or_default();
        let part = if region["endLine"].as_u64() == Some(line) {
            written.get(start - 1..end - 1).unwrap_or_default()
        } else {
            ""
        };
        let name = file.strip_prefix(&folder.path().display().to_string()).unwrap().trim_start_matches('/');
        errors.entry(name.to_owned()).or_insert((line, part.to_owned()));
    }
    let got: Vec<String> = errors.into_iter().map(|(name, (line, part))| format!("{name}:{line} {part}")).collect();
    assert_eq!(
        got,
        [
            "app/default/savedsearches.conf:3 nosuch",
            "elastic/broken.toml:2 name = 3",
            "elastic/rule.toml:8 nosuch",
            "queries/bad.aql:1 events",
            "sigma/rule.yml:5 b",
            "splunk/detections/broken.yml:3 ",
            "splunk/detections/fold.yml:5 nosuch",
            "sumo.json:2 nosuch",
        ]
    );
}

#[test]
fn rules_of_kinds_that_are_not_run_are_no_errors() {
    let folder = rules();
    let esql = folder.path().join("elastic/esql.toml").display().to_string();
    let run = mynah(&["check", &esql]);
    assert_eq!(run.status, 0, "{}", run.stdout);
    assert!(run.stdout.contains("0 queries: 0 errors, 0 warnings (1 rule not checked"), "{}", run.stdout);
    let found: Value = serde_json::from_str(&mynah(&["check", "-f", "json", &esql]).stdout).unwrap();
    assert_eq!(found[0]["diagnostics"][0]["severity"], "info");
    assert!(found[0]["diagnostics"][0]["message"].as_str().unwrap().contains("type esql"));
    // Macros that are beside the rules are known, and YAML of something else is no rule.
    let run = mynah(&["check", "-q", &folder.path().display().to_string()]);
    assert!(!run.stdout.contains("unknown macro") && !run.stdout.contains("workflow"), "{}", run.stdout);
    assert_eq!(mynah(&["check", &folder.path().join("workflow.yml").display().to_string()]).status, 2);
}
