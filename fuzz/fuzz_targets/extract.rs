//! No record may make extraction panic, loop or overflow its stack.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mynah_dialect::Mode;
use mynah_engine::{Engine, Options, Query};
use mynah_source::InputFile;

fuzz_target!(|record: &[u8]| {
    let Ok(file) = InputFile::spooled("fuzz", record) else { return };
    let options = Options { threads: Some(1), ..Options::default() };
    let Ok(engine) = Engine::over(options, vec![file], Vec::new()) else { return };
    let query = "SELECT username, sourceip, \"responseElements\", UTF8(payload) FROM events";
    if let Some(plan) = engine.plan(&mynah_aql::Aql, query, Mode::Run).plan {
        let _ = engine.execute(Query::new(&mynah_aql::Aql, query, plan)).rows(|_| Ok(()));
    }
});
