//! Catalogues: the built-in packages, or those of folders.
use crate::files::{Files, PackageError};
use crate::package::{MANIFEST, Package, is_part_of_package};
use include_dir::{Dir, include_dir};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The folder `detections` of the repository.
pub(crate) static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../detections");

/// Packages, in the order of their names; no two share an id.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    packages: Vec<Package>,
}

impl Catalog {
    /// The built-in packages.
    ///
    /// # Errors
    /// If one is invalid, which a test of this crate rules out.
    pub fn built_in() -> Result<Catalog, Vec<PackageError>> {
        let packages = BUILT_IN.dirs().filter(|dir| dir.get_file(dir.path().join(MANIFEST)).is_some()).map(|dir| {
            let name = dir.path().display().to_string();
            Package::load(&name, Files::of_built_in(dir))
        });
        Catalog::of(packages)
    }

    /// Whether a path is a package, its manifest, or a folder with packages below it.
    pub fn is_at(path: &Path) -> bool {
        let entries = walkdir::WalkDir::new(path).into_iter().filter_map(Result::ok);
        entries.filter(|entry| entry.file_name() == MANIFEST).any(|entry| is_part_of_package(entry.path()))
    }

    /// The packages at these paths: folders that are packages, or folders with packages below them.
    ///
    /// # Errors
    /// Every error of every package.
    pub fn of_paths(paths: &[PathBuf]) -> Result<Catalog, Vec<PackageError>> {
        let mut packages = Vec::new();
        for path in paths {
            let wrong =
                |message: String| Err(vec![PackageError { file: path.display().to_string(), line: None, message }]);
            let mut found = false;
            for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
                match entry {
                    Ok(entry) if entry.file_type().is_file() && entry.file_name() == MANIFEST => {
                        found = true;
                        packages.push(load(entry.path().parent().unwrap_or(path)));
                    }
                    Ok(_) => {}
                    Err(error) => packages.push(wrong(error.to_string())),
                }
            }
            if !found {
                packages.push(wrong(format!("no detection found: no folder below it has a {MANIFEST}")));
            }
        }
        Catalog::of(packages.into_iter())
    }

    fn of(packages: impl Iterator<Item = Result<Package, Vec<PackageError>>>) -> Result<Catalog, Vec<PackageError>> {
        let mut kept: Vec<Package> = Vec::new();
        let mut wrong = Vec::new();
        let mut ids: BTreeMap<String, String> = BTreeMap::new();
        for package in packages {
            match package {
                Ok(package) => {
                    let place = package.files().path(MANIFEST);
                    let id = package.manifest.id.clone();
                    match ids.get(&id) {
                        Some(other) if *other == place => continue,
                        Some(other) => {
                            wrong.push(package.wrong(&["id:", &id], format!("{other} has the same id {id}")))
                        }
                        None => _ = ids.insert(id, place),
                    }
                    kept.push(package);
                }
                Err(errors) => wrong.extend(errors),
            }
        }
        kept.sort_by(|a, b| a.name.cmp(&b.name));
        if wrong.is_empty() { Ok(Catalog { packages: kept }) } else { Err(wrong) }
    }

    /// These packages, in this order, and those that were left out since another one has the same id.
    pub fn of_packages(packages: impl IntoIterator<Item = Package>) -> (Catalog, Vec<Package>) {
        let mut ids = BTreeSet::new();
        let (packages, twins) = packages.into_iter().partition(|package| ids.insert(package.manifest.id.clone()));
        (Catalog { packages }, twins)
    }

    /// Its packages.
    pub fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// Its packages, to keep.
    pub fn into_packages(self) -> Vec<Package> {
        self.packages
    }

    /// The package with this name or id, or the only one of this technique or its sub-techniques.
    pub fn find(&self, wanted: &str) -> Option<&Package> {
        let exact = self.packages.iter().find(|package| {
            package.name.eq_ignore_ascii_case(wanted) || package.manifest.id.eq_ignore_ascii_case(wanted)
        });
        exact.or_else(|| {
            let mut of_technique = self.packages.iter().filter(|package| package.is_of_technique(wanted));
            of_technique.next().filter(|_| of_technique.next().is_none())
        })
    }

    /// The catalogue reduced to the packages for which `keep` is true.
    pub fn filtered(self, keep: impl Fn(&Package) -> bool) -> Catalog {
        Catalog { packages: self.packages.into_iter().filter(|package| keep(package)).collect() }
    }
}

fn load(folder: &Path) -> Result<Package, Vec<PackageError>> {
    let name =
        folder.canonicalize().ok().and_then(|full| full.file_name().map(|name| name.to_string_lossy().into_owned()));
    Package::load(
        &name.unwrap_or_else(|| folder.display().to_string()),
        Files::of_folder(folder).map_err(|error| vec![error])?,
    )
}
