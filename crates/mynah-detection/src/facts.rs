//! Who did what: a few fields of every event, as Elastic's common schema names them, since that schema has one name
//! for them in all log sources.
use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use mynah_engine::{Engine, EngineError, Gathered};
use mynah_event::{EventId, Platform, Timestamp};
use mynah_view::{Binding, FieldType, Kind, Meta, Origin, PlatformView, ScanColumn};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Who did what, as one event tells.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Facts {
    pub time: Option<Timestamp>,
    pub source: String,
    pub user: Option<String>,
    pub address: Option<String>,
    pub host: Option<String>,
    pub what: Option<String>,
}

const FIELDS: [&str; 8] =
    ["user.email", "user.name", "user.domain", "user.id", "source.address", "source.ip", "host.name", "event.action"];
const COMMAND: &str = "process.command_line";

fn meta(view: &PlatformView, meta: Meta, kind: Kind) -> ScanColumn {
    let binding: Arc<[Binding]> = Arc::new([Binding {
        origin: Origin::Meta(meta),
        apply: Vec::new(),
        when: Vec::new(),
        objects_as_json: false,
        also: false,
    }]);
    ScanColumn {
        name: format!("{meta:?}"),
        field_type: FieldType::one(kind),
        bindings: view.log_sources().map(|source| (source.clone(), Arc::clone(&binding))).collect(),
    }
}

/// The columns that [`of`] wants gathered.
pub(crate) fn columns(engine: &Engine) -> Result<Vec<ScanColumn>, EngineError> {
    let view = engine.view(Platform::Elastic)?;
    let every_source = engine.view(Platform::Sigma)?;
    let mut columns: Vec<ScanColumn> =
        FIELDS.into_iter().chain([COMMAND]).map(|field| view.resolve(field).column).collect();
    columns.push(meta(&every_source, Meta::Time, Kind::Milliseconds));
    columns.push(meta(&every_source, Meta::LogSource, Kind::Text));
    Ok(columns)
}

/// The facts of these events, from the [`columns`].
pub(crate) fn of(columns: &[ScanColumn], gathered: &Gathered, events: &BTreeSet<EventId>) -> BTreeMap<EventId, Facts> {
    let mut values: BTreeMap<EventId, BTreeMap<String, String>> =
        events.iter().map(|id| (*id, BTreeMap::new())).collect();
    for column in columns {
        for (array, ids) in gathered.column(column) {
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
    // A name alone is ambiguous across a company's mail domains.
    let qualified = match (get("user.name"), get("user.domain")) {
        (Some(name), Some(domain)) if domain.contains('.') && !name.contains('@') => Some(format!("{name}@{domain}")),
        (Some(name), Some(domain)) if !name.contains('@') => Some(format!("{domain}\\{name}")),
        (name, _) => name,
    };
    let user = get("user.email").or(qualified).or_else(|| get("user.id"));
    // Of Office 365 the schema has the tenant's domain as the host: not a machine.
    let is_domain =
        |host: &String| user.as_ref().and_then(|user| user.split_once('@')).is_some_and(|(_, domain)| domain == host);
    let host = get("host.name").filter(|host| !is_domain(host));
    Facts {
        time: get("Time").and_then(|time| time.parse().ok()).map(Timestamp::from_milliseconds),
        source: get("LogSource").unwrap_or_default(),
        user,
        address: get("source.address").or_else(|| get("source.ip")),
        host,
        what: get(COMMAND).or_else(|| get("event.action")),
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
