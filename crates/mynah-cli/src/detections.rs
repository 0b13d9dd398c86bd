//! Detections, as the command line names them.
use crate::detection_arguments::Selection;
use crate::exit::Failure;
use crate::query_report;
use mynah_detection::{Catalog, Package, PackageError, VersionError};
use mynah_event::Dialect;
use std::path::PathBuf;

/// The detections below these folders, or the built-in ones if there are none.
pub(crate) fn load(folders: &[PathBuf]) -> Result<Catalog, Failure> {
    let catalog = if folders.is_empty() { Catalog::built_in() } else { Catalog::of_paths(folders) };
    catalog.map_err(|errors| Failure::Usage(errors.iter().map(PackageError::to_string).collect::<Vec<_>>().join("\n")))
}

/// The detections that a selection means.
pub(crate) fn select(selection: &Selection) -> Result<Catalog, Failure> {
    let of_technique = |package: &Package| {
        selection.technique.is_empty()
            || package.techniques().iter().any(|technique| {
                selection.technique.iter().any(|wanted| {
                    technique.eq_ignore_ascii_case(wanted)
                        || technique.split_once('.').is_some_and(|(parent, _)| parent.eq_ignore_ascii_case(wanted))
                })
            })
    };
    let level = selection.level;
    let catalog = load(&selection.catalog)?
        .filtered(|package| of_technique(package) && level.is_none_or(|level| package.manifest.level >= level));
    if catalog.packages().is_empty() {
        return Err(Failure::Usage(
            "no detection fits --technique and --level; `mynah catalog list` shows them all".to_owned(),
        ));
    }
    Ok(catalog)
}

/// The named dialects, or all of them.
pub(crate) fn dialects(named: &[Dialect]) -> Vec<Dialect> {
    if named.is_empty() { Dialect::ALL.to_vec() } else { named.to_vec() }
}

/// Says on standard error why a query does not run.
pub(crate) fn report(error: &VersionError) {
    match error {
        VersionError::Refused { file, text, diagnostics } => {
            let errors: Vec<_> = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).cloned().collect();
            query_report::report(file, text, &errors);
        }
        other => eprintln!("error: {other}"),
    }
}
