use crate::arguments::{Check, CheckFormat};
use crate::exit::{Failure, Status};
use crate::query::Query;
use crate::{dialects, query_report, site};
use mynah_dialect::{Mode, PlanContext, Stages};
use mynah_event::Dialect;
use mynah_syntax::{Diagnostic, LineColumn, Severity};
use serde_json::json;
use std::io::Write;

/// What was found in one file.
struct Checked {
    query: Query,
    diagnostics: Vec<Diagnostic>,
}

/// `mynah check`.
pub(crate) fn check(arguments: &Check) -> Result<Status, Failure> {
    if arguments.rules {
        return list_rules();
    }
    let settings = site::load(&arguments.site)?;
    let catalog = settings.catalog().map_err(|error| Failure::Usage(error.to_string()))?;
    let files = Query::find(&arguments.paths)?;
    if files.is_empty() {
        return Err(Failure::Usage(
            "no query files there: their names end in .aql, .eql, .spl, .sumo or .yml".to_owned(),
        ));
    }
    let mut checked = Vec::with_capacity(files.len());
    for path in files {
        let query = Query::read(&path, None)?;
        let view = catalog.platform(query.dialect.platform()).map_err(|error| Failure::Usage(error.to_string()))?;
        let context = PlanContext {
            mode: Mode::Check,
            view: &view,
            site: &settings.site,
            stages: &Stages::without_data(),
            now: &mynah_event::Timestamp::wall,
        };
        let mut diagnostics = dialects::frontend(query.dialect).plan(&query.text, &context).diagnostics;
        if arguments.site.strict {
            query_report::strict(&mut diagnostics);
        }
        checked.push(Checked { query, diagnostics });
    }
    match arguments.format {
        CheckFormat::Human => human(&checked),
        CheckFormat::Json => print_json(&as_json(&checked))?,
        CheckFormat::Sarif => print_json(&as_sarif(&checked))?,
    }
    let refused = checked.iter().any(|file| file.diagnostics.iter().any(Diagnostic::is_error));
    Ok(if refused { Status::Usage } else { Status::Ran })
}

fn human(checked: &[Checked]) {
    for file in checked {
        query_report::report(&file.query.name, &file.query.text, &file.diagnostics);
    }
    let count = |severity| checked.iter().flat_map(|file| &file.diagnostics).filter(|d| d.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let plural = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    eprintln!(
        "{}: {}, {}",
        plural(checked.len(), "query").replace("querys", "queries"),
        plural(errors, "error"),
        plural(warnings, "warning")
    );
}

fn print_json(value: &serde_json::Value) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, value).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}

fn as_json(checked: &[Checked]) -> serde_json::Value {
    checked
        .iter()
        .map(|file| {
            let diagnostics: Vec<serde_json::Value> = file
                .diagnostics
                .iter()
                .map(|diagnostic| {
                    let mut value = json!(diagnostic);
                    // Lines and columns besides the bytes, for editors.
                    value["span"]["from"] = json!(LineColumn::of(&file.query.text, diagnostic.span.start));
                    value["span"]["to"] = json!(LineColumn::of(&file.query.text, diagnostic.span.end));
                    value
                })
                .collect();
            json!({"file": file.query.name, "dialect": file.query.dialect.name(), "diagnostics": diagnostics})
        })
        .collect()
}

/// SARIF 2.1.0: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.
fn as_sarif(checked: &[Checked]) -> serde_json::Value {
    let rules: Vec<serde_json::Value> = Dialect::ALL
        .into_iter()
        .flat_map(|dialect| dialects::frontend(dialect).rules())
        .map(|rule| json!({"id": rule.code, "shortDescription": {"text": rule.what}, "fullDescription": {"text": rule.why}, "helpUri": rule.page}))
        .collect();
    let results: Vec<serde_json::Value> = checked
        .iter()
        .flat_map(|file| file.diagnostics.iter().map(move |diagnostic| (file, diagnostic)))
        .map(|(file, diagnostic)| {
            let (from, to) = (LineColumn::of(&file.query.text, diagnostic.span.start), LineColumn::of(&file.query.text, diagnostic.span.end));
            let level = match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "note",
            };
            let message = match &diagnostic.help {
                Some(help) => format!("{}\n{help}", diagnostic.message),
                None => diagnostic.message.clone(),
            };
            json!({
                "ruleId": diagnostic.code,
                "level": level,
                "message": {"text": message},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": file.query.name},
                    "region": {"startLine": from.line, "startColumn": from.column, "endLine": to.line, "endColumn": to.column},
                }}],
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "mynah", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "results": results,
        }],
    })
}

fn list_rules() -> Result<Status, Failure> {
    let mut out = std::io::stdout().lock();
    for dialect in Dialect::ALL {
        for rule in dialects::frontend(dialect).rules() {
            let indent = |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
            writeln!(
                out,
                "{}\n  {}\n  Why: {}\n  Instead of\n{}  write\n{}  {}\n",
                rule.code,
                rule.what,
                rule.why,
                indent(rule.bad),
                indent(rule.good),
                rule.page
            )?;
        }
    }
    Ok(Status::Ran)
}
