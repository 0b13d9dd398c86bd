use crate::arguments::{Detect, FindingFormat};
use crate::data_report::Say;
use crate::exit::{Failure, Status};
use crate::rules::Outcome;
use crate::{bar::Bar, data_report, detections, open, pivot, rules, terminal, timeline};
use mynah::{Builder, Catalog, Detected, Engine, Finding, LogSource, Mynah, Seen, Timestamp};
use mynah_detection::read_raw_events;
use mynah_report::findings::{self, Loud, loud};
use mynah_syntax::neutral;
use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};

/// `mynah detect`.
pub(crate) fn detect(arguments: &Detect) -> Result<Status, Failure> {
    let mut settings = open::settings(&arguments.site)?;
    let mut rules = match arguments.pack.rules.is_empty() {
        true => None,
        false => Some(rules::read(&arguments.pack, &mut settings)?),
    };
    let catalog = detections::load(&arguments.selection.catalog)?;
    let catalog = match &mut rules {
        Some(rules) => rules::with_catalog(&arguments.pack, catalog, rules),
        None => catalog,
    };
    let catalog = detections::select(&arguments.selection, catalog)?;
    let builder = open::builder_with(&arguments.site, settings)?;
    let mut builder = arguments.data.paths.iter().fold(builder, Builder::data);
    if let Some(threads) = arguments.threads {
        builder = builder.threads(usize::from(threads));
    }
    let mynah = builder.build()?;
    let format = if std::io::stdout().is_terminal() { FindingFormat::Table } else { FindingFormat::Ndjson };
    let format = arguments.format.unwrap_or(format);
    let without_events = [FindingFormat::Csv, FindingFormat::Navigator, FindingFormat::Sarif, FindingFormat::Pivot];
    if arguments.events && without_events.contains(&format) {
        let message = "--events does not go with --format csv, navigator, sarif and pivot: use ndjson, ocsf, html, timesketch or table";
        return Err(Failure::Usage(message.to_owned()));
    }
    let mut bar = Bar::start(mynah.engine(), arguments.quiet);
    if !arguments.quiet || format == FindingFormat::Html {
        mynah.engine().progress().sample();
    }
    let detected = mynah.detect(&catalog, &detections::dialects(&arguments.selection.platform));
    bar.finish();
    let mut detected = detected?;
    let all = detected.findings.len();
    detected.findings.retain(|finding| is_within(finding, arguments.from, arguments.to));
    if arguments.events && format != FindingFormat::Html {
        detected.read_raw_events(mynah.engine()).map_err(mynah::Error::from)?;
    }
    let (ran, unknown) = what_ran(mynah.engine(), &detected);
    rules::report_refused(rules.as_ref(), &detected);
    let mut status = if detected.refused.is_empty() { Status::Ran } else { Status::Usage };
    if let Some(rules) = &rules {
        // One bad rule among thousands is no reason to fail, unless somebody says so.
        let outcome = Outcome::of(rules, &detected);
        let fails = arguments.site.strict && outcome.any_refused();
        status = if fails { Status::Usage } else { Status::Ran };
        if arguments.pack.list_rules {
            let as_json = format != FindingFormat::Table;
            outcome.write(as_json, &mut std::io::stdout().lock())?;
            return Ok(status);
        }
        if !arguments.quiet {
            outcome.report();
        }
    }
    if !arguments.quiet {
        report_exceptions(&catalog, &detected);
        terminal::say(format_args!("note: {ran}"));
        unknown.iter().for_each(|unknown| terminal::say(format_args!("note: {unknown}")));
        let outside = all - detected.findings.len();
        if outside > 0 {
            let findings = terminal::count(outside, "finding");
            terminal::say(format_args!("note: --from and --to leave out {findings} without an event in that time"));
        }
        report_noisy(&detected.findings, mynah.engine().progress().events());
    }
    write(&mynah, &catalog, &mut detected.findings, &ran, format, arguments)?;
    if arguments.fail_on_findings && !detected.findings.is_empty() {
        status = status.max(Status::Findings);
    }
    let say = Say { strict: arguments.strict_data, quiet: arguments.quiet, verbose: arguments.data.verbose };
    Ok(status.max(data_report::report(mynah.engine(), say)))
}

/// Writes the HTML page. What its findings are shown with is read from the logs again.
fn page(
    mynah: &Mynah,
    catalog: &Catalog,
    found: &mut [Finding],
    ran: &str,
    arguments: &Detect,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let chosen = findings::chosen(found);
    let events = findings::events_shown(chosen.len(), arguments.events);
    let mut bar = Bar::start(mynah.engine(), arguments.quiet);
    let numbers: BTreeSet<usize> = chosen.iter().copied().collect();
    let shown = found.iter_mut().enumerate().filter(|(number, _)| numbers.contains(number));
    let shown_events = shown.flat_map(|(_, finding)| finding.events.iter_mut().take(events));
    read_raw_events(mynah.engine(), shown_events).map_err(mynah::Error::from)?;
    let of_chosen: Vec<&Finding> = chosen.iter().filter_map(|number| found.get(*number)).collect();
    let evidence = mynah.evidence(catalog, &of_chosen)?;
    bar.finish();
    let data: Vec<_> = arguments.data.paths.iter().map(|path| path.to_string_lossy()).collect();
    let page = findings::Page {
        findings: found,
        chosen: &chosen,
        evidence: &evidence,
        events,
        packages: catalog.packages(),
        tokens: &mynah::tokens,
        data: &data.join(", "),
        ran,
    };
    Ok(findings::html(&page, out)?)
}

/// Writes findings in a format.
fn write(
    mynah: &Mynah,
    catalog: &Catalog,
    found: &mut [Finding],
    ran: &str,
    format: FindingFormat,
    arguments: &Detect,
) -> Result<(), Failure> {
    let out = &mut std::io::stdout().lock();
    match format {
        FindingFormat::Table => out.write_all(timeline::table(found, arguments.events).as_bytes())?,
        FindingFormat::Ndjson => findings::ndjson(found, out)?,
        FindingFormat::Ocsf => findings::ocsf(found, out)?,
        FindingFormat::Csv => findings::csv(found, out)?,
        FindingFormat::Html => page(mynah, catalog, found, ran, arguments, out)?,
        FindingFormat::Timesketch => {
            let left_out = findings::timesketch(found, out)?;
            if left_out > 0 {
                let events = terminal::count(left_out, "event");
                terminal::say(format_args!("warning: {events} without a time left out: Timesketch wants one"));
            }
        }
        FindingFormat::Pivot => pivot::write(found, out)?,
        FindingFormat::Navigator => writeln!(out, "{}", neutral::json(&format!("{:#}", findings::navigator(found))))?,
        FindingFormat::Sarif => writeln!(out, "{}", neutral::json(&format!("{:#}", findings::sarif(found))))?,
    }
    Ok(())
}

/// Whether a finding has an event from one moment on, and before another.
fn is_within(finding: &Finding, from: Option<Timestamp>, to: Option<Timestamp>) -> bool {
    let is_in = |time: Timestamp| from.is_none_or(|from| time >= from) && to.is_none_or(|to| time < to);
    (from.is_none() && to.is_none()) || finding.events.iter().filter_map(|event| event.time).any(is_in)
}

/// A rule is noisy if more than one record in so many is behind its findings, and at least so many are.
const NOISE: (u64, u64) = (100, 100);

/// Names rules that find so much that nobody reads it.
fn report_noisy(found: &[Finding], records: u64) {
    let (share, least) = NOISE;
    let is_noisy = |rule: &Loud<'_>| rule.events as u64 >= least && rule.events as u64 > records / share;
    let noisy: Vec<Loud<'_>> = loud(found, |finding| &finding.id).into_iter().filter(is_noisy).collect();
    if noisy.is_empty() {
        return;
    }
    let named = noisy.iter().take(NAMED).map(|rule| format!("{} ({} events)", rule.finding.title, rule.events));
    let named: Vec<String> = named.collect();
    let more = noisy.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    terminal::say(format_args!(
        "note: noisy, finding more than one record in {share}: {}{more} (--exclude leaves them out)",
        named.join(", ")
    ));
}

/// What ran over what: whoever reads "no findings" must know what was looked for, and in which logs. And what is to be known of
/// logs in which little can be found.
fn what_ran(engine: &Engine, detected: &Detected) -> (String, Option<String>) {
    let versions: usize = detected.ran.values().sum();
    let (detections, queries) = (terminal::count(detected.ran.len(), "detection"), terminal::count(versions, "query"));
    let records = terminal::count(usize::try_from(engine.progress().events()).unwrap_or(usize::MAX), "record");
    let files = terminal::count(engine.files().len(), "file");
    let sampled = engine.progress().sampled();
    let mut sources: BTreeSet<&LogSource> = BTreeSet::new();
    let mut span = Seen::default();
    let mut generic = Vec::new();
    for (file, seen) in &sampled {
        if seen.keys().all(|source| source.as_str() == LogSource::JSON) {
            generic.extend(engine.files().get(*file as usize));
        }
        for (source, seen) in seen {
            sources.insert(source);
            span.merge(*seen);
        }
    }
    let sources: Vec<&str> = sources.into_iter().map(LogSource::as_str).collect();
    let of = if sources.is_empty() { String::new() } else { format!(" of {}", sources.join(", ")) };
    let span = match (span.first, span.last) {
        (Some(first), Some(last)) => format!(", from {first} to {last}"),
        _ => String::new(),
    };
    let unknown = (!generic.is_empty()).then(|| {
        let names: Vec<String> = generic.iter().take(NAMED).map(|file| file.path.display().to_string()).collect();
        let more = generic.len().saturating_sub(names.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let files = terminal::count(generic.len(), "file");
        let names = names.join(", ");
        format!("in {files} no log source is recognised, so that few detections can match: {names}{more} (SOURCE=PATH names it)")
    });
    (format!("{detections} ({queries}) ran over {records} in {files}{of}{span}"), unknown)
}

/// How many of the files of an unknown log source, and of noisy rules, are named.
const NAMED: usize = 3;

/// Says which exceptions have expired, and how many events the others suppressed.
fn report_exceptions(catalog: &Catalog, detected: &Detected) {
    let today = jiff::Zoned::now().date();
    for package in catalog.packages() {
        for exception in package.exceptions.expired(today) {
            terminal::say(format_args!(
                "note: an exception of {} expired on {}: {}",
                package.name, exception.expires, exception.reason
            ));
        }
    }
    for (package, events) in &detected.hidden {
        let events = terminal::count(*events, "event");
        terminal::say(format_args!("note: the exceptions of {package} suppress {events}"));
    }
}
