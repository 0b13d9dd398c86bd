//! EVTX files, of made-up events.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod reading;

use mynah_event::Timestamp;
use mynah_generate::{Generator, Source, evtx};
use mynah_source::{Chunk, Format, JsonIndex, Reader, Recogniser};
use reading::read;
use serde_json::{Value, json};

const HEADER: usize = 4096;
const CHUNK: usize = 65536;

/// The events of a log, and the EVTX file of them. Windows counts time in units of 100 ns: one digit more.
fn log(source: Source, events: usize) -> (Vec<Value>, Vec<u8>) {
    let start = Timestamp::parse("2026-01-05T08:00:00Z").unwrap();
    let lines = Generator::new(source, 3, start).take(events);
    let mut events: Vec<Value> = lines.map(|record| serde_json::from_str(&record.line).unwrap()).collect();
    let file = evtx(&events).unwrap();
    for event in &mut events {
        let time = &mut event["Event"]["System"]["TimeCreated"]["#attributes"]["SystemTime"];
        *time = time.as_str().unwrap().replace('Z', "0Z").into();
    }
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
    let mut event = json!({ "Event": {
        "System": { "TimeCreated": { "#attributes": { "SystemTime": "2026-03-14T10:00:00.0000012Z" } }, "Channel": "X" },
        "EventData": { "text": "é日🦜 \"<&>\\\n", "empty": null, "most": u64::MAX, "below": -7, "true": true },
    } });
    let file = evtx(std::slice::from_ref(&event)).unwrap();
    // An empty `Data` is an empty text.
    event["Event"]["EventData"]["empty"] = "".into();
    assert_eq!(values(&read(&file).documents()), [event]);
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
    // A second chunk that is rubbish, then one more that is whole, then half a chunk.
    let chunk = &file[HEADER..HEADER + CHUNK];
    let mut rubbish = chunk.to_vec();
    rubbish[..512].fill(0x5a);
    let damaged = read(&[&file[..HEADER + CHUNK], &rubbish, chunk, &chunk[..30_000]].concat());
    let first = read(&file[..HEADER + CHUNK]).records.len();
    assert_eq!((damaged.records.len(), damaged.problems.len()), (2 * first, 2), "{:?}", damaged.problems);

    let (_, file) = log(Source::Sysmon, 800);
    let packed = zstd::encode_all(&*file, 1).unwrap();
    let whole = read(&file);
    assert_eq!(read(&packed).records.len(), whole.records.len());
    let half = read(&packed[..packed.len() * 3 / 4]);
    assert!(!half.records.is_empty() && half.records.len() < whole.records.len());
    assert!(half.problems[0].contains("the zstd data"), "{:?}", half.problems);
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

/// The decoder takes zeroes where a record should begin for the end of a chunk; its header knows better.
#[test]
fn records_whose_marks_are_zeroed_are_missed() {
    let (_, mut file) = log(Source::Sysmon, 300);
    let whole = read(&file).records.len();
    let chunk = HEADER..HEADER + CHUNK;
    let marks: Vec<usize> =
        file[chunk].windows(4).enumerate().filter(|(_, w)| w == b"**\0\0").map(|(at, _)| at).collect();
    for at in &marks {
        file[HEADER + at..HEADER + at + 4].fill(0);
    }
    let read = read(&file);
    assert_eq!(read.records.len(), whole - marks.len());
    let said = &read.problems;
    assert!(
        said.len() == 1
            && said[0].contains(&format!("of {} records that its header counts, 0 were found", marks.len())),
        "{said:?}"
    );
}
