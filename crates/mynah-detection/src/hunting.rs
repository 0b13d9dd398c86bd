//! Hunting queries: they find nothing by themselves, but show what an analyst looks through.
use crate::catalog::BUILT_IN;
use crate::files::{Files, PackageError, line_of};
use crate::manifest::Hunt;
use crate::package::Package;
use mynah_event::Dialect;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Hunting queries that belong together: a package of their own, or those of a detection.
///
/// ```
/// use mynah_detection::Hunting;
///
/// let built_in = Hunting::built_in().unwrap();
/// let logons = built_in.iter().find(|hunting| hunting.name == "logon-summary").unwrap();
/// assert_eq!(logons.queries().count(), 2);
/// ```
#[derive(Debug, Clone)]
pub struct Hunting {
    /// The name of its folder.
    pub name: String,
    /// A short name of what it shows.
    pub title: String,
    /// What it shows, and of which logs.
    pub description: String,
    /// Its tests; none of a detection's hunting queries.
    pub tests: Vec<HuntTest>,
    hunts: Vec<Hunt>,
    files: Files,
}

/// `hunting.yaml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HuntingFile {
    title: String,
    description: String,
    hunting: Vec<Hunt>,
    tests: Vec<HuntTest>,
}

/// Logs, and what the hunting queries show of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HuntTest {
    /// Its name.
    pub name: String,
    /// Files of the package, or folders of them.
    pub logs: Vec<String>,
    /// The rows of each query, in any order, each by the columns that are named: as text, several values one a line.
    pub rows: BTreeMap<String, Vec<BTreeMap<String, String>>>,
}

/// One of the queries.
#[derive(Debug, Clone, Copy)]
pub struct HuntQuery<'h> {
    /// Its title, what to look for in its rows, and its file.
    pub hunt: &'h Hunt,
    /// Its text.
    pub text: &'h str,
    /// Its language.
    pub dialect: Dialect,
}

impl Hunting {
    /// The name of a package's manifest.
    pub const MANIFEST: &str = "hunting.yaml";

    /// The built-in packages, in the order of their names.
    ///
    /// # Errors
    /// If one is invalid, which a test of this crate rules out.
    pub fn built_in() -> Result<Vec<Hunting>, Vec<PackageError>> {
        all(BUILT_IN.get_dir("hunting").into_iter().flat_map(|folder| folder.dirs()).map(|dir| {
            let name = dir.path().file_name().unwrap_or_default().to_string_lossy();
            Hunting::load(&name, Files::of_built_in(dir))
        }))
    }

    /// The packages below these folders: every folder with a `hunting.yaml`.
    ///
    /// # Errors
    /// Every error of every package.
    pub fn of_paths(paths: &[PathBuf]) -> Result<Vec<Hunting>, Vec<PackageError>> {
        let folders = paths.iter().flat_map(|path| folders(path));
        all(folders.map(|folder| {
            let name =
                folder.canonicalize().ok().and_then(|full| Some(full.file_name()?.to_string_lossy().into_owned()));
            Hunting::load(&name.unwrap_or_else(|| folder.display().to_string()), Files::of_folder(&folder)?)
        }))
    }

    /// Whether there is a package at a path or below it.
    pub fn is_at(path: &Path) -> bool {
        folders(path).next().is_some()
    }

    /// The hunting queries of a detection, if it has any.
    pub fn of_detection(package: &Package) -> Option<Hunting> {
        let manifest = &package.manifest;
        (!manifest.hunting.is_empty()).then(|| Hunting {
            name: package.name.clone(),
            title: manifest.title.clone(),
            description: manifest.description.clone(),
            tests: Vec::new(),
            hunts: manifest.hunting.clone(),
            files: package.files().clone(),
        })
    }

    fn load(name: &str, files: Files) -> Result<Hunting, PackageError> {
        let HuntingFile { title, description, hunting, tests } = files.yaml(Hunting::MANIFEST)?;
        let loaded = Hunting { name: name.to_owned(), title, description, tests, hunts: hunting, files };
        for hunt in &loaded.hunts {
            if dialect(hunt).is_none() {
                return Err(loaded.wrong(&hunt.query, "does not have the extension of a query language"));
            }
            if loaded.files.text(&hunt.query).is_err() {
                return Err(loaded.wrong(&hunt.query, "is no file of the package, or not UTF-8"));
            }
            if !loaded.tests.iter().any(|test| test.rows.contains_key(&hunt.query)) {
                return Err(loaded.wrong(&hunt.query, "has no test"));
            }
        }
        for test in &loaded.tests {
            let unknown = test.rows.keys().find(|file| !loaded.hunts.iter().any(|hunt| hunt.query == **file));
            if let Some(file) = unknown {
                return Err(loaded.wrong(file, "has rows in a test, and is none of the queries"));
            }
            if let Some(logs) = test.logs.iter().find(|logs| loaded.files.below(logs).is_empty()) {
                return Err(loaded.wrong(logs, "is no file or folder of the package"));
            }
        }
        Ok(loaded)
    }

    fn wrong(&self, named: &str, message: &str) -> PackageError {
        let line = self.files.text(Hunting::MANIFEST).ok().and_then(|text| line_of(text, &[named]));
        PackageError { file: self.files.path(Hunting::MANIFEST), line, message: format!("`{named}` {message}") }
    }

    /// Its queries, in their order.
    pub fn queries(&self) -> impl Iterator<Item = HuntQuery<'_>> {
        self.hunts.iter().filter_map(|hunt| {
            Some(HuntQuery { hunt, text: self.files.text(&hunt.query).ok()?, dialect: dialect(hunt)? })
        })
    }

    /// Its files.
    pub fn files(&self) -> &Files {
        &self.files
    }
}

fn dialect(hunt: &Hunt) -> Option<Dialect> {
    Dialect::from_extension(Path::new(&hunt.query).extension()?.to_str()?)
}

fn folders(path: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = walkdir::WalkDir::new(path).sort_by_file_name().into_iter().filter_map(Result::ok);
    let manifests = entries.filter(|entry| entry.file_type().is_file() && entry.file_name() == Hunting::MANIFEST);
    manifests.filter_map(|entry| entry.path().parent().map(Path::to_owned))
}

fn all(packages: impl Iterator<Item = Result<Hunting, PackageError>>) -> Result<Vec<Hunting>, Vec<PackageError>> {
    let (loaded, wrong): (Vec<_>, Vec<_>) = packages.partition(Result::is_ok);
    let mut loaded: Vec<Hunting> = loaded.into_iter().filter_map(Result::ok).collect();
    loaded.sort_by(|a, b| a.name.cmp(&b.name));
    let wrong: Vec<PackageError> = wrong.into_iter().filter_map(Result::err).collect();
    if wrong.is_empty() { Ok(loaded) } else { Err(wrong) }
}
