//! Rows made out of nothing.
use super::inputlookup::text_rows;
use super::prelude::*;
use super::span::{Width, width};
use crate::expression::number_text;
use crate::functions::Internal;
use crate::functions::relative_modifier::RelativeTime;
use crate::functions::time::now;
use crate::functions::time_format::{format_time, parse_time};
use datafusion::prelude::lit;
use mynah_kernels::Cell;
use serde_json::Value;

pub(super) static COMMANDS: [Entry; 2] = [
    generating(command(
        "gentimes start=DAYS|DATE [end=DAYS|DATE] [increment=SPAN]",
        "A row for each span of time, a day if not said: starttime, endtime and both for people.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/gentimes",
        gentimes,
    )),
    generating(command(
        "makeresults [count=N] [annotate=BOOL] [format=csv|json data=TEXT]",
        "So many rows that hold nothing but the present time; or those that a text holds.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/makeresults",
        makeresults,
    )),
];

/// How many rows are made at most.
const MAX_COUNT: usize = 100_000;

#[derive(Debug)]
struct MakeResults {
    columns: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
    /// Whether the rows have a time.
    timed: bool,
    /// Whether they have the fields of events.
    annotate: bool,
}

fn makeresults(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let (mut count, mut annotate) = (1, false);
    let (mut format, mut data) = (None, None);
    let options = &["count", "annotate", "splunk_server", "splunk_server_group", "format", "data"];
    while !arguments.is_empty() {
        let (name, value) = match arguments.option(options)? {
            Some(option) => option,
            // `makeresults 3`, as some of the reference's examples write it.
            None => ("count", arguments.word()?),
        };
        match name {
            "count" => count = whole(&value)?,
            "annotate" => annotate = truth(&value)?,
            "format" => format = Some(value),
            "data" => data = Some(value),
            _ => {}
        }
        if count > MAX_COUNT {
            let message = format!("makeresults makes at most {MAX_COUNT} rows");
            return Err(Diagnostic::error("spl/too-many-rows", message, arguments.name.span));
        }
    }
    let made = match (format, data) {
        (Some(format), Some(data)) => {
            let (columns, rows) = match format.node.to_ascii_lowercase().as_str() {
                "csv" => of_csv(&data)?,
                "json" => of_json(&data)?,
                _ => return Err(Diagnostic::error("spl/syntax", "a format is csv or json", format.span)),
            };
            MakeResults { columns, rows, timed: format.node.eq_ignore_ascii_case("json"), annotate }
        }
        (None, None) => MakeResults { columns: Vec::new(), rows: vec![Vec::new(); count], timed: true, annotate },
        _ => return Err(arguments.wrong(arguments.name.span, "both format= and data=, or neither")),
    };
    Ok(Box::new(made))
}

type Table = (Vec<String>, Vec<Vec<Option<String>>>);

fn of_csv(data: &Spanned<String>) -> Result<Table, Diagnostic> {
    let wrong = |error: csv::Error| Diagnostic::error("spl/syntax", format!("this is no CSV: {error}"), data.span);
    let text = data.node.trim_start();
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::Headers).from_reader(text.as_bytes());
    let columns: Vec<String> = reader.headers().map_err(wrong)?.iter().map(str::to_owned).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let cell = |place: usize| record.get(place).filter(|cell| !cell.is_empty()).map(str::to_owned);
        rows.push((0..columns.len()).map(cell).collect());
    }
    Ok((columns, rows))
}

fn of_json(data: &Spanned<String>) -> Result<Table, Diagnostic> {
    let wrong = |what: String| Diagnostic::error("spl/syntax", what, data.span);
    let value: Value = serde_json::from_str(&data.node).map_err(|error| wrong(format!("this is no JSON: {error}")))?;
    let objects = match value {
        Value::Array(objects) => objects,
        object => vec![object],
    };
    let mut columns: Vec<String> = vec!["_raw".to_owned()];
    for object in &objects {
        let Value::Object(members) = object else { return Err(wrong("an array of objects is expected".to_owned())) };
        let new: Vec<String> = members.keys().filter(|key| !columns.contains(key)).cloned().collect();
        columns.extend(new);
    }
    let cell = |object: &Value, column: &String| match object.get(column) {
        None | Some(Value::Null) if column == "_raw" => Some(object.to_string()),
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_string()),
    };
    let rows = objects.iter().map(|object| columns.iter().map(|column| cell(object, column)).collect());
    Ok((columns.clone(), rows.collect()))
}

impl MakeResults {
    fn rows(&self, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let rows = text_rows(&self.columns, &self.rows, planner)?;
        let mut columns = rows.all();
        if self.timed && rows.scope().get("_time").is_none() {
            columns.push(("_time".to_owned(), now()));
        }
        if self.annotate {
            for name in ["_raw", "host", "source", "sourcetype", "splunk_server", "splunk_server_group"] {
                if rows.scope().get(name).is_none() {
                    columns.push((name.to_owned(), Typed::new(Typed::null().into_text(), Type::Text)));
                }
            }
        }
        rows.project(columns, planner)
    }
}

impl Command for MakeResults {
    fn needs(&self) -> Needs {
        Needs::default().close()
    }

    fn lower(&self, _rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        self.rows(planner)
    }

    fn generate(&self, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Option<Rows>, Diagnostic> {
        self.rows(planner).map(Some)
    }
}

#[derive(Debug)]
struct GenTimes {
    start: String,
    end: Option<String>,
    seconds: f64,
}

fn gentimes(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let (mut start, mut end, mut seconds) = (None, None, 86_400.0);
    while let Some((name, value)) = arguments.option(&["start", "end", "increment"])? {
        if name == "increment" {
            seconds = match width(&value)? {
                Width::Units(seconds) => seconds,
                _ => return Err(unsupported("an increment of months", value.span)),
            };
            continue;
        }
        if moment(&value.node, 0.0).is_none() {
            let message = format!("`{}` is no number of days and no date such as 10/1/2026:20:00:00", value.node);
            return Err(Diagnostic::error("spl/syntax", message, value.span));
        }
        match name {
            "start" => start = Some(value.node),
            _ => end = Some(value.node),
        }
    }
    arguments.end()?;
    let Some(start) = start else { return Err(arguments.wrong(arguments.name.span, "start=")) };
    Ok(Box::new(GenTimes { start, end, seconds }))
}

/// A number of days from today's midnight, or a date.
fn moment(text: &str, now: f64) -> Option<f64> {
    if let Ok(days) = text.parse::<i32>() {
        let midnight = RelativeTime::parse("@d")?.from(now)?;
        return Some(midnight + f64::from(days) * 86_400.0);
    }
    // `10/25/07` as well as `10/25/2007`.
    let year = text.split(':').next().unwrap_or("").rsplit('/').next().unwrap_or("");
    let (timed, plain) = match year.len() {
        2 => ("%m/%d/%y:%H:%M:%S", "%m/%d/%y"),
        _ => ("%m/%d/%Y:%H:%M:%S", "%m/%d/%Y"),
    };
    parse_time(text, timed, None).or_else(|| parse_time(text, plain, None))
}

impl GenTimes {
    fn rows(&self, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let rows = text_rows(&[], &[Vec::new()], planner)?;
        let end = match &self.end {
            Some(end) => lit(end.as_str()),
            None => lit("0"),
        };
        let times = TIMES.typed(vec![now().expr, lit(self.start.as_str()), end, lit(self.seconds)]);
        let rows = rows.project(vec![("starttime".to_owned(), times)], planner)?;
        let rows = super::multivalue::expand(rows, "starttime", None, planner)?;
        let start = Typed::new(rows.column("starttime").into_number(), Type::Number);
        let end = start.expr.clone() + lit(self.seconds - 1.0);
        let columns = vec![
            ("starttime".to_owned(), start.clone()),
            ("endtime".to_owned(), Typed::new(end.clone(), Type::Number)),
            ("starthuman".to_owned(), HUMAN.typed(vec![start.expr.clone()])),
            ("endhuman".to_owned(), HUMAN.typed(vec![end])),
        ];
        rows.filter(start.expr.is_not_null(), planner)?.project(columns, planner)
    }
}

impl Command for GenTimes {
    fn needs(&self) -> Needs {
        Needs::default().close()
    }

    fn lower(&self, _rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        self.rows(planner)
    }

    fn generate(&self, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Option<Rows>, Diagnostic> {
        self.rows(planner).map(Some)
    }
}

/// The beginnings of spans of time.
pub(crate) static TIMES: Internal = Internal {
    name: "beginnings of times",
    returns: Type::Multi,
    code: |row| {
        let (Some(now), Some(seconds)) = (row.number(0), row.number(3)) else { return Cell::Null };
        let ends = row.text(1).and_then(|text| moment(&text, now)).zip(row.text(2).and_then(|text| moment(&text, now)));
        let Some((start, end)) = ends else { return Cell::Null };
        let count = ((end - start) / seconds).ceil().max(0.0);
        if count > MAX_COUNT as f64 {
            return row.fails(format!("gentimes makes at most {MAX_COUNT} rows"));
        }
        let times: Vec<String> = (0..count as usize).map(|at| number_text(start + seconds * at as f64)).collect();
        if times.is_empty() { Cell::Null } else { Cell::texts(times) }
    },
};

/// A time for people.
pub(crate) static HUMAN: Internal = Internal {
    name: "time for people",
    returns: Type::Text,
    code: |row| row.number(0).and_then(|time| format_time(time, "%a %b %e %H:%M:%S %Y")).map(Cell::text).into(),
};
