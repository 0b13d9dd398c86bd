//! The golden cases.
#[test]
fn golden() {
    mynah_golden::run(&mynah_eql::Eql, concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));
}
