//! Real logs that do not come with the source: read where they are at hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod reading;

use mynah_source::{Chunk, Format, JsonIndex, Reader, Recogniser, find};
use std::collections::BTreeMap;
use std::io::Read;
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
        let mut reader = Reader::open(file).unwrap();
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

/// The chunks of an EVTX file are pieces: whoever cuts them first, the records have the numbers of the file.
#[test]
fn evtx_in_pieces() {
    let Some(folder) = folder_of("corpora/sigma-regression") else { return };
    let path = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path().join("events.evtx");
    let bytes = std::fs::read(path).unwrap();
    let (header, chunk) = (&bytes[..4096], &bytes[4096..4096 + 65536]);
    let large = [header, &chunk.repeat(20)].concat();
    let whole = reading::read(&large);
    let numbers: Vec<u64> = whole.records.iter().map(|record| record.number).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());

    let mut reader = Reader::from_bytes("log", large).unwrap();
    let pieces: Vec<_> = std::iter::from_fn(|| reader.next_piece().unwrap()).collect();
    assert_eq!(pieces.len(), 20);
    let mut parts: Vec<_> = pieces.into_iter().rev().map(|piece| piece.cut(Chunk::default())).collect();
    parts.reverse();
    let mut records = Vec::new();
    for part in parts {
        let chunk = reader.settle(part).unwrap();
        records.extend(chunk.records.iter().map(|record| (record.number, chunk.document(record).to_owned())));
    }
    let expected: Vec<_> = whole.records.into_iter().map(|record| (record.number, record.document)).collect();
    assert_eq!(records, expected);
}

#[test]
fn damaged_evtx() {
    let Some(folder) = folder_of("corpora/sigma-regression") else { return };
    let path = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path().join("events.evtx");
    let mut bytes = Vec::new();
    std::fs::File::open(path).unwrap().read_to_end(&mut bytes).unwrap();
    let whole = reading::read(&bytes);
    assert_eq!(whole.format, Format::Evtx);
    assert!(!whole.records.is_empty() && whole.problems.is_empty());
    assert_eq!(whole.records[0].raw, whole.records[0].document);

    // A second chunk that is rubbish, then one more that is whole, then half a chunk.
    let chunk = bytes[4096..4096 + 65536].to_vec();
    let mut rubbish = chunk.clone();
    rubbish[..512].fill(0x5a);
    let damaged = [&bytes[..], &rubbish, &chunk, &chunk[..30_000]].concat();
    let read = reading::read(&damaged);
    assert_eq!(read.records.len(), whole.records.len() * 2);
    assert_eq!(read.problems.len(), 2, "{:?}", read.problems);

    // Bytes changed anywhere: whatever comes of it, it ends well.
    for step in 0..400 {
        let mut changed = bytes.clone();
        let at = 4096 + step * 151 % 65_000;
        changed[at] ^= 0xff;
        changed[at + 7] ^= 0x55;
        if let Ok(mut reader) = Reader::from_bytes("x", changed) {
            while let Ok(Some(_)) = reader.next_chunk() {}
        }
    }
    let packed = zstd::encode_all(&*bytes, 1).unwrap();
    assert_eq!(reading::read(&packed).records.len(), whole.records.len());
}
