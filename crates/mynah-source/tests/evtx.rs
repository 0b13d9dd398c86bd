//! EVTX files, of made-up events.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod reading;

use mynah_event::Timestamp;
use mynah_generate::{Generator, Source, evtx};
use mynah_source::{Chunk, Format, JsonIndex, Reader, Recogniser, SourceError};
use reading::read;
use serde_json::{Value, json};

const HEADER: usize = 4096;
const CHUNK: usize = 65536;

/// The events of a log, and the EVTX file of them.
fn log(source: Source, events: usize) -> (Vec<Value>, Vec<u8>) {
    let start = Timestamp::parse("2026-01-05T08:00:00Z").unwrap();
    let lines = Generator::new(source, 3, start).take(events);
    let events: Vec<Value> = lines.map(|record| serde_json::from_str(&record.line).unwrap()).collect();
    let file = evtx(&events).unwrap();
    (events, file)
}

fn values(documents: &[&str]) -> Vec<Value> {
    documents.iter().map(|document| serde_json::from_str(document).unwrap()).collect()
}

#[test]
fn events_come_out_as_they_went_in() {
    let recogniser = Recogniser::built_in().unwrap();
    for (source, name) in [(Source::Sysmon, "windows.sysmon"), (Source::WindowsSecurity, "windows.security")] {
        let (events, file) = log(source, 300);
        assert!(file.len() > HEADER + 3 * CHUNK);
        let read = read(&file);
        assert_eq!((read.format, read.problems.len()), (Format::Evtx, 0), "{:?}", read.problems);
        assert_eq!(read.records.iter().map(|record| record.number).collect::<Vec<_>>(), (1..=300).collect::<Vec<_>>());
        for (document, event) in values(&read.documents()).iter().zip(&events) {
            assert_eq!(document, event);
        }
        for record in &read.records {
            assert_eq!(record.raw, record.document);
            let source = recogniser.recognise(JsonIndex::default().of(&record.document)).source;
            assert_eq!(recogniser.sources()[source].log_source().as_str(), name);
        }
    }
}

#[test]
fn texts_and_numbers_of_all_kinds() {
    let event = json!({ "Event": {
        "System": { "TimeCreated": { "#attributes": { "SystemTime": "2026-03-14T10:00:00.000001Z" } }, "Channel": "X" },
        "EventData": { "text": "é日🦜 \"<&>\\\n", "empty": null, "most": u64::MAX, "below": -7, "true": true },
    } });
    assert_eq!(values(&read(&evtx(std::slice::from_ref(&event)).unwrap()).documents()), [event]);
    assert_eq!(read(&evtx(&[]).unwrap()).records.len(), 0);
}

/// The chunks of a file are pieces: whoever cuts them first, the records have the numbers of the file.
#[test]
fn in_pieces() {
    let (_, file) = log(Source::Sysmon, 800);
    let mut reader = Reader::from_bytes("log", file.clone()).unwrap();
    let pieces: Vec<_> = std::iter::from_fn(|| reader.next_piece().unwrap()).collect();
    assert_eq!(pieces.len(), (file.len() - HEADER) / CHUNK);
    let mut parts: Vec<_> = pieces.into_iter().rev().map(|piece| piece.cut(Chunk::default())).collect();
    parts.reverse();
    let mut records = Vec::new();
    for part in parts {
        let chunk = reader.finish(part).unwrap();
        records.extend(chunk.records.iter().map(|record| (record.number, chunk.document(record).to_owned())));
    }
    let expected: Vec<_> = read(&file).records.into_iter().map(|record| (record.number, record.document)).collect();
    assert_eq!(records, expected);
}

#[test]
fn damage_costs_what_is_damaged() {
    let (_, file) = log(Source::Sysmon, 50);
    let whole = read(&file);
    // A second chunk that is rubbish, then one more that is whole, then half a chunk.
    let chunk = &file[HEADER..HEADER + CHUNK];
    let mut rubbish = chunk.to_vec();
    rubbish[..512].fill(0x5a);
    let damaged = read(&[&file[..HEADER + CHUNK], &rubbish, chunk, &chunk[..30_000]].concat());
    let first = read(&file[..HEADER + CHUNK]).records.len();
    assert_eq!((damaged.records.len(), damaged.problems.len()), (2 * first, 2), "{:?}", damaged.problems);

    let packed = zstd::encode_all(&*file, 1).unwrap();
    assert_eq!(read(&packed).records.len(), whole.records.len());
    let half = read(&packed[..packed.len() * 3 / 4]);
    assert!(!half.records.is_empty() && half.records.len() < whole.records.len());
    assert!(half.problems[0].starts_with("log: the zstd data breaks off before its end"), "{:?}", half.problems);
    let Err(error) = Reader::from_bytes("log", packed[..packed.len() / 50].to_vec()) else { return };
    assert!(matches!(&error, SourceError::Damaged { message, .. } if message.contains("zstd")), "{error}");
}

/// Bytes changed anywhere: whatever comes of it, it ends well.
#[test]
fn bytes_changed_anywhere() {
    let (_, file) = log(Source::WindowsSecurity, 60);
    for step in 0..1000 {
        let mut changed = file.clone();
        let at = step * 151 % (file.len() - 8);
        changed[at] ^= 0xff;
        changed[at + 7] ^= 0x55;
        if let Ok(mut reader) = Reader::from_bytes("log", changed) {
            while let Ok(Some(_)) = reader.next_chunk() {}
        }
    }
}
