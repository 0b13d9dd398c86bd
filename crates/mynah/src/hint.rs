//! A query that its language refuses may be one of another language: pasted with the wrong `--lang`, or in a file with the
//! wrong extension.
use mynah_event::Dialect;
use mynah_syntax::Diagnostic;

/// Adds to the first error which language the text seems to be in, if it is another one; `accepts` tells whether a language
/// has no error in it.
pub(crate) fn add(text: &str, dialect: Dialect, diagnostics: &mut [Diagnostic], accepts: impl Fn(Dialect) -> bool) {
    let Some(error) = diagnostics.iter_mut().find(|diagnostic| diagnostic.is_error()) else { return };
    if let Some(hint) = hint(text, dialect, accepts) {
        *error = error.clone().with_help(hint);
    }
}

fn hint(text: &str, dialect: Dialect, accepts: impl Fn(Dialect) -> bool) -> Option<String> {
    let lower = text.to_lowercase();
    if is_kusto(&lower) {
        return Some(
            "this looks like the KQL of Microsoft Sentinel and Defender (Kusto), which Mynah does not run".to_owned(),
        );
    }
    let other =
        Dialect::ALL.into_iter().find(|other| *other != dialect && looks_like(*other, &lower) && accepts(*other))?;
    let what = match other {
        Dialect::Aql => "QRadar's AQL",
        Dialect::Eql => "Elastic's EQL",
        Dialect::Spl => "Splunk's SPL",
        Dialect::Sumo => "Sumo Logic's language",
        Dialect::Sigma => "a Sigma rule",
        Dialect::Kuery => "Kibana's KQL",
    };
    let extension = other.extensions().first().copied().unwrap_or_default();
    Some(format!("this looks like {what}: run it with `--lang {other}`, or from a file that ends in `.{extension}`"))
}

/// Operators that Kusto has and no language that is run here.
fn is_kusto(text: &str) -> bool {
    let operators =
        ["| summarize ", "| project ", "| project-away ", "| extend ", "| mv-expand ", "| join kind=", "| take "];
    let words = [" has_any (", " has_any(", " has_all (", " =~ \"", " has \"", " in~ (", "ago("];
    let any = |signs: &[&str]| signs.iter().filter(|sign| text.contains(*sign)).count();
    let piped = text.contains("| where ") || text.contains("|where ");
    any(&operators) > 0 && (piped || any(&words) > 0) || (piped && any(&words) > 0)
}

/// Whether a text, in lower case, has what nearly every query of a language has. Some languages accept any words.
fn looks_like(dialect: Dialect, text: &str) -> bool {
    let has = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
    match dialect {
        Dialect::Aql => text.trim_start().starts_with("select"),
        Dialect::Eql => has(&[" where ", "sequence", "sample"]),
        Dialect::Spl => has(&["index=", "sourcetype=", "eventcode=", "| stats", "| tstats", "|stats"]),
        Dialect::Sumo => has(&["_sourcecategory", "_index=", "_source", "| parse ", "| json "]),
        Dialect::Sigma => has(&["logsource:"]) && has(&["detection:"]),
        Dialect::Kuery => text.contains(':') && !text.contains('|'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_by_what_most_queries_have() {
        let any = |text: &str, dialect| hint(text, dialect, |_| true);
        let kusto = "SecurityEvent | where EventID == 4688 | project Account, Process";
        assert!(any(kusto, Dialect::Spl).unwrap().contains("Kusto"));
        assert!(
            any("process.name : \"cmd.exe\" and not user.name : a*", Dialect::Eql).unwrap().contains("--lang kuery")
        );
        assert!(any("SELECT * FROM events", Dialect::Eql).unwrap().contains("--lang aql"));
        assert_eq!(hint("index=main | where x=1 | stats count", Dialect::Spl, |_| false), None);
    }
}
