use crate::arguments::{Check, CheckFormat};
use crate::exit::{Failure, Status};
use crate::{open, terminal};
use mynah::{Diagnostic, Dialect, MISSPELT_CONSTANT, QueryFile, Rules, Severity, frontend, in_parallel};
use mynah_report::diagnostics::{self, Checked};
use mynah_syntax::{Rule, neutral};
use std::io::Write;
use std::path::{Path, PathBuf};

mod fix;
mod rules;

/// A query, and what there is to say of it.
struct One {
    /// The name of its file.
    name: String,
    /// The text that the diagnostics are about.
    text: String,
    /// None of a file that cannot be read.
    dialect: Option<Dialect>,
    diagnostics: Vec<Diagnostic>,
    /// Whether it is a rule of another format, or a file of its own.
    is_rule: bool,
}

/// A file with rules that cannot be read as what it is.
const BROKEN: &str = "rules/broken";
/// A rule of a kind that is not run, or that was left out.
const NOT_CHECKED: &str = "rules/not-checked";

/// `mynah check`.
pub(crate) fn check(arguments: &Check) -> Result<Status, Failure> {
    if arguments.rules {
        return list_rules();
    }
    let (files, rules) = find(arguments)?;
    let mut settings = open::settings(&arguments.site)?;
    rules.add_to(&mut settings)?;
    let mynah = open::builder_with(&arguments.site, settings)?.build()?;
    let checked = in_parallel(mynah.engine().threads(), &files, |file| {
        let (name, text, dialect) = (file.name.clone(), file.text.clone(), Some(file.dialect));
        let diagnostics = mynah.check(&text, file.dialect)?;
        Ok(One { name, text, dialect, diagnostics, is_rule: false })
    });
    let mut queries = checked.into_iter().collect::<Result<Vec<One>, Failure>>()?;
    let mut fixed = 0;
    if arguments.fix {
        queries.iter_mut().try_for_each(|query| fix::fix(&mynah, query, &mut fixed))?;
    }
    queries.extend(rules::check(&mynah, &rules)?);
    let checked: Vec<Checked<'_>> = queries
        .iter()
        .map(|one| Checked { file: &one.name, text: &one.text, dialect: one.dialect, diagnostics: &one.diagnostics })
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
            let sarif = format!("{:#}", diagnostics::sarif(self::list(), &checked));
            writeln!(out, "{}", neutral::json(&sarif))?;
        }
    }
    out.flush()?;
    let refused = checked.iter().any(|file| file.diagnostics.iter().any(Diagnostic::is_error));
    Ok(if refused { Status::Usage } else { Status::Ran })
}

/// The files at these paths that are a query or of Sigma, `-` among them, and the rules of other formats.
fn find(arguments: &Check) -> Result<(Vec<QueryFile>, Rules), Failure> {
    if let (Some(text), Some(dialect)) = (&arguments.query, arguments.lang) {
        return Ok((vec![open::named_query(text, dialect)], Rules::default()));
    }
    // What is told its language is a query, whatever its name; and of what is not there that is said.
    let is_query = |path: &&PathBuf| {
        path.as_path() == Path::new("-") || (!path.is_dir() && (arguments.lang.is_some() || !path.exists()))
    };
    let (queries, others): (Vec<&PathBuf>, Vec<&PathBuf>) = arguments.paths.iter().partition(is_query);
    let others: Vec<PathBuf> = others.into_iter().cloned().collect();
    let (found, rules) = Rules::read_apart(&others);
    let files: Vec<PathBuf> = queries.into_iter().cloned().chain(found).collect();
    if files.is_empty()
        && [rules.refused(), rules.left_out()].concat().is_empty()
        && rules.catalog().packages().is_empty()
    {
        return Err(Failure::Usage(format!("{}, or rules: Elastic's .toml, Splunk's, Sumo Logic's", open::NO_QUERIES)));
    }
    let files =
        files.iter().map(|path| open::query_file(path, arguments.lang)).collect::<Result<Vec<QueryFile>, Failure>>()?;
    Ok((files, rules))
}

fn human(checked: &[Checked<'_>], quiet: bool, out: &mut impl Write) -> std::io::Result<()> {
    let color = terminal::colored(&std::io::stdout());
    let is_not_checked = |diagnostic: &Diagnostic| diagnostic.code == NOT_CHECKED;
    for file in checked {
        let is_shown = |one: &&Diagnostic| if quiet { one.is_error() } else { !is_not_checked(one) };
        let shown: Vec<Diagnostic> = file.diagnostics.iter().filter(is_shown).cloned().collect();
        terminal::write_diagnostics(file.file, file.text, &shown, color, out)?;
    }
    if quiet {
        return Ok(());
    }
    let all = || checked.iter().flat_map(|file| file.diagnostics);
    let count =
        |severity, noun| terminal::count(all().filter(|diagnostic| diagnostic.severity == severity).count(), noun);
    let (errors, warnings) = (count(Severity::Error, "error"), count(Severity::Warning, "warning"));
    let left_out = all().filter(|diagnostic| is_not_checked(diagnostic)).count();
    let queries = terminal::count(checked.len() - left_out, "query");
    let left_out = match left_out {
        0 => String::new(),
        some => format!(" ({} not checked: --format json says why)", terminal::count(some, "rule")),
    };
    writeln!(out, "{queries}: {errors}, {warnings}{left_out}")
}

/// The rules of all dialects, and the one that all share.
fn list() -> impl Iterator<Item = &'static Rule> {
    Dialect::ALL.into_iter().flat_map(|dialect| frontend(dialect).rules()).chain([&MISSPELT_CONSTANT])
}

fn list_rules() -> Result<Status, Failure> {
    let mut out = std::io::stdout().lock();
    let indent = |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
    for rule in list() {
        writeln!(out, "{}\n  {}\n  Why: {}", rule.code, rule.what, rule.why)?;
        writeln!(out, "  Instead of\n{}  write\n{}  {}\n", indent(rule.bad), indent(rule.good), rule.page)?;
    }
    Ok(Status::Ran)
}
