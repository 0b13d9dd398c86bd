//! Detections, for programs that manage or show them.
use crate::navigator::Cells;
use crate::sarif;
use mynah_detection::{About, Catalog, Package};
use mynah_event::Dialect;
use serde_json::{Value, json};

/// All Sigma rules as one stream of YAML documents.
pub fn sigma(catalog: &Catalog) -> String {
    let rules = catalog.packages().iter().filter_map(|package| package.query(Dialect::Sigma));
    format!("{}\n", rules.map(str::trim_end).collect::<Vec<_>>().join("\n---\n"))
}

/// A layer of the ATT&CK Navigator: the score of a technique is the number of dialects it is detected in.
pub fn navigator(catalog: &Catalog) -> Value {
    let mut cells = Cells::default();
    for package in catalog.packages() {
        let dialects: Vec<&str> = package.dialects().map(Dialect::name).collect();
        for cell in cells.of(&package.techniques(), &package.tactics()) {
            cell.score = cell.score.max(dialects.len());
            cell.metadata.push(json!({"name": package.name, "value": dialects.join(", ")}));
            cell.titles.insert(package.manifest.title.clone());
        }
    }
    let about = "Techniques that the detections of this catalogue cover; the score is the number of query languages";
    cells.layer(about, ["#d6e6f2", "#1f6f9e"], Dialect::ALL.len())
}

/// The detections as the rules of a SARIF 2.1.0 log without results, for programs that collect results.
pub fn sarif(catalog: &Catalog) -> Value {
    let rule = |package: &Package| {
        let manifest = &package.manifest;
        let rule = sarif::Rule {
            id: &manifest.id,
            name: &package.name,
            title: &manifest.title,
            about: &About::of(package),
            level: manifest.level,
            confidence: manifest.confidence,
        };
        rule.descriptor()
    };
    sarif::log(catalog.packages().iter().map(rule).collect(), Vec::new())
}
