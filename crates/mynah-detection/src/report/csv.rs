use crate::Finding;

/// Findings as comma-separated values with a header (RFC 4180), several values of one field apart by `; `.
pub fn csv(findings: &[Finding]) -> String {
    let mut out = String::from(
        "first,last,level,confidence,detection,title,tactics,techniques,users,addresses,hosts,what,events,versions,uid\r\n",
    );
    for finding in findings {
        let list = |values: &std::collections::BTreeSet<String>| values.iter().cloned().collect::<Vec<_>>().join("; ");
        let time = |time: Option<mynah_event::Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
        let fields = [
            time(finding.first),
            time(finding.last),
            finding.level.name().to_owned(),
            finding.confidence.name().to_owned(),
            finding.detection.clone(),
            finding.title.clone(),
            finding.tactics.iter().map(|(_, name)| *name).collect::<Vec<_>>().join("; "),
            finding.techniques.join("; "),
            list(&finding.users),
            list(&finding.addresses),
            list(&finding.hosts),
            list(&finding.what),
            finding.events.len().to_string(),
            finding.versions.iter().map(|dialect| dialect.name()).collect::<Vec<_>>().join("; "),
            finding.uid(),
        ];
        out.push_str(&fields.map(|field| quote(&field)).join(","));
        out.push_str("\r\n");
    }
    out
}

fn quote(field: &str) -> String {
    // A spreadsheet takes a text that begins like this for a formula, and logs are not to be trusted.
    let guarded =
        if field.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{field}") } else { field.to_owned() };
    if guarded.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}
