//! The golden cases of AQL.
#[test]
fn golden() {
    mynah_golden::run(&mynah_aql::Aql, concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));
}
