//! `mynah inspect`.
mod ndjson;
mod people;

use crate::arguments::{Inspect, InspectFormat, Pack};
use crate::bar::Bar;
use crate::data_report::{self, Say};
use crate::exit::{Failure, Status};
use crate::{detections, open, rules};
use mynah::{Builder, Dialect, Histogram, Hosts, Inspection, LogSource, Seen};
use mynah_source::DataProblem;
use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;

/// `mynah inspect`.
pub(crate) fn inspect(arguments: &Inspect) -> Result<Status, Failure> {
    let mut settings = open::settings(&arguments.site)?;
    let pack = Pack {
        rules: arguments.rules.clone(),
        no_catalog: arguments.no_catalog,
        include: Vec::new(),
        list_rules: false,
    };
    let catalog = detections::load(&[])?;
    let catalog = match pack.rules.is_empty() {
        true => catalog,
        false => {
            let mut read = rules::read(&pack, &mut settings)?;
            rules::with_catalog(&pack, catalog, &mut read)
        }
    };
    let builder = open::builder_with(&arguments.site, settings)?;
    let mynah = arguments.paths.iter().chain(&arguments.data).fold(builder, Builder::data).build()?;
    let mut bar = Bar::start(mynah.engine(), false);
    let inspection = mynah.engine().inspect();
    bar.finish();
    let inspection = inspection.map_err(mynah::Error::from)?;
    let sources: BTreeSet<LogSource> = inspection.sources.keys().cloned().collect();
    let detections = mynah.coverage(&catalog, &Dialect::ALL, &sources);
    let found = Found {
        sources: sources_of(&inspection, &detections),
        inspection,
        problems: mynah.engine().problems(),
        detections: catalog.packages().len(),
    };
    let stdout = std::io::stdout();
    let format = if stdout.is_terminal() { InspectFormat::Table } else { InspectFormat::Ndjson };
    match arguments.format.unwrap_or(format) {
        InspectFormat::Table => people::write(&found, arguments.verbose, &mut stdout.lock())?,
        InspectFormat::Ndjson => ndjson::write(&found, &mut stdout.lock())?,
    }
    Ok(data_report::report(mynah.engine(), Say { verbose: arguments.verbose, ..Say::default() }))
}

/// What the logs are.
struct Found<'a> {
    inspection: Inspection,
    sources: Vec<Source>,
    /// What is not read, and why.
    problems: &'a [DataProblem],
    /// How many detections were asked which log sources they can see.
    detections: usize,
}

/// The log sources of records that no other one claims.
const UNRECOGNISED: [&str; 2] = [LogSource::JSON, "text"];

/// A log source, over all files.
struct Source {
    name: LogSource,
    seen: Seen,
    times: Histogram,
    hosts: Hosts,
    files: usize,
    /// How many detections can see it.
    detections: usize,
}

impl Source {
    /// Whether records are of a log source that Mynah knows, and not only of some form.
    fn is_recognised(&self) -> bool {
        !UNRECOGNISED.contains(&self.name.as_str())
    }
}

/// The log sources, those with the most records first.
fn sources_of(inspection: &Inspection, detections: &BTreeMap<LogSource, usize>) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for (name, overview) in &inspection.sources {
        let of_files = inspection.files.iter().filter_map(|file| file.sources.get(name));
        let (mut seen, mut files) = (Seen::default(), 0);
        for of_file in of_files {
            seen.merge(*of_file);
            files += 1;
        }
        sources.push(Source {
            name: name.clone(),
            seen,
            times: overview.times.clone(),
            hosts: overview.hosts.clone(),
            files,
            detections: detections.get(name).copied().unwrap_or_default(),
        });
    }
    sources.sort_by_key(|source| std::cmp::Reverse(source.seen.records));
    sources
}
