use crate::package::MANIFEST;
use crate::{Files, Package, PackageError};
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../detections");

/// Packages, in the order of their names, no two with one id.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    packages: Vec<Package>,
}

impl Catalog {
    /// The packages that come with Mynah.
    ///
    /// # Errors
    /// Where one is broken, which a test of this crate rules out.
    pub fn built_in() -> Result<Catalog, Vec<PackageError>> {
        let packages = BUILT_IN.dirs().filter(|dir| dir.get_file(dir.path().join(MANIFEST)).is_some()).map(|dir| {
            let name = dir.path().display().to_string();
            Package::load(&name, Files::of_built_in(dir))
        });
        Catalog::of(packages)
    }

    /// The packages at these paths: folders that are packages, or folders with packages below them.
    ///
    /// # Errors
    /// All that is wrong with all of them.
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
                packages.push(wrong(format!("there is no detection here: a folder with a {MANIFEST}")));
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
                        Some(other) => wrong.push(package.wrong(&["id:", &id], format!("{other} has the id {id} too"))),
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

    /// Its packages.
    pub fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// The package with this name, this id, or of this technique (if it is the only one).
    pub fn find(&self, wanted: &str) -> Option<&Package> {
        let exact = self.packages.iter().find(|package| {
            package.name.eq_ignore_ascii_case(wanted) || package.manifest.id.eq_ignore_ascii_case(wanted)
        });
        exact.or_else(|| {
            let mut of_technique = self
                .packages
                .iter()
                .filter(|package| package.techniques().iter().any(|technique| technique.eq_ignore_ascii_case(wanted)));
            of_technique.next().filter(|_| of_technique.next().is_none())
        })
    }

    /// The catalogue with just the packages that `keep` keeps.
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

impl Package {
    /// The techniques of ATT&CK that its tags name.
    pub fn techniques(&self) -> Vec<String> {
        self.manifest.tags.iter().filter_map(|tag| crate::attack::technique_of(tag)).collect()
    }

    /// The tactics of ATT&CK that its tags name: word, id and name.
    pub fn tactics(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        self.manifest.tags.iter().filter_map(|tag| crate::attack::tactic_of(tag)).collect()
    }
}
