use crate::arguments::{Compare, CompareFormat};
use crate::data_report::Say;
use crate::exit::{Failure, Status};
use crate::{bar::Bar, data_report, detections, open, terminal};
use mynah::{Comparison, Dialect, Package};
use mynah_detection::{Disagreement, Side};
use mynah_report::comparison as report;
use mynah_syntax::neutral;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// How many events of a disagreement are named.
const SHOWN: usize = 5;
/// How many characters of a condition and of a value are shown.
const WIDEST: usize = 200;

/// `mynah compare`.
pub(crate) fn compare(arguments: &Compare) -> Result<Status, Failure> {
    let package = detections::one(&arguments.detection, &arguments.catalog)?;
    let mynah = open::builder_over(&arguments.site, &arguments.data.paths)?.build()?;
    let mut bar = Bar::start(mynah.engine(), false);
    let comparison = mynah.compare(&package, &detections::dialects(&arguments.platform));
    bar.finish();
    let comparison = comparison?;
    comparison.refused.iter().for_each(detections::report);
    let status = if comparison.refused.is_empty() { Status::Ran } else { Status::Usage };
    let mut out = terminal::neutral_stdout();
    match arguments.format {
        CompareFormat::Human => human(&package, &comparison, &mut out)?,
        CompareFormat::Json => {
            let json = format!("{:#}", report::json(&package.name, &comparison));
            writeln!(out, "{}", neutral::json(&json))?
        }
        CompareFormat::Ndjson => report::ndjson(&package.name, &comparison, &mut out)?,
        CompareFormat::Html => {
            let data: Vec<_> = arguments.data.paths.iter().map(|path| path.to_string_lossy()).collect();
            report::html(&package, &comparison, &data.join(", "), &mynah::tokens, &mut out)?;
        }
    }
    Ok(status.max(data_report::report(mynah.engine(), Say { verbose: arguments.data.verbose, ..Say::default() })))
}

fn human(package: &Package, comparison: &Comparison, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", package.name)?;
    for (dialect, found) in &comparison.versions {
        writeln!(out, "  {:<6} {}", dialect.name(), terminal::count(*found, "event"))?;
    }
    writeln!(out, "  {} found by all", terminal::count(comparison.common, "event"))?;
    for disagreement in &comparison.disagreements {
        writeln!(out, "\n{}", heading(disagreement))?;
        for event in disagreement.events.iter().take(SHOWN) {
            writeln!(out, "    {} record {}", event.file, event.record)?;
        }
        if disagreement.events.len() > SHOWN {
            writeln!(out, "    and {} more", disagreement.events.len() - SHOWN)?;
        }
        for side in &disagreement.sides {
            writeln!(out, "  {:<6} {}", side.dialect.name(), decided(package, side))?;
            if let Some(condition) = &side.condition {
                writeln!(out, "         {}{}", terminal::clean(condition, WIDEST, false), held(side))?;
            }
        }
    }
    if comparison.disagreements.is_empty() {
        writeln!(out, "  no differences")?;
    }
    Ok(())
}

/// What the fields of the deciding condition hold in the first of the events.
fn held(side: &Side) -> String {
    let shown = |(name, value): &(String, Option<String>)| match value {
        Some(value) if value.is_empty() => format!("{name} is empty"),
        Some(value) => format!("{name} is `{}`", terminal::clean(value, WIDEST, false)),
        None => format!("{name} has no value"),
    };
    let fields: Vec<String> = side.fields.iter().map(shown).collect();
    if fields.is_empty() { String::new() } else { format!(", where {}", fields.join(", ")) }
}

fn heading(disagreement: &Disagreement) -> String {
    let names = |dialects: &BTreeSet<Dialect>| dialects.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ");
    let what = disagreement.what.as_ref().map(|what| format!(": {}", terminal::clean(what, usize::MAX, false)));
    let events = terminal::count(disagreement.events.len(), "event");
    let (found_by, missed_by) = (names(&disagreement.found_by), names(&disagreement.missed_by));
    format!("{events} only in {found_by}, not in {missed_by}{}", what.unwrap_or_default())
}

fn decided(package: &Package, side: &Side) -> String {
    let file = package.manifest.versions.get(&side.dialect).map(|version| version.query.as_str()).unwrap_or_default();
    match (side.found, &side.clause) {
        (true, Some((line, text))) => format!("finds it:  {file}:{line}: {text}"),
        (true, None) => "finds it".to_owned(),
        (false, Some((line, text))) if side.incomplete => {
            format!("misses it: matches, but other required events are missing: {file}:{line}: {text}")
        }
        (false, Some((line, text))) => format!("misses it: {file}:{line}: {text}"),
        (false, None) => "misses it: no clause matches this kind of event".to_owned(),
    }
}
