//! `mynah lake`.
use crate::arguments::{Lake as Arguments, LakeCommand};
use crate::command::ingest::bytes;
use crate::exit::{Failure, Status};
use crate::terminal;
use mynah_lake::{Lake, TableOverview};
use mynah_syntax::neutral;
use std::io::Write;
use std::path::Path;

/// `mynah lake`.
pub(crate) fn lake(arguments: &Arguments) -> Result<Status, Failure> {
    match &arguments.command {
        LakeCommand::Stats { lake, json } => stats(lake, *json),
        LakeCommand::Verify { lake } => verify(lake),
        LakeCommand::Compact { lake } => compact(lake),
        LakeCommand::Vacuum { lake, older_than, dry_run } => vacuum(lake, *older_than, *dry_run),
    }
}

fn stats(path: &Path, json: bool) -> Result<Status, Failure> {
    let tables = mynah_lake::overview(&Lake::open(path)?)?;
    let mut out = std::io::stdout().lock();
    if json {
        for table in &tables {
            writeln!(out, "{}", as_json(table))?;
        }
        return Ok(Status::Ran);
    }
    let mut shown = terminal::table();
    shown.set_header(["table", "version", "rows", "days", "files", "size", "first", "last"]);
    for table in &tables {
        let (first, last) = table.times.unzip();
        shown.add_row([
            neutral::line(&table.name).into_owned(),
            table.version.to_string(),
            table.rows.to_string(),
            if table.days == 0 { String::new() } else { table.days.to_string() },
            table.files.to_string(),
            bytes(table.bytes),
            first.map(terminal::short).unwrap_or_default(),
            last.map(terminal::short).unwrap_or_default(),
        ]);
    }
    writeln!(out, "{shown}")?;
    Ok(Status::Ran)
}

fn as_json(table: &TableOverview) -> serde_json::Value {
    serde_json::json!({
        "table": table.name,
        "version": table.version,
        "rows": table.rows,
        "days": table.days,
        "files": table.files,
        "bytes": table.bytes,
        "first": table.times.map(|(first, _)| first.to_string()),
        "last": table.times.map(|(_, last)| last.to_string()),
    })
}

fn verify(path: &Path) -> Result<Status, Failure> {
    let found = mynah_lake::verify(&Lake::open(path)?)?;
    for wrong in &found.wrong {
        terminal::say(format_args!("error: {}", neutral::line(wrong)));
    }
    let told = found.wrong.len() as u64;
    if found.wrong_count > told {
        terminal::say(format_args!("error: {} more things like these", found.wrong_count - told));
    }
    let mut out = std::io::stdout().lock();
    let (tables, files) = (terminal::count(found.tables, "table"), terminal::count(found.files, "file"));
    let records = terminal::count(usize::try_from(found.records).unwrap_or(usize::MAX), "record");
    let wrong =
        if found.wrong_count == 0 { "nothing is wrong".to_owned() } else { format!("{} wrong", found.wrong_count) };
    writeln!(out, "{tables}, {files}, {records}: {wrong}")?;
    Ok(if found.wrong_count == 0 { Status::Ran } else { Status::Data })
}

fn compact(path: &Path) -> Result<Status, Failure> {
    let done = mynah_lake::compact(&Lake::open(path)?)?;
    let mut out = std::io::stdout().lock();
    if done.files_before == 0 {
        writeln!(out, "no small files")?;
    } else {
        let (before, after) = (terminal::count(done.files_before, "file"), terminal::count(done.files_after, "file"));
        let (bytes_before, bytes_after) = (bytes(done.bytes_before), bytes(done.bytes_after));
        writeln!(out, "{before} ({bytes_before}) made into {after} ({bytes_after})")?;
    }
    if done.contended > 0 {
        let tables = terminal::count(done.contended, "table");
        terminal::say(format_args!("note: {tables} changed by others meanwhile, and left as they are; try again"));
    }
    Ok(Status::Ran)
}

fn vacuum(path: &Path, hours: u32, dry_run: bool) -> Result<Status, Failure> {
    let done = mynah_lake::vacuum(&Lake::open(path)?, hours, dry_run)?;
    let files = terminal::count(done.files, "file");
    writeln!(std::io::stdout(), "{files} {}", if dry_run { "to delete" } else { "deleted" })?;
    Ok(Status::Ran)
}
