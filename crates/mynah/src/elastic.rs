//! Results of EQL queries as Elasticsearch's [EQL search API](https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-eql-search)
//! gives them.
use crate::value::{self, NumberStyle, Style};
use crate::{Error, Mynah};
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{Int64Type, UInt64Type};
use datafusion::logical_expr::LogicalPlanBuilder;
use datafusion::prelude::{col, lit};
use mynah_dialect::Mode;
use mynah_engine::{self as engine, Engine, EngineError, RawEvent};
use mynah_eql::{EqlWithIds, EventShape, Shape};
use mynah_event::{EventId, LogSource, Platform, Timestamp};
use mynah_view::{EVENT_ID, EventScan, Kind, ScanColumn};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How values are written where they become JSON.
const STYLE: Style = Style { numbers: NumberStyle::Plain, lone_values: false };

/// The log source of documents that are in the Elastic Common Schema already.
const DOCUMENTS: &str = "elastic.ecs";

/// A row of the query: an event, and the values of the fields that the query names.
struct Row {
    /// The number of its sequence or sample; of a single event, its own.
    number: i64,
    event: EventId,
    fields: Map<String, Value>,
}

impl Mynah {
    /// Runs an EQL query and gives the response of Elastic's search API: `hits.events`, or `hits.sequences` with
    /// `join_keys` and `events`, no more than `size` of them: the latest ones, or the first ones behind `head`.
    ///
    /// An event's `_source` is the document itself where it is in the Elastic Common Schema, else what Elastic's integration
    /// makes of it. `_index` is its log source, `_id` its file and number. There is no `took`.
    ///
    /// ```
    /// let mynah = mynah::Mynah::builder().data("../../examples/logs").build()?;
    /// let response = mynah.eql_search("any where event.action == \"StopLogging\"", 10)?;
    /// assert_eq!(response["hits"]["events"][0]["_source"]["event"]["action"], "StopLogging");
    /// # Ok::<(), mynah::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Query`] if a diagnostic is an error; or if the query fails while it runs.
    pub fn eql_search(&self, text: &str, size: usize) -> Result<Value, Error> {
        let planned = self.engine().plan(&EqlWithIds, text, Mode::Run);
        let (Some(plan), Some(query)) = (planned.plan, mynah_eql::parse(text).0) else {
            return Err(Error::Query(planned.diagnostics));
        };
        let shape = Shape::of(&query);
        let (first, joined) = match &shape {
            Shape::Events { first } => (*first, None),
            Shape::Joined { first, events } => (*first, Some(events.as_slice())),
        };
        let mut kept = Kept { size, first, total: 0, last: None, rows: VecDeque::new() };
        let query = engine::Query::new(&EqlWithIds, text.to_owned(), plan);
        self.engine().execute(query).rows(|batch| {
            rows(&batch, joined.is_some(), |row| kept.add(row));
            Ok(())
        })?;
        let events = Events::fetch(self.engine(), kept.rows.iter().flatten().map(|row| row.event).collect())?;
        let hits = kept.rows.iter().map(|rows| match joined {
            None => rows.first().map_or(Value::Null, |row| events.hit(row.event)),
            Some(shape) => sequence(rows, shape, &events),
        });
        let hits: Vec<Value> = hits.collect();
        Ok(json!({
            "is_partial": false,
            "is_running": false,
            "timed_out": false,
            "hits": {
                "total": { "value": kept.total, "relation": "eq" },
                if joined.is_some() { "sequences" } else { "events" }: hits,
            },
        }))
    }
}

/// The matches that are given, each with its rows.
struct Kept {
    size: usize,
    /// Whether those are the first ones.
    first: bool,
    total: usize,
    /// The number of the match whose rows come.
    last: Option<i64>,
    rows: VecDeque<Vec<Row>>,
}

impl Kept {
    fn add(&mut self, row: Row) {
        if self.last != Some(row.number) {
            self.last = Some(row.number);
            self.total += 1;
            if !self.first && self.rows.len() >= self.size {
                self.rows.pop_front();
            }
            if !self.first || self.total <= self.size {
                self.rows.push_back(Vec::new());
            }
        }
        if (!self.first || self.total <= self.size)
            && let Some(rows) = self.rows.back_mut()
        {
            rows.push(row);
        }
    }
}

/// Gives each row of a batch to `each`.
fn rows(batch: &RecordBatch, numbered: bool, mut each: impl FnMut(Row)) {
    let Some(ids) = batch.column_by_name(EVENT_ID).and_then(|ids| ids.as_primitive_opt::<UInt64Type>().cloned()) else {
        return;
    };
    let numbers = batch.columns().first().filter(|_| numbered);
    for row in 0..batch.num_rows() {
        let number = match numbers {
            None => ids.value(row) as i64,
            Some(numbers) if numbers.is_null(row) => continue,
            Some(numbers) => match numbers.as_primitive_opt::<Int64Type>() {
                Some(numbers) => numbers.value(row),
                None => numbers.as_primitive_opt::<UInt64Type>().map_or(0, |numbers| numbers.value(row) as i64),
            },
        };
        each(Row { number, event: EventId(ids.value(row)), fields: fields(batch, row) });
    }
}

fn fields(batch: &RecordBatch, row: usize) -> Map<String, Value> {
    let names = batch.schema_ref().fields().iter().map(|field| field.name().clone());
    names.zip(batch.columns()).map(|(name, column)| (name, cell(column.as_ref(), row))).collect()
}

fn cell(column: &dyn Array, row: usize) -> Value {
    let mut text = Vec::new();
    value::json(column, row, STYLE, &mut text);
    serde_json::from_slice(&text).unwrap_or_default()
}

/// A sequence or sample: its keys, and its events with those that are missing in their places.
fn sequence(rows: &[Row], shape: &[EventShape], events: &Events) -> Value {
    let mut there = rows.iter();
    let mut keys: Option<Vec<Vec<Value>>> = None;
    let mut hits = Vec::new();
    for event in shape {
        if event.missing {
            hits.push(json!({ "_index": "", "_id": "", "_source": null, "missing": true }));
            continue;
        }
        let Some(row) = there.next() else { break };
        hits.push(events.hit(row.event));
        let values = event.keys.iter().map(|key| several(row.fields.get(key))).collect::<Vec<_>>();
        // Of a key with several values, those count that the other events have as well.
        keys = Some(match keys {
            None => values,
            Some(before) => before.into_iter().zip(values).map(|(before, values)| common(before, &values)).collect(),
        });
    }
    let keys = keys.unwrap_or_default();
    let keys: Vec<Value> = keys.into_iter().map(|mut values| values.drain(..).next().unwrap_or_default()).collect();
    match keys.is_empty() {
        true => json!({ "events": hits }),
        false => json!({ "join_keys": keys, "events": hits }),
    }
}

fn several(value: Option<&Value>) -> Vec<Value> {
    match value {
        None => Vec::new(),
        Some(Value::Array(values)) => values.clone(),
        Some(value) => vec![value.clone()],
    }
}

fn common(values: Vec<Value>, others: &[Value]) -> Vec<Value> {
    let shared: Vec<Value> = values.iter().filter(|value| others.contains(value)).cloned().collect();
    if shared.is_empty() { values } else { shared }
}

/// Events as Elastic would have indexed them.
struct Events(BTreeMap<EventId, (RawEvent, Value)>);

impl Events {
    fn fetch(engine: &Engine, ids: BTreeSet<EventId>) -> Result<Events, EngineError> {
        let mut raw: BTreeMap<EventId, RawEvent> = BTreeMap::new();
        let mut expected = ids.iter().copied();
        engine.raw_events(&ids, |event| {
            // Both are in the order of the files.
            let is_it = |id: &EventId| {
                let file = engine.files().get(id.file() as usize);
                id.record() == event.record && file.is_some_and(|file| file.path.display().to_string() == event.file)
            };
            if let Some(id) = expected.by_ref().find(is_it) {
                raw.insert(id, event);
            }
            Ok(())
        })?;
        let mut made: BTreeMap<EventId, Value> = BTreeMap::new();
        let sources: BTreeSet<LogSource> = raw.values().map(|event| event.source.clone()).collect();
        for source in sources.iter().filter(|source| source.as_str() != DOCUMENTS) {
            let of_source = raw.iter().filter(|(_, event)| event.source == *source).map(|(id, _)| *id);
            made.extend(documents(engine, source, of_source.collect())?);
        }
        let events = raw.into_iter().map(|(id, event)| {
            let source = made.remove(&id).or_else(|| serde_json::from_str(&event.raw).ok()).unwrap_or_default();
            (id, (event, source))
        });
        Ok(Events(events.collect()))
    }

    fn hit(&self, id: EventId) -> Value {
        let Some((event, source)) = self.0.get(&id) else { return Value::Null };
        let own = |key: &str| source.get(key).filter(|_| source.get("_source").is_some_and(Value::is_object));
        match own("_source") {
            // What Elasticsearch exported has all of this already.
            Some(document) => json!({
                "_index": own("_index").cloned().unwrap_or_else(|| event.source.as_str().into()),
                "_id": own("_id").cloned().unwrap_or_else(|| name(event).into()),
                "_source": document,
            }),
            None => json!({ "_index": event.source.as_str(), "_id": name(event), "_source": source }),
        }
    }
}

fn name(event: &RawEvent) -> String {
    format!("{}:{}", event.file, event.record)
}

/// What Elastic's integration makes of events of a log source.
fn documents(engine: &Engine, source: &LogSource, ids: Vec<EventId>) -> Result<BTreeMap<EventId, Value>, EngineError> {
    let view = engine.view(Platform::Elastic)?;
    let columns: Vec<ScanColumn> = view.names_of(source).map(|name| view.resolve(name).column).collect();
    let times: BTreeSet<String> = columns
        .iter()
        .filter(|column| column.field_type.kind == Kind::Milliseconds)
        .map(|column| column.name.clone())
        .collect();
    let wanted = ids.into_iter().map(|id| lit(id.0)).collect();
    let plan = LogicalPlanBuilder::from(EventScan::new(columns).into_plan()?)
        .filter(col(EVENT_ID).in_list(wanted, false))?
        .build()?;
    let mut made = BTreeMap::new();
    engine.execute(plan).rows(|batch| {
        rows(&batch, false, |row| {
            let mut document = Map::new();
            for (name, value) in row.fields {
                let value = match (times.contains(&name), value.as_i64()) {
                    (true, Some(time)) => written(Timestamp::from_milliseconds(time)).into(),
                    _ => value,
                };
                if !value.is_null() && name != EVENT_ID {
                    place(&mut document, &name, value);
                }
            }
            made.insert(row.event, Value::Object(document));
        });
        Ok(())
    })?;
    Ok(made)
}

/// A time as Elastic writes it, with milliseconds.
fn written(time: Timestamp) -> String {
    let text = time.to_string();
    match text.strip_suffix('Z').filter(|_| !text.contains('.')) {
        Some(seconds) => format!("{seconds}.000Z"),
        None => text,
    }
}

/// Puts a value where its name's dots lead; under the rest of the name where something else stands in the way.
fn place(object: &mut Map<String, Value>, name: &str, value: Value) {
    let Some((first, rest)) = name.split_once('.') else {
        object.insert(name.to_owned(), value);
        return;
    };
    match object.entry(first).or_insert_with(|| Value::Object(Map::new())) {
        Value::Object(inner) => place(inner, rest, value),
        _ => {
            object.insert(name.to_owned(), value);
        }
    }
}
