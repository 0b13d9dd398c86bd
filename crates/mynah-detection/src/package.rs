//! A package: the manifest and the files of one detection.
use crate::attack::{self, Tactic};
use crate::files::{Files, PackageError, line_of};
use crate::hunting::Hunting;
use crate::manifest::{Exceptions, Manifest};
use mynah_dialect::Frontend;
use mynah_event::Dialect;
use mynah_kernels::{Case, Matcher, WildcardSyntax};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// A detection: its manifest and its files.
#[derive(Debug, Clone)]
pub struct Package {
    /// The name of its folder.
    pub name: String,
    /// Its `detection.yaml`.
    pub manifest: Manifest,
    /// Its `exceptions.yaml`: the events that it ignores at this site.
    pub exceptions: Exceptions,
    files: Files,
    frontends: Frontends,
}

/// Front ends of queries for which the one of their language does not do.
#[derive(Clone, Default)]
struct Frontends(BTreeMap<Dialect, Arc<dyn Frontend>>);

impl fmt::Debug for Frontends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// The name of every package's manifest.
pub const MANIFEST: &str = "detection.yaml";
/// The name of the file with a package's exceptions.
pub(crate) const EXCEPTIONS: &str = "exceptions.yaml";

impl Package {
    /// Reads a package, without checking what its manifest says.
    pub(crate) fn read(name: &str, files: Files) -> Result<Package, PackageError> {
        let manifest = files.yaml(MANIFEST)?;
        let exceptions = if files.has(EXCEPTIONS) { files.yaml(EXCEPTIONS)? } else { Exceptions::default() };
        Ok(Package { name: name.to_owned(), manifest, exceptions, files, frontends: Frontends::default() })
    }

    /// A package of what another format says of a rule. Nothing is asked of it: it needs no behaviours and no tests.
    pub fn of_rule(name: String, manifest: Manifest, files: Files) -> Package {
        Package { name, manifest, exceptions: Exceptions::default(), files, frontends: Frontends::default() }
    }

    /// The same with a front end of its own for the query in its dialect: of a rule that says more than the query.
    pub fn with_frontend(mut self, frontend: Arc<dyn Frontend>) -> Package {
        self.frontends.0.insert(frontend.dialect(), frontend);
        self
    }

    /// The front end of its own that it has for its query in a dialect.
    pub fn frontend(&self, dialect: Dialect) -> Option<&dyn Frontend> {
        self.frontends.0.get(&dialect).map(AsRef::as_ref)
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

    /// The dialects that it has a version in, in the order of [`Dialect::ALL`].
    pub fn dialects(&self) -> impl Iterator<Item = Dialect> {
        Dialect::ALL.into_iter().filter(|dialect| self.manifest.versions.contains_key(dialect))
    }

    /// The ids of the ATT&CK techniques that its tags name.
    pub fn techniques(&self) -> Vec<String> {
        self.manifest.tags.iter().filter_map(|tag| attack::technique_of(tag)).collect()
    }

    /// Whether one of its techniques is the one with this id, or a sub-technique of it.
    pub fn is_of_technique(&self, id: &str) -> bool {
        self.techniques().iter().any(|technique| {
            technique.eq_ignore_ascii_case(id)
                || technique.split_once('.').is_some_and(|(parent, _)| parent.eq_ignore_ascii_case(id))
        })
    }

    /// Whether one of its tags fits a pattern with `*` and `?`, whatever the case.
    pub fn has_tag(&self, pattern: &str) -> bool {
        let matcher = matcher([pattern]);
        self.manifest.tags.iter().any(|tag| matcher.matches(tag))
    }

    /// Whether its id, its title, its name or the path of one of its queries fits a pattern with `*` and `?`, whatever the case.
    /// A path fits as a whole, by its end behind a `/`, and by a folder that it is in.
    pub fn is_called(&self, pattern: &str) -> bool {
        let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
        let named = matcher([pattern]);
        let manifest = &self.manifest;
        if [&manifest.id, &manifest.title, &self.name].into_iter().any(|name| named.matches(name)) {
            return true;
        }
        let ends = [format!("*/{pattern}"), format!("{pattern}/*"), format!("*/{pattern}/*")];
        let placed = matcher(ends.iter().map(String::as_str).chain([pattern]));
        manifest
            .versions
            .values()
            .any(|version| placed.matches(self.files.path(&version.query).trim_start_matches("./")))
    }

    /// The ATT&CK tactics that its tags name.
    pub fn tactics(&self) -> Vec<&'static Tactic> {
        self.manifest.tags.iter().filter_map(|tag| attack::tactic_of(tag)).collect()
    }

    /// The exceptions in another of its files than `exceptions.yaml`, such as those of a test.
    ///
    /// # Errors
    /// If the file does not exist or cannot be parsed.
    pub fn exceptions_of(&self, file: &str) -> Result<Exceptions, PackageError> {
        self.files.yaml(file)
    }

    /// An error in its manifest, at the first line that holds all of `words`.
    pub(crate) fn wrong(&self, words: &[&str], message: impl Into<String>) -> PackageError {
        let line = self.files.text(MANIFEST).ok().and_then(|text| line_of(text, words));
        PackageError { file: self.files.path(MANIFEST), line, message: message.into() }
    }
}

fn matcher<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Matcher {
    Matcher::wildcards(patterns, WildcardSyntax::STARS_AND_MARKS, Case::Folded)
}

/// Whether a file is a package's manifest or exceptions: YAML that is not a Sigma rule.
pub fn is_part_of_package(file: &Path) -> bool {
    // A Sigma rule may have the same file name; no rule has these keys.
    let has_key = |file: &Path, key: &str| {
        std::fs::read_to_string(file).is_ok_and(|text| text.lines().any(|line| line.starts_with(key)))
    };
    let Some(name) = file.file_name() else { return false };
    if name == Hunting::MANIFEST {
        return has_key(file, "hunting:");
    }
    (name == MANIFEST || name == EXCEPTIONS)
        && file.ancestors().skip(1).any(|folder| has_key(&folder.join(MANIFEST), "versions:"))
}
