//! `mynah.toml`: the settings of a site. `docs/site.md` teaches them.
use crate::arguments::SiteOptions;
use crate::exit::Failure;
use mynah_dialect::{LookupTable, Macro, MatchType, Site};
use mynah_event::Platform;
use mynah_view::{Catalog, ViewError};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A site as the command line and its file describe it.
#[derive(Default)]
pub(crate) struct Settings {
    pub site: Site,
    /// A folder with views of one's own.
    pub views: Option<PathBuf>,
    /// A folder with definitions of log sources of one's own.
    pub sources: Option<PathBuf>,
    /// Fields of one's own, as view files.
    pub fields: Vec<(String, String)>,
}

impl Settings {
    /// The views of this site.
    pub fn catalog(&self) -> Result<Catalog, ViewError> {
        Catalog::load(self.views.as_deref(), &self.fields)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    views: Option<PathBuf>,
    sources: Option<PathBuf>,
    #[serde(default)]
    splunk: Splunk,
    #[serde(default)]
    qradar: Qradar,
    #[serde(default)]
    sigma: Sigma,
    #[serde(default)]
    lookups: BTreeMap<String, Lookup>,
    /// `fields.PLATFORM."LOGSOURCE"`: as `fields` of a view file.
    #[serde(default)]
    fields: BTreeMap<Platform, BTreeMap<String, toml::Table>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Splunk {
    #[serde(default)]
    apps: Vec<PathBuf>,
    #[serde(default)]
    macros: BTreeMap<String, SplunkMacro>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum SplunkMacro {
    Definition(String),
    Full(FullMacro),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FullMacro {
    #[serde(default)]
    arguments: Vec<String>,
    definition: String,
    #[serde(default)]
    eval: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Qradar {
    #[serde(default)]
    reference_sets: BTreeMap<String, BTreeSet<String>>,
    #[serde(default)]
    reference_maps: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sigma {
    #[serde(default)]
    placeholders: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lookup {
    file: PathBuf,
    #[serde(default)]
    case_sensitive: bool,
    #[serde(default, rename = "match")]
    match_types: BTreeMap<String, Match>,
    max_matches: Option<usize>,
    min_matches: Option<usize>,
    default_match: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Match {
    Wildcard,
    Cidr,
}

/// Reads the settings that the command line names, or those of the nearest `mynah.toml`.
pub(crate) fn load(options: &SiteOptions) -> Result<Settings, Failure> {
    let file = options.config.clone().or_else(nearest);
    let mut settings = match &file {
        Some(path) => read(path)?,
        None => Settings::default(),
    };
    for app in &options.splunk_app {
        mynah_spl::load_app(app, &mut settings.site).map_err(|error| Failure::Usage(error.to_string()))?;
    }
    Ok(settings)
}

/// `mynah.toml` of the working folder or the nearest one above.
fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().map(|folder| folder.join("mynah.toml")).find(|file| file.is_file())
}

fn read(path: &Path) -> Result<Settings, Failure> {
    let wrong = |message: String| Failure::Usage(format!("{}: {message}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let file: File = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut site = Site {
        reference_sets: file.qradar.reference_sets,
        reference_maps: file.qradar.reference_maps,
        placeholders: file.sigma.placeholders,
        ..Site::default()
    };
    for app in &file.splunk.apps {
        mynah_spl::load_app(&folder.join(app), &mut site).map_err(|error| wrong(error.to_string()))?;
    }
    for (name, definition) in file.splunk.macros {
        let full = match definition {
            SplunkMacro::Full(full) => full,
            SplunkMacro::Definition(definition) => FullMacro { arguments: Vec::new(), definition, eval: false },
        };
        // As in macros.conf, the name may end in the number of arguments: `name(2)`.
        let bare = name.split_once('(').map_or(name.as_str(), |(bare, _)| bare).to_owned();
        let expanded = Macro { arguments: full.arguments, definition: full.definition, is_eval: full.eval };
        site.macros.insert((bare, expanded.arguments.len()), expanded);
    }
    for (name, lookup) in file.lookups {
        let table = read_lookup(&folder.join(&lookup.file), lookup).map_err(wrong)?;
        site.lookups.insert(name, table);
    }
    let mut fields = Vec::new();
    for (platform, sources) in file.fields {
        for (log_source, entries) in sources {
            let mut view = toml::Table::new();
            view.insert("log_source".to_owned(), log_source.clone().into());
            view.insert("fields".to_owned(), entries.into());
            fields.push((format!("{platform}/site {log_source}.toml"), view.to_string()));
        }
    }
    Ok(Settings {
        site,
        views: file.views.map(|v| folder.join(v)),
        sources: file.sources.map(|s| folder.join(s)),
        fields,
    })
}

fn read_lookup(path: &Path, lookup: Lookup) -> Result<LookupTable, String> {
    let wrong = |error: csv::Error| format!("{}: {error}", path.display());
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).map_err(wrong)?;
    let columns: Vec<String> = reader.headers().map_err(wrong)?.iter().map(str::to_owned).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let mut row: Vec<String> = record.map_err(wrong)?.iter().map(str::to_owned).collect();
        row.resize(columns.len(), String::new());
        rows.push(row);
    }
    let mut table = LookupTable::new(columns, rows, lookup.case_sensitive);
    table.match_types = lookup
        .match_types
        .into_iter()
        .map(|(column, how)| {
            (
                column,
                match how {
                    Match::Wildcard => MatchType::Wildcard,
                    Match::Cidr => MatchType::Cidr,
                },
            )
        })
        .collect();
    table.max_matches = lookup.max_matches.unwrap_or(table.max_matches);
    table.min_matches = lookup.min_matches.unwrap_or(0);
    table.default_match = lookup.default_match;
    Ok(table)
}
