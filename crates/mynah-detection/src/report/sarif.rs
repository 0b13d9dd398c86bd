use crate::{Catalog, Level};
use serde_json::{Value, json};

/// A catalogue as the rules of a SARIF 2.1.0 log without results
/// (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>): what was tested, for programs that collect
/// results.
pub fn sarif(catalog: &Catalog) -> Value {
    let rules: Vec<Value> = catalog
        .packages()
        .iter()
        .map(|package| {
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
                "help": {"text": format!("Falsely set off by: {}", manifest.falsepositives.join("; "))},
                "defaultConfiguration": {"level": level},
                "properties": {"tags": manifest.tags, "precision": manifest.confidence.name()},
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "mynah", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "results": [],
        }],
    })
}
