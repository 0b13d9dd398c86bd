use crate::case::Case;
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Float64Type};
use mynah_dialect::{Frontend, Mode, NumberStyle};
use mynah_engine::{Engine, Execution, Options, Query};
use mynah_event::Timestamp;
use mynah_source::InputFile;
use mynah_syntax::{Diagnostic, LineColumn, Severity, Span};
use std::fmt::Write;

/// What came of a case.
#[derive(Debug, PartialEq)]
pub(crate) struct Outcome {
    table: String,
    pub diagnostics: String,
    spans: String,
    events: String,
}

impl Outcome {
    pub fn block(&self, language: &str) -> &str {
        match language {
            "table" => &self.table,
            "events" => &self.events,
            "spans" => &self.spans,
            _ => &self.diagnostics,
        }
    }
}

/// An engine over a log. One thread, unless it is to be shown that more make no difference: what a plan leaves open
/// must not depend on chance here.
pub(crate) fn engine(log: &str, now: Option<&str>, threads: usize, prefilter: bool) -> Engine {
    let now = now.map(|now| Timestamp::parse(now).expect("the case's clock"));
    let file = InputFile::spooled("log", log.as_bytes()).expect("a temporary file");
    Engine::over(Options { now, threads: Some(threads), prefilter, ..Options::default() }, vec![file], Vec::new())
        .expect("an engine")
}

/// An engine over a case's log, with its clock.
pub(crate) fn engine_of(case: &Case) -> Engine {
    engine(case.log.as_ref().map_or("", |log| log.text.as_str()), case.now.as_deref(), 1, true)
}

/// What comes of a case, which must not depend on the number of threads or on what is left out unparsed.
pub(crate) fn evaluate(frontend: &dyn Frontend, case: &Case) -> Outcome {
    let outcome = evaluate_with(frontend, case, 1, true);
    let other = evaluate_with(frontend, case, 8, false);
    assert_eq!(outcome, other, "{}: with one thread, and with eight and every record parsed", case.title);
    outcome
}

fn evaluate_with(frontend: &dyn Frontend, case: &Case, threads: usize, prefilter: bool) -> Outcome {
    let log = case.log.as_ref().map_or("", |log| log.text.as_str());
    let engine = engine(log, case.now.as_deref(), threads, prefilter);
    let planned = engine.plan(frontend, &case.query, Mode::Run);
    let query = |plan| Query::new(frontend, &case.query, plan);
    let mut outcome = Outcome {
        table: String::new(),
        diagnostics: planned.diagnostics.iter().map(show).collect(),
        spans: planned.diagnostics.iter().map(|diagnostic| spans(diagnostic, &case.query)).collect(),
        events: String::new(),
    };
    let Some(plan) = planned.plan else {
        outcome.table = "(no plan)\n".to_owned();
        return outcome;
    };
    let execution = engine.execute(query(plan));
    if case.expected.iter().any(|block| block.language == "events") {
        outcome.events = events_of(&execution);
    }
    outcome.table = table_of(&execution, planned.numbers);
    outcome
}

/// The numbers of the records behind a result, one a line.
pub(crate) fn events_of(execution: &Execution<'_>) -> String {
    match execution.events() {
        Ok(ids) => ids.iter().map(|id| format!("{}\n", id.record())).collect(),
        Err(error) => format!("error: {error}\n"),
    }
}

/// A result as a case writes it.
pub(crate) fn table_of(execution: &Execution<'_>, numbers: NumberStyle) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let run = execution.rows(|batch| {
        rows.extend((0..batch.num_rows()).map(|row| cells(&batch, row, numbers)));
        Ok(())
    });
    match run {
        Ok(schema) => {
            let header: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
            table(&header, &rows)
        }
        Err(error) => format!("error: {error}\n"),
    }
}

pub(crate) fn first_value(frontend: &dyn Frontend, record: &str, query: &str) -> String {
    let engine = engine(record, Some("2026-03-14T12:00:00Z"), 1, true);
    let planned = engine.plan(frontend, query, Mode::Run);
    let Some(plan) = planned.plan else {
        let errors: Vec<String> =
            planned.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.message.clone()).collect();
        return format!("error: {}", errors.join("; "));
    };
    let mut value = None;
    let run = engine.execute(Query::new(frontend, query, plan)).rows(|batch| {
        if value.is_none() && batch.num_rows() > 0 {
            value = batch.columns().first().map(|column| cell(column.as_ref(), 0, planned.numbers, true));
        }
        Ok(())
    });
    match (run, value) {
        (Err(error), _) => format!("error: {error}"),
        (Ok(_), value) => value.unwrap_or_else(|| "no row".to_owned()),
    }
}

fn show(diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    format!("{severity} {}: {}\n", diagnostic.code, diagnostic.message)
}

/// Where a diagnostic stands in the query, what its fix puts where, and where its labels stand.
fn spans(diagnostic: &Diagnostic, query: &str) -> String {
    let place = |span: Span| {
        let LineColumn { line, column } = LineColumn::of(query, span.start);
        format!("{line}:{column} `{}`", span.of(query).replace('\n', "\\n"))
    };
    let mut line = format!("{} {}", diagnostic.code, place(diagnostic.span));
    if let Some(fix) = &diagnostic.fix {
        let _ = write!(line, ", fix {} to `{}`", place(fix.span), fix.replacement);
    }
    for label in &diagnostic.labels {
        let _ = write!(line, ", label {}: {}", place(label.span), label.text);
    }
    line + "\n"
}

fn table(header: &[String], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = (0..header.len())
        .map(|column| {
            rows.iter()
                .map(|row| &row[column])
                .chain([&header[column]])
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let line = |cells: &[String]| {
        let padded: Vec<String> = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        format!("| {} |\n", padded.join(" | "))
    };
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut out = line(header);
    out.push_str(&line(&rule));
    out.extend(rows.iter().map(|row| line(row)));
    out
}

fn cells(batch: &RecordBatch, row: usize, numbers: NumberStyle) -> Vec<String> {
    batch.columns().iter().map(|column| cell(column.as_ref(), row, numbers, false)).collect()
}

/// A value as a case writes it; `alone` as the examples of functions do.
fn cell(array: &dyn Array, row: usize, numbers: NumberStyle, alone: bool) -> String {
    if array.is_null(row) || array.data_type() == &DataType::Null {
        return if alone { "null".to_owned() } else { String::new() };
    }
    match array.data_type() {
        DataType::List(_) => {
            let list = array.as_list::<i32>().value(row);
            let values: Vec<String> = (0..list.len()).map(|index| cell(list.as_ref(), index, numbers, alone)).collect();
            if alone { serde_json::to_string(&values).expect("texts") } else { format!("[{}]", values.join(", ")) }
        }
        DataType::Float64 => {
            let value = array.as_primitive::<Float64Type>().value(row);
            match numbers {
                NumberStyle::Plain => format!("{value}"),
                NumberStyle::Decimal => format!("{value:?}"),
            }
        }
        _ => {
            let text = datafusion::arrow::util::display::array_value_to_string(array, row).expect("a value");
            if text.is_empty() && !alone { "\"\"".to_owned() } else { text.replace('\n', "\\n") }
        }
    }
}
