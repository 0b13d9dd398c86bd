//! Rules of repositories: reading them, and saying what becomes of each.
use crate::arguments::Pack;
use crate::exit::Failure;
use crate::{detections, terminal};
use mynah::{Catalog, Detected, NotLoaded, Package, Rules, Settings, place};
use mynah_detection::VersionError;
use mynah_syntax::{Diagnostic, neutral};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// The rules that the arguments name, with what they bring along for the settings of the site.
pub(crate) fn read(pack: &Pack, settings: &mut Settings) -> Result<Rules, Failure> {
    let rules = Rules::read(&pack.rules, &pack.include);
    if rules.catalog().packages().is_empty() {
        return Err(Failure::Usage(none_of(pack, &rules)));
    }
    rules.add_to(settings)?;
    Ok(rules)
}

/// Says that no rule was found, and what was found instead.
fn none_of(pack: &Pack, rules: &Rules) -> String {
    let paths: Vec<String> = pack.rules.iter().map(|path| path.display().to_string()).collect();
    let mut message = format!("no rule to run in {}", paths.join(", "));
    let not_loaded: Vec<&NotLoaded> = rules.refused().iter().chain(rules.left_out()).collect();
    for one in not_loaded.iter().take(SHOWN) {
        message.push_str(&format!("\n  {one}"));
    }
    match not_loaded.len().saturating_sub(SHOWN) {
        0 => {}
        more => message.push_str(&format!("\n  and {more} more")),
    }
    let others: usize = rules.other_files().values().sum();
    if others > 0 {
        message.push_str(&format!("\n  {} of other kinds", terminal::count(others, "file")));
    }
    message
}

/// How many of the rules that did not load are shown where none did.
const SHOWN: usize = 5;

/// The catalogue with these rules behind it, or the rules alone.
pub(crate) fn with_catalog(pack: &Pack, catalog: Catalog, rules: &mut Rules) -> Catalog {
    rules.behind(&if pack.no_catalog { Catalog::default() } else { catalog })
}

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum Fate {
    /// It ran.
    Runs,
    /// It ran, but no log source here is one of its own; or it does not run without what the site can give.
    Needs,
    /// Its author does not want it, or it is a part of another.
    Left,
    /// It does not run.
    Refused,
}

/// A rule, and what became of it.
#[derive(Debug, Serialize)]
struct Listed {
    state: Fate,
    file: String,
    line: Option<usize>,
    title: Option<String>,
    reason: Option<String>,
}

/// Rules of diagnostics whose errors go away when the site gives what is missing.
const NEEDED: [&str; 8] = [
    "spl/unknown-macro",
    "spl/unknown-lookup",
    "spl/unknown-datamodel",
    "spl/empty-lookup",
    "sumo/unknown-lookup",
    "sumo/empty-lookup",
    "sigma/unknown-placeholder",
    "aql/unknown-reference",
];

/// Every rule, and what became of it.
pub(crate) struct Outcome {
    listed: Vec<Listed>,
}

impl Outcome {
    /// What became of rules in a run.
    pub(crate) fn of(rules: &Rules, detected: &Detected) -> Outcome {
        let mut listed: Vec<Listed> = Vec::new();
        let packages: BTreeMap<&str, &Package> =
            rules.catalog().packages().iter().map(|package| (package.manifest.id.as_str(), package)).collect();
        for refused in &detected.refused {
            // What is refused of the built-in catalogue is told as an error.
            let Some(package) = packages.get(refused.id.as_str()) else { continue };
            let (file, line, reason, state) = match &refused.error {
                VersionError::Refused { file, text, diagnostics } => {
                    let errors: Vec<&Diagnostic> = diagnostics.iter().filter(|one| one.is_error()).collect();
                    let is_needed = |one: &&Diagnostic| NEEDED.contains(&one.code);
                    let state = if errors.iter().all(is_needed) { Fate::Needs } else { Fate::Refused };
                    // The first error that the site cannot mend decides.
                    let shown = errors.iter().find(|one| !is_needed(one)).or(errors.first());
                    let line = shown.map(|one| mynah_syntax::LineColumn::of(text, one.span.start).line);
                    (file.clone(), line, shown.map(|one| one.message.clone()).unwrap_or_default(), state)
                }
                VersionError::Engine { file, source } => (file.clone(), None, source.to_string(), Fate::Refused),
                VersionError::Exception { file, message } => (file.clone(), None, message.clone(), Fate::Refused),
            };
            let title = Some(package.manifest.title.clone());
            listed.push(Listed { state, file, line, title, reason: Some(reason) });
        }
        for package in rules.catalog().packages() {
            if !detected.ran.contains_key(&package.manifest.id) {
                continue;
            }
            let reason = detected.finds_nothing.get(&package.manifest.id).cloned();
            let state = if reason.is_some() { Fate::Needs } else { Fate::Runs };
            let (file, line) = place(package);
            listed.push(Listed { state, file, line: Some(line), title: Some(package.manifest.title.clone()), reason });
        }
        // Whatever else there is was left aside by the arguments.
        let refused: BTreeSet<&str> = detected.refused.iter().map(|refused| refused.id.as_str()).collect();
        let is_told = |id: &str| detected.ran.contains_key(id) || refused.contains(id);
        for package in rules.catalog().packages().iter().filter(|package| !is_told(&package.manifest.id)) {
            let (file, line) = place(package);
            let reason = "not asked for: --platform, --technique, --tag, --level or --exclude leaves it out";
            let (title, reason) = (Some(package.manifest.title.clone()), Some(reason.to_owned()));
            listed.push(Listed { state: Fate::Left, file, line: Some(line), title, reason });
        }
        let not_loaded = |state| {
            move |one: &mynah::NotLoaded| Listed {
                state,
                file: one.file.clone(),
                line: one.line,
                title: one.title.clone(),
                reason: Some(one.reason.clone()),
            }
        };
        listed.extend(rules.left_out().iter().map(not_loaded(Fate::Left)));
        listed.extend(rules.refused().iter().map(not_loaded(Fate::Refused)));
        listed.sort_by(|a, b| (b.state, &a.file, a.line).cmp(&(a.state, &b.file, b.line)));
        Outcome { listed }
    }

    fn count(&self, state: Fate) -> usize {
        self.listed.iter().filter(|one| one.state == state).count()
    }

    /// Whether a rule is refused for what it is.
    pub(crate) fn any_refused(&self) -> bool {
        self.count(Fate::Refused) > 0
    }

    /// Says in one line what became of the rules.
    pub(crate) fn report(&self) {
        let rules = terminal::count(self.listed.len(), "rule");
        let ran = self.count(Fate::Runs);
        let others =
            [(Fate::Needs, "lacked something that is not here"), (Fate::Refused, "refused"), (Fate::Left, "left out")];
        let others = others.map(|(state, what)| (self.count(state), what));
        let others: Vec<String> = others
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, what)| format!(", {number} {what}"))
            .collect();
        let more = if others.is_empty() { "" } else { " (--list-rules names them)" };
        terminal::say(format_args!("note: of {rules} {ran} ran{}{more}", others.concat()));
    }

    /// Writes every rule and what became of it: for people, or one object a line.
    pub(crate) fn write(self, as_json: bool, out: &mut impl Write) -> Result<(), Failure> {
        for one in self.listed {
            if as_json {
                let line = serde_json::to_string(&one).map_err(std::io::Error::from)?;
                writeln!(out, "{}", neutral::json(&line))?;
                continue;
            }
            let state = match one.state {
                Fate::Runs => "runs",
                Fate::Needs => "needs",
                Fate::Left => "left out",
                Fate::Refused => "refused",
            };
            let line = one.line.map(|line| format!(":{line}")).unwrap_or_default();
            let text = format!(
                "{state:<8}  {}{line}  {}{}",
                one.file,
                one.title.unwrap_or_default(),
                one.reason.map(|reason| format!(": {reason}")).unwrap_or_default()
            );
            writeln!(out, "{}", neutral::line(&text))?;
        }
        Ok(())
    }
}

/// Says of the built-in catalogue, of which nothing should be refused, what is.
pub(crate) fn report_refused(rules: Option<&Rules>, detected: &Detected) {
    let is_rule = |id: &str| {
        rules.is_some_and(|rules| rules.catalog().packages().iter().any(|package| package.manifest.id == id))
    };
    let of_catalog = detected.refused.iter().filter(|refused| !is_rule(&refused.id));
    of_catalog.for_each(|refused| detections::report(&refused.error));
}
