//! User, host, address, program and action of events: fields of the Elastic Common Schema, which has one name for each in all log
//! sources.
use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use mynah_engine::{Engine, EngineError, Gathered};
use mynah_event::{EventId, Platform, Timestamp};
use mynah_view::{Kind, Meta, ScanColumn};
use std::collections::{BTreeMap, BTreeSet};

/// User, host, address, program and action of one event.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Facts {
    pub time: Option<Timestamp>,
    pub source: String,
    pub user: Option<String>,
    pub address: Option<String>,
    pub host: Option<String>,
    /// The command line, or else the name of the action: what events of one finding have in common.
    pub action: Option<String>,
    /// The action, with what it was done to where there is no command line.
    pub what: Option<String>,
    pub process: Option<String>,
}

const FIELDS: [&str; 8] =
    ["user.email", "user.name", "user.domain", "user.id", "source.address", "source.ip", "host.name", "event.action"];
const COMMAND: &str = "process.command_line";
/// What an action was done to, the first that an event has.
const OBJECTS: [&str; 10] = [
    "registry.path",
    "file.path",
    "dll.path",
    "file.name",
    "dns.question.name",
    "url.full",
    "destination.domain",
    "destination.ip",
    "winlog.event_data.TargetImage",
    "winlog.event_data.ObjectName",
];
const PROCESS: [&str; 2] = ["process.executable", "process.name"];
const TIME: &str = "__time";
const LOG_SOURCE: &str = "__log_source";

/// A column with metadata of the events, whatever their log source.
pub(crate) fn metadata(engine: &Engine, name: &str, meta: Meta, kind: Kind) -> Result<ScanColumn, EngineError> {
    Ok(engine.view(Platform::Sigma)?.meta_column(name, meta, kind))
}

/// The columns that [`of`] reads.
pub(crate) fn columns(engine: &Engine) -> Result<Vec<ScanColumn>, EngineError> {
    let view = engine.view(Platform::Elastic)?;
    let mut columns: Vec<ScanColumn> = FIELDS
        .into_iter()
        .chain([COMMAND])
        .chain(OBJECTS)
        .chain(PROCESS)
        .map(|field| view.resolve(field).column)
        .collect();
    columns.push(metadata(engine, TIME, Meta::Time, Kind::Milliseconds)?);
    columns.push(metadata(engine, LOG_SOURCE, Meta::LogSource, Kind::Text)?);
    Ok(columns)
}

/// The facts of these events, from the [`columns`], whichever of the gathered has them.
pub(crate) fn of(
    columns: &[ScanColumn],
    gathered: &[Gathered],
    events: &BTreeSet<EventId>,
) -> BTreeMap<EventId, Facts> {
    let mut values: BTreeMap<EventId, BTreeMap<String, String>> =
        events.iter().map(|id| (*id, BTreeMap::new())).collect();
    for column in columns {
        for (array, ids) in gathered.iter().flat_map(|gathered| gathered.column(column)) {
            for (row, id) in ids.iter().enumerate() {
                if let (Some(known), Some(value)) = (values.get_mut(id), text(&array, row)) {
                    known.insert(column.name.clone(), value);
                }
            }
        }
    }
    values.into_iter().map(|(id, values)| (id, facts(&values))).collect()
}

fn facts(values: &BTreeMap<String, String>) -> Facts {
    let get = |name: &str| values.get(name).filter(|value| !value.is_empty() && *value != "-").cloned();
    // A name alone is ambiguous across the mail domains of an organisation.
    let qualified = match (get("user.name"), get("user.domain")) {
        (Some(name), Some(domain)) if domain.contains('.') && !name.contains('@') => Some(format!("{name}@{domain}")),
        (Some(name), Some(domain)) if !name.contains('@') => Some(format!("{domain}\\{name}")),
        (name, _) => name,
    };
    let user = get("user.email").or(qualified).or_else(|| get("user.id"));
    // For Office 365 the schema puts the tenant's domain into host.name: that is not a host.
    let is_domain =
        |host: &String| user.as_ref().and_then(|user| user.split_once('@')).is_some_and(|(_, domain)| domain == host);
    let host = get("host.name").filter(|host| !is_domain(host));
    let command = get(COMMAND);
    let action = command.clone().or_else(|| get("event.action"));
    let object = OBJECTS.into_iter().find_map(get).filter(|_| command.is_none());
    let what = match (&action, object) {
        (Some(action), Some(object)) => Some(format!("{action} {object}")),
        (action, object) => action.clone().or(object),
    };
    Facts {
        time: get(TIME).and_then(|time| time.parse().ok()).map(Timestamp::from_milliseconds),
        source: get(LOG_SOURCE).unwrap_or_default(),
        user,
        address: get("source.address").or_else(|| get("source.ip")),
        host,
        action,
        what,
        process: PROCESS.into_iter().find_map(get),
    }
}

fn text(array: &ArrayRef, row: usize) -> Option<String> {
    if array.is_null(row) {
        return None;
    }
    match array.data_type() {
        DataType::Utf8 => Some(array.as_string::<i32>().value(row).to_owned()),
        DataType::Int64 => Some(array.as_primitive::<Int64Type>().value(row).to_string()),
        DataType::List(_) => {
            let list = array.as_list::<i32>().value(row);
            let values: Vec<String> = (0..list.len()).filter_map(|element| text(&list, element)).collect();
            (!values.is_empty()).then(|| values.join(", "))
        }
        _ => None,
    }
}
