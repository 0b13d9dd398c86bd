use crate::{Knowledge, LookupTable};
use mynah_kernels::Network;
use std::collections::{BTreeMap, BTreeSet};

/// What a site has set up on its platforms and queries rely on. Read from `mynah.toml` and
/// `--splunk-app`; the default is an empty site.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// Splunk's search macros, by name and number of arguments: `("drop_dm_object_name", 1)`.
    pub macros: BTreeMap<(String, usize), Macro>,
    /// Lookup tables by name (Splunk's transforms and CSV files, Sumo Logic's lookup paths).
    pub lookups: BTreeMap<String, LookupTable>,
    /// Lookup tables that are declared but whose rows the site did not give, by name: their columns if known.
    pub declared_lookups: BTreeMap<String, Vec<String>>,
    /// QRadar's reference sets, by name.
    pub reference_sets: BTreeMap<String, BTreeSet<String>>,
    /// QRadar's reference maps, by name.
    pub reference_maps: BTreeMap<String, BTreeMap<String, String>>,
    /// QRadar's reference maps of sets, by name and key.
    pub reference_map_sets: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    /// QRadar's reference tables, by name, key and column.
    pub reference_tables: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>,
    /// QRadar's network hierarchy: what belongs to each network, by its name with dots between the levels. What is in none
    /// is remote.
    pub networks: BTreeMap<String, Vec<Network>>,
    /// The names of QRadar's assets, by address.
    pub asset_names: BTreeMap<String, String>,
    /// What Splunk apps make of events when they are searched.
    pub knowledge: Knowledge,
    /// Values of the parameters of Sumo Logic's dashboards and search templates, by name without braces.
    pub parameters: BTreeMap<String, String>,
    /// What Sigma's placeholders stand for, by name without the percent signs: values, with wildcards.
    pub placeholders: BTreeMap<String, Vec<String>>,
}

/// A search macro.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Macro {
    /// The names of its arguments, which the definition holds as `$name$`.
    pub arguments: Vec<String>,
    /// What it stands for.
    pub definition: String,
    /// Whether the definition is an eval expression whose value is the text to insert.
    pub is_eval: bool,
    /// An eval expression of the arguments that must be true, or else give no text; and what to say where it does not hold.
    pub validation: Option<(String, String)>,
}
