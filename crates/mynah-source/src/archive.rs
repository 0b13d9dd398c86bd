//! Archives: their members are files of their own, written to temporary files so that each can be read as often and from as many
//! threads as any other.
use crate::bytes::{Counted, Meter};
use crate::container::{HEAD, Sniffed, has_times};
use crate::input::InputFile;
use crate::opened::{Opened, Stored};
use crate::{DataProblem, Format, ProblemKind, SourceError};
use std::fmt;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

/// A container of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Archive {
    Zip,
    Tar,
}

/// Where POSIX archives have `ustar`.
const USTAR: usize = 257;

/// How deep archives in archives are unpacked.
const DEEPEST: usize = 3;
/// How many members are taken from one archive.
const MOST_MEMBERS: usize = 100_000;
/// How many bytes an archive may unpack to: three hundred times its size, which logs do not reach, but no small archive is refused
/// for that, and no large one fills the disk.
const RATIO: u64 = 300;
const SMALL: u64 = 256 << 20;
const LARGEST: u64 = 64 << 30;

impl Archive {
    /// By how a file begins.
    pub fn of(head: &[u8]) -> Option<Archive> {
        // The second is an empty one.
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Some(Archive::Zip);
        }
        (head.get(USTAR..USTAR + 5) == Some(b"ustar")).then_some(Archive::Tar)
    }
}

impl fmt::Display for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Archive::Zip => "zip archive",
            Archive::Tar => "tar archive",
        })
    }
}

/// What came out of an archive.
#[derive(Default)]
pub(crate) struct Unpacked {
    /// The members that are logs, named `ARCHIVE/MEMBER`.
    pub files: Vec<InputFile>,
    pub problems: Vec<DataProblem>,
}

/// The members of an archive, and of archives in it.
pub(crate) fn unpack(input: &InputFile) -> Unpacked {
    let left = input.size.saturating_mul(RATIO).clamp(SMALL, LARGEST);
    let mut unpacking = Unpacking { left, members: 0, unpacked: Unpacked::default() };
    unpacking.archive(input, 0);
    unpacking.unpacked
}

struct Unpacking {
    /// How many bytes may still come out.
    left: u64,
    members: usize,
    unpacked: Unpacked,
}

/// Why no more members are taken.
struct Full;

impl Unpacking {
    fn archive(&mut self, input: &InputFile, depth: usize) {
        let failed = match open(input) {
            Ok((opened, Archive::Zip)) => self.zip(input, opened, depth),
            Ok((opened, Archive::Tar)) => self.tar(input, opened, depth),
            Err(error) => Err(error),
        };
        if let Err(message) = failed {
            self.problem(&input.path, ProblemKind::Unreadable, message);
        }
    }

    fn zip(&mut self, input: &InputFile, opened: Opened, depth: usize) -> Result<(), String> {
        let (file, damage) = opened.into_file(&input.path).map_err(|error| error.to_string())?;
        if let Some(damage) = damage {
            self.problem(&input.path, ProblemKind::Damaged, damage);
        }
        let mut zip = zip::ZipArchive::new(file).map_err(|error| format!("the zip archive is damaged: {error}"))?;
        for index in 0..zip.len() {
            let name = match zip.name_for_index(index) {
                Some(Ok(name)) => name.into_owned(),
                _ => format!("member {}", index + 1),
            };
            if name.ends_with('/') {
                continue;
            }
            let path = member_path(input, &name);
            let taken = match zip.by_index(index) {
                Ok(mut member) => self.member(path, &mut member, depth),
                Err(error) => {
                    self.problem(&path, ProblemKind::Unreadable, format!("cannot be unpacked: {error}"));
                    Ok(())
                }
            };
            if taken.is_err() {
                break;
            }
        }
        Ok(())
    }

    fn tar(&mut self, input: &InputFile, opened: Opened, depth: usize) -> Result<(), String> {
        let Opened { head, content, .. } = opened;
        let broken = |error: io::Error| format!("the tar archive breaks off or is damaged: {error}");
        let mut tar = tar::Archive::new(Cursor::new(head).chain(content.into_read()));
        for entry in tar.entries().map_err(broken)? {
            let mut entry = entry.map_err(broken)?;
            if !entry.header().entry_type().is_file() {
                continue;
            }
            let path = member_path(input, &String::from_utf8_lossy(&entry.path_bytes()));
            if self.member(path, &mut entry, depth).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Takes one member.
    fn member(&mut self, path: PathBuf, content: &mut dyn Read, depth: usize) -> Result<(), Full> {
        self.members += 1;
        if self.members > MOST_MEMBERS {
            let message =
                format!("the archive has more than {MOST_MEMBERS} members: this one and the rest are left out");
            self.problem(&path, ProblemKind::Unreadable, message);
            return Err(Full);
        }
        let mut head = Vec::new();
        let mut limited = content.take(self.left.saturating_add(1));
        if let Err(error) = (&mut limited).take(HEAD as u64).read_to_end(&mut head) {
            self.problem(&path, ProblemKind::Unreadable, format!("cannot be unpacked: {error}"));
            return Ok(());
        }
        let nested = match sniffed(&path, &head) {
            Ok(Sniffed::Is(_)) => false,
            Ok(Sniffed::Archive(_)) if depth + 1 < DEEPEST => true,
            Ok(Sniffed::Archive(archive)) => {
                let message = format!("a {archive} more than {DEEPEST} archives deep is left out");
                self.problem(&path, ProblemKind::Unreadable, message);
                return Ok(());
            }
            Ok(Sniffed::NotLogs(found)) => {
                self.problem(&path, ProblemKind::NotLogs, found);
                return Ok(());
            }
            Err(error) => {
                self.problem(&path, ProblemKind::Unreadable, error.to_string());
                return Ok(());
            }
        };
        let mut failure = None;
        let kept = Until { inner: &mut limited, failure: &mut failure };
        let spooled = InputFile::spooled(&path, Cursor::new(head).chain(kept));
        if let Some(error) = failure {
            let message = format!("the archive is damaged here, what comes after is lost: {error}");
            self.problem(&path, ProblemKind::Damaged, message);
        }
        match spooled {
            Ok(file) if file.size > self.left => {
                let message = "the archive unpacks to far more than logs do: this member and the rest are left out";
                self.problem(&path, ProblemKind::Unreadable, message);
                return Err(Full);
            }
            Ok(file) => {
                self.left -= file.size;
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

    fn problem(&mut self, path: &Path, kind: ProblemKind, message: impl Into<String>) {
        let problem = DataProblem { file: path.to_owned(), line: None, record: None, kind, message: message.into() };
        self.unpacked.problems.push(problem);
    }
}

/// What a member is called: names in archives are anything, and lead nowhere.
fn member_path(input: &InputFile, member: &str) -> PathBuf {
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
