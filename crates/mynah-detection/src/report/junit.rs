use super::xml::escape;
use crate::{Outcome, Proof};
use std::fmt::Write;

/// Proofs as the JUnit XML that build servers read: a suite a package, a case a check.
pub fn junit(proofs: &[Proof]) -> String {
    let count = |proof: &Proof| proof.checks.iter().filter(|check| check.outcome != Outcome::Passed).count();
    let tests: usize = proofs.iter().map(|proof| proof.checks.len()).sum();
    let failures: usize = proofs.iter().map(count).sum();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mynah\" tests=\"{tests}\" failures=\"{failures}\">\n"
    );
    for proof in proofs {
        let _ = writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\">",
            escape(&proof.package),
            proof.checks.len(),
            count(proof)
        );
        for check in &proof.checks {
            let class = format!("{}.{}", proof.package, check.behaviour.as_deref().unwrap_or("tests"));
            let _ = write!(out, "    <testcase classname=\"{}\" name=\"{}\"", escape(&class), escape(&check.name()));
            let reasons = check.outcome.reasons();
            if reasons.is_empty() && check.notes.is_empty() {
                out.push_str("/>\n");
                continue;
            }
            out.push_str(">\n");
            if let Some(first) = reasons.first() {
                let _ = writeln!(
                    out,
                    "      <failure message=\"{}\">{}</failure>",
                    escape(first),
                    escape(&reasons.join("\n"))
                );
            }
            if !check.notes.is_empty() {
                let _ = writeln!(out, "      <system-out>{}</system-out>", escape(&check.notes.join("\n")));
            }
            out.push_str("    </testcase>\n");
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}
