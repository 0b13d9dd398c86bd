//! `mynah ingest`.
use crate::arguments::Ingest;
use crate::bar::Bar;
use crate::data_report::{self, Say};
use crate::exit::{Failure, Status};
use crate::{open, terminal};
use mynah::Summary;
use mynah_lake::{IngestOptions, Ingested, Lake};
use mynah_syntax::neutral;

/// `mynah ingest`.
pub(crate) fn ingest(arguments: &Ingest) -> Result<Status, Failure> {
    let mynah = open::builder_over(&arguments.site, &arguments.data.paths)?.build()?;
    let engine = mynah.engine();
    let lake = Lake::create(&arguments.into)?;
    let mut bar = Bar::start(engine, arguments.quiet);
    let defaults = IngestOptions::default();
    let options = IngestOptions { batch_bytes: arguments.batch_bytes.unwrap_or(defaults.batch_bytes) };
    let done = mynah_lake::ingest(engine, &lake, options);
    bar.finish();
    let done = done?;
    let how = Say { quiet: arguments.quiet, verbose: arguments.data.verbose, ..Say::default() };
    let summary = Summary { problem_count: done.problem_count, problems: done.problems.clone(), ..Summary::default() };
    let status = data_report::report_of(engine.problems(), &summary, how);
    if !arguments.quiet {
        terminal::say(neutral::line(&said(&done, &arguments.into.display().to_string())));
    }
    Ok(status)
}

/// What was done, in a line.
fn said(done: &Ingested, lake: &str) -> String {
    let records = |count: u64| terminal::count(usize::try_from(count).unwrap_or(usize::MAX), "record");
    let mut said = format!("{} of {} into {lake}", records(done.records), terminal::count(done.files, "file"));
    if done.records > 0 {
        let sources = terminal::count(done.sources.len(), "log source");
        let (days, in_, out) = (terminal::count(done.days, "day"), bytes(done.bytes_in), bytes(done.bytes_out));
        said.push_str(&format!(": {sources}, {days}, {in_} read, {out} written"));
    }
    if done.known > 0 {
        said.push_str(&format!("; {} there before", terminal::count(done.known, "file")));
    }
    if done.broken > 0 {
        said.push_str(&format!("; {} kept as text, broken JSON", records(done.broken)));
    }
    said
}

/// A number of bytes for people.
pub(crate) fn bytes(count: u64) -> String {
    match count {
        0..=9_999 => format!("{count} B"),
        10_000..=9_999_999 => format!("{:.1} kB", count as f64 / 1e3),
        10_000_000..=9_999_999_999 => format!("{:.1} MB", count as f64 / 1e6),
        _ => format!("{:.1} GB", count as f64 / 1e9),
    }
}
