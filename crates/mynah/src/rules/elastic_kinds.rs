//! What Elastic's rules say beside their query: filters, thresholds, new terms.
//!
//! Its keys: <https://github.com/elastic/detection-rules/blob/main/detection_rules/rule.py>.
use mynah_dialect::elastic_date;
use mynah_event::Dialect;
use mynah_kuery::{KueryRule, Over, WildcardFilter};
use serde::Deserialize;
use toml::{Table, Value};

/// The tables of a rule that change what its query finds.
#[derive(Default, Deserialize)]
pub(super) struct Aggregates {
    threshold: Option<Threshold>,
    new_terms: Option<NewTerms>,
    #[serde(default)]
    filters: Vec<Table>,
}

#[derive(Deserialize)]
struct Threshold {
    #[serde(default)]
    field: Fields,
    value: u64,
    #[serde(default)]
    cardinality: Vec<Cardinality>,
}

#[derive(Deserialize)]
struct Cardinality {
    field: String,
    value: u64,
}

#[derive(Deserialize)]
struct NewTerms {
    value: Vec<String>,
    #[serde(default)]
    history_window_start: Vec<WindowStart>,
}

#[derive(Deserialize)]
struct WindowStart {
    value: String,
}

/// One name or several; an empty one is none.
#[derive(Deserialize)]
#[serde(untagged)]
enum Fields {
    One(String),
    Several(Vec<String>),
}

impl Default for Fields {
    fn default() -> Self {
        Fields::Several(Vec::new())
    }
}

impl Fields {
    fn names(&self) -> Vec<String> {
        let names = match self {
            Fields::One(name) => std::slice::from_ref(name),
            Fields::Several(names) => names,
        };
        names.iter().filter(|name| !name.is_empty()).cloned().collect()
    }
}

/// The front end of a rule that says more than its query; why it is refused.
pub(super) fn around(kind: &str, dialect: Dialect, aggregates: &Aggregates) -> Result<Option<KueryRule>, String> {
    let filters = aggregates.filters.iter().filter(|filter| meta(filter, "disabled") != Some(true));
    let filters = filters.map(wildcard).collect::<Result<Vec<_>, _>>()?;
    let over = match kind {
        "threshold" => Some(threshold(aggregates.threshold.as_ref().ok_or("it has no table `threshold`")?)),
        "new_terms" => Some(new_terms(aggregates.new_terms.as_ref().ok_or("it has no table `new_terms`")?)?),
        _ => None,
    };
    if !filters.is_empty() && dialect != Dialect::Kuery {
        return Err("it has filters beside its query, which are read of rules in KQL only".to_owned());
    }
    Ok((over.is_some() || !filters.is_empty()).then_some(KueryRule { filters, over }))
}

fn threshold(threshold: &Threshold) -> Over {
    // Elastic Security looks at the first of them only.
    let cardinality = threshold.cardinality.first().filter(|cardinality| !cardinality.field.is_empty());
    Over::Threshold {
        fields: threshold.field.names(),
        value: threshold.value,
        cardinality: cardinality.map(|cardinality| (cardinality.field.clone(), cardinality.value)),
    }
}

fn new_terms(terms: &NewTerms) -> Result<Over, String> {
    let start = terms.history_window_start.first().ok_or("it has no `history_window_start`")?;
    let start = start.value.as_str();
    let history = elastic_date(start, false, 0).filter(|start| *start < 0).map(|start| -start);
    let history = history.ok_or_else(|| format!("its `history_window_start` is no time before now: {start}"))?;
    if terms.value.is_empty() {
        return Err("its `new_terms` name no field".to_owned());
    }
    Ok(Over::NewTerms { fields: terms.value.clone(), history })
}

fn meta(filter: &Table, key: &str) -> Option<bool> {
    filter.get("meta")?.get(key)?.as_bool()
}

/// A filter of the kind that rules of the repository have; others are refused by name.
fn wildcard(filter: &Table) -> Result<WildcardFilter, String> {
    let kinds = filter.get("query").and_then(Value::as_table);
    let kind = kinds.and_then(|kinds| kinds.keys().next()).map_or("without a query", String::as_str);
    let other = || format!("it has a filter beside its query that is not read: {kind}");
    let one = kinds.filter(|kinds| kinds.len() == 1).and_then(|kinds| kinds.get("wildcard")).and_then(Value::as_table);
    let (field, said) = one.filter(|one| one.len() == 1).and_then(|one| one.iter().next()).ok_or_else(other)?;
    let value = said.as_str().or_else(|| said.get("value").or_else(|| said.get("wildcard"))?.as_str());
    let case_insensitive = said.get("case_insensitive").and_then(Value::as_bool).unwrap_or(false);
    Ok(WildcardFilter {
        field: field.clone(),
        value: value.ok_or_else(other)?.to_owned(),
        case_insensitive,
        negate: meta(filter, "negate").unwrap_or(false),
    })
}
