use crate::detection_arguments::{Detect, FindingFormat};
use crate::exit::{Failure, Status};
use crate::{bar::Bar, data_report, detections, dialects, site, timeline};
use mynah_detection::{Finding, report};
use mynah_engine::{Engine, EngineError, Options};
use std::io::{IsTerminal, Write};

/// `mynah detect`.
pub(crate) fn detect(arguments: &Detect) -> Result<Status, Failure> {
    let catalog = detections::select(&arguments.selection)?;
    let settings = site::load(&arguments.site)?;
    let options = Options {
        views: Some(settings.catalog().map_err(EngineError::from)?),
        site: settings.site,
        sources: settings.sources,
        threads: arguments.threads.map(usize::from),
        ..Options::default()
    };
    let engine = Engine::new(options, &arguments.data)?;
    let bar = Bar::start(&engine, arguments.quiet);
    let wanted = detections::dialects(&arguments.selection.platform);
    let detected = mynah_detection::detect(&engine, &dialects::frontend, catalog.packages(), &wanted);
    bar.finish();
    let detected = detected?;
    let mut status = Status::Ran;
    for error in &detected.refused {
        detections::report(error);
        status = Status::Usage;
    }
    if !arguments.quiet {
        let today = jiff::Zoned::now().date();
        for package in catalog.packages() {
            for exception in package.exceptions.expired(today) {
                eprintln!(
                    "note: an exception of {} expired on {}: {}",
                    package.name, exception.expires, exception.reason
                );
            }
        }
        for (package, events) in &detected.hidden {
            let word = if *events == 1 { "event" } else { "events" };
            eprintln!("note: the exceptions of {package} hide {events} {word}");
        }
    }
    let terminal = std::io::stdout().is_terminal();
    let text = match arguments.format.unwrap_or(if terminal { FindingFormat::Table } else { FindingFormat::Ndjson }) {
        FindingFormat::Table => timeline::table(&detected.findings),
        FindingFormat::Ndjson => lines(&detected.findings, report::row),
        FindingFormat::Ocsf => lines(&detected.findings, report::ocsf),
        FindingFormat::Csv => report::csv(&detected.findings),
        FindingFormat::Html => report::html(&detected.findings, &arguments.data.join(", ")),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    if arguments.fail_on_findings && !detected.findings.is_empty() {
        status = status.max(Status::Findings);
    }
    let data =
        data_report::report(engine.problems(), &engine.progress().summary(), arguments.strict_data, arguments.quiet);
    Ok(status.max(data))
}

fn lines(findings: &[Finding], row: impl Fn(&Finding) -> serde_json::Value) -> String {
    findings.iter().map(|finding| format!("{}\n", row(finding))).collect()
}
