//! A catalogue as a static web site that needs no network and no JavaScript.
use crate::highlight::{self, Tokens};
use crate::matrix;
use crate::navigator::Cells;
use crate::templates::{self, render};
use mynah_detection::{Catalog, Level, Outcome, Package, Proof, attack};
use mynah_event::Dialect;
use mynah_syntax::neutral;
use serde_json::{Map, Value, json};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// How many related detections a page names.
const MOST_RELATED: usize = 6;

/// All files of the site, by path. `proofs` are the results of the packages' tests, which the pages show; `tokens` colours
/// queries.
///
/// # Errors
/// If a page cannot be rendered.
pub fn pages(catalog: &Catalog, proofs: &[Proof], tokens: Tokens<'_>) -> io::Result<Vec<(String, String)>> {
    let mut pages = vec![
        ("style.css".to_owned(), templates::STYLE.to_owned()),
        ("copy.js".to_owned(), include_str!("../pages/copy.js").to_owned()),
        ("search.js".to_owned(), include_str!("../pages/search.js").to_owned()),
        ("queries.js".to_owned(), queries(catalog)),
    ];
    let mut detections = Vec::new();
    for package in catalog.packages() {
        let name = &package.name;
        let mut detection = detection(package, proofs.iter().find(|proof| proof.package == *name), tokens);
        detection["related"] = json!(related(package, catalog));
        pages.push((format!("{name}/index.html"), render("detection.html", &detection)?));
        pages.push((format!("{name}/queries.html"), render("queries.html", &detection)?));
        for (here, dialect) in package.dialects().enumerate() {
            let mut page = detection.clone();
            page["here"] = detection["versions"][here].clone();
            pages.push((format!("{name}/{}.html", dialect.platform()), render("platform.html", &page)?));
            if let (Some(version), Some(text)) = (package.manifest.versions.get(&dialect), package.query(dialect)) {
                pages.push((format!("{name}/{}", version.query), text.to_owned()));
            }
        }
        detections.push(detection);
    }
    let index = json!({"detections": detections, "choices": choices(catalog)});
    pages.push(("index.html".to_owned(), render("index.html", &index)?));
    pages.push(("matrix.html".to_owned(), render("matrix.html", &coverage(catalog))?));
    Ok(pages)
}

/// The texts of all queries, as a script: what a page of files can read besides itself.
fn queries(catalog: &Catalog) -> String {
    let texts = |package: &Package| -> Map<String, Value> {
        let text = |dialect| Some((platform_title(dialect).to_owned(), json!(package.query(dialect)?)));
        package.dialects().filter_map(text).collect()
    };
    let all: Map<String, Value> =
        catalog.packages().iter().map(|package| (package.name.clone(), json!(texts(package)))).collect();
    format!("const QUERIES = {};\n", neutral::json(&Value::Object(all).to_string()))
}

/// What the filters of the list of detections choose from.
fn choices(catalog: &Catalog) -> Value {
    let packages = || catalog.packages().iter();
    let levels: BTreeSet<Level> = packages().map(|package| package.manifest.level).collect();
    let dialects: BTreeSet<&str> = packages().flat_map(Package::dialects).map(platform_title).collect();
    let tactics = attack::tactics().iter().filter(|tactic| packages().any(|one| one.tactics().contains(tactic)));
    let techniques: BTreeSet<String> = packages().flat_map(Package::techniques).collect();
    json!({
        "levels": levels.iter().rev().map(|level| level.name()).collect::<Vec<_>>(),
        "platforms": dialects,
        "tactics": tactics.map(|tactic| tactic.name.as_str()).collect::<Vec<_>>(),
        "techniques": techniques.iter().map(|id| technique(id)).collect::<Vec<_>>(),
    })
}

/// The whole ATT&CK matrix, with the detections of each technique.
fn coverage(catalog: &Catalog) -> Value {
    let mut cells = Cells::default();
    for package in catalog.packages() {
        for cell in cells.of(&package.techniques(), &package.tactics()) {
            cell.score += 1;
            cell.metadata.push(json!({"name": package.name, "title": package.manifest.title}));
        }
    }
    let covered: BTreeSet<String> = catalog.packages().iter().flat_map(Package::techniques).collect();
    json!({
        "matrix": matrix::columns(cells, true),
        "version": attack::version(),
        "techniques": covered.len(),
        "detections": catalog.packages().len(),
    })
}

/// A technique with its name and its page at MITRE.
fn technique(id: &str) -> Value {
    json!({"id": id, "page": id.replace('.', "/"), "name": attack::full_name(id), "parent": attack::parent(id)})
}

/// The detections that have something in common with this one, those with the most first, and what that is.
fn related(package: &Package, catalog: &Catalog) -> Vec<Value> {
    let own = Common::of(package);
    let others = catalog.packages().iter().filter(|other| other.manifest.id != package.manifest.id);
    let mut related: Vec<(usize, &Package, &str)> =
        others.filter_map(|other| own.shared(&Common::of(other)).map(|(score, what)| (score, other, what))).collect();
    related.sort_by_key(|(score, other, _)| (Reverse(*score), other.name.as_str()));
    let page = |(_, other, what): (usize, &Package, &str)| json!({"name": other.name, "title": other.manifest.title, "what": what});
    related.into_iter().take(MOST_RELATED).map(page).collect()
}

/// What detections can have in common.
struct Common {
    techniques: BTreeSet<String>,
    parents: BTreeSet<String>,
    tactics: BTreeSet<&'static str>,
    data_sources: BTreeSet<String>,
}

impl Common {
    fn of(package: &Package) -> Common {
        let techniques: BTreeSet<String> = package.techniques().into_iter().collect();
        let parent = |id: &String| attack::parent(id).unwrap_or(id).to_owned();
        Common {
            parents: techniques.iter().map(parent).collect(),
            techniques,
            tactics: package.tactics().into_iter().map(|tactic| tactic.id.as_str()).collect(),
            data_sources: package.manifest.versions.values().flat_map(|version| version.data_sources.clone()).collect(),
        }
    }

    /// What is shared with another one: how much it counts, and the closest of it in words.
    fn shared(&self, other: &Common) -> Option<(usize, &'static str)> {
        let kinds = [
            (!self.techniques.is_disjoint(&other.techniques), 8, "the same technique"),
            (!self.parents.is_disjoint(&other.parents), 4, "the same technique, another sub-technique"),
            (!self.tactics.is_disjoint(&other.tactics), 2, "the same tactic"),
            (!self.data_sources.is_disjoint(&other.data_sources), 1, "the same data sources"),
        ];
        let score = kinds.iter().filter(|(shared, ..)| *shared).map(|(_, score, _)| score).sum();
        kinds.into_iter().find(|(shared, ..)| *shared).map(|(.., what)| (score, what))
    }
}

/// All that the pages show of a detection.
fn detection(package: &Package, proof: Option<&Proof>, tokens: Tokens<'_>) -> Value {
    let manifest = &package.manifest;
    let text = |file: &Option<String>| file.as_ref().and_then(|file| package.files().text(file).ok());
    let techniques: Vec<Value> = package.techniques().iter().map(|id| technique(id)).collect();
    let tactics = package.tactics().into_iter().map(|tactic| json!({"id": tactic.id, "name": tactic.name}));
    let hunting = manifest.hunting.iter().map(|hunt| {
        let text = package.files().text(&hunt.query).ok();
        json!({
            "title": hunt.title,
            "description": hunt.description,
            "html": text.map(|text| coloured(text, dialect_of(&hunt.query), tokens)),
        })
    });
    json!({
        "name": package.name,
        "manifest": manifest,
        "tactics": tactics.collect::<Vec<_>>(),
        "techniques": techniques,
        "versions": package.dialects().map(|dialect| version(package, dialect, proof, tokens)).collect::<Vec<_>>(),
        "playbook": text(&manifest.playbook),
        "investigation": text(&manifest.investigation),
        "hunting": hunting.collect::<Vec<_>>(),
        "proof": proof.map(|proof| results(package, proof)),
    })
}

/// The dialect of a file, by its extension.
fn dialect_of(file: &str) -> Option<Dialect> {
    Path::new(file).extension().and_then(|extension| Dialect::from_extension(extension.to_str()?))
}

/// A query as HTML.
fn coloured(text: &str, dialect: Option<Dialect>, tokens: Tokens<'_>) -> String {
    let tokens = dialect.map(|dialect| tokens(text, dialect)).unwrap_or_default();
    highlight::query(text, &tokens, &[])
}

fn version(package: &Package, dialect: Dialect, proof: Option<&Proof>, tokens: Tokens<'_>) -> Value {
    let checks = proof.into_iter().flat_map(|proof| &proof.checks);
    let checks = checks.filter(|check| check.dialect == Some(dialect) && !check.is_signal).map(|check| {
        let passed = check.outcome == Outcome::Passed;
        json!({"passed": passed, "test": check.test, "what": check.what, "notes": check.notes})
    });
    json!({
        "dialect": dialect.name(),
        "platform": dialect.platform().name(),
        "title": platform_title(dialect),
        "version": package.manifest.versions.get(&dialect),
        "html": package.query(dialect).map(|text| coloured(text, Some(dialect), tokens)),
        "checks": checks.collect::<Vec<_>>(),
    })
}
/// Test results as a table with a row for each test and a column for each version.
fn results(package: &Package, proof: &Proof) -> Value {
    let mut notes: Vec<&String> = Vec::new();
    let mut rows = Vec::new();
    for test in &package.manifest.tests {
        let mut cells = Vec::new();
        for dialect in package.dialects() {
            let mut cell = (true, false);
            let checks = proof.checks.iter().filter(|check| check.test == test.name && !check.is_signal);
            for check in checks.filter(|check| check.dialect == Some(dialect)) {
                cell = (cell.0 && check.outcome == Outcome::Passed, cell.1 || !check.notes.is_empty());
                notes.extend(&check.notes);
            }
            cells.push(json!({"passed": cell.0, "differs": cell.1}));
        }
        rows.push(json!({"test": test.name, "cells": cells}));
    }
    notes.dedup();
    let failed = proof.checks.iter().filter(|check| check.outcome != Outcome::Passed).count();
    json!({"checks": proof.checks.len(), "failed": failed, "rows": rows, "notes": notes})
}

/// The product that runs a dialect.
fn platform_title(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Aql => "IBM QRadar",
        Dialect::Eql | Dialect::Kuery => "Elastic Security",
        Dialect::Spl => "Splunk",
        Dialect::Sumo => "Sumo Logic",
        Dialect::Sigma => "Sigma",
    }
}
