use crate::arguments::{Format, Run};
use crate::bar::Bar;
use crate::data_report::Say;
use crate::exit::{Failure, Status};
use crate::rows::{self, RowWriter};
use crate::why::{self, Gave, Patience};
use crate::{data_report, open, terminal};
use datafusion::arrow::array::RecordBatch;
use mynah::value::{self, Style};
use mynah::{Diagnostic, Dialect, Error, Mynah, Query, QueryFile, Severity, Together};
use mynah_syntax::neutral;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// `mynah run`.
pub(crate) fn run(arguments: &Run) -> Result<Status, Failure> {
    if arguments.queries.files.iter().any(|path| path == Path::new("-"))
        && arguments.data.paths.iter().any(|path| path == "-")
    {
        return Err(Failure::Usage("standard input holds either the query or the logs".to_owned()));
    }
    run_queries(arguments, open::each_query(&arguments.queries)?)
}

/// Runs these queries, as the other arguments say.
pub(crate) fn run_queries(arguments: &Run, queries: Vec<Result<QueryFile, Failure>>) -> Result<Status, Failure> {
    if arguments.size.is_some() && arguments.format != Some(Format::Elastic) {
        return Err(Failure::Usage("`--size` is for `--format elastic`; `head` and its like limit rows".to_owned()));
    }
    let mut builder =
        open::builder_over(&arguments.site, &arguments.data.paths)?.parse_everything(arguments.no_prefilter);
    if let Some(now) = arguments.now {
        builder = builder.now(now);
    }
    if let Some(threads) = arguments.threads {
        builder = builder.threads(usize::from(threads));
    }
    let mynah = builder.build()?;
    let say = Say { strict: arguments.strict_data, quiet: arguments.quiet, verbose: arguments.data.verbose };
    let mut status = Status::Ran;
    let several = queries.len() > 1;
    let mut output = Output { writer: rows::writer(arguments.format, several), patience: Patience::default(), several };
    let plan = |file: QueryFile| {
        let parts = mynah.query_of_rest(&file.text, file.dialect);
        (file, parts)
    };
    let planned: Vec<Named<'_>> = queries.into_iter().map(|query| query.map(plan)).collect();
    let together = read_together(arguments, &mynah, &planned)?;
    let mut numbers = 0..;
    // A query that cannot be read, planned or run does not stop those named after it.
    for query in planned {
        let number = if is_planned(&query) { numbers.next() } else { None };
        let read = together.as_ref().zip(number);
        let ran = query.and_then(|(file, parts)| run_one(arguments, &mynah, &file, parts, read, &mut output));
        status = status.max(match ran {
            Ok(status) => status,
            Err(failure) if failure.is_of_output() => return Err(failure),
            Err(failure) => failure.report(),
        });
    }
    if !arguments.events {
        output.writer.finish()?;
    }
    Ok(status.max(data_report::report(mynah.engine(), say)))
}

/// What the queries of a run share.
struct Output {
    writer: Box<dyn RowWriter>,
    patience: Patience,
    /// Whether there are several queries.
    several: bool,
}

/// A query that is planned, and what is said of those of its parts that are refused.
type Parts<'m> = Result<(Query<'m>, Vec<Diagnostic>), Error>;

/// The same with its file; or why that cannot be read.
type Named<'m> = Result<(QueryFile, Parts<'m>), Failure>;

fn is_planned(query: &Named<'_>) -> bool {
    query.as_ref().is_ok_and(|(_, parts)| parts.is_ok())
}

/// Reads the logs once for all queries that are planned, if there are several and they give rows.
fn read_together(arguments: &Run, mynah: &Mynah, planned: &[Named<'_>]) -> Result<Option<Together>, Failure> {
    let queries = planned.iter().filter_map(|query| Some(&query.as_ref().ok()?.1.as_ref().ok()?.0));
    let queries: Vec<&Query<'_>> = queries.collect();
    let gives_rows = !arguments.events && arguments.format != Some(Format::Elastic) && !arguments.no_prefilter;
    if !gives_rows || queries.len() < 2 || arguments.data.paths.is_empty() {
        return Ok(None);
    }
    let mut bar = Bar::start(mynah.engine(), arguments.quiet);
    let together = mynah.read_together(&queries);
    bar.finish();
    Ok(together?)
}

fn run_one(
    arguments: &Run,
    mynah: &Mynah,
    file: &QueryFile,
    parts: Parts<'_>,
    read: Option<(&Together, usize)>,
    output: &mut Output,
) -> Result<Status, Failure> {
    let mut bar = Bar::start(mynah.engine(), arguments.quiet);
    let known = mynah.engine().derived_now();
    let (query, refused) = match parts {
        Ok(parts) => parts,
        Err(error) => {
            bar.finish();
            let Error::Query(diagnostics) = error else { return Err(error.into()) };
            terminal::report(&file.name, &file.text, &diagnostics);
            return Ok(Status::Usage);
        }
    };
    if arguments.data.paths.is_empty() && query.reads_events() {
        bar.finish();
        return Err(Failure::Usage("this query reads events: name the logs with --data".to_owned()));
    }
    terminal::report(&file.name, &file.text, &refused);
    if !arguments.quiet {
        warn(file, query.diagnostics());
    }
    let result = match (arguments.events, arguments.format) {
        (true, _) => {
            write_events(&query, output.several.then_some(file.name.as_str()), &mut bar).map(Found::without_zeros)
        }
        (false, Some(Format::Elastic)) => {
            write_response(mynah, file, arguments.size.unwrap_or(10) as usize).map(Found::without_zeros)
        }
        (false, _) => write_rows(&query, &file.name, read, output.writer.as_mut(), &mut bar),
    };
    bar.finish();
    if let (None, Some(now), false) = (known, mynah.engine().derived_now(), arguments.quiet) {
        terminal::say(format_args!("note: now is {now}, just after the newest event (--now sets it)"));
    }
    if !arguments.quiet {
        warn(file, &query.later_diagnostics());
    }
    let found = result?;
    if arguments.why {
        why::report(&query, file)?;
    } else if let Some(gave) = found.to_explain().filter(|_| !arguments.quiet && !arguments.data.paths.is_empty()) {
        output.patience.hint(mynah.engine(), &query, file, output.several, gave);
    }
    Ok(match (refused.is_empty(), found.rows > 0 && arguments.fail_on_findings) {
        (false, _) => Status::Usage,
        (true, true) => Status::Findings,
        (true, false) => Status::Ran,
    })
}

/// Shows the warnings among these. Notes are for `check`, but for those that tell why nothing is found.
fn warn(file: &QueryFile, diagnostics: &[Diagnostic]) {
    let is_warning = |diagnostic: &&Diagnostic| diagnostic.severity != Severity::Info || diagnostic.finds_nothing;
    let shown: Vec<Diagnostic> = diagnostics.iter().filter(is_warning).cloned().collect();
    terminal::report(&file.name, &file.text, &shown);
}

/// What a query found.
#[derive(Default)]
struct Found {
    rows: usize,
    /// Whether the first row is of zeros and missing values only.
    zeros: bool,
}

impl Found {
    fn without_zeros(rows: usize) -> Found {
        Found { rows, zeros: false }
    }

    fn add(&mut self, batch: &RecordBatch, style: Style) {
        self.zeros |= self.rows == 0 && batch.num_rows() == 1 && is_of_zeros(batch, style);
        self.rows += batch.num_rows();
    }

    fn to_explain(&self) -> Option<Gave> {
        match self.rows {
            0 => Some(Gave::Nothing),
            1 if self.zeros => Some(Gave::Zeros),
            _ => None,
        }
    }
}

/// Whether every value of the first row is a zero or missing, and one is a zero.
fn is_of_zeros(batch: &RecordBatch, style: Style) -> bool {
    let mut any = false;
    batch.columns().iter().all(|column| {
        let mut value = String::new();
        value::text(column.as_ref(), 0, style, &mut value);
        let zero = value.parse::<f64>().is_ok_and(|number| number == 0.0);
        any |= zero;
        zero || value.is_empty()
    }) && any
}

/// Writes a query's rows.
fn write_rows(
    query: &Query<'_>,
    name: &str,
    read: Option<(&Together, usize)>,
    writer: &mut dyn RowWriter,
    bar: &mut Bar,
) -> Result<Found, Failure> {
    let shares_terminal = std::io::stdout().is_terminal();
    writer.begin(name, query.style())?;
    let mut found = Found::default();
    let each = |batch: RecordBatch| {
        found.add(&batch, query.style());
        if shares_terminal {
            bar.finish();
        }
        writer.batch(&batch)
    };
    let schema = match read {
        Some((together, number)) => together.batches(number, query, each),
        None => query.batches(each),
    }?;
    bar.finish();
    writer.end(&schema)?;
    Ok(found)
}

/// Writes the response that Elastic's search API would give; gives the number of events or sequences in it.
fn write_response(mynah: &Mynah, file: &QueryFile, size: usize) -> Result<usize, Failure> {
    if file.dialect != Dialect::Eql {
        let message = format!("{}: `--format elastic` is for EQL, and this is {}", file.name, file.dialect);
        return Err(Failure::Usage(message));
    }
    let response = mynah.eql_search(&file.text, size)?;
    let hits = response.get("hits");
    let list = hits.and_then(|hits| hits.get("events").or_else(|| hits.get("sequences")));
    let count = list.and_then(|list| list.as_array()).map_or(0, Vec::len);
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", neutral::json(&format!("{response:#}")))?;
    Ok(count)
}

/// Writes the raw events behind a query's rows, with its name if there are several; gives their number.
fn write_events(query: &Query<'_>, name: Option<&str>, bar: &mut Bar) -> Result<usize, Failure> {
    let shares_terminal = std::io::stdout().is_terminal();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let count = query.events(|event| {
        let line = EventLine {
            mynah_query: name,
            source: event.source.as_str(),
            file: &event.file,
            record: event.record,
            time: event.time.map(|time| time.to_string()),
            raw: &event.raw,
        };
        if shares_terminal {
            bar.finish();
        }
        let line = serde_json::to_string(&line)?;
        writeln!(out, "{}", neutral::json(&line))
    })?;
    out.flush()?;
    Ok(count)
}

/// An event as `--events` writes it.
#[derive(serde::Serialize)]
struct EventLine<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    mynah_query: Option<&'e str>,
    source: &'e str,
    file: &'e str,
    record: u64,
    time: Option<String>,
    raw: &'e str,
}
