//! The plan of every query of the packages is written to bytes, read back by another process and run there, and gives the same
//! rows and events.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah::{Dialect, QueryFile, frontend};
use mynah_engine::{Engine, Options};
use mynah_golden::Journey;
use std::path::Path;

#[test]
fn queries_of_packages_travel() {
    let frontends: Vec<_> = Dialect::ALL.into_iter().map(frontend).collect();
    let Some(mut journey) = Journey::begin(&frontends) else { return };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let queries = QueryFile::find(&[root.join("detections")]).unwrap();
    assert!(queries.len() >= 18, "{queries:?}");
    for path in queries {
        let query = QueryFile::read(&path, None).unwrap();
        let logs = ["examples/logs", "detections/*/tests", "detections/hunting/*/tests"]
            .map(|logs| root.join(logs).display().to_string());
        let engine = Engine::new(Options::default(), &logs).unwrap();
        let given = journey.add(frontend(query.dialect), &query.text, path.display().to_string(), engine).unwrap();
        // The logs hold what the detections look for, not what every hunt does.
        let is_hunt = path.parent().is_some_and(|folder| folder.ends_with("hunting"));
        assert!(is_hunt || given.lines().count() > 3, "{}: {given}", path.display());
        assert!(!given.contains("error:"), "{}: {given}", path.display());
    }
    let failures = journey.finish("queries_of_packages_travel");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
