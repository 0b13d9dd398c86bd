//! Public rules and recorded events, where there are some beside the project.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_dialect::{Frontend, Mode, PlanContext, Site, Stages};
use mynah_engine::{Engine, Options};
use mynah_event::Platform;
use mynah_sigma::Sigma;
use mynah_view::Catalog;
use std::collections::BTreeMap;
use std::path::PathBuf;

fn corpora() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora"));
    folder.is_dir().then_some(folder)
}

#[test]
fn public_rules_have_plans() {
    let Some(rules) = corpora().and_then(|folder| std::fs::read_to_string(folder.join("sigma.jsonl")).ok()) else {
        return;
    };
    let catalog = Catalog::built_in().unwrap();
    let view = catalog.platform(Platform::Sigma).unwrap();
    let (mut planned, mut all) = (0, 0);
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for line in rules.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = row["query"].as_str().unwrap();
        let (site, stages) = (Site::default(), Stages::without_data());
        let done = Sigma.plan(text, &PlanContext { mode: Mode::Check, view: &view, site: &site, stages: &stages });
        all += 1;
        planned += usize::from(done.plan.is_some());
        for diagnostic in &done.diagnostics {
            *codes.entry(diagnostic.code).or_default() += 1;
            if diagnostic.is_error() || std::env::var("SHOW").is_ok_and(|code| code == diagnostic.code) {
                println!("{} {}", row["path"], mynah_syntax::render("rule", text, diagnostic, false));
            }
        }
        if done.plan.is_none() && !done.diagnostics.iter().any(mynah_syntax::Diagnostic::is_error) {
            panic!("{}: neither a plan nor an error", row["path"]);
        }
    }
    println!("{planned} of {all}: {codes:?}");
    assert!(planned * 100 >= all * 99, "{planned} of {all}");
}

#[test]
fn recorded_events_are_found() {
    let Some(folder) = corpora().map(|folder| folder.join("sigma-regression")).filter(|folder| folder.is_dir()) else {
        return;
    };
    let (mut found, mut all) = (0, 0);
    let mut missing = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let case = entry.unwrap().path();
        let Ok(text) = std::fs::read_to_string(case.join("rule.yml")) else { continue };
        all += 1;
        let data = case.join("events.evtx").display().to_string();
        let engine = Engine::new(Options { threads: Some(1), ..Options::default() }, &[data]).unwrap();
        let planned = engine.plan(&Sigma, &text, Mode::Run);
        let Some(plan) = planned.plan else {
            missing.push(format!("{}: {:?}", case.display(), planned.diagnostics));
            continue;
        };
        match engine.execute(mynah_engine::Query::new(&Sigma, &text, plan)).events() {
            Ok(events) if !events.is_empty() => found += 1,
            other => missing.push(format!("{}: {other:?}", case.display())),
        }
    }
    println!("{found} of {all}");
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
