//! What logs are, for people: a table of log sources, one of files where there are few, and what else there is to say.
use super::{Found, Source};
use crate::terminal::{self, short};
use mynah::{Inspected, LogSource, Seen, Timestamp};
use mynah_syntax::neutral;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// How many files are listed without `--verbose`.
const FILES: usize = 20;
/// How many hosts are named.
const HOSTS: usize = 10;
/// How many characters of a host's name are shown.
const WIDEST: usize = 60;

pub(super) fn write(found: &Found<'_>, verbose: bool, out: &mut impl Write) -> io::Result<()> {
    if !found.sources.is_empty() {
        writeln!(out, "{}\n", sources(&found.sources))?;
    }
    let files = &found.inspection.files;
    let few = files.len() <= FILES;
    if !files.is_empty() && (verbose || few) {
        writeln!(out, "{}\n", table_of_files(files))?;
    }
    let records = found.sources.iter().map(|source| source.seen.records).sum::<u64>();
    let records = terminal::count(usize::try_from(records).unwrap_or(usize::MAX), "record");
    let bytes = size(files.iter().map(|file| file.size).sum());
    let mut seen = Seen::default();
    found.sources.iter().for_each(|source| seen.merge(source.seen));
    let span = match (seen.first, seen.last) {
        (Some(first), Some(last)) => format!(", from {} to {}", short(first), short(last)),
        _ => String::new(),
    };
    writeln!(out, "{records} in {} of {bytes}{span}", terminal::count(files.len(), "file"))?;
    if !few {
        let more = if verbose { "" } else { " (--verbose lists them)" };
        writeln!(out, "files: {}{more}", formats(files))?;
    }
    if let Some(hosts) = hosts(&found.sources) {
        writeln!(out, "hosts: {hosts}")?;
    }
    unseen(found, out)
}

/// What rules cannot see.
fn unseen(found: &Found<'_>, out: &mut impl Write) -> io::Result<()> {
    let named = |sources: &[&Source], count: &dyn Fn(&Source) -> u64| {
        let named = sources.iter().map(|source| format!("{} ({})", source.name, count(source)));
        named.collect::<Vec<_>>().join(", ")
    };
    let of = |keep: &dyn Fn(&Source) -> bool| found.sources.iter().filter(|source| keep(source)).collect::<Vec<_>>();
    let blind = of(&|source| source.detections == 0);
    if !blind.is_empty() {
        let detections = terminal::count(found.detections, "detection");
        let named = named(&blind, &|source| source.seen.records);
        writeln!(out, "seen by none of {detections}: {named}; --rules adds rules of your own")?;
    }
    let unrecognised = of(&|source| !source.is_recognised());
    if !unrecognised.is_empty() {
        let named = named(&unrecognised, &|source| source.seen.records);
        writeln!(
            out,
            "of no known log source: {named}; only queries that name its own fields or words see it, and SOURCE=PATH says what it is"
        )?;
    }
    let untimed = of(&|source| source.seen.untimed > 0);
    if !untimed.is_empty() {
        let named = named(&untimed, &|source| source.seen.untimed);
        writeln!(out, "without a time: {named}; queries of a time range do not see them")?;
    }
    Ok(())
}

/// A row for each log source, with its records over the time of all.
fn sources(sources: &[Source]) -> comfy_table::Table {
    let axis = Axis::of(sources);
    let mut table = terminal::table();
    let over_time = axis.as_ref().map_or_else(String::new, Axis::title);
    table.set_header(["log source", "records", "files", "hosts", "first", "last", over_time.as_str(), "detections"]);
    for source in sources {
        let hosts = source.hosts.counts().len();
        table.add_row([
            source.name.to_string(),
            source.seen.records.to_string(),
            source.files.to_string(),
            if hosts > 0 { hosts.to_string() } else { String::new() },
            source.seen.first.map(short).unwrap_or_default(),
            source.seen.last.map(short).unwrap_or_default(),
            axis.as_ref().map(|axis| axis.line(source)).unwrap_or_default(),
            source.detections.to_string(),
        ]);
    }
    table
}

/// The time that the records of all log sources span, in cells of equal width.
struct Axis {
    from: i64,
    width: i64,
    cells: usize,
}

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// How many cells there are at most.
const CELLS: i64 = 40;

impl Axis {
    /// From the first record to the last. As long as there are others, those before 1970 and those more than ten years ahead do not
    /// count: such a time stands for none, or is broken.
    fn of(sources: &[Source]) -> Option<Axis> {
        let day = |day: i64| Timestamp::from_milliseconds(day.saturating_mul(DAY));
        let latest = Timestamp::wall().milliseconds() / DAY + 3653;
        let span = |from: Timestamp, to: Timestamp| {
            let spans = || sources.iter().filter_map(|source| source.times.within(from, to));
            Some((
                spans().map(|(first, _)| first).min()?.milliseconds(),
                spans().map(|(_, last)| last).max()?.milliseconds(),
            ))
        };
        let (first, last) = span(day(0), day(latest)).or_else(|| span(day(-800_000), day(4_000_000)))?;
        let unit = if last.saturating_sub(first) < CELLS * HOUR { HOUR } else { DAY };
        let from = first.div_euclid(unit) * unit;
        let units = last.saturating_sub(from) / unit + 1;
        let width = (units + CELLS - 1) / CELLS;
        let cells = usize::try_from((units + width - 1) / width).ok()?;
        Some(Axis { from, width: width * unit, cells })
    }

    fn title(&self) -> String {
        match (self.width / DAY, self.width / HOUR) {
            (0, _) => "records an hour".to_owned(),
            (1, _) => "records a day".to_owned(),
            (days, _) => format!("records in {days} days"),
        }
    }

    /// A log source's records, its highest cell as high as a line is.
    fn line(&self, source: &Source) -> String {
        const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
        let to = self.from.saturating_add(self.width.saturating_mul(self.cells as i64));
        let (from, to) = (Timestamp::from_milliseconds(self.from), Timestamp::from_milliseconds(to));
        let counts = source.times.spread(from, to, self.cells);
        let most = counts.iter().max().copied().unwrap_or(0).max(1);
        let level = |count: u64| {
            let level = u128::from(count) * (LEVELS.len() as u128 - 1) / u128::from(most);
            LEVELS.get(level as usize).copied().unwrap_or('█')
        };
        counts.into_iter().map(|count| if count == 0 { '·' } else { level(count) }).collect()
    }
}

/// A row for each log source of each file.
fn table_of_files(files: &[Inspected]) -> comfy_table::Table {
    let mut table = terminal::table();
    table.set_header(["file", "format", "log source", "records", "without a time", "first", "last"]);
    for file in files {
        let mut rows: Vec<(Option<&LogSource>, Seen)> =
            file.sources.iter().map(|(source, seen)| (Some(source), *seen)).collect();
        if rows.is_empty() {
            rows.push((None, Seen::default()));
        }
        for (source, seen) in rows {
            table.add_row([
                neutral::line(&file.path.to_string_lossy()).into_owned(),
                format_of(file),
                source.map(|source| source.as_str().to_owned()).unwrap_or_default(),
                seen.records.to_string(),
                if seen.untimed > 0 { seen.untimed.to_string() } else { String::new() },
                seen.first.map(short).unwrap_or_default(),
                seen.last.map(short).unwrap_or_default(),
            ]);
        }
    }
    table
}

/// The container of a file.
pub(super) fn format_of(file: &Inspected) -> String {
    file.format.map_or_else(|| "unreadable".to_owned(), |format| format.to_string())
}

/// How many files there are of each container.
fn formats(files: &[Inspected]) -> String {
    let mut formats: BTreeMap<String, usize> = BTreeMap::new();
    files.iter().for_each(|file| *formats.entry(format_of(file)).or_default() += 1);
    ranked(formats.into_iter().map(|(format, count)| (format, count as u64)), usize::MAX)
}

/// The hosts with the most records.
fn hosts(sources: &[Source]) -> Option<String> {
    let mut hosts = mynah::Hosts::default();
    sources.iter().for_each(|source| hosts.merge(&source.hosts));
    let counts = hosts.counts().iter().map(|(host, records)| (terminal::clean(host, WIDEST, false), *records));
    (!hosts.counts().is_empty()).then(|| ranked(counts, HOSTS))
}

/// Names with their counts, those with the most first.
fn ranked(counts: impl Iterator<Item = (String, u64)>, most: usize) -> String {
    let mut counts: Vec<(String, u64)> = counts.collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut named: Vec<String> = counts.iter().take(most).map(|(name, count)| format!("{name} ({count})")).collect();
    match counts.len().saturating_sub(most) {
        0 => {}
        more => named.push(format!("and {more} more")),
    }
    named.join(", ")
}

/// A number of bytes as people say it.
fn size(bytes: u64) -> String {
    let units = [("GiB", 1_u64 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    let unit = units.into_iter().find(|(_, unit)| bytes >= *unit);
    unit.map_or_else(|| format!("{bytes} bytes"), |(name, unit)| format!("{:.1} {name}", bytes as f64 / unit as f64))
}
