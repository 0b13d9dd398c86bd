//! Runs the golden cases.
#![allow(missing_docs)]

#[test]
fn golden() {
    mynah_golden::run(&mynah_sumo::Sumo, concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));
}
