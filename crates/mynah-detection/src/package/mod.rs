//! Reading packages: the files, the manifest, and what must hold of them.
mod check;
mod error;
mod files;
mod manifest;
mod place;
mod span_of_time;

pub use error::PackageError;
pub use files::Files;
pub use manifest::{
    Atomic, Behaviour, Command, Confidence, Difference, Exception, Exceptions, Falsifier, Hunt, Level, Manifest,
    OneOrMany, Records, Schedule, Signal, Status, Test, Version,
};
pub use span_of_time::Duration;

use mynah_event::Dialect;
use std::path::Path;

/// A detection: its manifest and its files.
#[derive(Debug, Clone)]
pub struct Package {
    /// The name of its folder.
    pub name: String,
    /// What `detection.yaml` says.
    pub manifest: Manifest,
    /// What it leaves out, by hand: its `exceptions.yaml`.
    pub exceptions: Exceptions,
    files: Files,
}

/// The name of every package's manifest.
pub(crate) const MANIFEST: &str = "detection.yaml";
/// The name of the file with a package's exceptions.
pub(crate) const EXCEPTIONS: &str = "exceptions.yaml";

impl Package {
    /// Reads a package, and checks that it has all that its manifest names.
    ///
    /// # Errors
    /// All that is wrong with it, each with the file and the line.
    pub fn load(name: &str, files: Files) -> Result<Package, Vec<PackageError>> {
        let text = files.text(MANIFEST).map_err(|error| vec![error])?;
        let manifest: Manifest = files.yaml(MANIFEST, text).map_err(|error| vec![error])?;
        let exceptions = match files.has(EXCEPTIONS) {
            true => {
                files.text(EXCEPTIONS).and_then(|text| files.yaml(EXCEPTIONS, text)).map_err(|error| vec![error])?
            }
            false => Exceptions::default(),
        };
        let package = Package { name: name.to_owned(), manifest, exceptions, files };
        let wrong = check::check(&package);
        if wrong.is_empty() { Ok(package) } else { Err(wrong) }
    }

    /// Its files.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The text of its query in a dialect, if it has one.
    pub fn query(&self, dialect: Dialect) -> Option<&str> {
        let version = self.manifest.versions.get(&dialect)?;
        self.files.text(&version.query).ok()
    }

    /// The dialects that it has a version in, in the order in which they are listed to people.
    pub fn dialects(&self) -> impl Iterator<Item = Dialect> {
        Dialect::ALL.into_iter().filter(|dialect| self.manifest.versions.contains_key(dialect))
    }

    /// The exceptions of one of its files other than the usual one.
    ///
    /// # Errors
    /// Where there is no such file, or it is broken.
    pub fn exceptions_of(&self, file: &str) -> Result<Exceptions, PackageError> {
        self.files.text(file).and_then(|text| self.files.yaml(file, text))
    }

    /// A problem of its manifest, at the first line that holds all of `words`.
    pub(crate) fn wrong(&self, words: &[&str], message: impl Into<String>) -> PackageError {
        let line = self.files.text(MANIFEST).ok().and_then(|text| place::line_of(text, words));
        PackageError { file: self.files.path(MANIFEST), line, message: message.into() }
    }
}

/// Whether a file is a package's manifest, or exceptions of a package: YAML that is no Sigma rule.
pub fn is_part_of_package(file: &Path) -> bool {
    let named = file.file_name().is_some_and(|name| name == MANIFEST || name == EXCEPTIONS);
    // A Sigma rule may be called so too; no rule has versions.
    let is_manifest = |folder: &Path| {
        std::fs::read_to_string(folder.join(MANIFEST))
            .is_ok_and(|text| text.lines().any(|line| line.starts_with("versions:")))
    };
    named && file.ancestors().skip(1).any(is_manifest)
}
