//! Runs `tests/golden/*.md`.

#[test]
fn golden() {
    mynah_golden::run(&mynah_spl::Spl, concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));
}
