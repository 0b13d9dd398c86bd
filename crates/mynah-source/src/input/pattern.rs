use glob::{MatchOptions, Pattern, PatternError};
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

/// The paths that a pattern matches, in order of their names. Names that are not Unicode are matched with U+FFFD for what
/// is none, so that a star stands for them too; hidden ones where the pattern has their dot.
///
/// `**` stands for any number of folders; at the end, for all files below.
///
/// # Errors
/// Where the pattern is none.
pub(super) fn matches(pattern: &Path, failed: &mut dyn FnMut(&Path, &io::Error)) -> Result<Vec<PathBuf>, PatternError> {
    let mut start = PathBuf::new();
    let mut parts = Vec::new();
    for component in pattern.components() {
        match component {
            Component::Normal(name) => parts.push(part(name)?),
            other if parts.is_empty() => start.push(other),
            other => parts.push(Part::Plain(other.as_os_str().to_owned())),
        }
    }
    let mut found = Vec::new();
    expand(&start, &parts, &mut found, failed);
    Ok(found)
}

enum Part {
    Plain(OsString),
    Pattern(Pattern),
    AnyFolders,
}

fn part(name: &std::ffi::OsStr) -> Result<Part, PatternError> {
    let text = name.to_string_lossy();
    Ok(match &*text {
        "**" => Part::AnyFolders,
        text if text.contains(['*', '?', '[']) => Part::Pattern(Pattern::new(text)?),
        _ => Part::Plain(name.to_owned()),
    })
}

const OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

fn expand(at: &Path, parts: &[Part], found: &mut Vec<PathBuf>, failed: &mut dyn FnMut(&Path, &io::Error)) {
    let Some((part, rest)) = parts.split_first() else {
        found.push(at.to_owned());
        return;
    };
    match part {
        Part::Plain(name) => {
            let path = at.join(name);
            if path.symlink_metadata().is_ok() {
                expand(&path, rest, found, failed);
            }
        }
        Part::Pattern(pattern) => {
            for (path, name) in children(at, failed) {
                if pattern.matches_with(&name, OPTIONS) && (rest.is_empty() || path.is_dir()) {
                    expand(&path, rest, found, failed);
                }
            }
        }
        Part::AnyFolders => {
            if !rest.is_empty() {
                expand(at, rest, found, failed);
            }
            for (path, name) in children(at, failed) {
                // A link to a folder above would never end.
                let is_folder = path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
                if name.starts_with('.') {
                    continue;
                }
                if is_folder {
                    expand(&path, parts, found, failed);
                } else if rest.is_empty() && !path.is_dir() {
                    found.push(path);
                }
            }
        }
    }
}

/// What a folder holds, by name.
fn children(folder: &Path, failed: &mut dyn FnMut(&Path, &io::Error)) -> Vec<(PathBuf, String)> {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = match std::fs::read_dir(here) {
        Ok(entries) => entries,
        Err(error) => {
            failed(here, &error);
            return Vec::new();
        }
    };
    let mut names: Vec<OsString> = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => names.push(entry.file_name()),
            Err(error) => failed(here, &error),
        }
    }
    names.sort();
    names.into_iter().map(|name| (folder.join(&name), name.to_string_lossy().into_owned())).collect()
}
