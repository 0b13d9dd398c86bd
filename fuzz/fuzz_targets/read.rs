//! No bytes may make the reader of any container panic, loop or overflow its stack.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mynah_source::Reader;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut reader) = Reader::from_bytes("fuzz", bytes.to_vec()) else { return };
    while let Ok(Some(_)) = reader.next_chunk() {}
});
