//! Real logs that do not come with the source: read where they are at hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod reading;

use mynah_source::{JsonIndex, Reader, Recogniser, TextFormats, find};
use std::collections::BTreeMap;
use std::path::PathBuf;

fn folder_of(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
    if !folder.exists() {
        println!("skipped: {} is not here", folder.display());
        return None;
    }
    Some(folder)
}

/// How many records of each log source a folder has; nothing may be wrong with any.
fn count(name: &str) -> Option<BTreeMap<String, usize>> {
    let recogniser = Recogniser::built_in().unwrap();
    let (folder, pattern) = name.split_once('*').map_or((name, ""), |(folder, rest)| (folder, rest));
    let (files, problems) = find(&[format!(
        "{}{}",
        folder_of(folder)?.display(),
        if pattern.is_empty() { String::new() } else { format!("/*{pattern}") }
    )]);
    assert!(problems.iter().all(|problem| !problem.kind.is_fatal()), "{problems:?}");
    let mut counts = BTreeMap::new();
    for file in &files {
        let mut reader = Reader::open(file, &TextFormats::default()).unwrap();
        let read = reading::read_all(&mut reader);
        assert_eq!(read.problems, Vec::<String>::new());
        assert_eq!(reader.bytes_read(), file.size);
        for record in &read.records {
            serde_json::from_str::<serde::de::IgnoredAny>(&record.document).unwrap();
            let source = recogniser.recognise(JsonIndex::default().of(&record.document)).source;
            *counts.entry(recogniser.sources()[source].log_source().to_string()).or_insert(0) += 1;
        }
    }
    Some(counts)
}

#[test]
fn windows_events() {
    if let Some(counts) = count("data/windows") {
        assert_eq!(counts.values().sum::<usize>(), 50_000, "{counts:?}");
        assert_eq!(counts.get("windows.sysmon"), Some(&33_319), "{counts:?}");
        assert!(counts.keys().all(|source| source.starts_with("windows.")), "{counts:?}");
    }
}

#[test]
fn cloudtrail() {
    if let Some(counts) = count("data/cloudtrail-attack") {
        assert_eq!(counts.keys().collect::<Vec<_>>(), ["aws.cloudtrail"], "{counts:?}");
        assert!(counts["aws.cloudtrail"] > 2_800, "{counts:?}");
    }
}

#[test]
fn labelled_logs() {
    if let Some(counts) = count("labelled/logs") {
        println!("{counts:?}");
        assert!(!counts.contains_key("json"), "{counts:?}");
    }
}

#[test]
fn evtx() {
    if let Some(counts) = count("corpora/sigma-regression*/*.evtx") {
        println!("{counts:?}");
        assert_eq!(counts.values().sum::<usize>(), 110);
        assert!(counts.keys().all(|source| source.starts_with("windows.")), "{counts:?}");
    }
}
