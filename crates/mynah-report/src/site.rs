//! A catalogue as a static web site that needs no network and no JavaScript.
use crate::templates::{self, render};
use mynah_detection::{Catalog, Outcome, Package, Proof, attack};
use mynah_event::Dialect;
use serde_json::{Value, json};
use std::io;

/// All files of the site, by path. `proofs` are the results of the packages' tests, which the pages show.
///
/// # Errors
/// If a page cannot be rendered.
pub fn pages(catalog: &Catalog, proofs: &[Proof]) -> io::Result<Vec<(String, String)>> {
    let mut pages = vec![
        ("style.css".to_owned(), templates::STYLE.to_owned()),
        ("search.js".to_owned(), include_str!("../pages/search.js").to_owned()),
    ];
    let mut detections = Vec::new();
    for package in catalog.packages() {
        let name = &package.name;
        let detection = detection(package, proofs.iter().find(|proof| proof.package == *name));
        pages.push((format!("{name}/index.html"), render("detection.html", &detection)?));
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
    pages.push(("index.html".to_owned(), render("index.html", &json!({"detections": detections}))?));
    Ok(pages)
}

/// All that the pages show of a detection.
fn detection(package: &Package, proof: Option<&Proof>) -> Value {
    let manifest = &package.manifest;
    let text = |file: &Option<String>| file.as_ref().and_then(|file| package.files().text(file).ok());
    let techniques = package.techniques().into_iter().map(|id| {
        let page = id.replace('.', "/");
        json!({"id": id, "page": page, "name": attack::technique(&id).map(|technique| technique.name.as_str())})
    });
    let tactics = package.tactics().into_iter().map(|tactic| json!({"id": tactic.id, "name": tactic.name}));
    let hunting = manifest.hunting.iter().map(|hunt| {
        json!({"title": hunt.title, "description": hunt.description, "text": package.files().text(&hunt.query).ok()})
    });
    json!({
        "name": package.name,
        "manifest": manifest,
        "tactics": tactics.collect::<Vec<_>>(),
        "techniques": techniques.collect::<Vec<_>>(),
        "versions": package.dialects().map(|dialect| version(package, dialect, proof)).collect::<Vec<_>>(),
        "playbook": text(&manifest.playbook),
        "investigation": text(&manifest.investigation),
        "hunting": hunting.collect::<Vec<_>>(),
        "proof": proof.map(|proof| results(package, proof)),
    })
}

fn version(package: &Package, dialect: Dialect, proof: Option<&Proof>) -> Value {
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
        "text": package.query(dialect),
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
