//! The golden cases.
#[test]
fn golden() {
    mynah_golden::run(&mynah_sigma::Sigma, concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));
}
