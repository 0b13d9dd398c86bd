//! The newest event, which says what `now` means over files unless the run says otherwise.
//!
//! A query's clock must be known before the query runs, and only all events tell it. But logs are mostly sorted, so that the
//! ends of the newest files tell it nearly always: [`guess`]. The run itself then proves the guess: whoever reads a
//! chunk for the query shows it to a [`Look`], which searches its bytes for the keys that times stand under. Where a time
//! is newer than the newest so far, that one record is looked at as its log source wants. When all chunks were seen,
//! [`Newest::verified`] says so, and [`Newest::clock`] is right, whether the guess was or not.
use crate::error::EngineError;
use crate::feed::{Feed, FileChunk, Worker};
use crate::raw_events::time_column;
use crate::scan::{Data, Scanner};
use crate::store::StorePart;
use crate::units::Unit;
use aho_corasick::packed::Searcher;
use mynah_event::{Path, Record, Segment, Shape, Timestamp};
use mynah_source::{Chunk, Reader};
use mynah_view::ScanColumn;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

/// How many files a guess looks into, those of each kind: the first and the last by name, and the last written to.
const GUESSED: usize = 4;
/// How many nanoseconds ahead of this machine's clock a time is no event's: ten years. Such a time is a placeholder (the years
/// 2262 and 9999), or is broken, and one of them must not move `now` for all other events.
const FAR: i64 = 10 * 366 * 86_400 * 1_000_000_000;
/// A file that cannot be read from its end is not looked into for a guess if it is larger.
const MOST_BYTES: u64 = 4 << 20;

/// The newest event of a run's data, as far as it was seen. Shared by all who read.
#[derive(Debug)]
pub(crate) struct Newest {
    keys: TimeKeys,
    columns: [ScanColumn; 1],
    nanoseconds: AtomicI64,
    any: AtomicBool,
    /// What no event of a log can be: see [`FAR`].
    far_from: i64,
    /// The newest that is beyond, or the smallest number.
    far: AtomicI64,
    begun: AtomicUsize,
    ended: AtomicUsize,
    /// Whether somebody's feed had nothing left and waited for nothing more.
    complete: AtomicBool,
}

impl Newest {
    /// Nothing seen yet.
    pub fn new(data: &Data) -> Newest {
        Newest {
            keys: TimeKeys::new(data),
            columns: [time_column(data)],
            nanoseconds: AtomicI64::new(i64::MIN),
            any: AtomicBool::new(false),
            far_from: Timestamp::wall().nanoseconds().saturating_add(FAR),
            far: AtomicI64::new(i64::MIN),
            begun: AtomicUsize::new(0),
            ended: AtomicUsize::new(0),
            complete: AtomicBool::new(false),
        }
    }

    /// A reader's view of it, for one who is given chunks by `feed`.
    pub fn look<'a>(&'a self, feed: &'a Feed) -> Look<'a> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        Look {
            newest: self,
            feed,
            scanner: Scanner::new(feed, &self.columns),
            hits: Vec::new(),
            known: KnownTime::default(),
        }
    }

    /// Whether all events were seen: each who began to read came to the end, and it was the end of all files.
    pub fn verified(&self) -> bool {
        let begun = self.begun.load(Ordering::SeqCst);
        begun > 0 && begun == self.ended.load(Ordering::SeqCst) && self.complete.load(Ordering::SeqCst)
    }

    /// Just after the newest event seen. Events whose time lies in the future by this machine's clock count too, since logs
    /// may be staged; those that lie [far](FAR) in the future only where there are no others.
    pub fn clock(&self) -> Option<Timestamp> {
        self.get().map(|at| Timestamp::from_milliseconds(at.milliseconds().saturating_add(1)))
    }

    /// The newest, of times that logs can have only.
    fn near(&self) -> Option<Timestamp> {
        let any = self.any.load(Ordering::SeqCst);
        any.then(|| Timestamp::from_nanoseconds(self.nanoseconds.load(Ordering::SeqCst)))
    }

    fn get(&self) -> Option<Timestamp> {
        let far = self.far.load(Ordering::SeqCst);
        self.near().or_else(|| (far > i64::MIN).then(|| Timestamp::from_nanoseconds(far)))
    }

    /// Whether a part of a store says by itself when its newest event was. Where one lies far in the future, others may be what
    /// the clock is of.
    pub fn knows(&self, part: &StorePart) -> bool {
        part.times.is_some_and(|(_, last)| last.nanoseconds() <= self.far_from)
    }

    /// Notes the newest events of the parts of stores that say them.
    fn add_known(&self, data: &Data) {
        let parts = data.stored.parts.iter().map(|placed| &placed.part).filter(|part| self.knows(part));
        parts.filter_map(|part| part.times).for_each(|(_, last)| self.add(last));
    }

    fn add(&self, at: Timestamp) {
        if at.nanoseconds() > self.far_from {
            self.far.fetch_max(at.nanoseconds(), Ordering::SeqCst);
            return;
        }
        self.nanoseconds.fetch_max(at.nanoseconds(), Ordering::SeqCst);
        self.any.store(true, Ordering::SeqCst);
    }
}

/// What one reader shows chunks to.
pub(crate) struct Look<'a> {
    newest: &'a Newest,
    feed: &'a Feed,
    scanner: Scanner<'a>,
    hits: Vec<usize>,
    known: KnownTime,
}

impl Look<'_> {
    /// Notes the newest of these events, if it is newer than all before.
    pub fn see(&mut self, from: &FileChunk) {
        let (text, records) = (from.chunk.text.as_bytes(), &from.chunk.records);
        let keys = &self.newest.keys;
        let Some(searcher) = &keys.searcher else {
            records.iter().for_each(|record| self.see_record(from, record));
            return;
        };
        let mut hits = std::mem::take(&mut self.hits);
        hits.extend(searcher.find_iter(text).map(|hit| hit.end()));
        // From the end, where the newest is in most logs: the others are older then.
        let mut before = usize::MAX;
        for at in hits.drain(..).rev() {
            if at < before && keys.may_be_newer(text, at, self.newest, &mut self.known) {
                before = self.see_record_at(from, at);
            }
        }
        self.hits = hits;
    }

    /// Says that there is nothing more to see.
    pub fn end(self) {
        if self.feed.is_complete() {
            self.newest.complete.store(true, Ordering::SeqCst);
        }
        self.newest.ended.fetch_add(1, Ordering::SeqCst);
    }

    /// Looks at the record that a byte belongs to, and gives where it begins.
    fn see_record_at(&mut self, from: &FileChunk, at: usize) -> usize {
        let records = &from.chunk.records;
        let index = records.partition_point(|record| record.raw.end.max(record.document.end) <= at);
        let Some(record) = records.get(index) else { return at };
        self.see_record(from, record);
        record.raw.start.min(record.document.start)
    }

    fn see_record(&mut self, from: &FileChunk, record: &Record) {
        if let Some(at) = self.scanner.time(from, record).1 {
            self.newest.add(at);
        }
    }
}

/// How an escape of a character begins that a key can have: keys are ASCII, and JSON escapes in four digits.
const ESCAPE: &[u8] = b"\\u00";

/// The keys that events' times stand under, in any log source and shape.
#[derive(Debug)]
struct TimeKeys {
    names: HashSet<Vec<u8>>,
    /// Finds how they end, and escapes that may hide one; nothing where a time may stand under any key, or where this
    /// machine cannot search for so many at once.
    searcher: Option<Searcher>,
}

impl TimeKeys {
    fn new(data: &Data) -> TimeKeys {
        let mut names = HashSet::new();
        let mut all = true;
        for source in data.recogniser.sources() {
            let shapes = (0..source.shape_count().max(1)).filter_map(|shape| u16::try_from(shape).ok().map(Shape));
            let paths =
                shapes.flat_map(|shape| source.time_paths().iter().flat_map(move |p| source.physical(shape, p)));
            for path in paths {
                match last_key(&path) {
                    Some(key) => {
                        names.insert(key.into_bytes());
                    }
                    None => all = false,
                }
            }
        }
        let searcher = searcher(&names).filter(|_| all && !names.is_empty());
        TimeKeys { names, searcher }
    }

    /// Whether what was found before `at` may be the key of a time newer than the newest so far.
    fn may_be_newer(&self, text: &[u8], at: usize, newest: &Newest, known: &mut KnownTime) -> bool {
        let found = text.get(..at).unwrap_or(&[]);
        if found.ends_with(ESCAPE) {
            let digits = text.get(at..at + 2).and_then(|digits| std::str::from_utf8(digits).ok());
            let character = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            return character.is_some_and(|c| self.names.iter().any(|name| name.contains(&c)));
        }
        let Some(before) = found.strip_suffix(b"\"") else { return false };
        // A member may be written with dots.
        let start = memchr::memrchr2(b'"', b'.', before).map_or(0, |before| before + 1);
        if !before.get(start..).is_some_and(|name| self.names.contains(name)) {
            return false;
        }
        let behind = text.get(at..).unwrap_or(&[]).trim_ascii_start();
        let Some(value) = behind.strip_prefix(b":").map(|value| value.trim_ascii_start()) else { return false };
        let time = match value {
            [b'"', inner @ ..] => match memchr::memchr2(b'"', b'\\', inner) {
                Some(end) if inner.get(end) == Some(&b'"') => inner.get(..end),
                _ => return true,
            },
            [b'-' | b'0'..=b'9', ..] => {
                let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                value.split(|byte| !is_part(byte)).next()
            }
            // Of an object the members are found by themselves; words are no times.
            [b'{' | b'n' | b't' | b'f', ..] => return false,
            _ => return true,
        };
        time.is_some_and(|time| !known.is_no_older_than(time) && known.learn(time, newest.near()))
    }
}

/// How many of a key's last letters are searched for. The search looks for four bytes at once; with fewer, other keys end
/// alike, and with more, there are more different ends.
const LETTERS: usize = 4;

/// Finds the last letters of each key with the quote behind them; of a shorter key with what stands before it as well.
fn searcher(names: &HashSet<Vec<u8>>) -> Option<Searcher> {
    let mut ends = BTreeSet::from([ESCAPE.to_vec()]);
    for name in names {
        match name.len().checked_sub(LETTERS).and_then(|start| name.get(start..)) {
            Some(end) => {
                ends.insert([end, b"\""].concat());
            }
            None => ends.extend([b"\"", b"."].map(|before| [before, name.as_slice(), b"\""].concat())),
        }
    }
    Searcher::new(ends)
}

/// A time as it stands in a log, which is not newer than the newest. Others that are written alike need not be read: their
/// bytes tell which is newer.
#[derive(Debug, Default)]
struct KnownTime {
    text: Vec<u8>,
    /// How much of it is the time itself, as far as the fraction of the second; behind it is the zone.
    ordered: usize,
}

impl KnownTime {
    /// Whether a time is written alike and is not newer.
    fn is_no_older_than(&self, time: &[u8]) -> bool {
        if self.ordered == 0 || time.len() != self.text.len() {
            return false;
        }
        let ((time, zone), (known, known_zone)) = (time.split_at(self.ordered), self.text.split_at(self.ordered));
        let alike = |(a, b): (&u8, &u8)| a == b || (a.is_ascii_digit() && b.is_ascii_digit());
        zone == known_zone && time <= known && time.iter().zip(known).all(alike)
    }

    /// Reads a time, and tells whether it is newer. One that is not becomes the known one.
    fn learn(&mut self, time: &[u8], newest: Option<Timestamp>) -> bool {
        let Some(at) = std::str::from_utf8(time).ok().and_then(|time| Timestamp::parse(time).ok()) else {
            return false;
        };
        let is_newer = newest.is_none_or(|newest| at > newest);
        if !is_newer && let Some(ordered) = ordered(time) {
            self.text.clear();
            self.text.extend_from_slice(time);
            self.ordered = ordered;
        }
        is_newer
    }
}

/// Of `2026-11-22T10:00:00.25Z` and the like, how many bytes there are before the zone; nothing of times in other forms.
fn ordered(time: &[u8]) -> Option<usize> {
    let is_form = |(place, byte): (usize, &u8)| match place {
        4 | 7 => *byte == b'-',
        10 => matches!(byte, b'T' | b' '),
        13 | 16 => *byte == b':',
        _ => byte.is_ascii_digit(),
    };
    let (seconds, rest) = time.split_at_checked(19)?;
    let fraction = match rest.strip_prefix(b".") {
        Some(digits) => 1 + digits.iter().take_while(|digit| digit.is_ascii_digit()).count(),
        None => 0,
    };
    seconds.iter().enumerate().all(is_form).then_some(19 + fraction)
}

/// The last key of a path, from its last dot on, as a member may be written with dots; nothing where its text in a record
/// may be another.
fn last_key(path: &Path) -> Option<String> {
    let Some(Segment::Key(key)) = path.0.last() else { return None };
    let key = key.rsplit('.').next().unwrap_or(key);
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '/' | '*');
    (!key.is_empty() && key.chars().all(plain)).then(|| key.to_owned())
}

/// What the newest event is likely to be: the newest at the beginning and the end of the files that are likely to have it.
pub(crate) fn guess(data: &Data) -> Newest {
    let newest = Newest::new(data);
    // What is wrong with these files is told by the run.
    let data = Data { progress: Arc::default(), ..data.clone() };
    let feed = Feed::new(data.clone());
    let mut look = newest.look(&feed);
    for file in likely(&data) {
        look_at_ends(&data, file, &mut look);
    }
    newest.add_known(&data);
    drop(look);
    Newest { begun: AtomicUsize::new(0), ..newest }
}

/// The numbers of the files that are likely to have the newest event.
fn likely(data: &Data) -> BTreeSet<u32> {
    let count = u32::try_from(data.read().len()).unwrap_or(u32::MAX);
    let mut numbers: Vec<u32> = (0..count).collect();
    let mut likely: BTreeSet<u32> =
        numbers.iter().take(GUESSED).chain(numbers.iter().rev().take(GUESSED)).copied().collect();
    let written = |number: &u32| {
        let file = data.read().get(*number as usize)?;
        std::fs::metadata(&file.path).ok()?.modified().ok()
    };
    numbers.sort_by_cached_key(|number| std::cmp::Reverse(written(number)));
    likely.extend(numbers.into_iter().take(GUESSED));
    likely
}

/// Shows the first and the last piece of a file, or all of it where pieces come one after the other.
fn look_at_ends(data: &Data, number: u32, look: &mut Look<'_>) {
    let Some(file) = data.read().get(number as usize) else { return };
    let Ok(mut reader) = Reader::open(file, data.recogniser.texts()) else { return };
    let apart = reader.has_pieces_apart();
    if !apart && file.size > MOST_BYTES {
        return;
    }
    let unit = Unit::of_file(number, file);
    let mut last = None;
    let mut first = true;
    while let Ok(Some(piece)) = reader.next_piece() {
        if apart && !std::mem::replace(&mut first, false) {
            last = Some(piece);
            continue;
        }
        see_piece(&mut reader, piece, &unit, look);
    }
    if let Some(piece) = last {
        see_piece(&mut reader, piece, &unit, look);
    }
}

fn see_piece(reader: &mut Reader, piece: mynah_source::Piece, unit: &Unit, look: &mut Look<'_>) {
    if let Ok(chunk) = reader.finish(piece.cut(Chunk::default())) {
        look.see(&FileChunk { unit: unit.clone(), chunk });
    }
}

/// Just after the newest event, found by reading all data for nothing else: for a run that does not read it all itself.
///
/// # Errors
/// Where a thread that reads breaks down.
pub(crate) fn after_newest(data: &Data, threads: usize) -> Result<Option<Timestamp>, EngineError> {
    let newest = Newest::new(data);
    newest.add_known(data);
    let is_unknown = |unit: &Unit| !unit.stored.as_ref().is_some_and(|placed| newest.knows(&placed.part));
    let feed = Feed::of_units(data.clone(), data.units().filter(is_unknown).collect());
    let read = || {
        let mut look = newest.look(&feed);
        let mut worker = Worker::default();
        while let Some(from) = feed.next(&mut worker) {
            look.see(from);
        }
        look.end();
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(read)).collect();
        workers.into_iter().for_each(|worker| drop(worker.join()));
    });
    if !newest.verified() {
        let message = "a thread that looks for the newest event broke down; set the clock with `--now`".to_owned();
        return Err(EngineError::Execution(message));
    }
    Ok(newest.clock())
}

#[cfg(test)]
mod tests {
    use super::*;
    use mynah_source::{InputFile, Recogniser};
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static RECOGNISER: LazyLock<Arc<Recogniser>> = LazyLock::new(|| Recogniser::built_in().unwrap());

    fn data(folder: &std::path::Path, logs: &[String]) -> Data {
        let files = logs.iter().enumerate().map(|(number, text)| {
            let path = folder.join(format!("{number}.ndjson"));
            std::fs::write(&path, text).unwrap();
            InputFile::new(path).unwrap()
        });
        let files = files.collect();
        Data {
            files,
            stored: Default::default(),
            recogniser: Arc::clone(&RECOGNISER),
            progress: Arc::default(),
            prefilter: true,
            newest: None,
        }
    }

    /// The newest event, each looked at as its log source wants.
    fn slowly(data: &Data) -> Option<Timestamp> {
        let newest = Newest::new(data);
        let feed = Feed::new(data.clone());
        let mut look = newest.look(&feed);
        let mut worker = Worker::default();
        while let Some(from) = feed.next(&mut worker) {
            from.chunk.records.iter().for_each(|record| look.see_record(from, record));
        }
        newest.clock()
    }

    /// Shows a guess all data, as a run does.
    fn prove(data: &Data, newest: &Newest) {
        let feed = Feed::new(data.clone());
        let mut look = newest.look(&feed);
        let mut worker = Worker::default();
        while let Some(from) = feed.next(&mut worker) {
            look.see(from);
        }
        look.end();
    }

    fn line(second: i64) -> String {
        let at = Timestamp::from_milliseconds(1_767_600_000_000 + second * 1000);
        format!("{{\"eventVersion\":\"1.1\",\"eventTime\":\"{at}\",\"eventSource\":\"x\",\"eventName\":\"y\"}}\n")
    }

    #[test]
    fn the_ends_of_a_log_tell_the_newest_of_its_events() {
        let folder = tempfile::tempdir().unwrap();
        let sorted: String = (0..20_000).map(line).collect();
        let data = data(folder.path(), &[sorted.clone(), line(3)]);
        let newest = guess(&data);
        assert!(!newest.verified());
        assert_eq!(newest.clock(), slowly(&data));
        prove(&data, &newest);
        assert!(newest.verified());
        assert_eq!(newest.clock(), Some(Timestamp::from_milliseconds(1_767_619_999_001)));
    }

    #[test]
    fn a_guess_that_is_wrong_is_put_right() {
        let folder = tempfile::tempdir().unwrap();
        let half: String = (0..10_000).map(line).collect();
        let data = data(folder.path(), &[format!("{half}{}{half}", line(50_000))]);
        let newest = guess(&data);
        let guessed = newest.clock();
        prove(&data, &newest);
        assert!(newest.verified() && newest.clock() != guessed);
        assert_eq!(newest.clock(), slowly(&data));
        assert_eq!(after_newest(&data, 2).unwrap(), slowly(&data));
        // Whoever stops before the end proves nothing.
        let newest = guess(&data);
        prove(&data, &newest);
        drop(newest.look(&Feed::new(data.clone())));
        assert!(!newest.verified());
    }

    fn time() -> impl Strategy<Value = String> {
        let seconds =
            prop_oneof![4 => 1_600_000_000_i64..1_800_000_000, 1 => Just(-62_135_596_800), 1 => Just(9_300_000_000)];
        (seconds, 0..9).prop_map(|(seconds, form)| {
            let at = jiff(seconds);
            match form {
                0 => seconds.to_string(),
                1 => format!("{}.25", seconds),
                2 => format!("\"{}\"", seconds * 1000),
                3 => format!("\"{}\"", at.replace('T', " ").replace('Z', "")),
                4 => format!("\"{}\"", at.replace('Z', "+05:00")),
                5 => format!("\"{}\"", at.replace(':', "\\u003a")),
                6 => format!("[\"{at}\"]"),
                _ => format!("\"{at}\""),
            }
        })
    }

    /// RFC 3339, also of years that nanoseconds do not reach.
    fn jiff(seconds: i64) -> String {
        match seconds {
            -62_135_596_800 => "0001-01-01T00:00:00Z".to_owned(),
            9_300_000_000 => "2264-09-13T13:20:00Z".to_owned(),
            _ => Timestamp::from_milliseconds(seconds * 1000).to_string(),
        }
    }

    fn record() -> impl Strategy<Value = String> {
        let keys = [
            "eventTime",
            "@timestamp",
            "time",
            "ts",
            "System",
            "Event",
            "event\\u0054ime",
            "a.time",
            "TimeCreated",
            "x",
            "eventVersion",
            "eventSource",
            "eventName",
            "category",
        ];
        let value = prop_oneof![
            4 => time(),
            1 => (prop::sample::select(vec!["TimeCreated", "SystemTime", "time"]), time()).prop_map(|(k, v)| format!("{{\"{k}\" : {v}}}")),
            1 => prop::sample::select(vec!["null", "true", "\"time\"", "\"\\\"time\\\":9\"", "{}"]).prop_map(str::to_owned),
        ];
        prop::collection::vec((prop::sample::select(keys.to_vec()), value), 0..7).prop_map(|members| {
            let members: Vec<String> = members.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
            format!("{{{}}}\n", members.join(","))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_look_at_bytes_finds_what_a_look_at_each_record_finds(
            logs in prop::collection::vec(prop::collection::vec(record(), 1..12), 1..4)
        ) {
            let folder = tempfile::tempdir().unwrap();
            let logs: Vec<String> = logs.into_iter().map(|records| records.concat()).collect();
            let data = data(folder.path(), &logs);
            let wanted = slowly(&data);
            prop_assert_eq!(after_newest(&data, 1).unwrap(), wanted);
            let newest = guess(&data);
            prove(&data, &newest);
            prop_assert_eq!(newest.clock(), wanted);
        }
    }
}
