//! Findings as one HTML page.
//!
//! Numbers are of all findings. In full there are as many as a browser takes at once: of each rule one, and then those of the
//! highest levels ([`chosen`]).
use super::{facts, totals};
use crate::highlight::{self, Tokens};
use crate::matrix;
use crate::navigator::Cells;
use crate::raw_event::{self, cut};
use crate::templates;
use mynah_detection::{EventRef, Evidence, Finding, Level, Package, Reason, attack};
use mynah_event::{Dialect, Timestamp};
use mynah_syntax::neutral;
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// How many findings a page has in full.
const MOST_FINDINGS: usize = 1_000;
/// How many events all findings of a page have together, about.
const MOST_EVENTS: usize = 4_000;
/// How many events one finding has at least, and at most.
const EVENTS_OF_FINDING: (usize, usize) = (3, 100);
/// How many rules are listed.
const MOST_RULES: usize = 1_000;
/// How many characters of a rule's text are shown.
const MOST_OF_RULE: usize = 20_000;
/// How many characters of a condition and of a value are shown.
const MOST_OF_CONDITION: usize = 300;
/// How many characters of a command line are shown whole, and where findings have a line each.
const MOST_OF_VALUE: usize = 2_000;
const MOST_OF_LINE: usize = 160;
/// How many hosts and users of one finding filters know.
const MOST_NAMES: usize = 200;
/// How many values of a kind one finding shows.
const MOST_VALUES: usize = 20;

/// The page's script.
const SCRIPT: &str = concat!(include_str!("../../pages/copy.js"), include_str!("../../pages/findings.js"));

/// What a page shows.
#[derive(Clone, Copy)]
pub struct Page<'p> {
    /// All findings.
    pub findings: &'p [Finding],
    /// The numbers of those in full, such as [`chosen`] gives.
    pub chosen: &'p [usize],
    /// Why each of those was found; of what has none, nothing is said.
    pub evidence: &'p [Evidence],
    /// How many events each of those shows, such as [`events_shown`] gives.
    pub events: usize,
    /// The detections that were run.
    pub packages: &'p [Package],
    /// The tokens of queries.
    pub tokens: Tokens<'p>,
    /// What the logs are called.
    pub data: &'p str,
    /// What ran over them, in words without a full stop; nothing where that is not known.
    pub ran: &'p str,
}

/// The numbers of the findings that a page has in full, in their order: one of each rule, then those of the highest levels, and
/// of these as many of one rule as of another.
///
/// ```
/// assert!(mynah_report::findings::chosen(&[]).is_empty());
/// ```
pub fn chosen(findings: &[Finding]) -> Vec<usize> {
    let mut of_rule: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ranked: Vec<(bool, Reverse<Level>, usize, usize)> = Vec::with_capacity(findings.len());
    for (number, finding) in findings.iter().enumerate() {
        let before = of_rule.entry(&finding.id).or_default();
        ranked.push((*before > 0, Reverse(finding.level), *before, number));
        *before += 1;
    }
    ranked.sort_unstable();
    let mut chosen: Vec<usize> = ranked.into_iter().take(MOST_FINDINGS).map(|(.., number)| number).collect();
    chosen.sort_unstable();
    chosen
}

/// How many events each of so many findings of a page shows: a few, or as many as a browser takes.
///
/// ```
/// use mynah_report::findings::events_shown;
/// assert_eq!((events_shown(10, false), events_shown(10, true), events_shown(1_000, true)), (3, 100, 4));
/// ```
pub fn events_shown(findings: usize, many: bool) -> usize {
    let (least, most) = EVENTS_OF_FINDING;
    if many { MOST_EVENTS.checked_div(findings).unwrap_or(most).clamp(least, most) } else { least }
}

/// One HTML page without external resources, to be mailed. It works without JavaScript, and filters and sorts with it.
///
/// # Errors
/// If `out` cannot be written.
pub fn html(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let findings = page.findings;
    let events: BTreeSet<_> = findings.iter().flat_map(|finding| finding.events.iter().map(|event| event.id)).collect();
    let rules = Rules::of(page);
    let none = Evidence::default();
    let mut first_of_technique: BTreeMap<&str, usize> = BTreeMap::new();
    let mut shown: Vec<Value> = Vec::with_capacity(page.chosen.len());
    for (place, finding) in page.chosen.iter().filter_map(|number| findings.get(*number)).enumerate() {
        for technique in &finding.techniques {
            first_of_technique.entry(technique).or_insert(place);
        }
        let rule = rules.numbers.get(finding.id.as_str()).copied();
        shown.push(finding_in_full(finding, rule, page.evidence.get(place).unwrap_or(&none), page.events));
    }
    let level = |level: &Level| {
        let count = findings.iter().filter(|finding| finding.level == *level).count();
        json!({"name": level.name(), "count": count})
    };
    let hosts: BTreeSet<&String> = findings.iter().flat_map(|finding| &finding.hosts).collect();
    let users: BTreeSet<&String> = findings.iter().flat_map(|finding| &finding.users).collect();
    let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
    let values = json!({
        "data": page.data,
        "ran": page.ran,
        "version": env!("CARGO_PKG_VERSION"),
        "total": findings.len(),
        "events": events.len(),
        "hosts": hosts.len(),
        "users": users.len(),
        "first": time(findings.iter().filter_map(|finding| finding.first).min()),
        "last": time(findings.iter().filter_map(|finding| finding.last).max()),
        "levels": Level::ALL.iter().rev().map(level).collect::<Vec<_>>(),
        "histogram": totals::histogram(findings),
        "matrix": columns(findings),
        "first_of_technique": first_of_technique,
        "by_host": totals::by_technique(findings, |finding| &finding.hosts),
        "by_user": totals::by_technique(findings, |finding| &finding.users),
        "rules": rules.rows,
        "rules_found": rules.found,
        "findings": shown,
        "style": templates::STYLE,
        "script": SCRIPT,
        "policy": templates::policy(SCRIPT),
    });
    out.write_all(templates::render("findings.html", &values)?.as_bytes())
}

/// The matrix of techniques that were found.
fn columns(findings: &[Finding]) -> Vec<Value> {
    let mut cells = Cells::default();
    for finding in findings {
        for cell in cells.of(&finding.techniques, &finding.tactics) {
            cell.score += 1;
            cell.level = cell.level.max(Some(finding.level));
        }
    }
    matrix::columns(cells, false)
}

/// The rules that found something.
struct Rules<'f> {
    /// What is said of those that are listed, the gravest first.
    rows: Vec<Value>,
    /// The numbers of these, by their ids.
    numbers: BTreeMap<&'f str, usize>,
    /// How many there are.
    found: usize,
}

/// What the findings of a rule span.
#[derive(Default)]
struct Span {
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    versions: BTreeSet<Dialect>,
}

impl<'f> Rules<'f> {
    fn of(page: &Page<'f>) -> Rules<'f> {
        let mut loud = totals::loud(page.findings, |finding| &finding.id);
        loud.sort_by_key(|rule| Reverse(rule.finding.level));
        let found = loud.len();
        loud.truncate(MOST_RULES);
        let mut spans: BTreeMap<&str, Span> = BTreeMap::new();
        for finding in page.findings {
            let span = spans.entry(&finding.id).or_default();
            span.first = span.first.into_iter().chain(finding.first).min();
            span.last = span.last.max(finding.last);
            span.versions.extend(&finding.versions);
        }
        let packages: BTreeMap<&str, &Package> =
            page.packages.iter().map(|package| (package.manifest.id.as_str(), package)).collect();
        let mut rows = Vec::with_capacity(loud.len());
        let mut numbers = BTreeMap::new();
        for (number, rule) in loud.iter().enumerate() {
            let finding = rule.finding;
            let Span { first, last, versions } = spans.remove(finding.id.as_str()).unwrap_or_default();
            numbers.insert(finding.id.as_str(), number);
            let package = packages.get(finding.id.as_str());
            let queries = versions.into_iter().filter_map(|dialect| query(package?, dialect, page.tokens));
            let about = &finding.about;
            rows.push(json!({
                "id": finding.id,
                "name": finding.detection,
                "title": finding.title,
                "level": finding.level.name(),
                "severity": finding.level as usize,
                "confidence": finding.confidence.name(),
                "techniques": techniques(&finding.techniques),
                "findings": rule.findings,
                "events": rule.events,
                "first": first.map(|time| time.to_string()),
                "last": last.map(|time| time.to_string()),
                "description": about.description,
                "falsepositives": about.falsepositives,
                "references": about.references,
                "playbook": about.playbook,
                "queries": queries.collect::<Vec<_>>(),
            }));
        }
        Rules { rows, numbers, found }
    }
}

/// A rule's own text.
fn query(package: &Package, dialect: Dialect, tokens: Tokens<'_>) -> Option<Value> {
    let text = package.query(dialect)?;
    let shown: &str = text.char_indices().nth(MOST_OF_RULE).and_then(|(end, _)| text.get(..end)).unwrap_or(text);
    let file = package.manifest.versions.get(&dialect).map(|version| package.files().path(&version.query));
    Some(json!({
        "dialect": dialect.name(),
        "file": file,
        "html": highlight::query(shown, &tokens(shown, dialect), &[]),
        "left_out": text.len() - shown.len(),
    }))
}

/// Techniques with their names.
fn techniques(ids: &[String]) -> Vec<Value> {
    ids.iter().map(|id| json!({"id": id, "name": attack::full_name(id)})).collect()
}

/// All that the page says of a finding.
fn finding_in_full(finding: &Finding, rule: Option<usize>, evidence: &Evidence, events: usize) -> Value {
    let mut value = Value::Object(facts(finding));
    let few = |values: &BTreeSet<String>| {
        let shown: Vec<String> = values.iter().take(MOST_VALUES).map(|value| cut(value, MOST_OF_VALUE)).collect();
        json!({"shown": shown, "more": values.len() - shown.len()})
    };
    for (key, values) in [
        ("users", &finding.users),
        ("addresses", &finding.addresses),
        ("hosts", &finding.hosts),
        ("what", &finding.what),
    ] {
        value[key] = few(values);
    }
    let own: Vec<Value> = finding.events.iter().take(events).map(|event| event_in_full(event, evidence)).collect();
    let line = |text: &String| neutral::line(text).into_owned();
    let milliseconds = |time: Option<Timestamp>| time.map(Timestamp::milliseconds);
    value["did"] = json!(finding.what.first().map(|what| cut(what, MOST_OF_LINE)));
    value["technique_names"] = json!(techniques(&finding.techniques));
    value["severity"] = json!(finding.level as usize);
    value["rule"] = json!(rule);
    value["since"] = json!(milliseconds(finding.first));
    value["until"] = json!(milliseconds(finding.last));
    // Each in a line of an attribute.
    value["all_hosts"] = json!(finding.hosts.iter().take(MOST_NAMES).map(line).collect::<Vec<_>>().join("\n"));
    value["all_users"] = json!(finding.users.iter().take(MOST_NAMES).map(line).collect::<Vec<_>>().join("\n"));
    value["reasons"] = json!(evidence.reasons.iter().map(reason).collect::<Vec<_>>());
    value["count"] = json!(finding.events.len());
    value["more_events"] = json!(finding.events.len() - own.len());
    value["events"] = json!(own);
    value
}

fn reason(reason: &Reason) -> Value {
    let value = |(name, value): &(String, Option<String>)| json!({"name": name, "value": value.as_ref().map(|value| cut(value, MOST_OF_CONDITION))});
    // A list of many values is one condition: then the line with the one that is there says more.
    let long = reason.condition.chars().count() > MOST_OF_CONDITION;
    let condition = if long { &reason.text } else { &reason.condition };
    json!({
        "dialect": reason.dialect.name(),
        "line": reason.line,
        "condition": cut(condition, MOST_OF_CONDITION),
        "fields": reason.fields.iter().map(value).collect::<Vec<_>>(),
    })
}

fn event_in_full(event: &EventRef, evidence: &Evidence) -> Value {
    let shown = event.raw.as_deref().map(|raw| raw_event::shown(raw, &evidence.paths)).unwrap_or_default();
    json!({
        "time": event.time.map(|time| time.to_string()),
        "source": event.source,
        "file": event.file,
        "record": event.record,
        "html": event.raw.as_ref().map(|_| &shown.html),
        "left_out": shown.left_out,
        "asked": shown.asked,
    })
}

#[cfg(test)]
mod tests {
    use super::{MOST_FINDINGS, chosen};
    use crate::findings::tests::finding;
    use mynah_detection::Level;

    #[test]
    fn a_page_has_one_finding_of_each_rule_and_then_the_gravest() {
        let mut all = Vec::new();
        for number in 0..MOST_FINDINGS * 2 {
            let level = if number % 2 == 0 { Level::Low } else { Level::High };
            all.push(finding(if number % 2 == 0 { "loud" } else { "grave" }, level));
        }
        all.push(finding("rare", Level::Informational));
        let chosen = chosen(&all);
        let of = |id: &str| chosen.iter().filter(|number| all[**number].id == id).count();
        assert_eq!((of("rare"), of("loud"), of("grave")), (1, 1, MOST_FINDINGS - 2));
        assert!(chosen.is_sorted());
    }
}
