//! What logs are, for programs.
use super::{Found, Source};
use mynah::{Inspected, LogSource, Seen};
use mynah_source::DataProblem;
use mynah_syntax::neutral;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// One object a line: for each log source of each file, for each log source, and for each file that is not read.
pub(super) fn write(found: &Found<'_>, out: &mut impl Write) -> io::Result<()> {
    let files = found.inspection.files.iter().flat_map(of_file);
    let lines = files.chain(found.sources.iter().map(source)).chain(found.problems.iter().map(not_read));
    for line in lines {
        writeln!(out, "{}", neutral::json(&line.to_string()))?;
    }
    Ok(())
}

/// An object for each log source of a file, and one for a file without records.
fn of_file(file: &Inspected) -> Vec<Value> {
    let one = |source: Option<&LogSource>, seen: Seen| {
        json!({
            "kind": "file",
            "file": file.path.to_string_lossy(),
            "bytes": file.size,
            "format": super::people::format_of(file),
            "source": source.map(LogSource::as_str),
            "records": seen.records,
            "untimed": seen.untimed,
            "first": seen.first.map(|time| time.to_string()),
            "last": seen.last.map(|time| time.to_string()),
        })
    };
    match file.sources.is_empty() {
        true => vec![one(None, Seen::default())],
        false => file.sources.iter().map(|(source, seen)| one(Some(source), *seen)).collect(),
    }
}

fn source(source: &Source) -> Value {
    let day = |(start, count): (mynah::Timestamp, u64)| (start.to_string().chars().take(10).collect(), json!(count));
    let days: Map<String, Value> = source.times.days().map(day).collect();
    json!({
        "kind": "source",
        "source": source.name.as_str(),
        "recognised": source.is_recognised(),
        "records": source.seen.records,
        "untimed": source.seen.untimed,
        "first": source.seen.first.map(|time| time.to_string()),
        "last": source.seen.last.map(|time| time.to_string()),
        "files": source.files,
        "hosts": source.hosts.counts(),
        "records_of_other_hosts": source.hosts.others(),
        "days": days,
        "days_together": source.times.width_in_days(),
        "detections": source.detections,
    })
}

fn not_read(problem: &DataProblem) -> Value {
    json!({
        "kind": "not_read",
        "file": problem.file.to_string_lossy(),
        "reason": problem.message,
        "error": problem.kind.is_fatal(),
    })
}
