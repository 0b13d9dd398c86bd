use crate::detection_arguments::{Compare, CompareFormat};
use crate::exit::{Failure, Status};
use crate::{bar::Bar, data_report, detections, dialects, site};
use mynah_detection::{Comparison, Package, Side};
use mynah_engine::{Engine, EngineError, Options};
use mynah_event::Dialect;
use serde_json::json;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

/// `mynah compare`.
pub(crate) fn compare(arguments: &Compare) -> Result<Status, Failure> {
    let folder = PathBuf::from(&arguments.detection);
    let catalog = if folder.is_dir() { detections::load(&[folder])? } else { detections::load(&arguments.catalog)? };
    let named = if PathBuf::from(&arguments.detection).is_dir() {
        catalog.packages().first()
    } else {
        catalog.find(&arguments.detection)
    };
    let Some(package) = named else {
        let names: Vec<&str> = catalog.packages().iter().map(|package| package.name.as_str()).collect();
        return Err(Failure::Usage(format!("there is no detection `{}`: {}", arguments.detection, names.join(", "))));
    };
    let settings = site::load(&arguments.site)?;
    let options = Options {
        views: Some(settings.catalog().map_err(EngineError::from)?),
        site: settings.site,
        sources: settings.sources,
        ..Options::default()
    };
    let engine = Engine::new(options, &arguments.data)?;
    let bar = Bar::start(&engine, false);
    let comparison =
        mynah_detection::compare(&engine, &dialects::frontend, package, &detections::dialects(&arguments.platform));
    bar.finish();
    let comparison = comparison?;
    let mut status = Status::Ran;
    for error in &comparison.refused {
        detections::report(error);
        status = Status::Usage;
    }
    let text = match arguments.format {
        CompareFormat::Human => human(package, &comparison),
        CompareFormat::Json => format!("{:#}\n", as_json(package, &comparison)),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(status.max(data_report::report(engine.problems(), &engine.progress().summary(), false, false)))
}

fn human(package: &Package, comparison: &Comparison) -> String {
    let events = |number: usize| if number == 1 { "1 event".to_owned() } else { format!("{number} events") };
    let mut out = format!("{}\n", package.name);
    for (dialect, found) in &comparison.versions {
        out.push_str(&format!("  {:<6} {}\n", dialect.name(), events(*found)));
    }
    out.push_str(&format!("  {} found by all\n", events(comparison.common)));
    for disagreement in &comparison.disagreements {
        out.push_str(&format!(
            "\n{} only in {}, not in {}",
            events(disagreement.events.len()),
            names(&disagreement.found_by),
            names(&disagreement.missed_by)
        ));
        if let Some(what) = &disagreement.what {
            // Control characters of a log must not reach the terminal.
            out.push_str(&format!(
                ": {}",
                what.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect::<String>()
            ));
        }
        out.push('\n');
        for event in disagreement.events.iter().take(5) {
            out.push_str(&format!("    {} record {}\n", event.file, event.record));
        }
        if disagreement.events.len() > 5 {
            out.push_str(&format!("    and {} more\n", disagreement.events.len() - 5));
        }
        for side in &disagreement.sides {
            out.push_str(&format!("  {:<6} {}\n", side.dialect.name(), decided(package, side)));
        }
    }
    if comparison.disagreements.is_empty() {
        out.push_str("  no differences\n");
    }
    out
}

fn decided(package: &Package, side: &Side) -> String {
    let file = package.manifest.versions.get(&side.dialect).map(|version| version.query.as_str()).unwrap_or_default();
    match (side.found, &side.clause) {
        (true, Some((line, text))) => format!("finds it:  {file}:{line}: {text}"),
        (true, None) => "finds it".to_owned(),
        (false, Some((line, text))) if side.incomplete => {
            format!("misses it: what else it asks for is not there, though it fits {file}:{line}: {text}")
        }
        (false, Some((line, text))) => format!("misses it: {file}:{line}: {text}"),
        (false, None) => "misses it: nothing in it looks for this".to_owned(),
    }
}

fn names(dialects: &BTreeSet<Dialect>) -> String {
    dialects.iter().map(|dialect| dialect.name()).collect::<Vec<_>>().join(", ")
}

fn as_json(package: &Package, comparison: &Comparison) -> serde_json::Value {
    let versions: serde_json::Map<String, serde_json::Value> =
        comparison.versions.iter().map(|(dialect, found)| (dialect.name().to_owned(), json!(found))).collect();
    json!({
        "detection": package.name,
        "versions": versions,
        "common": comparison.common,
        "disagreements": comparison.disagreements.iter().map(|disagreement| json!({
            "found_by": disagreement.found_by.iter().map(|dialect| dialect.name()).collect::<Vec<_>>(),
            "missed_by": disagreement.missed_by.iter().map(|dialect| dialect.name()).collect::<Vec<_>>(),
            "what": disagreement.what,
            "events": disagreement.events,
            "sides": disagreement.sides.iter().map(|side| json!({
                "version": side.dialect.name(),
                "found": side.found,
                "incomplete": side.incomplete,
                "line": side.clause.as_ref().map(|(line, _)| line),
                "clause": side.clause.as_ref().map(|(_, text)| text),
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}
