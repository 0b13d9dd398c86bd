//! Splunk app folders: macros.conf, transforms.conf and the CSV files of lookups/.

mod built_in;
mod conf;
mod lookups;
mod macros;

pub(crate) use built_in::built_in_macro;

use mynah_dialect::Site;
use std::path::{Path, PathBuf};

/// A Splunk app that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A file cannot be read.
    #[error("{}: {source}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A lookup table is no CSV file.
    #[error("{}: {source}", file.display())]
    Csv {
        /// The file.
        file: PathBuf,
        /// Why.
        source: csv::Error,
    },
    /// The folder holds nothing of an app.
    #[error("{}: no Splunk app: it has neither default/ nor local/ nor lookups/", .0.display())]
    NoApp(PathBuf),
}

/// Adds the macros and lookup tables of a Splunk app to a site.
///
/// As in Splunk, `local/` goes before `default/`, setting by setting. A lookup whose CSV file is not
/// there is noted as declared.
///
/// # Errors
/// Where the folder is no app, or one of its files cannot be read.
pub fn load_app(folder: &Path, site: &mut Site) -> Result<(), AppError> {
    if !["default", "local", "lookups"].iter().any(|part| folder.join(part).is_dir()) {
        return Err(AppError::NoApp(folder.to_owned()));
    }
    macros::load(&conf(folder, "macros.conf")?, site);
    lookups::load(folder, &conf(folder, "transforms.conf")?, site)
}

/// A configuration file of both folders, merged.
fn conf(folder: &Path, name: &str) -> Result<conf::Conf, AppError> {
    let mut merged = conf::Conf::default();
    for part in ["default", "local"] {
        let file = folder.join(part).join(name);
        if file.is_file() {
            let bytes = std::fs::read(&file).map_err(|source| AppError::Read { file, source })?;
            merged.add(&String::from_utf8_lossy(&bytes));
        }
    }
    Ok(merged)
}
