use crate::arguments::{Test, TestFormat};
use crate::exit::{Failure, Status};
use crate::{detections, open, terminal};
use mynah::{Catalog, Dialect, Hunting, Mynah, Proof, Rules, in_parallel};
use mynah_detection::{Check, Outcome};
use mynah_report::proofs;
use std::io::{self, Write};
use std::path::PathBuf;

/// `mynah test`.
pub(crate) fn test(arguments: &Test) -> Result<Status, Failure> {
    let (packages, others): (Vec<PathBuf>, Vec<PathBuf>) =
        arguments.paths.iter().cloned().partition(|path| Catalog::is_at(path));
    let hunting: Vec<PathBuf> = arguments.paths.iter().filter(|path| Hunting::is_at(path)).cloned().collect();
    let mynah = open::builder(&arguments.site)?.build()?;
    let dialects = detections::dialects(&arguments.platform);
    let mut proven = Vec::new();
    if arguments.paths.is_empty() || !packages.is_empty() {
        for package in detections::load(&packages)?.packages() {
            proven.push(mynah.prove(package, &dialects)?);
        }
    }
    let mut hunts = 0;
    if arguments.paths.is_empty() || !hunting.is_empty() {
        for package in &detections::hunting(&hunting)? {
            let mut proof = mynah.prove_hunting(package)?;
            proof.checks.retain(|check| check.dialect.is_none_or(|dialect| dialects.contains(&dialect)));
            proven.push(proof);
            hunts += 1;
        }
    }
    if dialects.contains(&Dialect::Sigma) {
        proven.extend(regression(&mynah, &arguments.paths)?);
    }
    if proven.is_empty() {
        // As it is said of a folder that has none.
        detections::load(&others)?;
        return Err(Failure::Usage(NO_TESTS.to_owned()));
    }
    let mut out = io::stdout().lock();
    match arguments.format {
        TestFormat::Human => human(&proven, hunts, &mut terminal::neutral_stdout())?,
        TestFormat::Tap => proofs::tap(&proven, &mut out)?,
        TestFormat::Junit => proofs::junit(&proven, &mut out)?,
    }
    Ok(if proven.iter().all(Proof::passed) { Status::Ran } else { Status::Findings })
}

/// What is said of rules without tests.
const NO_TESTS: &str =
    "no tests there: detections have theirs in detection.yaml, Sigma rules in what regression_tests_path names";

/// The results of the regression tests of Sigma rules.
fn regression(mynah: &Mynah, paths: &[PathBuf]) -> Result<Vec<Proof>, Failure> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let rules = Rules::read(paths, mynah::Status::ALL);
    for broken in rules.refused().iter().filter(|rule| rule.is_broken) {
        terminal::say(format_args!("warning: {broken}"));
    }
    let proven = in_parallel(mynah.engine().threads(), rules.catalog().packages(), |package| mynah.prove_rule(package));
    let proven: Result<Vec<Option<Proof>>, _> = proven.into_iter().collect();
    Ok(proven?.into_iter().flatten().collect())
}

fn human(proofs: &[Proof], hunting: usize, out: &mut impl Write) -> io::Result<()> {
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
    let mut packages = vec![terminal::count(proofs.len() - hunting, "detection")];
    packages.extend((hunting > 0).then(|| terminal::count(hunting, "hunting package")));
    writeln!(out, "{}, {}, {failed} failed", packages.join(", "), terminal::count(checks().count(), "check"))
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
