//! Reads the logs named as arguments and prints what they hold: the quickest way to see how a file is taken.
//!
//!     cargo run --release -p mynah-source --example read -- PATH...
#![allow(clippy::print_stdout)]

use mynah_source::{JsonIndex, Reader, Recogniser, find};
use std::collections::BTreeMap;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let recogniser = Recogniser::built_in()?;
    let (files, problems) = find(&arguments);
    for problem in problems {
        println!("{problem}");
    }
    for file in files {
        let started = Instant::now();
        let mut reader = Reader::open(&file, recogniser.texts())?;
        let mut chunks = Vec::new();
        let mut records = 0;
        let mut bytes = 0;
        let mut sources: BTreeMap<(usize, u16), usize> = BTreeMap::new();
        let mut index = JsonIndex::default();
        let mut telling = 0.0;
        while let Some(chunk) = reader.next_chunk()? {
            records += chunk.records.len();
            bytes += chunk.text.len();
            let before = Instant::now();
            for record in &chunk.records {
                let found = recogniser.recognise(index.of(chunk.document(record)));
                *sources.entry((found.source, found.shape.0)).or_default() += 1;
            }
            telling += before.elapsed().as_secs_f64();
            chunks.clear();
            chunks.push(chunk);
        }
        let reading = started.elapsed().as_secs_f64() - telling;
        let speed = |seconds: f64| bytes as f64 / 1e6 / seconds.max(1e-9);
        println!(
            "{}: {}, {records} records, read at {:.0} MB/s, recognised at {:.0} MB/s",
            file.path.display(),
            reader.format(),
            speed(reading),
            speed(telling)
        );
        for ((source, shape), count) in sources {
            if let Some(source) = recogniser.sources().get(source) {
                println!("  {count} {} ({})", source.log_source(), source.shape_name(mynah_event::Shape(shape)));
            }
        }
        for problem in reader.problems() {
            println!("  {problem}");
        }
    }
    Ok(())
}
