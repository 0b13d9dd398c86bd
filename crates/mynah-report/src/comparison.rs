//! Differences between the versions of a detection.
use crate::highlight::{self, Tokens};
use crate::raw_event::cut;
use crate::templates;
use mynah_detection::{Comparison, Disagreement, Package, Side};
use mynah_event::Dialect;
use mynah_syntax::neutral;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// How many events of a difference a page names.
const MOST_EVENTS: usize = 20;
/// How many characters of a value a page shows.
const MOST_OF_VALUE: usize = 400;

/// The page's script.
const SCRIPT: &str = include_str!("../pages/copy.js");

/// A comparison as one object.
pub fn json(detection: &str, comparison: &Comparison) -> Value {
    let mut object = totals(detection, comparison);
    object["disagreements"] = comparison.disagreements.iter().map(disagreement).collect();
    object
}

/// A line with what each version finds, and one for each difference: the first has no `events`.
///
/// # Errors
/// If `out` cannot be written.
pub fn ndjson(detection: &str, comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let mut line = |object: &Value| writeln!(out, "{}", neutral::json(&object.to_string()));
    line(&totals(detection, comparison))?;
    for one in &comparison.disagreements {
        let mut object = disagreement(one);
        object["detection"] = json!(detection);
        line(&object)?;
    }
    Ok(())
}

/// One HTML page without external resources: the differences, and the queries side by side with the lines marked that decided.
/// `data` names the logs, `tokens` colours queries.
///
/// # Errors
/// If `out` cannot be written.
pub fn html(
    package: &Package,
    comparison: &Comparison,
    data: &str,
    tokens: Tokens<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let version = |(dialect, found): &(Dialect, usize)| {
        let sides = comparison.disagreements.iter().flat_map(|one| &one.sides);
        let own = sides.filter(|side| side.dialect == *dialect && !side.found);
        let lines: Vec<usize> = own.filter_map(|side| side.clause.as_ref().map(|(line, _)| *line)).collect();
        let text = package.query(*dialect).unwrap_or_default();
        json!({
            "dialect": dialect.name(),
            "found": found,
            "file": package.manifest.versions.get(dialect).map(|version| &version.query),
            "html": highlight::query(text, &tokens(text, *dialect), &lines),
        })
    };
    let shown = |one: &Disagreement| {
        let mut object = disagreement(one);
        object["count"] = json!(one.events.len());
        object["events"] = one.events.iter().take(MOST_EVENTS).map(|event| json!(event)).collect();
        object["sides"] = one.sides.iter().map(side_on_page).collect();
        object
    };
    let page = json!({
        "title": package.manifest.title,
        "name": package.name,
        "data": data,
        "versions": comparison.versions.iter().map(version).collect::<Vec<_>>(),
        "refused": comparison.refused.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "common": comparison.common,
        "disagreements": comparison.disagreements.iter().map(shown).collect::<Vec<_>>(),
        "mynah": env!("CARGO_PKG_VERSION"),
        "style": templates::STYLE,
        "script": SCRIPT,
        "policy": templates::policy(SCRIPT),
    });
    out.write_all(templates::render("comparison.html", &page)?.as_bytes())
}

fn totals(detection: &str, comparison: &Comparison) -> Value {
    let versions: Map<String, Value> =
        comparison.versions.iter().map(|(dialect, found)| (dialect.name().to_owned(), json!(found))).collect();
    json!({"detection": detection, "versions": versions, "common": comparison.common})
}

fn disagreement(disagreement: &Disagreement) -> Value {
    json!({
        "found_by": disagreement.found_by.iter().copied().map(Dialect::name).collect::<Vec<_>>(),
        "missed_by": disagreement.missed_by.iter().copied().map(Dialect::name).collect::<Vec<_>>(),
        "what": disagreement.what,
        "events": disagreement.events,
        "sides": disagreement.sides.iter().map(side).collect::<Vec<_>>(),
    })
}

fn side(side: &Side) -> Value {
    json!({
        "version": side.dialect.name(),
        "found": side.found,
        "incomplete": side.incomplete,
        "line": side.clause.as_ref().map(|(line, _)| line),
        "clause": side.clause.as_ref().map(|(_, text)| text),
        "condition": side.condition,
        "fields": side.fields.iter().map(|(name, value)| (name.clone(), json!(value))).collect::<Map<String, Value>>(),
    })
}

/// The same with no more of texts than a page shows.
fn side_on_page(of: &Side) -> Value {
    let mut object = side(of);
    let shown = |(name, value): &(String, Option<String>)| json!({"name": name, "value": value.as_ref().map(|value| cut(value, MOST_OF_VALUE))});
    object["condition"] = json!(of.condition.as_ref().map(|condition| cut(condition, MOST_OF_VALUE)));
    object["fields"] = of.fields.iter().map(shown).collect();
    object
}
