//! Rules of repositories in their own layouts: what is read of each format, what is not, and that many rules together find what
//! each finds alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah::{Dialect, Mynah, Package, Rules, Settings, Status};
use mynah_detection::{Confidence, Level};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const FILES: &[(&str, &str)] = &[
    (
        "sigma/trail.yml",
        "title: A trail is stopped
id: 6d1ad3d5-1111-4b1e-9f50-000000000001
name: trail_stopped
status: stable
description: Somebody stops a trail.
references: [https://attack.mitre.org/techniques/T1562/008/]
tags: [attack.defense-evasion, attack.t1562.008]
logsource: {product: aws, service: cloudtrail}
detection:
  selection:
    eventName: StopLogging
  condition: selection
falsepositives: [Maintenance]
level: high
",
    ),
    (
        "sigma/process.yml",
        "title: A process starts
logsource: {product: windows, category: process_creation}
detection:
  selection:
    Image|endswith: .exe
  condition: selection
",
    ),
    (
        "sigma/many.yml",
        "title: Many events of one user
correlation:
  type: event_count
  rules: [any_call]
  group-by: [userIdentity.arn]
  timespan: 1h
  condition: {gte: 3}
level: medium
---
title: Any call
name: any_call
logsource: {product: aws, service: cloudtrail}
detection:
  selection:
    eventName: '*'
  condition: selection
",
    ),
    (
        "sigma/filter.yml",
        "title: Not the administrators
logsource: {product: aws, service: cloudtrail}
filter:
  rules: [trail_stopped]
  selection:
    userIdentity.arn|contains: nobody-has-this-name
  condition: not selection
",
    ),
    (
        "sigma/old.yml",
        "title: Old\nstatus: deprecated\nlogsource: {product: aws}\ndetection: {a: {eventName: x}, condition: a}\n",
    ),
    ("sigma/broken.yml", "title: Broken\nlogsource: {product: aws}\ndetection:\n  a: [\n  condition: a\n"),
    (
        "sigma/twin.yml",
        "title: The same id\nid: 6d1ad3d5-1111-4b1e-9f50-000000000001\nlogsource: {product: aws}\ndetection: {a: {eventName: x}, condition: a}\n",
    ),
    (
        "elastic/rules/trail.toml",
        "[metadata]
creation_date = \"2024/01/02\"
maturity = \"production\"

[rule]
author = [\"Somebody\"]
description = \"A trail is stopped.\"
language = \"kuery\"
name = \"Trail stopped (KQL)\"
rule_id = \"6d1ad3d5-1111-4b1e-9f50-000000000002\"
severity = \"critical\"
type = \"query\"
note = \"Ask whose change it was.\"
query = '''
event.provider: cloudtrail* and
  event.action: StopLogging
'''

[[rule.threat]]
framework = \"MITRE ATT&CK\"
[rule.threat.tactic]
id = \"TA0005\"
name = \"Defense Evasion\"
[[rule.threat.technique]]
id = \"T1562\"
[[rule.threat.technique.subtechnique]]
id = \"T1562.008\"
",
    ),
    (
        "elastic/rules/job.toml",
        "[rule]\nname = \"Anomaly\"\ntype = \"machine_learning\"\nmachine_learning_job_id = \"x\"\nseverity = \"low\"\n",
    ),
    (
        "splunk/detections/cloud/trail.yml",
        "name: Trail stopped (SPL)
id: 6d1ad3d5-1111-4b1e-9f50-000000000003
status: production
type: TTP
description: A trail is stopped.
search: '`cloudtrail` eventName=StopLogging | stats count by userIdentity.arn | `trail_stopped_filter`'
known_false_positives: Maintenance
tags: {confidence: 90, impact: 80, mitre_attack_id: [T1562.008]}
",
    ),
    (
        "splunk/detections/cloud/untyped.yml",
        "name: Trail stopped (no type)\nsearch: '`cloudtrail` eventName=StopLogging'\n",
    ),
    (
        "splunk/baselines/calls.yml",
        "name: Baseline of calls\ntype: Baseline\nsearch: '`cloudtrail` | stats count by eventName'\n",
    ),
    ("splunk/macros/cloudtrail.yml", "name: cloudtrail\ndefinition: index=aws sourcetype=aws:cloudtrail\n"),
    (
        "app/default/savedsearches.conf",
        "[Trail stopped (saved)]\nsearch = index=aws \\\n  eventName=StopLogging\nalert.severity = 5\n\n[Off]\nsearch = x\ndisabled = 1\n",
    ),
    (
        "sumo/export.json",
        "{\"type\": \"FolderSyncDefinition\", \"name\": \"Rules\", \"children\": [
  {\"type\": \"SavedSearchWithScheduleSyncDefinition\", \"name\": \"Trail stopped (Sumo)\", \"description\": \"\",
   \"search\": {\"queryText\": \"_sourceCategory=*cloudtrail* StopLogging\"}},
  {\"type\": \"MonitorsLibraryMonitorExport\", \"name\": \"Load\", \"monitorType\": \"Metrics\", \"queries\": []}]}",
    ),
    ("queries/trail.eql", "any where event.action == \"StopLogging\"\n"),
    ("queries/broken.eql", "any where event.action ==\n"),
    ("README.md", "# Rules\n"),
    (".git/config", "[core]\n"),
];

fn pack() -> tempfile::TempDir {
    written(FILES)
}

/// A folder with these files.
fn written(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    folder
}

fn read(folder: &Path, include: &[Status]) -> Rules {
    Rules::read(&[folder.to_owned()], include)
}

fn titled<'r>(rules: &'r Rules, title: &str) -> &'r Package {
    rules.catalog().packages().iter().find(|package| package.manifest.title == title).expect(title)
}

#[test]
fn rules_say_of_themselves_what_their_formats_say() {
    let folder = pack();
    let rules = read(folder.path(), &[]);
    let sigma = titled(&rules, "A trail is stopped");
    assert_eq!((sigma.manifest.level, sigma.manifest.confidence), (Level::High, Confidence::High));
    assert_eq!(sigma.techniques(), ["T1562.008"]);
    assert!(sigma.query(Dialect::Sigma).unwrap().contains("Not the administrators"), "its filter goes with it");
    let elastic = titled(&rules, "Trail stopped (KQL)");
    assert_eq!((elastic.manifest.level, elastic.manifest.status), (Level::Critical, Status::Stable));
    assert_eq!(elastic.techniques(), ["T1562", "T1562.008"]);
    assert_eq!(elastic.tactics()[0].id, "TA0005");
    assert_eq!(elastic.files().text("playbook.md").unwrap(), "Ask whose change it was.");
    assert_eq!(mynah::place(elastic).1, 15);
    let splunk = titled(&rules, "Trail stopped (SPL)");
    assert_eq!((splunk.manifest.level, splunk.manifest.confidence), (Level::High, Confidence::High));
    assert_eq!(titled(&rules, "Trail stopped (saved)").manifest.level, Level::High);
    assert_eq!(
        titled(&rules, "Trail stopped (Sumo)").query(Dialect::Sumo).unwrap().trim(),
        "_sourceCategory=*cloudtrail* StopLogging"
    );
    assert!(rules.catalog().packages().iter().all(|package| package.manifest.title != "Any call"));
}

#[test]
fn what_is_not_loaded_is_named_with_its_reason() {
    let folder = pack();
    let rules = read(folder.path(), &[]);
    let reasons = |all: &[mynah::NotLoaded]| -> BTreeMap<String, String> {
        let name = |one: &mynah::NotLoaded| {
            one.title
                .clone()
                .unwrap_or_else(|| Path::new(&one.file).file_name().unwrap().to_string_lossy().into_owned())
        };
        all.iter().map(|one| (name(one), one.reason.clone())).collect()
    };
    let refused = reasons(rules.refused());
    assert_eq!(refused.keys().collect::<Vec<_>>(), ["Anomaly", "Load", "broken.yml"], "{refused:?}");
    assert!(refused["Anomaly"].contains("type machine_learning"), "{refused:?}");
    assert!(refused["Load"].contains("Metrics"), "{refused:?}");
    assert!(rules.refused().iter().any(|one| one.file.ends_with("broken.yml") && one.line.is_some()));
    let left_out = reasons(rules.left_out());
    assert_eq!(
        left_out.keys().collect::<Vec<_>>(),
        ["Any call", "Baseline of calls", "Off", "Old", "The same id"],
        "{left_out:?}"
    );
    assert!(left_out["The same id"].contains("trail.yml has the same id"), "{left_out:?}");
    assert_eq!(rules.other_files(), &BTreeMap::from([("md".to_owned(), 1)]));
    assert_eq!(read(folder.path(), &[Status::Deprecated]).left_out().len(), 4);
}

#[test]
fn many_rules_together_find_what_each_finds_alone() {
    let folder = pack();
    let rules = read(folder.path(), &[]);
    let mut settings = Settings::default();
    rules.add_to(&mut settings).unwrap();
    let mynah = Mynah::builder().settings(settings).data("../../examples/logs").build().unwrap();
    let detected = mynah.detect(rules.catalog(), &Dialect::ALL).unwrap();
    let refused: Vec<&str> = detected.refused.iter().map(|refused| refused.id.as_str()).collect();
    assert!(matches!(refused.as_slice(), [id] if id.ends_with("broken.eql:1")), "{refused:?}");
    // Whichever way a rule ran, its findings say when and where.
    for finding in &detected.findings {
        assert!(finding.first.is_some(), "{}", finding.title);
        let is_known = |event: &mynah_detection::EventRef| event.time.is_some() && !event.source.is_empty();
        assert!(finding.events.iter().all(is_known), "{}", finding.title);
    }
    let mut together: BTreeMap<&str, BTreeSet<(String, u64)>> = BTreeMap::new();
    for finding in &detected.findings {
        let events = finding.events.iter().map(|event| (event.file.clone(), event.record));
        together.entry(&finding.title).or_default().extend(events);
    }
    let mut found = 0;
    for package in rules.catalog().packages() {
        let dialect = package.dialects().next().unwrap();
        let Ok(query) = mynah.query(package.query(dialect).unwrap(), dialect) else { continue };
        let mut alone = BTreeSet::new();
        query
            .events(|event| {
                alone.insert((event.file, event.record));
                Ok(())
            })
            .unwrap();
        found += usize::from(!alone.is_empty());
        let title = package.manifest.title.as_str();
        assert_eq!(together.get(title).cloned().unwrap_or_default(), alone, "{title}");
    }
    assert!(found >= 8, "{found} rules found something");
}

#[test]
fn a_package_is_one_rule_whatever_files_it_has() {
    let built_in = mynah::Catalog::built_in().unwrap();
    let folder = std::path::PathBuf::from("../../detections");
    let rules = Rules::read(std::slice::from_ref(&folder), &[]);
    assert_eq!(rules.refused(), []);
    assert_eq!(rules.catalog().packages().len(), built_in.packages().len());
    let name = &built_in.packages()[0].name;
    let manifest = Rules::read(&[folder.join(name).join("detection.yaml")], &[]);
    assert_eq!(manifest.catalog().packages()[0].manifest.id, built_in.packages()[0].manifest.id);
    let hunts = rules.left_out().len();
    assert!(hunts > 0 && rules.left_out().iter().all(|hunt| hunt.reason.contains("mynah hunt")));
    // Beside the catalogue that has them already, each is left out.
    let mut twins = rules;
    assert_eq!(twins.behind(&built_in).packages().len(), built_in.packages().len());
    assert_eq!(twins.left_out().len(), hunts + built_in.packages().len());
}

#[test]
fn any_of_several_values_counts_in_a_field_for_one() {
    let event = |second: u8, user: &str| {
        format!(
            "{{\"@timestamp\":\"2026-03-14T12:00:0{second}Z\",\"ecs\":{{\"version\":\"8.11\"}},\"event\":{{\"action\":\"x\"}},\"host\":{{\"name\":\"h\"}},\"user\":{{\"name\":{user}}}}}\n"
        )
    };
    let events = [event(0, "[\"ada\",\"bob\"]"), event(1, "\"eve\""), event(2, "[\"eve\",\"ada\"]")];
    let folder = written(&[
        ("one.eql", "any where user.name == \"bob\"\n"),
        ("two.eql", "sequence by host.name [any where user.name == \"bob\"] [any where user.name == \"ada\"]\n"),
        ("events.ndjson", &events.concat()),
    ]);
    let rules = read(folder.path(), &[]);
    let mynah = Mynah::builder().data(folder.path().join("events.ndjson").display().to_string()).build().unwrap();
    let detected = mynah.detect(rules.catalog(), &Dialect::ALL).unwrap();
    let found: BTreeMap<&str, Vec<u64>> = detected
        .findings
        .iter()
        .map(|finding| (finding.title.as_str(), finding.events.iter().map(|event| event.record).collect()))
        .collect();
    assert_eq!(found, BTreeMap::from([("one", vec![1]), ("two", vec![1, 3])]));
    // What was read to find that out does not count.
    assert_eq!(mynah.engine().progress().events(), 3);
}

#[test]
fn a_rule_that_wants_more_events_than_there_is_memory_for_stops_no_other() {
    let event = |n: usize| {
        format!(
            "{{\"@timestamp\":\"2026-03-14T12:00:00Z\",\"ecs\":{{\"version\":\"8.11\"}},\"event\":{{\"action\":\"a{n:02000}\"}},\"user\":{{\"name\":\"user{n}\"}}}}\n"
        )
    };
    let folder = written(&[
        ("one.eql", "any where user.name == \"user7\"\n"),
        ("all.spl", "index=* | stats count by event.action\n"),
        ("some.spl", "index=* user.name=user9 | stats count by event.action\n"),
        ("events.ndjson", &(0..24_000).map(event).collect::<String>()),
    ]);
    let rules = read(folder.path(), &[]);
    let options = mynah_engine::Options { memory: Some(32 << 20), ..mynah_engine::Options::default() };
    let events = folder.path().join("events.ndjson").display().to_string();
    let engine = mynah_engine::Engine::new(options, &[events]).unwrap();
    let detected =
        mynah_detection::detect(&engine, &mynah::frontend, rules.catalog().packages(), &Dialect::ALL).unwrap();
    let found: Vec<&str> = detected.findings.iter().map(|finding| finding.title.as_str()).collect();
    assert_eq!(found, ["one", "some"], "{:?}", detected.refused);
    let [refused] = detected.refused.as_slice() else { panic!("{:?}", detected.refused) };
    assert!(refused.id.ends_with("all.spl:1") && refused.error.to_string().contains("more than 32 MiB"), "{refused:?}");
    assert_eq!(engine.progress().events(), 24_000);
}

#[test]
fn a_folder_that_is_not_there_is_refused() {
    let rules = Rules::read(&["no/such/folder".into()], &[]);
    assert_eq!(rules.refused().len(), 1);
    assert_eq!(rules.refused()[0].file, "no/such/folder");
}
