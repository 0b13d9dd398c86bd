use crate::input::InputFile;
use crate::reader::probe;
use crate::{DataProblem, ProblemKind};
use mynah_event::LogSource;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Expands what a user names as data into files, in the order named; a folder's in order of their paths.
///
/// - A file stands for itself, a folder for all files under it except hidden ones, a pattern (`*`, `?`,
///   `[a-z]`, `**`) for what it matches, `-` for standard input.
/// - `SOURCE=PATH` says which log source the records of PATH are.
/// - A file named twice is read once.
/// - Files in folders that are no logs (a README) are left out; one [`ProblemKind::NotLogs`] names them.
///
/// What cannot be found or looked at is a problem.
///
/// ```
/// let (files, problems) = mynah_source::find(&["no/such/file.json".to_owned()]);
/// assert!(files.is_empty());
/// assert_eq!(problems[0].to_string(), "no/such/file.json: no such file or folder");
/// ```
pub fn find(arguments: &[String]) -> (Vec<InputFile>, Vec<DataProblem>) {
    let mut search = Search::default();
    for argument in arguments {
        let (source, path) = split(argument);
        search.argument(path, source.as_ref());
    }
    (search.files, search.problems)
}

/// Tells `SOURCE=PATH` from a path with an equals sign in it.
fn split(argument: &str) -> (Option<LogSource>, &str) {
    match argument.split_once('=') {
        Some((source, path)) if is_source_name(source) && !Path::new(argument).exists() => {
            (Some(LogSource::new(source)), path)
        }
        _ => (None, argument),
    }
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
    known: HashMap<PathBuf, usize>,
}

impl Search {
    fn argument(&mut self, path: &str, source: Option<&LogSource>) {
        if path == "-" {
            match InputFile::spooled("-", io::stdin().lock()) {
                Ok(file) => self.files.push(InputFile { source: source.cloned(), ..file }),
                Err(error) => self.problem(
                    Path::new(path),
                    ProblemKind::Unreadable,
                    format!("standard input cannot be read: {error}"),
                ),
            }
            return;
        }
        // A name with a star or a bracket in it is a name first.
        if std::fs::symlink_metadata(path).is_err() && path.contains(['*', '?', '[']) {
            self.pattern(path, source);
        } else {
            self.path(Path::new(path), source);
        }
    }

    fn pattern(&mut self, pattern: &str, source: Option<&LogSource>) {
        let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
        let matches = match glob::glob_with(pattern, options) {
            Ok(matches) => matches,
            Err(error) => {
                self.problem(Path::new(pattern), ProblemKind::Missing, format!("this pattern is wrong: {error}"));
                return;
            }
        };
        let mut any = false;
        for found in matches {
            any = true;
            match found {
                // `**` gives folders and all that is in them.
                Ok(path) if path.is_dir() && pattern.contains("**") => {}
                Ok(path) => self.path(&path, source),
                Err(error) => self.problem(
                    error.path(),
                    ProblemKind::Unreadable,
                    format!("cannot be looked at: {}", error.error()),
                ),
            }
        }
        if !any {
            self.problem(Path::new(pattern), ProblemKind::Empty, "no file matches this pattern");
        }
    }

    fn path(&mut self, path: &Path, source: Option<&LogSource>) {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.folder(path, source),
            Ok(_) => match InputFile::new(path).and_then(|file| file.open().map(|_| file)) {
                Ok(file) => self.add(file, source),
                Err(error) => self.problem(path, ProblemKind::Unreadable, format!("cannot be opened: {error}")),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.problem(path, ProblemKind::Missing, "no such file or folder");
            }
            Err(error) => self.problem(path, ProblemKind::Unreadable, format!("cannot be looked at: {error}")),
        }
    }

    fn folder(&mut self, folder: &Path, source: Option<&LogSource>) {
        let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
        let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name();
        let walk = walk.into_iter().filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name()));
        let (mut any, mut others) = (false, Vec::new());
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
                Ok((Ok(_), file)) => {
                    any = true;
                    self.add(file, source);
                }
                Ok((Err(_), file)) => others.push(file.path),
                Err(error) => {
                    any = true;
                    self.problem(entry.path(), ProblemKind::Unreadable, format!("cannot be read: {error}"));
                }
            }
        }
        if !others.is_empty() {
            let names: Vec<String> = others
                .iter()
                .take(3)
                .map(|path| path.strip_prefix(folder).unwrap_or(path).display().to_string())
                .collect();
            let more = others.len().saturating_sub(names.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            self.problem(folder, ProblemKind::NotLogs, format!("not read, since no logs: {}{more}", names.join(", ")));
        }
        if !any {
            self.problem(folder, ProblemKind::Empty, "this folder has no logs in it");
        }
    }

    fn add(&mut self, file: InputFile, source: Option<&LogSource>) {
        let real = std::fs::canonicalize(&file.path).unwrap_or_else(|_| file.path.clone());
        match self.known.get(&real).and_then(|known| self.files.get_mut(*known)) {
            Some(known) => known.source = known.source.take().or_else(|| source.cloned()),
            None => {
                self.known.insert(real, self.files.len());
                self.files.push(InputFile { source: source.cloned(), ..file });
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
