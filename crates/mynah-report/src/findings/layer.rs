//! Findings as a layer of the ATT&CK Navigator and as results of SARIF.
use super::headline;
use crate::navigator::Cells;
use crate::sarif;
use mynah_detection::{EventRef, Finding};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A layer of the ATT&CK Navigator: the score of a technique is the number of findings.
pub fn navigator(findings: &[Finding]) -> Value {
    let mut cells = Cells::default();
    let mut most = 0;
    for finding in findings {
        for cell in cells.of(&finding.techniques, &finding.tactics) {
            cell.score += 1;
            cell.titles.insert(finding.title.clone());
            most = most.max(cell.score);
        }
    }
    let about = "Techniques that were found; the score is the number of findings";
    cells.layer(about, ["#f6e3cf", "#b3261e"], most.max(1))
}

/// How many events of a finding a result has places for: GitHub reads no more.
const MOST_PLACES: usize = 100;

/// A SARIF 2.1.0 log: each rule that found something, and a result for each finding. A place in a log is its file, and as its line
/// the number of the record.
pub fn sarif(findings: &[Finding]) -> Value {
    let mut rules: BTreeMap<&str, &Finding> = BTreeMap::new();
    for finding in findings {
        rules.entry(&finding.id).or_insert(finding);
    }
    let descriptors = rules.values().map(|finding| {
        let rule = sarif::Rule {
            id: &finding.id,
            name: &finding.detection,
            title: &finding.title,
            about: &finding.about,
            level: finding.level,
            confidence: finding.confidence,
        };
        rule.descriptor()
    });
    sarif::log(descriptors.collect(), findings.iter().map(result).collect())
}

fn result(finding: &Finding) -> Value {
    let place = |event: &EventRef| {
        json!({
            "physicalLocation": {
                "artifactLocation": {"uri": sarif::uri(&event.file)},
                "region": {"startLine": event.record.max(1)},
            },
        })
    };
    let events = finding.events.iter().take(MOST_PLACES);
    json!({
        "ruleId": finding.id,
        "level": sarif::level(finding.level),
        "message": {"text": headline(finding, "; ")},
        "locations": events.clone().take(1).map(place).collect::<Vec<_>>(),
        "relatedLocations": events.skip(1).map(place).collect::<Vec<_>>(),
        "partialFingerprints": {"mynahFinding/v1": finding.uid()},
        "properties": {
            "events": finding.events.len(),
            "first": finding.first.map(|time| time.to_string()),
            "last": finding.last.map(|time| time.to_string()),
            "users": finding.users,
            "addresses": finding.addresses,
            "hosts": finding.hosts,
        },
    })
}
