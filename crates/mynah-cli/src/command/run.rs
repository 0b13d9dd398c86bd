use crate::arguments::Run;
use crate::bar::Bar;
use crate::exit::{Failure, Status};
use crate::why::{self, Patience};
use crate::{data_report, open, rows, terminal};
use mynah::{Diagnostic, Error, Mynah, Query, QueryFile, Severity};
use std::io::Write;

/// `mynah run`.
pub(crate) fn run(arguments: &Run) -> Result<Status, Failure> {
    let queries = open::queries(&arguments.queries)?;
    let mut builder =
        open::builder_over(&arguments.site, &arguments.data.paths)?.parse_everything(arguments.no_prefilter);
    if let Some(now) = arguments.now {
        builder = builder.now(now);
    }
    if let Some(threads) = arguments.threads {
        builder = builder.threads(usize::from(threads));
    }
    let mynah = builder.build()?;
    let mut status = Status::Ran;
    let mut patience = Patience::default();
    for query in &queries {
        status = status.max(run_one(arguments, &mynah, query, queries.len() > 1, &mut patience)?);
    }
    Ok(status.max(data_report::report(mynah.engine(), arguments.strict_data, arguments.quiet)))
}

fn run_one(
    arguments: &Run,
    mynah: &Mynah,
    file: &QueryFile,
    several: bool,
    patience: &mut Patience,
) -> Result<Status, Failure> {
    let bar = Bar::start(mynah.engine(), arguments.quiet);
    let known = mynah.engine().derived_now();
    let query = match mynah.query(&file.text, file.dialect) {
        Ok(query) => query,
        Err(error) => {
            bar.finish();
            let Error::Query(diagnostics) = error else { return Err(error.into()) };
            terminal::report(&file.name, &file.text, &diagnostics);
            return Ok(Status::Usage);
        }
    };
    if !arguments.quiet {
        // Notes are for `check`.
        let is_warning = |diagnostic: &&Diagnostic| diagnostic.severity != Severity::Info;
        let shown: Vec<Diagnostic> = query.diagnostics().iter().filter(is_warning).cloned().collect();
        terminal::report(&file.name, &file.text, &shown);
        if several {
            eprintln!("{}:", file.name);
        }
    }
    let result = if arguments.events { write_events(&query) } else { write_rows(arguments, &query) };
    bar.finish();
    if let (None, Some(now), false) = (known, mynah.engine().derived_now(), arguments.quiet) {
        eprintln!("note: now is {now}, just after the newest event (--now sets it)");
    }
    let found = result?;
    if arguments.why {
        why::report(&query, file)?;
    } else if found == 0 && !arguments.quiet {
        patience.hint(&query, file, several);
    }
    Ok(if found > 0 && arguments.fail_on_findings { Status::Findings } else { Status::Ran })
}

/// Writes a query's rows; gives their number.
fn write_rows(arguments: &Run, query: &Query<'_>) -> Result<usize, Failure> {
    let mut writer = rows::writer(arguments.format, query.style());
    let mut count = 0;
    let schema = query.batches(|batch| {
        count += batch.num_rows();
        writer.batch(&batch)
    })?;
    writer.finish(&schema)?;
    Ok(count)
}

/// Writes the raw events behind a query's rows; gives their number.
fn write_events(query: &Query<'_>) -> Result<usize, Failure> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let count = query.events(|event| {
        let line = EventLine {
            source: event.source.as_str(),
            file: &event.file,
            record: event.record,
            time: event.time.map(|time| time.to_string()),
            raw: &event.raw,
        };
        serde_json::to_writer(&mut out, &line)?;
        out.write_all(b"\n")
    })?;
    out.flush()?;
    Ok(count)
}

/// An event as `--events` writes it.
#[derive(serde::Serialize)]
struct EventLine<'e> {
    source: &'e str,
    file: &'e str,
    record: u64,
    time: Option<String>,
    raw: &'e str,
}
