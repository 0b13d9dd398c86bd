//! Rules of Elastic's `detection-rules` repository: TOML with a table `[rule]`.
//!
//! Its keys: <https://github.com/elastic/detection-rules/blob/main/detection_rules/rule.py>.
use super::elastic_kinds::{Aggregates, around};
use super::rule::{Rule, line_of, manifest, tactic, technique};
use super::{Loaded, NotLoaded};
use mynah_detection::{Confidence, Level, Manifest, Schedule, Status};
use mynah_dialect::elastic_date;
use mynah_event::Dialect;
use serde::Deserialize;
use std::path::Path;
use std::sync::Arc;

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    metadata: Metadata,
    rule: Option<Table>,
}

#[derive(Default, Deserialize)]
struct Metadata {
    maturity: Option<String>,
    creation_date: Option<String>,
    updated_date: Option<String>,
}

#[derive(Deserialize)]
struct Table {
    name: String,
    rule_id: Option<String>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    author: Vec<String>,
    license: Option<String>,
    #[serde(default)]
    references: Vec<String>,
    #[serde(default)]
    false_positives: Vec<String>,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    tags: Vec<String>,
    building_block_type: Option<String>,
    note: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    language: Option<String>,
    query: Option<String>,
    from: Option<String>,
    interval: Option<String>,
    #[serde(flatten)]
    aggregates: Aggregates,
    #[serde(default)]
    threat: Vec<Threat>,
}

#[derive(Deserialize)]
struct Threat {
    tactic: Option<Named>,
    #[serde(default)]
    technique: Vec<Technique>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Technique {
    id: String,
    #[serde(default)]
    subtechnique: Vec<Sub>,
}

#[derive(Deserialize)]
struct Sub {
    id: String,
}

/// Reads the rule of a file, if it has one.
pub(super) fn read(path: &Path, text: &str, loaded: &mut Loaded) {
    let file: File = match toml::from_str(text) {
        Ok(file) => file,
        // A TOML file of something else is no broken rule.
        Err(_) if !text.lines().any(|line| line.trim() == "[rule]") => return,
        Err(error) => {
            let line = error.span().map(|span| 1 + text.get(..span.start).unwrap_or_default().matches('\n').count());
            return loaded.refused.push(NotLoaded { line, ..NotLoaded::broken(path, error.message()) });
        }
    };
    let Some(table) = file.rule else { return };
    let line = line_of(text, "query", '=');
    let refused = |reason: String| NotLoaded {
        line: Some(line_of(text, "type", '=')),
        title: Some(table.name.clone()),
        ..NotLoaded::new(path, reason)
    };
    let dialect = match (table.kind.as_str(), table.language.as_deref()) {
        ("eql", _) => Dialect::Eql,
        ("query" | "threshold" | "new_terms", None | Some("kuery")) => Dialect::Kuery,
        ("query" | "threshold" | "new_terms", Some(language)) => {
            return loaded.refused.push(refused(format!("its query is in {language}, which Mynah does not run")));
        }
        (kind, _) => return loaded.refused.push(refused(format!("rules of type {kind} are not run"))),
    };
    let around = match around(&table.kind, dialect, &table.aggregates) {
        Ok(around) => around,
        Err(reason) => return loaded.refused.push(refused(reason)),
    };
    // What counts events needs the window that it counts them in; single events and sequences do not.
    let schedule = match table.kind.as_str() {
        "threshold" => match schedule(table.interval.as_deref(), table.from.as_deref()) {
            Ok(schedule) => Some(schedule),
            Err(reason) => return loaded.refused.push(refused(reason)),
        },
        _ => None,
    };
    let Some(query) = table.query else { return loaded.refused.push(refused("it has no query".to_owned())) };
    let mut tags = table.tags;
    for threat in &table.threat {
        tags.extend(threat.tactic.iter().map(|named| tactic(&named.name)));
        for found in &threat.technique {
            tags.push(technique(&found.id));
            tags.extend(found.subtechnique.iter().map(|sub| technique(&sub.id)));
        }
    }
    let status = match file.metadata.maturity.as_deref() {
        Some("production") => Status::Stable,
        Some("deprecated") => Status::Deprecated,
        _ => Status::Experimental,
    };
    let date = |date: Option<String>| date.map(|date| date.replace('/', "-"));
    // A building block is a signal for other rules, no alert of its own.
    let confidence = if table.building_block_type.is_some() { Confidence::Low } else { Confidence::Medium };
    // What opens a text of several lines stands on the line before it.
    let opens = text.lines().nth(line - 1).is_some_and(|line| line.ends_with("'''") || line.ends_with("\"\"\""));
    let manifest = Manifest {
        id: table.rule_id.unwrap_or_default(),
        status,
        description: table.description.trim().to_owned(),
        references: table.references,
        author: (!table.author.is_empty()).then(|| table.author.join(", ")),
        date: date(file.metadata.creation_date),
        modified: date(file.metadata.updated_date),
        license: table.license,
        tags,
        level: Level::from_name(&table.severity).unwrap_or(Level::Low),
        confidence,
        falsepositives: table.false_positives,
        schedule,
        ..manifest(table.name)
    };
    let rule = Rule { manifest, playbook: table.note, dialect, query, line: if opens { line + 1 } else { line } };
    let package = rule.package(path);
    loaded.packages.push(match around {
        Some(around) => package.with_frontend(Arc::new(around)),
        None => package,
    });
}

/// How often a rule runs, and over which time: every 5 minutes over the last 6, unless it says otherwise.
///
/// <https://www.elastic.co/docs/api/doc/kibana/operation/operation-createrule>
fn schedule(interval: Option<&str>, from: Option<&str>) -> Result<Schedule, String> {
    let interval = interval.unwrap_or("5m");
    let every = interval.parse().map_err(|error| format!("its interval: {error}"))?;
    let from = from.unwrap_or("now-6m");
    let seconds = elastic_date(from, false, 0).filter(|from| *from < 0).map(|from| -from / 1_000);
    let window = seconds.and_then(|seconds| format!("{seconds}s").parse().ok());
    Ok(Schedule { every, window: window.ok_or_else(|| format!("its `from` is no time before now: {from}"))? })
}
