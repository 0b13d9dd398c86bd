use super::xml::escape;
use crate::Finding;
use std::collections::BTreeSet;
use std::fmt::Write;

const STYLE: &str = include_str!("../site/style.css");

/// Findings as one HTML page without anything outside itself, to be mailed.
pub fn html(findings: &[Finding], data: &str) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Findings</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Findings</h1>\n"
    );
    let events: BTreeSet<_> = findings.iter().flat_map(|finding| finding.events.iter().map(|event| event.id)).collect();
    let _ =
        writeln!(out, "<p>{} in {}, from {} events.</p>", count(findings.len(), "finding"), escape(data), events.len());
    if !findings.is_empty() {
        table(findings, &mut out);
        for (index, finding) in findings.iter().enumerate() {
            one(index, finding, &mut out);
        }
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn table(findings: &[Finding], out: &mut String) {
    out.push_str(
        "<div class=\"wide\"><table class=\"findings\">\n<thead><tr><th scope=\"col\">First seen</th><th scope=\"col\">Level</th>\
         <th scope=\"col\">Detection</th><th scope=\"col\">Who</th><th scope=\"col\">What</th><th scope=\"col\">Events</th></tr></thead>\n<tbody>\n",
    );
    for (index, finding) in findings.iter().enumerate() {
        let _ = writeln!(
            out,
            "<tr><td><a href=\"#f{index}\">{}</a></td><td><span class=\"level {level}\">{level}</span></td><td>{}<br>{}</td><td>{}</td><td><code>{}</code></td><td>{}</td></tr>",
            time(finding.first),
            escape(&finding.title),
            escape(&finding.techniques.join(", ")),
            who(finding),
            list(&finding.what, 3),
            finding.events.len(),
            level = finding.level.name(),
        );
    }
    out.push_str("</tbody>\n</table></div>\n");
}

fn one(index: usize, finding: &Finding, out: &mut String) {
    let _ = writeln!(out, "<section id=\"f{index}\">\n<h2>{}</h2>\n<dl>", escape(&finding.title));
    let tactics: Vec<String> = finding.tactics.iter().map(|(id, name)| format!("{name} ({id})")).collect();
    let versions: Vec<&str> = finding.versions.iter().map(|dialect| dialect.name()).collect();
    let rows = [
        ("When", format!("{} to {}", time(finding.first), time(finding.last))),
        ("Level", format!("{}, confidence {}", finding.level.name(), finding.confidence.name())),
        ("ATT&amp;CK", escape(&format!("{}: {}", tactics.join(", "), finding.techniques.join(", ")))),
        ("Users", list(&finding.users, usize::MAX)),
        ("Addresses", list(&finding.addresses, usize::MAX)),
        ("Machines", list(&finding.hosts, usize::MAX)),
        ("What", format!("<code>{}</code>", list(&finding.what, usize::MAX))),
        ("Found by", escape(&versions.join(", "))),
    ];
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(out, "<dt>{name}</dt><dd>{value}</dd>");
    }
    let _ = writeln!(out, "</dl>\n<details><summary>{}</summary>", count(finding.events.len(), "event"));
    out.push_str("<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">Time</th><th scope=\"col\">Log source</th><th scope=\"col\">File</th><th scope=\"col\">Record</th></tr></thead>\n<tbody>\n");
    for event in &finding.events {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            time(event.time),
            escape(&event.source),
            escape(&event.file),
            event.record
        );
    }
    out.push_str("</tbody>\n</table></div></details>\n</section>\n");
}

fn count(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

fn time(time: Option<mynah_event::Timestamp>) -> String {
    // With a blank before the hour: easier to read than the T of the standard.
    time.map(|time| time.to_string().replacen('T', " ", 1)).unwrap_or_else(|| "no time".to_owned())
}

fn who(finding: &Finding) -> String {
    let who: Vec<String> = [&finding.users, &finding.addresses, &finding.hosts]
        .into_iter()
        .filter(|who| !who.is_empty())
        .map(|who| list(who, 3))
        .collect();
    who.join("<br>")
}

fn list(values: &BTreeSet<String>, most: usize) -> String {
    let mut shown: Vec<String> = values.iter().take(most).map(|value| escape(value)).collect();
    if values.len() > most {
        shown.push(format!("and {} more", values.len() - most));
    }
    shown.join("<br>")
}
