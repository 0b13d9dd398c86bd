//! What the formats of archives share: bounds, and what becomes of a member.
use super::{Archive, Unpacked, seven_zip, tar, zip};
use crate::bytes::{Counted, Meter};
use crate::container::{HEAD, Sniffed, has_times};
use crate::input::InputFile;
use crate::opened::{Opened, Stored};
use crate::{DataProblem, Format, ProblemKind, SourceError};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

/// How deep archives in archives are unpacked.
const DEEPEST: usize = 3;
/// How many members are taken from one archive and those in it.
const MOST_MEMBERS: usize = 100_000;

/// What is said where an archive unpacks to more than it may.
pub(super) const TOO_LARGE: &str =
    "the archive unpacks to far more than logs do: this member and the rest are left out";

/// An archive that is being unpacked, with those in it.
pub(super) struct Unpacking {
    /// How many bytes may still come out, of members that are no logs too: these take as long.
    left: u64,
    members: usize,
    pub unpacked: Unpacked,
}

/// Why no more members are taken; it has been said.
#[derive(Debug)]
pub(super) struct Full;

impl Unpacking {
    /// For an archive that may unpack to so many bytes.
    pub fn new(left: u64) -> Unpacking {
        Unpacking { left, members: 0, unpacked: Unpacked::default() }
    }

    /// Takes the members of an archive that is so many archives deep.
    pub fn archive(&mut self, input: &InputFile, depth: usize) {
        let failed = match open(input) {
            Ok((opened, Archive::Zip)) => zip::unpack(self, input, opened, depth),
            Ok((opened, Archive::Tar)) => tar::unpack(self, input, opened, depth),
            Ok((opened, Archive::SevenZip)) => seven_zip::unpack(self, input, opened, depth),
            Err(error) => Err(error),
        };
        if let Err(message) = failed {
            self.problem(&input.path, ProblemKind::Unreadable, message);
        }
    }

    /// Counts a member that is about to be taken.
    pub fn count(&mut self, path: &Path) -> Result<(), Full> {
        self.members += 1;
        if self.members <= MOST_MEMBERS {
            return Ok(());
        }
        let message = format!("the archive has more than {MOST_MEMBERS} members: this one and the rest are left out");
        self.problem(path, ProblemKind::Unreadable, message);
        Err(Full)
    }

    /// Takes one member from its bytes.
    pub fn member(&mut self, path: PathBuf, content: &mut dyn Read, depth: usize) -> Result<(), Full> {
        self.count(&path)?;
        let mut head = Vec::new();
        let mut limited = content.take(self.left.saturating_add(1));
        if let Err(error) = (&mut limited).take(HEAD as u64).read_to_end(&mut head) {
            self.problem(&path, ProblemKind::Unreadable, format!("cannot be unpacked: {error}"));
            return Ok(());
        }
        let nested = match self.is_archive(&path, &head, depth) {
            Some(nested) => nested,
            None => return self.spend(&path, head.len() as u64),
        };
        let mut failure = None;
        let kept = Until { inner: &mut limited, failure: &mut failure };
        let spooled = InputFile::spooled(&path, Cursor::new(head).chain(kept));
        if let Some(error) = failure {
            let message = format!("the archive is damaged here, what comes after is lost: {error}");
            self.problem(&path, ProblemKind::Damaged, message);
        }
        match spooled {
            Ok(file) => {
                self.spend(&path, file.size)?;
                match nested {
                    true => self.archive(&file, depth + 1),
                    false => self.unpacked.files.push(file),
                }
            }
            Err(error) => {
                let message = format!("cannot be written to a temporary file: {error}");
                self.problem(&path, ProblemKind::Unreadable, message);
            }
        }
        Ok(())
    }

    /// Whether a member is an archive itself, by how it begins; nothing where it is left out, which has been said then.
    fn is_archive(&mut self, path: &Path, head: &[u8], depth: usize) -> Option<bool> {
        let (kind, message) = match sniffed(path, head) {
            Ok(Sniffed::Is(_)) => return Some(false),
            Ok(Sniffed::Archive(_)) if depth + 1 < DEEPEST => return Some(true),
            Ok(Sniffed::Archive(archive)) => {
                (ProblemKind::Unreadable, format!("a {archive} more than {DEEPEST} archives deep is left out"))
            }
            Ok(Sniffed::NotLogs(found)) => (ProblemKind::NotLogs, found.to_owned()),
            Err(error) => (ProblemKind::Unreadable, error.to_string()),
        };
        self.problem(path, kind, message);
        None
    }

    /// How many bytes may still come out.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// So many bytes came out.
    pub fn spend(&mut self, path: &Path, bytes: u64) -> Result<(), Full> {
        if let Some(left) = self.left.checked_sub(bytes) {
            self.left = left;
            return Ok(());
        }
        self.left = 0;
        self.problem(path, ProblemKind::Unreadable, TOO_LARGE);
        Err(Full)
    }

    /// All of an archive as a file to move about in.
    pub fn file(&mut self, input: &InputFile, opened: Opened) -> Result<File, String> {
        let (file, damage) = opened.into_file(&input.path, self.left).map_err(|error| error.to_string())?;
        if let Some(damage) = damage {
            self.problem(&input.path, ProblemKind::Damaged, damage);
        }
        Ok(file)
    }

    pub fn problem(&mut self, path: &Path, kind: ProblemKind, message: impl Into<String>) {
        let problem = DataProblem { file: path.to_owned(), line: None, record: None, kind, message: message.into() };
        self.unpacked.problems.push(problem);
    }
}

/// What a member is called: names in archives are anything, and lead nowhere.
pub(super) fn member_path(input: &InputFile, member: &str) -> PathBuf {
    let mut path = input.path.clone().into_os_string();
    path.push("/");
    path.push(member.trim_start_matches('/').replace('\0', "\u{FFFD}"));
    path.into()
}

fn open(input: &InputFile) -> Result<(Opened, Archive), String> {
    let file = input.open().map_err(|error| format!("cannot be opened: {error}"))?;
    let meter = Meter::default();
    let opened = Opened::new(&input.path, Counted::new(Stored::File(file), meter.clone()), &meter);
    let opened = opened.map_err(|error| error.to_string())?;
    match opened.sniffed {
        Sniffed::Archive(archive) => Ok((opened, archive)),
        _ => Err("this is no archive any more".to_owned()),
    }
}

fn sniffed(path: &Path, head: &[u8]) -> Result<Sniffed, SourceError> {
    let meter = Meter::default();
    let stored = Stored::Memory(Cursor::new(head.to_vec()));
    let opened = Opened::new(path, Counted::new(stored, meter.clone()), &meter)?;
    // As in folders: nobody says of a member that it is a log.
    Ok(match opened.sniffed {
        Sniffed::Is(Format::Text) if !has_times(&opened.head, opened.whole) => Sniffed::NotLogs("text without times"),
        sniffed => sniffed,
    })
}

/// Reads up to an error, which is an end that is remembered: what came before it is good.
struct Until<'r> {
    inner: &'r mut dyn Read,
    failure: &'r mut Option<io::Error>,
}

impl Read for Until<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                *self.failure = Some(error);
                Ok(0)
            }
            read => read,
        }
    }
}
