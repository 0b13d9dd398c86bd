use crate::{Outcome, Proof};
use std::fmt::Write;

/// Proofs in the Test Anything Protocol, version 14 (<https://testanything.org/tap-version-14-specification.html>).
pub fn tap(proofs: &[Proof]) -> String {
    let checks: usize = proofs.iter().map(|proof| proof.checks.len()).sum();
    let mut out = format!("TAP version 14\n1..{checks}\n");
    let all = proofs.iter().flat_map(|proof| proof.checks.iter().map(move |check| (proof, check)));
    for (index, (proof, check)) in all.enumerate() {
        let not = if check.outcome == Outcome::Passed { "" } else { "not " };
        let name = format!("{}: {}", proof.package, check.name()).replace('\\', "\\\\").replace('#', "\\#");
        let _ = writeln!(out, "{not}ok {} - {name}", index + 1);
        let reasons = check.outcome.reasons();
        if !reasons.is_empty() {
            out.push_str("  ---\n  reasons:\n");
            for reason in reasons {
                // A JSON string is a YAML string.
                let _ = writeln!(out, "    - {}", serde_json::Value::from(reason.as_str()));
            }
            out.push_str("  ...\n");
        }
        for note in &check.notes {
            let _ = writeln!(out, "# differs: {}", note.replace('\n', " "));
        }
    }
    out
}
