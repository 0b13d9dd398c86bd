use crate::archive;
use crate::input::{InputFile, pattern};
use crate::reader::{Probed, probe};
use crate::{DataProblem, ProblemKind};
use mynah_event::LogSource;
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Expands what a user names as data into files, in the order named; a folder's in order of their paths.
///
/// - A file stands for itself, a folder for all files under it except hidden ones, a pattern (`*`, `?`,
///   `[a-z]`, `**`) for what it matches, `-` for standard input.
/// - A zip, tar or 7z archive, packed or not, stands for the files in it: they are unpacked to temporary files and called
///   `ARCHIVE/MEMBER`. What an archive may unpack to is bounded.
/// - `SOURCE=PATH` says which log source the records of PATH are.
/// - A file named twice is read once.
/// - Files in folders and archives that are no logs (a README) are left out, hidden ones too; a [`ProblemKind::NotLogs`] or
///   [`ProblemKind::Hidden`] names each.
///
/// What cannot be found or looked at is a problem.
///
/// ```
/// let (files, problems) = mynah_source::find(&["no/such/file.json".to_owned()]);
/// assert!(files.is_empty());
/// assert_eq!(problems[0].to_string(), "no/such/file.json: no such file or folder");
/// ```
pub fn find(arguments: &[impl AsRef<OsStr>]) -> (Vec<InputFile>, Vec<DataProblem>) {
    let mut search = Search::default();
    for argument in arguments {
        let (source, path) = split(argument.as_ref());
        search.argument(Path::new(&path), source.as_ref());
    }
    (search.files, search.problems)
}

/// Tells `SOURCE=PATH` from a path with an equals sign in it.
fn split(argument: &OsStr) -> (Option<LogSource>, OsString) {
    let whole = || (None, argument.to_owned());
    // What stands before the sign is ASCII, whatever the path behind it is.
    let text = argument.to_string_lossy();
    let Some((source, path)) = text.split_once('=').filter(|(source, _)| is_source_name(source)) else {
        return whole();
    };
    if Path::new(argument).exists() {
        return whole();
    }
    (Some(LogSource::new(source)), behind(argument, source.len() + 1).unwrap_or_else(|| path.into()))
}

/// A path without its first bytes.
#[cfg(unix)]
fn behind(argument: &OsStr, bytes: usize) -> Option<OsString> {
    use std::os::unix::ffi::OsStrExt;
    Some(OsStr::from_bytes(argument.as_bytes().get(bytes..)?).to_owned())
}

#[cfg(not(unix))]
fn behind(_: &OsStr, _: usize) -> Option<OsString> {
    None
}

fn is_source_name(text: &str) -> bool {
    let named = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-');
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.bytes().all(named)
}

#[derive(Default)]
struct Search {
    files: Vec<InputFile>,
    problems: Vec<DataProblem>,
    /// Of files already found, by their real paths: where in `files` they are.
    known: HashMap<PathBuf, Vec<usize>>,
}

impl Search {
    fn argument(&mut self, path: &Path, source: Option<&LogSource>) {
        if path == Path::new("-") {
            match InputFile::spooled("-", io::stdin().lock()) {
                Ok(file) => self.probed(file, source),
                Err(error) => {
                    self.problem(path, ProblemKind::Unreadable, format!("standard input cannot be read: {error}"));
                }
            }
            return;
        }
        // A name with a star or a bracket in it is a name first.
        if std::fs::symlink_metadata(path).is_err() && path.to_string_lossy().contains(['*', '?', '[']) {
            self.pattern(path, source);
        } else {
            self.path(path, source);
        }
    }

    fn pattern(&mut self, path: &Path, source: Option<&LogSource>) {
        let mut failed = Vec::new();
        let matches = pattern::matches(path, &mut |path, error| failed.push((path.to_owned(), error.to_string())));
        let found = match matches {
            Ok(found) => found,
            Err(error) => {
                self.problem(path, ProblemKind::Missing, format!("this pattern is wrong: {error}"));
                return;
            }
        };
        if found.is_empty() && failed.is_empty() {
            self.problem(path, ProblemKind::Empty, "no file matches this pattern");
        }
        for (path, error) in failed {
            self.problem(&path, ProblemKind::Unreadable, format!("cannot be looked at: {error}"));
        }
        found.iter().for_each(|path| self.path(path, source));
    }

    fn path(&mut self, path: &Path, source: Option<&LogSource>) {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.folder(path, source),
            Ok(metadata) => match InputFile::new(path).and_then(|file| file.open().map(|_| file)) {
                // A pipe gives what it has once.
                Ok(file) if metadata.is_file() => self.probed(file, source),
                Ok(file) => self.add(file, source),
                Err(error) => self.problem(path, ProblemKind::Unreadable, format!("cannot be opened: {error}")),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.problem(path, ProblemKind::Missing, "no such file or folder");
            }
            Err(error) => self.problem(path, ProblemKind::Unreadable, format!("cannot be looked at: {error}")),
        }
    }

    /// A file that was named: a log, or an archive of logs. That it is neither is an error when it is opened.
    fn probed(&mut self, file: InputFile, source: Option<&LogSource>) {
        match probe(&file) {
            Ok(Probed::Archive) => {
                if !self.archive(&file, source) {
                    self.problem(&file.path, ProblemKind::Empty, "this archive has no logs in it");
                }
            }
            _ => self.add(file, source),
        }
    }

    fn folder(&mut self, folder: &Path, source: Option<&LogSource>) {
        let mut hidden = Vec::new();
        let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name();
        let walk = walk.into_iter().filter_entry(|entry| {
            let is_hidden = entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".");
            if is_hidden {
                hidden.push((entry.path().to_owned(), entry.file_type().is_dir()));
            }
            !is_hidden
        });
        let mut any = false;
        for entry in walk {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().unwrap_or(folder).to_owned();
                    any = true;
                    self.problem(&path, ProblemKind::Unreadable, format!("cannot be looked at: {error}"));
                    continue;
                }
            };
            if !entry.file_type().is_file() {
                continue;
            }
            let file = InputFile::new(entry.path()).and_then(|file| Ok((probe(&file)?, file)));
            match file {
                Ok((Probed::Is, file)) => {
                    any = true;
                    self.add(file, source);
                }
                Ok((Probed::Archive, file)) => any |= self.archive(&file, source),
                Ok((Probed::NotLogs(found), file)) => self.problem(&file.path, ProblemKind::NotLogs, found),
                Err(error) => {
                    any = true;
                    self.problem(entry.path(), ProblemKind::Unreadable, format!("cannot be read: {error}"));
                }
            }
        }
        for (path, is_folder) in hidden {
            let what = if is_folder { "hidden folder" } else { "hidden file" };
            self.problem(&path, ProblemKind::Hidden, what);
        }
        if !any {
            self.problem(folder, ProblemKind::Empty, "this folder has no logs in it");
        }
    }

    /// Adds the logs in an archive; whether there are any, or an error says why there are not.
    fn archive(&mut self, file: &InputFile, source: Option<&LogSource>) -> bool {
        let real = std::fs::canonicalize(&file.path).unwrap_or_else(|_| file.path.clone());
        if self.known.contains_key(&real) {
            self.name_source(&real, source);
            return true;
        }
        let unpacked = archive::unpack(file);
        let first = self.files.len();
        let any = !unpacked.files.is_empty() || unpacked.problems.iter().any(|problem| problem.kind.is_fatal());
        self.files.extend(unpacked.files.into_iter().map(|file| InputFile { source: source.cloned(), ..file }));
        self.problems.extend(unpacked.problems);
        self.known.insert(real, (first..self.files.len()).collect());
        any
    }

    fn add(&mut self, file: InputFile, source: Option<&LogSource>) {
        let real = std::fs::canonicalize(&file.path).unwrap_or_else(|_| file.path.clone());
        if self.known.contains_key(&real) {
            self.name_source(&real, source);
            return;
        }
        self.known.insert(real, vec![self.files.len()]);
        self.files.push(InputFile { source: source.cloned(), ..file });
    }

    /// Files that were found already are of this log source, unless they are of another.
    fn name_source(&mut self, real: &Path, source: Option<&LogSource>) {
        for index in self.known.get(real).into_iter().flatten() {
            if let Some(known) = self.files.get_mut(*index) {
                known.source = known.source.take().or_else(|| source.cloned());
            }
        }
    }

    fn problem(&mut self, path: &Path, kind: ProblemKind, message: impl Into<String>) {
        self.problems.push(DataProblem {
            file: path.to_owned(),
            line: None,
            record: None,
            kind,
            message: message.into(),
        });
    }
}
