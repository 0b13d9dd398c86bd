use crate::arguments::{Now, Run};
use crate::bar::Bar;
use crate::cell::Style;
use crate::exit::{Failure, Status};
use crate::query::Query;
use crate::{data_report, dialects, query_report, rows, site};
use mynah_dialect::Mode;
use mynah_engine::{Engine, EngineError, Execution, Options};
use mynah_event::{Dialect, Timestamp};
use mynah_syntax::Severity;
use std::io::Write;

/// `mynah run`.
pub(crate) fn run(arguments: &Run) -> Result<Status, Failure> {
    let queries = Query::load(&arguments.queries)?;
    let settings = site::load(&arguments.site)?;
    let options = Options {
        now: arguments.now.map(|now| match now {
            Now::Wall => Timestamp::wall(),
            Now::At(at) => at,
        }),
        views: Some(settings.catalog().map_err(EngineError::from)?),
        site: settings.site,
        sources: settings.sources,
        threads: arguments.threads.map(usize::from),
        memory: None,
        prefilter: !arguments.no_prefilter,
    };
    let engine = Engine::new(options, &arguments.data)?;
    let mut status = Status::Ran;
    for query in &queries {
        status = status.max(run_one(arguments, &engine, query, queries.len() > 1)?);
    }
    let data =
        data_report::report(engine.problems(), &engine.progress().summary(), arguments.strict_data, arguments.quiet);
    Ok(status.max(data))
}

fn run_one(arguments: &Run, engine: &Engine, query: &Query, several: bool) -> Result<Status, Failure> {
    let bar = Bar::start(engine, arguments.quiet);
    let known = engine.derived_now();
    let frontend = dialects::frontend(query.dialect);
    let mut planned = engine.plan(frontend, &query.text, Mode::Run);
    if arguments.site.strict {
        query_report::strict(&mut planned.diagnostics);
    }
    let refused = planned.diagnostics.iter().any(|diagnostic| diagnostic.is_error());
    let plan = planned.plan.take().filter(|_| !refused);
    let Some(plan) = plan else {
        bar.finish();
        query_report::report(&query.name, &query.text, &planned.diagnostics);
        return Ok(Status::Usage);
    };
    if !arguments.quiet {
        // What is merely worth knowing is for `check`.
        planned.diagnostics.retain(|diagnostic| diagnostic.severity != Severity::Info);
        query_report::report(&query.name, &query.text, &planned.diagnostics);
        if several {
            eprintln!("{}:", query.name);
        }
    }
    let style = Style { numbers: planned.numbers, lone_values: query.dialect == Dialect::Spl };
    let execution = engine.execute(mynah_engine::Query::new(frontend, &query.text, plan));
    let result = if arguments.events { events(engine, &execution) } else { write_rows(arguments, &execution, style) };
    bar.finish();
    if let (None, Some(now), false) = (known, engine.derived_now(), arguments.quiet) {
        eprintln!("note: now is {now}, just after the newest event (--now sets it)");
    }
    let found = match result {
        // A query whose first stage has run may turn out to be refused.
        Err(Failure::Engine(error @ EngineError::Refused { .. })) => {
            eprintln!("error: {}: {error}", query.name);
            return Ok(Status::Usage);
        }
        result => result?,
    };
    Ok(if found > 0 && arguments.fail_on_findings { Status::Findings } else { Status::Ran })
}

/// Writes a plan's rows; gives their number.
fn write_rows(arguments: &Run, execution: &Execution<'_>, style: Style) -> Result<usize, Failure> {
    let mut writer = rows::writer(arguments.format, style);
    let mut count = 0;
    let schema = execution.rows(|batch| {
        count += batch.num_rows();
        writer.batch(&batch).map_err(EngineError::Io)
    })?;
    writer.finish(&schema)?;
    Ok(count)
}

/// Writes the raw events behind a plan's rows; gives their number.
fn events(engine: &Engine, execution: &Execution<'_>) -> Result<usize, Failure> {
    let ids = execution.events()?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    engine.raw_events(&ids, |event| {
        let line = EventLine {
            source: event.source.as_str(),
            file: &event.file,
            record: event.record,
            time: event.time.map(|time| time.to_string()),
            raw: &event.raw,
        };
        serde_json::to_writer(&mut out, &line).map_err(|error| EngineError::Io(error.into()))?;
        out.write_all(b"\n").map_err(EngineError::Io)
    })?;
    out.flush()?;
    Ok(ids.len())
}

/// An event as `--events` shows it.
#[derive(serde::Serialize)]
struct EventLine<'e> {
    source: &'e str,
    file: &'e str,
    record: u64,
    time: Option<String>,
    raw: &'e str,
}
