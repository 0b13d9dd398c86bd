//! The detections that the arguments name.
use crate::arguments::Selection;
use crate::exit::Failure;
use crate::terminal;
use mynah::{Catalog, Dialect, Error, Hunting, Package};
use mynah_detection::VersionError;
use std::path::{Path, PathBuf};

/// The detections below these folders, or the built-in ones if there are none.
pub(crate) fn load(folders: &[PathBuf]) -> Result<Catalog, Failure> {
    let catalog = if folders.is_empty() { Catalog::built_in() } else { Catalog::of_paths(folders) };
    Ok(catalog.map_err(Error::Packages)?)
}

/// The packages of hunting queries below these folders, or the built-in ones if there are none.
pub(crate) fn hunting(folders: &[PathBuf]) -> Result<Vec<Hunting>, Failure> {
    let hunting = if folders.is_empty() { Hunting::built_in() } else { Hunting::of_paths(folders) };
    Ok(hunting.map_err(Error::Packages)?)
}

/// The detection with this name or technique, or in this folder.
pub(crate) fn one(name: &str, folders: &[PathBuf]) -> Result<Package, Failure> {
    let is_folder = Path::new(name).is_dir();
    let catalog = if is_folder { load(&[PathBuf::from(name)])? } else { load(folders)? };
    let found = if is_folder { catalog.packages().first() } else { catalog.find(name) };
    found.cloned().ok_or_else(|| {
        let names = |keep: &dyn Fn(&Package) -> bool| {
            let names = catalog.packages().iter().filter(|package| keep(package)).map(|package| package.name.as_str());
            names.collect::<Vec<_>>().join(", ")
        };
        let of_technique = names(&|package| package.is_of_technique(name));
        if !of_technique.is_empty() {
            return Failure::Usage(format!("{name} is the technique of several detections: {of_technique}"));
        }
        let names = names(&|_| true);
        Failure::Usage(format!("detection `{name}` not found; the catalogue has {names}"))
    })
}

/// The detections of a selection among these.
pub(crate) fn select(selection: &Selection, catalog: Catalog) -> Result<Catalog, Failure> {
    for pattern in &selection.exclude {
        if !catalog.packages().iter().any(|package| package.is_called(pattern)) {
            terminal::say(format_args!("warning: --exclude {pattern} names no detection"));
        }
    }
    let any = |patterns: &[String], fits: &dyn Fn(&str) -> bool| patterns.iter().any(|pattern| fits(pattern));
    let catalog = catalog.filtered(|package| {
        (selection.technique.is_empty() || any(&selection.technique, &|id| package.is_of_technique(id)))
            && (selection.tag.is_empty() || any(&selection.tag, &|tag| package.has_tag(tag)))
            && selection.level.is_none_or(|level| package.manifest.level >= level)
            && !any(&selection.exclude, &|pattern| package.is_called(pattern))
    });
    if catalog.packages().is_empty() {
        let message = "no detection matches --technique, --tag, --level and --exclude; `mynah catalog list` shows the built-in ones";
        return Err(Failure::Usage(message.to_owned()));
    }
    Ok(catalog)
}

/// The named dialects, or all of them.
pub(crate) fn dialects(named: &[Dialect]) -> Vec<Dialect> {
    if named.is_empty() { Dialect::ALL.to_vec() } else { named.to_vec() }
}

/// Says on standard error why a version does not run.
pub(crate) fn report(error: &VersionError) {
    match error {
        VersionError::Refused { file, text, diagnostics } => {
            let errors: Vec<_> = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).cloned().collect();
            terminal::report(file, text, &errors);
        }
        other => terminal::say(format_args!("error: {other}")),
    }
}
