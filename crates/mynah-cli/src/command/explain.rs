use crate::arguments::Explain;
use crate::exit::{Failure, Status};
use crate::{open, terminal};
use mynah::{Error, Explanation, Field, LogSource};
use std::io::Write as _;

/// `mynah explain`.
pub(crate) fn explain(arguments: &Explain) -> Result<Status, Failure> {
    let mynah = open::builder_over(&arguments.site, &arguments.data)?.build()?;
    let mut status = Status::Ran;
    let mut out = terminal::neutral_stdout();
    for file in open::queries(&arguments.queries)? {
        let explanation = match mynah.explain(&file.text, file.dialect) {
            Ok(explanation) => explanation,
            Err(Error::Query(diagnostics)) => {
                terminal::report(&file.name, &file.text, &diagnostics);
                status = Status::Usage;
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        terminal::report(&file.name, &file.text, explanation.query.diagnostics());
        writeln!(out, "{} ({}, in the view of {})\n", file.name, file.dialect, file.dialect.platform())?;
        writeln!(out, "Plan\n{}\nPrefilter: literals that a record must contain to be parsed", plan(&explanation))?;
        for literals in &explanation.literals {
            writeln!(out, "  {}", prefilter(literals))?;
        }
        if !arguments.data.is_empty() {
            let (events, skipped) = explanation.skipped()?;
            let share = if events == 0 { 0.0 } else { 100.0 * skipped as f64 / events as f64 };
            writeln!(out, "  {skipped} of {events} records were left out unparsed ({share:.1} %)")?;
        }
        writeln!(out, "\nFields")?;
        explanation.fields.iter().try_for_each(|one| field(one, &mut out))?;
    }
    Ok(status)
}

fn plan(explanation: &Explanation<'_>) -> String {
    explanation.plan.lines().map(|line| format!("  {line}\n")).collect()
}

fn prefilter(literals: &Option<Vec<String>>) -> String {
    match literals.as_deref() {
        None => "none: every record is parsed, unless its log source is ruled out".to_owned(),
        Some([]) => "no record can match: no log source has such events".to_owned(),
        Some(literals) => format!("one of {}", quoted(literals)),
    }
}

fn quoted(literals: &[String]) -> String {
    literals.iter().map(|literal| format!("`{literal}`")).collect::<Vec<_>>().join(", ")
}

fn field(field: &Field, out: &mut impl std::io::Write) -> std::io::Result<()> {
    writeln!(out, "  {} ({})", field.name, field.field_type)?;
    if field.origins.is_empty() {
        writeln!(out, "    in no log source: always null")?;
    }
    for (origin, sources) in &field.origins {
        let sources: Vec<&str> = sources.iter().map(LogSource::as_str).collect();
        writeln!(out, "    {}: {origin}", sources.join(", "))?;
    }
    Ok(())
}
