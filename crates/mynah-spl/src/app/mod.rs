//! Splunk app folders: their .conf files, the CSV files of lookups/ and the data models.

mod built_in;
mod conf;
mod content;
mod knowledge;
mod lookups;
mod macros;
mod models;

pub(crate) use built_in::built_in_macro;
pub use conf::stanzas;
pub use content::load_content;

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
    /// A macro or a lookup of security content is no such YAML file.
    #[error("{}: {source}", file.display())]
    Content {
        /// The file.
        file: PathBuf,
        /// Why.
        source: yaml_serde::Error,
    },
    /// A data model is no such JSON file.
    #[error("{}: {source}", file.display())]
    Model {
        /// The file.
        file: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// The folder holds nothing of an app.
    #[error("{}: no Splunk app: it has neither default/ nor local/ nor lookups/", .0.display())]
    NoApp(PathBuf),
}

/// Adds what a Splunk app makes of searches to a site: macros, lookups, fields, event types, tags and data models.
///
/// As in Splunk, `local/` goes before `default/`, setting by setting, and an app that is added later before one that was
/// there. A lookup whose CSV file is not there is noted as declared. What the app has and Mynah does not read is noted, too.
///
/// # Errors
/// Where the folder is no app, or one of its files cannot be read.
pub fn load_app(folder: &Path, site: &mut Site) -> Result<(), AppError> {
    if !["default", "local", "lookups"].iter().any(|part| folder.join(part).is_dir()) {
        return Err(AppError::NoApp(folder.to_owned()));
    }
    let mut left_out = Vec::new();
    macros::load(&conf(folder, "macros.conf")?, site);
    let transforms = conf(folder, "transforms.conf")?;
    lookups::load(folder, &transforms, site, &mut left_out)?;
    knowledge::props(&conf(folder, "props.conf")?, &transforms, &mut site.knowledge, &mut left_out);
    knowledge::event_types(&conf(folder, "eventtypes.conf")?, &mut site.knowledge);
    knowledge::tags(&conf(folder, "tags.conf")?, &mut site.knowledge);
    knowledge::limits(&conf(folder, "limits.conf")?, &mut site.knowledge);
    for part in ["default", "local"] {
        models::load(&folder.join(part).join("data/models"), &mut site.knowledge, &mut left_out)?;
    }
    site.knowledge.left_out.extend(left_out);
    Ok(())
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
