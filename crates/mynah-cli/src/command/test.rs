use crate::arguments::{Test, TestFormat};
use crate::exit::{Failure, Status};
use crate::{detections, open, terminal};
use mynah::Proof;
use mynah_detection::{Check, Outcome};
use mynah_report::proofs;
use std::io::{self, Write};

/// `mynah test`.
pub(crate) fn test(arguments: &Test) -> Result<Status, Failure> {
    let catalog = detections::load(&arguments.paths)?;
    let mynah = open::builder(&arguments.site)?.build()?;
    let dialects = detections::dialects(&arguments.platform);
    let proven: Result<Vec<Proof>, _> =
        catalog.packages().iter().map(|package| mynah.prove(package, &dialects)).collect();
    let proven = proven?;
    let mut out = io::stdout().lock();
    match arguments.format {
        TestFormat::Human => human(&proven, &mut terminal::neutral_stdout())?,
        TestFormat::Tap => proofs::tap(&proven, &mut out)?,
        TestFormat::Junit => proofs::junit(&proven, &mut out)?,
    }
    Ok(if proven.iter().all(Proof::passed) { Status::Ran } else { Status::Findings })
}

fn human(proofs: &[Proof], out: &mut impl Write) -> io::Result<()> {
    for proof in proofs {
        writeln!(out, "{}: {}", proof.package, proof.title)?;
        let mut test = "";
        for check in &proof.checks {
            if check.test != test {
                test = &check.test;
                let behaviour = check.behaviour.as_ref().map(|behaviour| format!(" [{behaviour}]"));
                writeln!(out, "  {test}{}", behaviour.unwrap_or_default())?;
            }
            result(check, out)?;
        }
    }
    let checks = || proofs.iter().flat_map(|proof| &proof.checks);
    let failed = checks().filter(|check| check.outcome != Outcome::Passed).count();
    let detections = terminal::count(proofs.len(), "detection");
    writeln!(out, "{detections}, {} checks, {failed} failed", checks().count())
}

fn result(check: &Check, out: &mut impl Write) -> io::Result<()> {
    let mark = if check.outcome == Outcome::Passed { "ok  " } else { "FAIL" };
    let dialect = check.dialect.map(|dialect| dialect.name()).unwrap_or_default();
    writeln!(out, "    {mark} {dialect:<6} {}", check.what)?;
    for reason in check.outcome.reasons() {
        writeln!(out, "           {reason}")?;
    }
    for note in &check.notes {
        writeln!(out, "           differs: {}", note.split_whitespace().collect::<Vec<_>>().join(" "))?;
    }
    Ok(())
}
