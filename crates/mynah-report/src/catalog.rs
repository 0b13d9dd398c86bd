//! Detections, for programs that manage or show them.
use crate::sarif;
use mynah_detection::{Catalog, Level, Package, attack};
use mynah_event::Dialect;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// All Sigma rules as one stream of YAML documents.
pub fn sigma(catalog: &Catalog) -> String {
    let rules = catalog.packages().iter().filter_map(|package| package.query(Dialect::Sigma));
    format!("{}\n", rules.map(str::trim_end).collect::<Vec<_>>().join("\n---\n"))
}

/// What a layer says of one technique under one tactic.
#[derive(Default)]
struct Cell {
    score: usize,
    metadata: Vec<Value>,
    titles: Vec<String>,
}

/// A layer of the ATT&CK Navigator, format 4.5
/// (<https://github.com/mitre-attack/attack-navigator/blob/master/layers/spec/v4.5/layerformat.md>): the score of a
/// technique is the number of dialects it is detected in.
pub fn navigator(catalog: &Catalog) -> Value {
    let mut cells: BTreeMap<(String, &'static str), Cell> = BTreeMap::new();
    for package in catalog.packages() {
        let dialects: Vec<&str> = package.dialects().map(Dialect::name).collect();
        for technique in package.techniques() {
            let of_tactic =
                |tag: &String| attack::technique(&technique).is_none_or(|known| known.tactics.contains(tag));
            for tactic in package.tactics().into_iter().filter(|tactic| of_tactic(&tactic.tag)) {
                let cell = cells.entry((technique.clone(), &tactic.tag)).or_default();
                cell.score = cell.score.max(dialects.len());
                cell.metadata.push(json!({"name": package.name, "value": dialects.join(", ")}));
                cell.titles.push(package.manifest.title.clone());
            }
        }
    }
    let technique = |((id, tactic), Cell { score, metadata, titles })| {
        json!({
            "techniqueID": id,
            "tactic": tactic,
            "score": score,
            "comment": titles.join("; "),
            "enabled": true,
            "metadata": metadata,
            "showSubtechniques": true,
        })
    };
    let version = attack::version().split('.').next();
    json!({
        "name": "Mynah",
        "versions": {"attack": version, "navigator": "5.2.0", "layer": "4.5"},
        "domain": "enterprise-attack",
        "description": "Techniques that the detections of this catalogue cover; the score is the number of query languages",
        "techniques": cells.into_iter().map(technique).collect::<Vec<_>>(),
        "gradient": {"colors": ["#d6e6f2", "#1f6f9e"], "minValue": 0, "maxValue": Dialect::ALL.len()},
        "legendItems": [],
        "showTacticRowBackground": false,
        "selectTechniquesAcrossTactics": true,
        "selectSubtechniquesWithParent": false,
    })
}

/// The detections as the rules of a SARIF 2.1.0 log without results, for programs that collect results.
pub fn sarif(catalog: &Catalog) -> Value {
    let rule = |package: &Package| {
        let manifest = &package.manifest;
        let level = match manifest.level {
            Level::High | Level::Critical => "error",
            Level::Medium => "warning",
            Level::Low | Level::Informational => "note",
        };
        json!({
            "id": manifest.id,
            "name": package.name,
            "shortDescription": {"text": manifest.title},
            "fullDescription": {"text": manifest.description.trim()},
            "helpUri": manifest.references.first(),
            "help": {"text": format!("Known false positives: {}", manifest.falsepositives.join("; "))},
            "defaultConfiguration": {"level": level},
            "properties": {"tags": manifest.tags, "precision": manifest.confidence.name()},
        })
    };
    sarif::log(catalog.packages().iter().map(rule).collect(), Vec::new())
}
