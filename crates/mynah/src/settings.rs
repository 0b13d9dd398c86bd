use crate::Error;
use mynah_dialect::{LookupTable, Macro, MatchType, Network, Site};
use mynah_event::Platform;
use mynah_view::{Catalog, ViewError};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The settings of a site: `mynah.toml` and Splunk apps. `docs/site.md` describes them.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Macros, lookup tables, reference sets and placeholders.
    pub site: Site,
    /// A folder with views of the site.
    pub views: Option<PathBuf>,
    /// A folder with definitions of log sources of the site.
    pub sources: Option<PathBuf>,
    /// Fields of the site, as view files: their names and texts.
    pub fields: Vec<(String, String)>,
}

impl Settings {
    /// Reads a `mynah.toml`. Paths in it are relative to its folder.
    ///
    /// # Errors
    /// If it, or a file that it names, cannot be read or is invalid.
    pub fn read(path: &Path) -> Result<Settings, Error> {
        let wrong = |message: String| Error::Settings { file: path.display().to_string(), message };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let file: File = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        file.into_settings(path.parent().unwrap_or(Path::new("."))).map_err(wrong)
    }

    /// `mynah.toml` of the working folder or the nearest one above it.
    pub fn nearest() -> Option<PathBuf> {
        let here = std::env::current_dir().ok()?;
        here.ancestors().map(|folder| folder.join("mynah.toml")).find(|file| file.is_file())
    }

    /// Adds the macros, transforms and lookups of a Splunk app.
    ///
    /// # Errors
    /// If one of its files cannot be read.
    pub fn add_splunk_app(&mut self, folder: &Path) -> Result<(), Error> {
        Ok(mynah_spl::load_app(folder, &mut self.site)?)
    }

    /// The views of this site: the built-in ones with its own fields.
    pub(crate) fn catalog(&self) -> Result<Catalog, ViewError> {
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
    sumo: Sumo,
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
    #[serde(default)]
    reference_map_sets: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    #[serde(default)]
    reference_tables: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>,
    #[serde(default)]
    networks: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    assets: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sigma {
    #[serde(default)]
    placeholders: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sumo {
    /// Numbers and truth values may be written without quotes.
    #[serde(default)]
    parameters: BTreeMap<String, toml::Value>,
}

impl Sumo {
    fn into_parameters(self) -> Result<BTreeMap<String, String>, String> {
        let text = |(name, value): (String, toml::Value)| match value {
            toml::Value::String(text) => Ok((name, text)),
            toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Boolean(_) => Ok((name, value.to_string())),
            other => {
                Err(format!("sumo.parameters: {name} is a text, a number or a truth value, not {}", other.type_str()))
            }
        };
        self.parameters.into_iter().map(text).collect()
    }
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

impl File {
    fn into_settings(self, folder: &Path) -> Result<Settings, String> {
        let read_network = |(name, networks): (String, Vec<String>)| -> Result<(String, Vec<Network>), String> {
            let networks: Result<Vec<Network>, String> = networks.iter().map(|network| network.parse()).collect();
            Ok((name.clone(), networks.map_err(|fault| format!("qradar.networks: {name}: {fault}"))?))
        };
        let mut site = Site {
            reference_sets: self.qradar.reference_sets,
            reference_maps: self.qradar.reference_maps,
            reference_map_sets: self.qradar.reference_map_sets,
            reference_tables: self.qradar.reference_tables,
            networks: self.qradar.networks.into_iter().map(read_network).collect::<Result<_, String>>()?,
            asset_names: self.qradar.assets,
            placeholders: self.sigma.placeholders,
            parameters: self.sumo.into_parameters()?,
            ..Site::default()
        };
        for app in &self.splunk.apps {
            mynah_spl::load_app(&folder.join(app), &mut site).map_err(|error| error.to_string())?;
        }
        for (name, definition) in self.splunk.macros {
            let full = match definition {
                SplunkMacro::Full(full) => full,
                SplunkMacro::Definition(definition) => FullMacro { arguments: Vec::new(), definition, eval: false },
            };
            // As in macros.conf, the name may end in the number of arguments: `name(2)`.
            let bare = name.split_once('(').map_or(name.as_str(), |(bare, _)| bare).to_owned();
            let expanded =
                Macro { arguments: full.arguments, definition: full.definition, is_eval: full.eval, validation: None };
            site.macros.insert((bare, expanded.arguments.len()), expanded);
        }
        for (name, lookup) in self.lookups {
            site.lookups.insert(name, read_lookup(&folder.join(&lookup.file), lookup)?);
        }
        let mut fields = Vec::new();
        for (platform, sources) in self.fields {
            for (log_source, entries) in sources {
                let mut view = toml::Table::new();
                view.insert("log_source".to_owned(), log_source.clone().into());
                view.insert("fields".to_owned(), entries.into());
                fields.push((format!("{platform}/site {log_source}.toml"), view.to_string()));
            }
        }
        let within = |path: PathBuf| folder.join(path);
        Ok(Settings { site, views: self.views.map(within), sources: self.sources.map(within), fields })
    }
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
    let match_type = |how| match how {
        Match::Wildcard => MatchType::Wildcard,
        Match::Cidr => MatchType::Cidr,
    };
    table.match_types = lookup.match_types.into_iter().map(|(column, how)| (column, match_type(how))).collect();
    table.max_matches = lookup.max_matches.unwrap_or(table.max_matches);
    table.min_matches = lookup.min_matches.unwrap_or(0);
    table.default_match = lookup.default_match;
    Ok(table)
}
