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
        // Hunting packages have logs of their own, of another day.
        let own = path.parent().map(|folder| folder.join("tests")).filter(|tests| tests.is_dir());
        let own = own.filter(|tests| tests.starts_with(root.join("detections/hunting")));
        let logs = match own {
            Some(tests) => vec![tests.display().to_string()],
            None => ["examples/logs", "detections/*/tests"].map(|logs| root.join(logs).display().to_string()).to_vec(),
        };
        let engine = Engine::new(Options::default(), &logs).unwrap();
        let title = path.display().to_string();
        let given = journey.add(frontend(query.dialect), &query.text, title.clone(), engine).expect(&title);
        // The logs hold what the detections look for, not what every hunt does.
        let is_hunt = path.parent().is_some_and(|folder| folder.ends_with("hunting"));
        assert!(is_hunt || given.lines().count() > 3, "{}: {given}", path.display());
        assert!(!given.contains("error:"), "{}: {given}", path.display());
    }
    let failures = journey.finish("queries_of_packages_travel");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
