//! Sequences hold events in memory, and say so when there is not enough of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_dialect::Mode;
use mynah_engine::{Engine, Options};
use mynah_source::InputFile;

#[test]
fn a_sequence_of_too_many_events_is_an_error_that_names_it() {
    let log = "{\"@timestamp\":\"2026-03-14T12:00:00Z\",\"user\":{\"name\":\"ana\"}}\n".repeat(20_000);
    let run = |memory: usize| {
        let file = InputFile::spooled("log", log.as_bytes()).unwrap();
        let options = Options { memory: Some(memory), threads: Some(1), ..Options::default() };
        let engine = Engine::over(options, vec![file], Vec::new()).unwrap();
        let query = "sequence by user.name [any where true] [any where true] | head 1";
        let plan = engine.plan(&mynah_eql::Eql, query, Mode::Run).plan.unwrap();
        let mut rows = 0;
        engine.execute(mynah_engine::Query::new(&mynah_eql::Eql, query, plan)).rows(|batch| {
            rows += batch.num_rows();
            Ok(())
        })?;
        Ok::<usize, mynah_engine::EngineError>(rows)
    };
    assert_eq!(run(64 << 20).unwrap(), 2);
    let error = run(256 << 10).unwrap_err().to_string();
    assert!(error.contains("Sequence holds all rows that it looks at"), "{error}");
}
