//! Rules as people keep them: repositories in their own layout, apps, exports, single queries.
//!
//! Each format has a file here that knows its keys; all of them become [`Package`]s.
mod elastic;
mod elastic_kinds;
mod folder;
mod query;
mod rule;
mod saved_searches;
mod security_content;
mod sigma;
mod sumo;
mod written;

use crate::Settings;
use mynah_detection::{Catalog, Package, Status};
use mynah_dialect::Site;
use mynah_syntax::Diagnostic;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// Rules that were read from files, whatever their formats.
///
/// Sigma's YAML, Elastic's TOML, Splunk's security content and `savedsearches.conf`, Sumo Logic's exports, query files, and
/// Mynah's own packages; `docs/rules.md` says what is read of each.
///
/// ```
/// use mynah::Rules;
///
/// let rules = Rules::read(&["../../examples/queries".into()], &[]);
/// assert!(rules.catalog().packages().iter().any(|package| package.manifest.title == "cloud-cli"));
/// assert!(rules.refused().is_empty());
/// ```
#[derive(Debug, Default)]
pub struct Rules {
    catalog: Catalog,
    refused: Vec<NotLoaded>,
    left_out: Vec<NotLoaded>,
    others: BTreeMap<String, usize>,
    site: SiteParts,
}

/// What rules bring along that queries of theirs need.
#[derive(Debug, Default)]
struct SiteParts {
    /// Folders that are Splunk apps.
    apps: Vec<PathBuf>,
    /// Folders with Splunk's security content: `macros/` and `lookups/` as YAML.
    contents: Vec<PathBuf>,
}

/// A rule, or a file with rules, that was not loaded.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NotLoaded {
    /// The path of its file.
    pub file: String,
    /// The line, from 1, if one is known.
    pub line: Option<usize>,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// The reason.
    pub reason: String,
    /// Whether its file is broken, and not just of a kind that is not run.
    #[serde(skip)]
    pub is_broken: bool,
}

/// What the formats' readers give.
#[derive(Debug, Default)]
struct Loaded {
    packages: Vec<Package>,
    refused: Vec<NotLoaded>,
    left_out: Vec<NotLoaded>,
    /// Sigma's documents, which belong together whatever files they are in.
    sigma: Vec<sigma::Document>,
    /// Files of other kinds, by extension.
    others: BTreeMap<String, usize>,
    site: SiteParts,
    /// Files that are a query or of Sigma, where they are wanted as they are.
    files: Option<Vec<PathBuf>>,
}

impl Loaded {
    fn of_paths(mut self, paths: &[PathBuf]) -> Loaded {
        for path in paths {
            folder::read(path, &mut self);
        }
        self
    }

    /// Adds what was found elsewhere, behind what is here.
    fn append(&mut self, other: Loaded) {
        self.packages.extend(other.packages);
        self.refused.extend(other.refused);
        self.left_out.extend(other.left_out);
        self.sigma.extend(other.sigma);
        for (extension, files) in other.others {
            *self.others.entry(extension).or_default() += files;
        }
        self.site.apps.extend(other.site.apps);
        self.site.contents.extend(other.site.contents);
        if let Some(files) = &mut self.files {
            files.extend(other.files.into_iter().flatten());
        }
    }

    /// How many rules were found, whatever became of them.
    fn count(&self) -> usize {
        let files = self.files.as_ref().map_or(0, Vec::len);
        self.packages.len() + self.refused.len() + self.left_out.len() + self.sigma.len() + files
    }
}

impl Rules {
    /// Reads all rules at these paths: files, and folders with what is below them. Rules that their authors call
    /// deprecated or unsupported are left out unless `include` names that status.
    ///
    /// What cannot be read is among [`Rules::refused`]; nothing stops the others.
    pub fn read(paths: &[PathBuf], include: &[Status]) -> Rules {
        Rules::of(Loaded::default().of_paths(paths), include)
    }

    /// Reads rules apart from the files that are a query or of Sigma, whose paths are given instead: these are looked at one by
    /// one, as they are written. Of packages the queries are files like others. Rules of every status are read.
    pub fn read_apart(paths: &[PathBuf]) -> (Vec<PathBuf>, Rules) {
        let mut loaded = Loaded { files: Some(Vec::new()), ..Loaded::default() }.of_paths(paths);
        (loaded.files.take().unwrap_or_default(), Rules::of(loaded, Status::ALL))
    }

    fn of(mut loaded: Loaded, include: &[Status]) -> Rules {
        sigma::assemble(&mut loaded);
        let Loaded { packages, refused, mut left_out, others, site, .. } = loaded;
        let (kept, old): (Vec<_>, Vec<_>) = packages.into_iter().partition(|package| {
            let status = package.manifest.status;
            !matches!(status, Status::Deprecated | Status::Unsupported) || include.contains(&status)
        });
        left_out.extend(old.iter().map(|package| {
            NotLoaded::of(package, format!("its status is {}: --include has it", package.manifest.status.name()))
        }));
        let mut rules = Rules { catalog: Catalog::default(), refused, left_out, others, site };
        rules.add(kept, &Catalog::default());
        rules
    }

    /// A catalogue with these rules behind its own. A rule that has the id of one of them is left out.
    ///
    /// ```
    /// use mynah::{Catalog, Rules};
    ///
    /// let mut rules = Rules::read(&["../../examples/queries".into()], &[]);
    /// let built_in = Catalog::built_in().unwrap();
    /// assert!(rules.behind(&built_in).packages().len() > built_in.packages().len());
    /// ```
    pub fn behind(&mut self, catalog: &Catalog) -> Catalog {
        let own = std::mem::take(&mut self.catalog).into_packages();
        self.add(own, catalog);
        Catalog::of_packages(catalog.packages().iter().chain(self.catalog.packages()).cloned()).0
    }

    /// Takes these rules; those whose ids others have, or those of another catalogue, are left out.
    fn add(&mut self, packages: Vec<Package>, taken: &Catalog) {
        let taken: BTreeMap<&str, &Package> =
            taken.packages().iter().map(|package| (package.manifest.id.as_str(), package)).collect();
        let (kept, of_taken): (Vec<_>, Vec<_>) =
            packages.into_iter().partition(|package| !taken.contains_key(package.manifest.id.as_str()));
        let (catalog, twins) = Catalog::of_packages(kept);
        for twin in of_taken.iter().chain(&twins) {
            let id = &twin.manifest.id;
            let of_rules = || catalog.packages().iter().find(|package| package.manifest.id == *id);
            let first = taken.get(id.as_str()).copied().or_else(of_rules);
            let file = first.map(|first| place(first).0).unwrap_or_default();
            self.left_out.push(NotLoaded::of(twin, format!("{file} has the same id {id}")));
        }
        self.catalog = catalog;
    }

    /// The rules.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The rules that cannot be read, or are of a kind that Mynah does not run.
    pub fn refused(&self) -> &[NotLoaded] {
        &self.refused
    }

    /// The rules that were left out on purpose: old ones, second ones with the same id, parts of others.
    pub fn left_out(&self) -> &[NotLoaded] {
        &self.left_out
    }

    /// How many files hold no rules, by their extension.
    pub fn other_files(&self) -> &BTreeMap<String, usize> {
        &self.others
    }

    /// Adds the macros, lookups and fields that the rules' own repositories define to the settings of a site. What is there
    /// already stays.
    ///
    /// # Errors
    /// Where one of the files cannot be read.
    pub fn add_to(&self, settings: &mut Settings) -> Result<(), crate::Error> {
        let mut theirs = Site::default();
        for content in &self.site.contents {
            mynah_spl::load_content(content, &mut theirs)?;
        }
        for app in &self.site.apps {
            mynah_spl::load_app(app, &mut theirs)?;
        }
        let site = &mut settings.site;
        add_beneath(&mut site.macros, theirs.macros);
        add_beneath(&mut site.lookups, theirs.lookups);
        add_beneath(&mut site.declared_lookups, theirs.declared_lookups);
        let (own, theirs) = (&mut site.knowledge, theirs.knowledge);
        add_beneath(&mut own.event_types, theirs.event_types);
        add_beneath(&mut own.tags, theirs.tags);
        add_beneath(&mut own.models, theirs.models);
        own.left_out.extend(theirs.left_out);
        // Of two rules for one field the later one counts.
        own.rules.splice(..0, theirs.rules);
        // Security content gives every detection a macro to tune it with, which lets all pass.
        for package in self.catalog.packages() {
            let text = package.query(mynah_event::Dialect::Spl).unwrap_or_default();
            for name in security_content::filters(text) {
                site.macros.entry((name.to_owned(), 0)).or_insert_with(security_content::pass);
            }
        }
        Ok(())
    }
}

/// Adds what is not there yet.
fn add_beneath<K: Ord, V>(own: &mut BTreeMap<K, V>, theirs: BTreeMap<K, V>) {
    for (name, value) in theirs {
        own.entry(name).or_insert(value);
    }
}

impl NotLoaded {
    fn new(file: &Path, reason: impl Into<String>) -> NotLoaded {
        NotLoaded { file: file.display().to_string(), line: None, title: None, reason: reason.into(), is_broken: false }
    }

    /// A file that cannot be read as what it is.
    fn broken(file: &Path, reason: impl Into<String>) -> NotLoaded {
        NotLoaded { is_broken: true, ..NotLoaded::new(file, reason) }
    }

    /// A document of YAML, which begins on a line of its file, and what is wrong with it.
    fn broken_yaml(file: &Path, first: usize, error: &yaml_serde::Error) -> NotLoaded {
        let line = error.location().map_or(first, |location| first + location.line() - 1);
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message);
        NotLoaded { line: Some(line), ..NotLoaded::broken(file, message) }
    }

    fn of(package: &Package, reason: String) -> NotLoaded {
        let (file, line) = place(package);
        let title = Some(package.manifest.title.clone());
        NotLoaded { file, line: Some(line), title, reason, is_broken: false }
    }
}

impl fmt::Display for NotLoaded {
    /// Its place and the reason.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        write!(f, "{}{line}: {}", self.file, self.reason)
    }
}

/// Where a rule stands: its file, and the line, from 1, on which its first query begins.
pub fn place(package: &Package) -> (String, usize) {
    let Some(version) = package.manifest.versions.values().next() else { return (package.name.clone(), 1) };
    let text = package.files().text(&version.query).unwrap_or_default();
    let line = 1 + text.len() - text.trim_start_matches('\n').len();
    (package.files().path(&version.query), line)
}

/// Moves diagnostics of a rule's query to their places in the rule's file, whose text is given. Tells whether it did: not where
/// the file writes the query in a way that is not followed.
///
/// What would fix a query is left out: the file writes it in its own way.
pub fn in_file(package: &Package, query: &str, file: &str, diagnostics: &mut [Diagnostic]) -> bool {
    // The line is that of the query, or of what names it, which most often stands before it.
    let near = written::places(file, place(package).1.saturating_sub(1).max(1), query);
    let Some(places) = near.or_else(|| written::places(file, 1, query)) else { return false };
    let start = |at: usize| places.get(at).or(places.last()).copied().unwrap_or_default();
    // An end is behind the last byte, not before the next one: between them there may be blanks.
    let end = |span: mynah_syntax::Span| match span.end > span.start {
        true => start(span.end - 1) + 1,
        false => start(span.start),
    };
    let moved = |span: mynah_syntax::Span| mynah_syntax::Span::new(start(span.start), end(span));
    for diagnostic in diagnostics {
        diagnostic.span = moved(diagnostic.span);
        diagnostic.fix = None;
        for label in &mut diagnostic.labels {
            label.span = moved(label.span);
        }
    }
    true
}
