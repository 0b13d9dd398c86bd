use crate::detection_arguments::{Test, TestFormat};
use crate::exit::{Failure, Status};
use crate::{detections, dialects, site};
use mynah_detection::{Outcome, Proof, report};
use mynah_engine::{EngineError, Options};
use std::io::Write;

/// `mynah test`.
pub(crate) fn test(arguments: &Test) -> Result<Status, Failure> {
    let catalog = detections::load(&arguments.paths)?;
    // The settings are read anew for each engine, since an engine owns its own.
    site::load(&arguments.site)?.catalog().map_err(EngineError::from)?;
    let options = || {
        let settings = site::load(&arguments.site).unwrap_or_default();
        Options { views: settings.catalog().ok(), site: settings.site, sources: settings.sources, ..Options::default() }
    };
    let wanted = detections::dialects(&arguments.platform);
    let mut proofs = Vec::new();
    for package in catalog.packages() {
        proofs.push(mynah_detection::prove(package, &dialects::frontend, &wanted, options)?);
    }
    let text = match arguments.format {
        TestFormat::Human => human(&proofs),
        TestFormat::Tap => report::tap(&proofs),
        TestFormat::Junit => report::junit(&proofs),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(if proofs.iter().all(Proof::passed) { Status::Ran } else { Status::Findings })
}

fn human(proofs: &[Proof]) -> String {
    let mut out = String::new();
    let mut failed = 0;
    let mut checks = 0;
    for proof in proofs {
        out.push_str(&format!("{}: {}\n", proof.package, proof.title));
        let mut test = "";
        for check in &proof.checks {
            if check.test != test {
                test = &check.test;
                let behaviour = check.behaviour.as_ref().map(|behaviour| format!(" [{behaviour}]")).unwrap_or_default();
                out.push_str(&format!("  {test}{behaviour}\n"));
            }
            checks += 1;
            let mark = if check.outcome == Outcome::Passed { "ok  " } else { "FAIL" };
            let dialect = check.dialect.map(|dialect| dialect.name()).unwrap_or("");
            out.push_str(&format!("    {mark} {dialect:<6} {}\n", check.what));
            failed += usize::from(check.outcome != Outcome::Passed);
            for reason in check.outcome.reasons() {
                out.push_str(&format!("           {reason}\n"));
            }
            for note in &check.notes {
                out.push_str(&format!(
                    "           differs: {}\n",
                    note.split_whitespace().collect::<Vec<_>>().join(" ")
                ));
            }
        }
    }
    let word = if proofs.len() == 1 { "detection" } else { "detections" };
    out.push_str(&format!("{} {word}, {checks} checks, {failed} failed\n", proofs.len()));
    out
}
