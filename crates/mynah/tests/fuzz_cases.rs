//! What fuzzing found once (`fuzz/run`) stays mended.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah::{Dialect, Mynah};
use mynah_engine::codec::Codec;
use mynah_kernels::{Registry, Resources};
use mynah_source::Reader;
use std::fs;
use std::path::Path;

fn replay(target: &str, input: &[u8]) {
    match target {
        "read" => {
            let Ok(mut reader) = Reader::from_bytes("case", input.to_vec()) else { return };
            while let Ok(Some(_)) = reader.next_chunk() {}
        }
        "extract" => {
            let mynah = Mynah::builder().reader("case", input).unwrap().build().unwrap();
            let query = "SELECT username, sourceip, \"responseElements\", UTF8(payload) FROM events";
            mynah.query(query, Dialect::Aql).unwrap().rows().unwrap().for_each(drop);
        }
        "plan" => drop(Codec::new(Registry::built_in(), Resources::default()).read(input)),
        language => {
            let dialect = Dialect::from_name(language).expect("a folder of cases is called as its target is");
            let text = String::from_utf8_lossy(input);
            Mynah::builder().build().unwrap().check(&text, dialect).unwrap();
        }
    }
}

#[test]
fn what_was_found_stays_mended() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/cases");
    let Ok(targets) = fs::read_dir(&cases) else { return };
    for target in targets {
        let target = target.unwrap().path();
        let name = target.file_name().unwrap().to_string_lossy().into_owned();
        for case in fs::read_dir(&target).unwrap() {
            let case = case.unwrap().path();
            println!("{}", case.display());
            replay(&name, &fs::read(&case).unwrap());
        }
    }
}
