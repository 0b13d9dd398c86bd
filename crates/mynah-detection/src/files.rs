//! The files of a package.
use include_dir::{Dir, DirEntry};
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// An error in a package, and its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct PackageError {
    /// The path of the file.
    pub file: String,
    /// The line, from 1, if the error belongs to one line.
    pub line: Option<usize>,
    /// The reason.
    pub message: String,
}

impl fmt::Display for PackageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

/// The files of a package, by their paths inside it, with `/` between folders.
#[derive(Debug, Clone)]
pub struct Files {
    root: String,
    entries: BTreeMap<String, Cow<'static, [u8]>>,
}

impl Files {
    /// All files below a folder.
    ///
    /// # Errors
    /// If one of them cannot be read.
    pub fn of_folder(folder: &Path) -> Result<Files, PackageError> {
        let root = folder.display().to_string();
        let mut entries = BTreeMap::new();
        for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
            let entry =
                entry.map_err(|error| PackageError { file: root.clone(), line: None, message: error.to_string() })?;
            if !entry.file_type().is_file() {
                continue;
            }
            let inside = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let name = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            let bytes = std::fs::read(entry.path()).map_err(|error| PackageError {
                file: entry.path().display().to_string(),
                line: None,
                message: error.to_string(),
            })?;
            entries.insert(name, Cow::Owned(bytes));
        }
        Ok(Files { root, entries })
    }

    /// Texts that stand for files of a folder.
    pub fn of_texts(folder: &str, texts: impl IntoIterator<Item = (String, String)>) -> Files {
        let entries = texts.into_iter().map(|(name, text)| (name, Cow::Owned(text.into_bytes()))).collect();
        Files { root: folder.to_owned(), entries }
    }

    /// The files of a built-in package.
    pub(crate) fn of_built_in(dir: &Dir<'static>) -> Files {
        let mut entries = BTreeMap::new();
        add(dir, dir.path(), &mut entries);
        Files { root: format!("detections/{}", dir.path().display()), entries }
    }

    /// The path of one of them, for messages.
    pub fn path(&self, name: &str) -> String {
        if self.root.is_empty() { name.to_owned() } else { format!("{}/{name}", self.root) }
    }

    /// Whether there is this file.
    pub fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// The content of a file.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.entries.get(name).map(AsRef::as_ref)
    }

    /// The text of a file.
    ///
    /// # Errors
    /// If there is no such file, or it is not UTF-8.
    pub fn text(&self, name: &str) -> Result<&str, PackageError> {
        let wrong = |message: String| PackageError { file: self.path(name), line: None, message };
        let bytes = self.bytes(name).ok_or_else(|| wrong("file not found".to_owned()))?;
        std::str::from_utf8(bytes)
            .map_err(|error| wrong(format!("not UTF-8 (the first {} bytes are)", error.valid_up_to())))
    }

    /// The file of that name, or all files below the folder of that name.
    pub fn below<'a>(&'a self, name: &'a str) -> Vec<&'a str> {
        let folder = format!("{}/", name.trim_end_matches('/'));
        self.entries.keys().map(String::as_str).filter(|entry| *entry == name || entry.starts_with(&folder)).collect()
    }

    /// Parses a YAML file.
    pub(crate) fn yaml<T: DeserializeOwned>(&self, name: &str) -> Result<T, PackageError> {
        yaml_serde::from_str(self.text(name)?).map_err(|error| {
            let line = error.location().map(|location| location.line());
            let message = error.to_string();
            // The line is part of `PackageError` already.
            let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
            PackageError { file: self.path(name), line, message }
        })
    }
}

fn add(dir: &Dir<'static>, root: &Path, entries: &mut BTreeMap<String, Cow<'static, [u8]>>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(inner) => add(inner, root, entries),
            DirEntry::File(file) => {
                let inside = file.path().strip_prefix(root).unwrap_or(file.path());
                let name =
                    inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
                entries.insert(name, Cow::Borrowed(file.contents()));
            }
        }
    }
}

/// The first line of `text`, from 1, that holds all of `words`; else the first that holds the first word.
pub(crate) fn line_of(text: &str, words: &[&str]) -> Option<usize> {
    let holds = |words: &[&str]| {
        text.lines().position(|line| words.iter().all(|word| line.contains(word))).map(|index| index + 1)
    };
    holds(words).or_else(|| words.first().and_then(|first| holds(&[first])))
}
