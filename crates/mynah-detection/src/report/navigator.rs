use crate::Catalog;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a layer says of one technique under one tactic.
#[derive(Default)]
struct Cell {
    score: usize,
    metadata: Vec<Value>,
    titles: Vec<String>,
}

/// A layer of the ATT&CK Navigator, format 4.5
/// (<https://github.com/mitre-attack/attack-navigator/blob/master/layers/spec/v4.5/layerformat.md>): the score of a
/// technique is how many dialects it is detected in.
pub fn navigator(catalog: &Catalog) -> Value {
    let mut techniques: BTreeMap<(String, &'static str), Cell> = BTreeMap::new();
    for package in catalog.packages() {
        let dialects: Vec<&str> = package.dialects().map(|dialect| dialect.name()).collect();
        for technique in package.techniques() {
            for (tactic, ..) in package.tactics() {
                let cell = techniques.entry((technique.clone(), tactic)).or_default();
                cell.score = cell.score.max(dialects.len());
                cell.metadata.push(json!({"name": package.name, "value": dialects.join(", ")}));
                cell.titles.push(package.manifest.title.clone());
            }
        }
    }
    let techniques: Vec<Value> = techniques
        .into_iter()
        .map(|((id, tactic), Cell { score, metadata, titles })| {
            json!({
                "techniqueID": id,
                "tactic": tactic,
                "score": score,
                "comment": titles.join("; "),
                "enabled": true,
                "metadata": metadata,
                "showSubtechniques": true,
            })
        })
        .collect();
    json!({
        "name": "Mynah",
        "versions": {"attack": "18", "navigator": "5.2.0", "layer": "4.5"},
        "domain": "enterprise-attack",
        "description": "What the detections of this catalogue cover; the score is the number of query languages",
        "techniques": techniques,
        "gradient": {"colors": ["#d6e6f2", "#1f6f9e"], "minValue": 0, "maxValue": 5},
        "legendItems": [],
        "showTacticRowBackground": false,
        "selectTechniquesAcrossTactics": true,
        "selectSubtechniquesWithParent": false,
    })
}
