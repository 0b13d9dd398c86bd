use crate::arguments::{Inspect, InspectFormat};
use crate::bar::Bar;
use crate::data_report::{self, Say};
use crate::exit::{Failure, Status};
use crate::{open, terminal};
use mynah::{Inspected, LogSource, Seen};
use mynah_syntax::neutral;
use serde_json::json;
use std::io::{IsTerminal, Write};

/// `mynah inspect`.
pub(crate) fn inspect(arguments: &Inspect) -> Result<Status, Failure> {
    let mynah = open::builder_over(&arguments.site, &arguments.paths)?.build()?;
    let mut bar = Bar::start(mynah.engine(), false);
    let files = mynah.engine().inspect();
    bar.finish();
    let files = files.map_err(mynah::Error::from)?;
    let stdout = std::io::stdout();
    let format = if stdout.is_terminal() { InspectFormat::Table } else { InspectFormat::Ndjson };
    match arguments.format.unwrap_or(format) {
        InspectFormat::Table => table(&files, &mut stdout.lock())?,
        InspectFormat::Ndjson => ndjson(&files, &mut stdout.lock())?,
    }
    Ok(data_report::report(mynah.engine(), Say { verbose: arguments.verbose, ..Say::default() }))
}

fn ndjson(files: &[Inspected], out: &mut impl Write) -> std::io::Result<()> {
    for file in files {
        for (source, seen) in rows(file) {
            let line = json!({
                "file": file.path.to_string_lossy(),
                "bytes": file.size,
                "format": format_of(file),
                "source": source.map(LogSource::as_str),
                "records": seen.records,
                "untimed": seen.untimed,
                "first": seen.first.map(|time| time.to_string()),
                "last": seen.last.map(|time| time.to_string()),
            });
            writeln!(out, "{}", neutral::json(&line.to_string()))?;
        }
    }
    Ok(())
}

fn table(files: &[Inspected], out: &mut impl Write) -> std::io::Result<()> {
    let mut table = terminal::table();
    table.set_header(["file", "format", "log source", "records", "without a time", "first", "last"]);
    let mut all = Seen::default();
    for file in files {
        for (source, seen) in rows(file) {
            all.merge(seen);
            table.add_row([
                neutral::line(&file.path.to_string_lossy()).into_owned(),
                format_of(file),
                source.map(|source| source.as_str().to_owned()).unwrap_or_default(),
                seen.records.to_string(),
                if seen.untimed > 0 { seen.untimed.to_string() } else { String::new() },
                seen.first.map(|time| time.to_string()).unwrap_or_default(),
                seen.last.map(|time| time.to_string()).unwrap_or_default(),
            ]);
        }
    }
    let records = terminal::count(usize::try_from(all.records).unwrap_or(usize::MAX), "record");
    let span = match (all.first, all.last) {
        (Some(first), Some(last)) => format!(", from {first} to {last}"),
        _ => String::new(),
    };
    writeln!(out, "{table}\n{records} in {}{span}", terminal::count(files.len(), "file"))
}

/// A row for each log source of a file, and one for a file without records.
fn rows(file: &Inspected) -> Vec<(Option<&LogSource>, Seen)> {
    let rows: Vec<_> = file.sources.iter().map(|(source, seen)| (Some(source), *seen)).collect();
    if rows.is_empty() { vec![(None, Seen::default())] } else { rows }
}

fn format_of(file: &Inspected) -> String {
    file.format.map_or_else(|| "unreadable".to_owned(), |format| format.to_string())
}
