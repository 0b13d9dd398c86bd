use crate::arguments::{Check, CheckFormat};
use crate::exit::{Failure, Status};
use crate::{open, terminal};
use mynah::{Diagnostic, Dialect, MISSPELT_CONSTANT, QueryFile, Severity, frontend};
use mynah_report::diagnostics::{self, Checked};
use mynah_syntax::Rule;
use std::io::Write;

/// `mynah check`.
pub(crate) fn check(arguments: &Check) -> Result<Status, Failure> {
    if arguments.rules {
        return list_rules();
    }
    let mynah = open::builder(&arguments.site)?.build()?;
    let files = QueryFile::find(&arguments.paths)?;
    if files.is_empty() {
        let message = "no query files there: their names end in .aql, .eql, .spl, .sumo, .yml or .kuery";
        return Err(Failure::Usage(message.to_owned()));
    }
    let mut queries: Vec<(QueryFile, Vec<Diagnostic>)> = Vec::with_capacity(files.len());
    for path in files {
        let file = QueryFile::read(&path, None)?;
        let diagnostics = mynah.check(&file.text, file.dialect)?;
        queries.push((file, diagnostics));
    }
    let checked: Vec<Checked<'_>> = queries
        .iter()
        .map(|(file, diagnostics)| Checked { file: &file.name, text: &file.text, dialect: file.dialect, diagnostics })
        .collect();
    let mut out = std::io::stdout().lock();
    match arguments.format {
        CheckFormat::Human => human(&checked),
        CheckFormat::Json => writeln!(out, "{:#}", diagnostics::json(&checked))?,
        CheckFormat::Sarif => {
            writeln!(out, "{:#}", diagnostics::sarif(rules(), &checked))?;
        }
    }
    let refused = checked.iter().any(|file| file.diagnostics.iter().any(Diagnostic::is_error));
    Ok(if refused { Status::Usage } else { Status::Ran })
}

fn human(checked: &[Checked<'_>]) {
    for file in checked {
        terminal::report(file.file, file.text, file.diagnostics);
    }
    let count = |severity, noun| {
        let all = checked.iter().flat_map(|file| file.diagnostics);
        terminal::count(all.filter(|diagnostic| diagnostic.severity == severity).count(), noun)
    };
    let (errors, warnings) = (count(Severity::Error, "error"), count(Severity::Warning, "warning"));
    eprintln!("{}: {errors}, {warnings}", terminal::count(checked.len(), "query"));
}

/// The rules of all dialects, and the one that all share.
fn rules() -> impl Iterator<Item = &'static Rule> {
    Dialect::ALL.into_iter().flat_map(|dialect| frontend(dialect).rules()).chain([&MISSPELT_CONSTANT])
}

fn list_rules() -> Result<Status, Failure> {
    let mut out = std::io::stdout().lock();
    let indent = |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
    for rule in rules() {
        writeln!(out, "{}\n  {}\n  Why: {}", rule.code, rule.what, rule.why)?;
        writeln!(out, "  Instead of\n{}  write\n{}  {}\n", indent(rule.bad), indent(rule.good), rule.page)?;
    }
    Ok(Status::Ran)
}
