use crate::arguments::{Check, CheckFormat};
use crate::exit::{Failure, Status};
use crate::{open, terminal};
use mynah::{Diagnostic, Dialect, MISSPELT_CONSTANT, Mynah, QueryFile, Severity, frontend};
use mynah_report::diagnostics::{self, Checked};
use mynah_syntax::{Fix, Rule, neutral};
use std::io::Write;
use std::path::{Path, PathBuf};

/// `mynah check`.
pub(crate) fn check(arguments: &Check) -> Result<Status, Failure> {
    if arguments.rules {
        return list_rules();
    }
    let mynah = open::builder(&arguments.site)?.build()?;
    let mut queries: Vec<(QueryFile, Vec<Diagnostic>)> = Vec::new();
    let mut fixed = 0;
    if let (Some(text), Some(dialect)) = (&arguments.query, arguments.lang) {
        let file = open::named_query(text, dialect);
        let diagnostics = mynah.check(&file.text, file.dialect)?;
        queries.push((file, diagnostics));
    }
    let paths = if arguments.query.is_some() { Vec::new() } else { files(&arguments.paths)? };
    for path in paths {
        let file = open::query_file(&path, arguments.lang)?;
        let diagnostics = mynah.check(&file.text, file.dialect)?;
        queries.push(match arguments.fix {
            true => fix(&mynah, &path, (file, diagnostics), &mut fixed)?,
            false => (file, diagnostics),
        });
    }
    let checked: Vec<Checked<'_>> = queries
        .iter()
        .map(|(file, diagnostics)| Checked { file: &file.name, text: &file.text, dialect: file.dialect, diagnostics })
        .collect();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match arguments.format {
        CheckFormat::Human => {
            human(&checked, arguments.quiet, &mut out)?;
            if arguments.fix && !arguments.quiet {
                writeln!(out, "{} written", terminal::count(fixed, "fix"))?;
            }
        }
        CheckFormat::Json => {
            let json = format!("{:#}", diagnostics::json(&checked));
            writeln!(out, "{}", neutral::json(&json))?;
        }
        CheckFormat::Sarif => {
            let sarif = format!("{:#}", diagnostics::sarif(rules(), &checked));
            writeln!(out, "{}", neutral::json(&sarif))?;
        }
    }
    out.flush()?;
    let refused = checked.iter().any(|file| file.diagnostics.iter().any(Diagnostic::is_error));
    Ok(if refused { Status::Usage } else { Status::Ran })
}

/// The query files at these paths, `-` among them.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let files = QueryFile::find(paths)?;
    if files.is_empty() {
        return Err(Failure::Usage(open::NO_QUERIES.to_owned()));
    }
    Ok(files)
}

/// How often a file is fixed: a fix may bring up the next one.
const MOST_ROUNDS: usize = 10;

/// Writes the fixes of a file's diagnostics into it; gives what is left to say.
fn fix(
    mynah: &Mynah,
    path: &Path,
    (mut file, mut diagnostics): (QueryFile, Vec<Diagnostic>),
    fixed: &mut usize,
) -> Result<(QueryFile, Vec<Diagnostic>), Failure> {
    if path == Path::new("-") {
        return Err(Failure::Usage("--fix writes into files: standard input has none".to_owned()));
    }
    let before = file.text.clone();
    for _ in 0..MOST_ROUNDS {
        let (text, count) = apply(&file.text, diagnostics.iter().filter_map(|diagnostic| diagnostic.fix.as_deref()));
        if count == 0 || text == file.text {
            break;
        }
        let now = mynah.check(&text, file.dialect)?;
        // A fix that breaks the query is none.
        if now.iter().filter(|one| one.is_error()).count() > diagnostics.iter().filter(|one| one.is_error()).count() {
            break;
        }
        *fixed += count;
        (file.text, diagnostics) = (text, now);
    }
    if file.text != before {
        let failed = |error: std::io::Error| Failure::Usage(format!("{}: {error}", path.display()));
        std::fs::write(path, &file.text).map_err(failed)?;
    }
    Ok((file, diagnostics))
}

/// A text with these replacements, of those that overlap the first only; and how many there were.
fn apply<'f>(text: &str, fixes: impl Iterator<Item = &'f Fix>) -> (String, usize) {
    let mut fixes: Vec<&Fix> = fixes.collect();
    fixes.sort_by_key(|fix| (fix.span.start, fix.span.end));
    let (mut out, mut end, mut count) = (String::new(), 0, 0);
    for fix in fixes {
        let Some(kept) = text.get(end..fix.span.start) else { continue };
        if text.get(fix.span.start..fix.span.end).is_none() {
            continue;
        }
        out.push_str(kept);
        out.push_str(&fix.replacement);
        end = fix.span.end;
        count += 1;
    }
    out.push_str(text.get(end..).unwrap_or_default());
    (out, count)
}

fn human(checked: &[Checked<'_>], quiet: bool, out: &mut impl Write) -> std::io::Result<()> {
    let color = terminal::colored(&std::io::stdout());
    for file in checked {
        let shown: Vec<Diagnostic> =
            file.diagnostics.iter().filter(|diagnostic| !quiet || diagnostic.is_error()).cloned().collect();
        terminal::write_diagnostics(file.file, file.text, &shown, color, out)?;
    }
    if quiet {
        return Ok(());
    }
    let count = |severity, noun| {
        let all = checked.iter().flat_map(|file| file.diagnostics);
        terminal::count(all.filter(|diagnostic| diagnostic.severity == severity).count(), noun)
    };
    let (errors, warnings) = (count(Severity::Error, "error"), count(Severity::Warning, "warning"));
    writeln!(out, "{}: {errors}, {warnings}", terminal::count(checked.len(), "query"))
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
