use crate::arguments::{Detect, FindingFormat};
use crate::exit::{Failure, Status};
use crate::{bar::Bar, data_report, detections, open, terminal, timeline};
use mynah::{Catalog, Detected};
use mynah_report::findings;
use std::io::{IsTerminal, Write};

/// `mynah detect`.
pub(crate) fn detect(arguments: &Detect) -> Result<Status, Failure> {
    let catalog = detections::select(&arguments.selection)?;
    let mut builder = open::builder_over(&arguments.site, &arguments.data.paths)?;
    if let Some(threads) = arguments.threads {
        builder = builder.threads(usize::from(threads));
    }
    let mynah = builder.build()?;
    let bar = Bar::start(mynah.engine(), arguments.quiet);
    let detected = mynah.detect(&catalog, &detections::dialects(&arguments.selection.platform));
    bar.finish();
    let detected = detected?;
    detected.refused.iter().for_each(detections::report);
    let mut status = if detected.refused.is_empty() { Status::Ran } else { Status::Usage };
    if !arguments.quiet {
        report_exceptions(&catalog, &detected);
    }
    let mut out = std::io::stdout().lock();
    let format = if out.is_terminal() { FindingFormat::Table } else { FindingFormat::Ndjson };
    let found = &detected.findings;
    match arguments.format.unwrap_or(format) {
        FindingFormat::Table => out.write_all(timeline::table(found).as_bytes())?,
        FindingFormat::Ndjson => findings::ndjson(found, &mut out)?,
        FindingFormat::Ocsf => findings::ocsf(found, &mut out)?,
        FindingFormat::Csv => findings::csv(found, &mut out)?,
        FindingFormat::Html => findings::html(found, &arguments.data.paths.join(", "), &mut out)?,
    }
    if arguments.fail_on_findings && !found.is_empty() {
        status = status.max(Status::Findings);
    }
    Ok(status.max(data_report::report(mynah.engine(), arguments.strict_data, arguments.quiet)))
}

/// Says which exceptions have expired, and how many events the others suppressed.
fn report_exceptions(catalog: &Catalog, detected: &Detected) {
    let today = jiff::Zoned::now().date();
    for package in catalog.packages() {
        for exception in package.exceptions.expired(today) {
            eprintln!("note: an exception of {} expired on {}: {}", package.name, exception.expires, exception.reason);
        }
    }
    for (package, events) in &detected.hidden {
        eprintln!("note: the exceptions of {package} suppress {}", terminal::count(*events, "event"));
    }
}
