//! Results of detections' tests.
use mynah_detection::{Check, Outcome, Proof};
use mynah_syntax::neutral;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io::{self, Write};

/// The Test Anything Protocol, version 14 (<https://testanything.org/tap-version-14-specification.html>).
///
/// # Errors
/// If `out` cannot be written.
pub fn tap(proofs: &[Proof], out: &mut dyn Write) -> io::Result<()> {
    let checks: usize = proofs.iter().map(|proof| proof.checks.len()).sum();
    writeln!(out, "TAP version 14\n1..{checks}")?;
    let all = proofs.iter().flat_map(|proof| proof.checks.iter().map(move |check| (proof, check)));
    for (index, (proof, check)) in all.enumerate() {
        let not = if check.outcome == Outcome::Passed { "" } else { "not " };
        let name = format!("{}: {}", proof.package, check.name());
        let name = neutral::line(&name).replace('\\', "\\\\").replace('#', "\\#");
        writeln!(out, "{not}ok {} - {name}", index + 1)?;
        let reasons = check.outcome.reasons();
        if !reasons.is_empty() {
            writeln!(out, "  ---\n  reasons:")?;
            for reason in reasons {
                // A JSON string is a YAML string.
                writeln!(out, "    - {}", neutral::json(&serde_json::Value::from(reason.as_str()).to_string()))?;
            }
            writeln!(out, "  ...")?;
        }
        for note in &check.notes {
            writeln!(out, "# differs: {}", neutral::line(&note.replace('\n', " ")))?;
        }
    }
    Ok(())
}

/// The JUnit XML that build servers read: a suite for each package, a case for each check.
///
/// # Errors
/// If `out` cannot be written.
pub fn junit(proofs: &[Proof], out: &mut dyn Write) -> io::Result<()> {
    let failed = |proof: &Proof| proof.checks.iter().filter(|check| check.outcome != Outcome::Passed).count();
    let tests = proofs.iter().map(|proof| proof.checks.len()).sum::<usize>().to_string();
    let failures = proofs.iter().map(failed).sum::<usize>().to_string();
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("testsuites")
        .with_attributes([("name", "mynah"), ("tests", &tests), ("failures", &failures)])
        .write_inner_content(|xml| {
        for proof in proofs {
            let (tests, failures) = (proof.checks.len().to_string(), failed(proof).to_string());
            xml.create_element("testsuite")
                .with_attributes([
                    ("name", &*neutral::line(&proof.package)),
                    ("tests", &tests),
                    ("failures", &failures),
                ])
                .with_attributes([("errors", "0"), ("skipped", "0")])
                .write_inner_content(|xml| proof.checks.iter().try_for_each(|check| case(xml, proof, check)))?;
        }
        Ok(())
    })?;
    writeln!(out)
}

fn case<W: Write>(xml: &mut Writer<W>, proof: &Proof, check: &Check) -> io::Result<()> {
    let class = format!("{}.{}", proof.package, check.behaviour.as_deref().unwrap_or("tests"));
    let (class, name) = (neutral::line(&class), check.name());
    let name = neutral::line(&name);
    let reasons: Vec<String> =
        check.outcome.reasons().iter().map(|reason| neutral::lines(reason).into_owned()).collect();
    let case = xml.create_element("testcase").with_attributes([("classname", &*class), ("name", &*name)]);
    if reasons.is_empty() && check.notes.is_empty() {
        case.write_empty()?;
        return Ok(());
    }
    case.write_inner_content(|xml| {
        if let Some(first) = reasons.first() {
            xml.create_element("failure")
                .with_attribute(("message", first.as_str()))
                .write_text_content(BytesText::new(&reasons.join("\n")))?;
        }
        if !check.notes.is_empty() {
            let notes = check.notes.join("\n");
            let notes = neutral::lines(&notes);
            xml.create_element("system-out").write_text_content(BytesText::new(&notes))?;
        }
        Ok(())
    })?;
    Ok(())
}
