//! Layers of the ATT&CK Navigator, format 4.5
//! (<https://github.com/mitre-attack/attack-navigator/blob/master/layers/spec/v4.5/layerformat.md>).
use mynah_detection::Level;
use mynah_detection::attack::{self, Tactic};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What a layer says of one technique under one tactic.
#[derive(Default)]
pub(crate) struct Cell {
    pub score: usize,
    /// The highest level of what was found, where something was.
    pub level: Option<Level>,
    pub metadata: Vec<Value>,
    pub titles: BTreeSet<String>,
}

/// The cells of a layer.
#[derive(Default)]
pub(crate) struct Cells(BTreeMap<(String, Option<&'static str>), Cell>);

impl Cells {
    /// The cells of these techniques: each under those of the tactics that it is of, or under all of its own where none is named.
    pub fn of(&mut self, techniques: &[String], tactics: &[&'static Tactic]) -> impl Iterator<Item = &mut Cell> {
        let mut places = BTreeSet::new();
        for technique in techniques {
            let is_of = |tactic: &&&'static Tactic| {
                attack::technique(technique).is_none_or(|known| known.tactics.contains(&tactic.tag))
            };
            let mut under: Vec<Option<&'static str>> =
                tactics.iter().filter(is_of).map(|tactic| Some(tactic.tag.as_str())).collect();
            if under.is_empty() {
                // A technique without a tactic is marked under each of its own.
                under.push(None);
            }
            places.extend(under.into_iter().map(|tactic| (technique.clone(), tactic)));
        }
        for place in &places {
            self.0.entry(place.clone()).or_default();
        }
        self.0.iter_mut().filter(move |(place, _)| places.contains(*place)).map(|(_, cell)| cell)
    }

    /// The techniques, each with the tactic that it is marked under; none where it is marked under all of its own.
    pub fn into_cells(self) -> impl Iterator<Item = (String, Option<&'static str>, Cell)> {
        self.0.into_iter().map(|((technique, tactic), cell)| (technique, tactic, cell))
    }

    /// The layer, with these colours from no score to `most`.
    pub fn layer(self, description: &str, colors: [&str; 2], most: usize) -> Value {
        let technique = |((id, tactic), Cell { score, metadata, titles, .. }): ((String, Option<&str>), Cell)| {
            let mut technique = json!({
                "techniqueID": id,
                "score": score,
                "comment": titles.into_iter().collect::<Vec<_>>().join("; "),
                "enabled": true,
                "metadata": metadata,
                "showSubtechniques": true,
            });
            if let Some(tactic) = tactic {
                technique["tactic"] = json!(tactic);
            }
            technique
        };
        json!({
            "name": "Mynah",
            "versions": {"attack": attack::version().split('.').next(), "navigator": "5.2.0", "layer": "4.5"},
            "domain": "enterprise-attack",
            "description": description,
            "techniques": self.0.into_iter().map(technique).collect::<Vec<_>>(),
            "gradient": {"colors": colors, "minValue": 0, "maxValue": most},
            "legendItems": [],
            "showTacticRowBackground": false,
            "selectTechniquesAcrossTactics": true,
            "selectSubtechniquesWithParent": false,
        })
    }
}
