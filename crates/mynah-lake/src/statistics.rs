//! What a file's entry in the log says of its columns, so that whoever looks for few rows need not open it.
use crate::columns::{DOCUMENT, RAW};
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::compute::{max, max_string, min, min_string};
use datafusion::arrow::datatypes::{DataType, Int32Type, Int64Type, TimestampMicrosecondType};
use mynah_event::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How many characters of a text are kept.
const LETTERS: usize = 32;

/// The least and the greatest value of each column, and how many rows have none.
#[derive(Debug, Default)]
pub(crate) struct Statistics {
    rows: usize,
    columns: BTreeMap<String, Column>,
}

#[derive(Debug, Default)]
struct Column {
    nulls: usize,
    ends: Option<Ends>,
}

#[derive(Debug, Clone, PartialEq)]
enum Ends {
    Number(i64, i64),
    Microseconds(i64, i64),
    Text(String, String),
}

impl Statistics {
    /// With the rows of a batch.
    pub fn add(&mut self, batch: &RecordBatch) {
        self.rows += batch.num_rows();
        for (field, array) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            let column = self.columns.entry(field.name().clone()).or_default();
            column.nulls += array.null_count();
            // Of whole records, the first letters tell nothing.
            if field.name() != RAW && field.name() != DOCUMENT {
                column.ends = joined(column.ends.take(), ends(array.as_ref()));
            }
        }
    }

    /// As Delta's log has them.
    pub fn json(&self) -> String {
        let (mut least, mut greatest, mut nulls) = (Map::new(), Map::new(), Map::new());
        for (name, column) in &self.columns {
            nulls.insert(name.clone(), json!(column.nulls));
            let (low, high) = match &column.ends {
                None => continue,
                Some(Ends::Number(low, high)) => (json!(low), json!(high)),
                Some(Ends::Microseconds(low, high)) => (time(*low), time(*high)),
                Some(Ends::Text(low, high)) => match greater(high) {
                    Some(high) => (json!(prefix(low)), json!(high)),
                    None => continue,
                },
            };
            least.insert(name.clone(), low);
            greatest.insert(name.clone(), high);
        }
        json!({"numRecords": self.rows, "minValues": least, "maxValues": greatest, "nullCount": nulls}).to_string()
    }
}

fn ends(array: &dyn Array) -> Option<Ends> {
    match array.data_type() {
        DataType::Int32 => {
            let array = array.as_primitive::<Int32Type>();
            Some(Ends::Number(min(array)?.into(), max(array)?.into()))
        }
        DataType::Int64 => {
            let array = array.as_primitive::<Int64Type>();
            Some(Ends::Number(min(array)?, max(array)?))
        }
        DataType::Timestamp(..) => {
            let array = array.as_primitive_opt::<TimestampMicrosecondType>()?;
            Some(Ends::Microseconds(min(array)?, max(array)?))
        }
        DataType::Utf8 => {
            let array = array.as_string::<i32>();
            Some(Ends::Text(min_string(array)?.to_owned(), max_string(array)?.to_owned()))
        }
        _ => None,
    }
}

fn joined(one: Option<Ends>, other: Option<Ends>) -> Option<Ends> {
    match (one, other) {
        (Some(Ends::Number(a, b)), Some(Ends::Number(c, d))) => Some(Ends::Number(a.min(c), b.max(d))),
        (Some(Ends::Microseconds(a, b)), Some(Ends::Microseconds(c, d))) => {
            Some(Ends::Microseconds(a.min(c), b.max(d)))
        }
        (Some(Ends::Text(a, b)), Some(Ends::Text(c, d))) => Some(Ends::Text(a.min(c), b.max(d))),
        (one, other) => one.or(other),
    }
}

fn time(microseconds: i64) -> Value {
    json!(Timestamp::from_microseconds(microseconds).to_string())
}

/// The first letters of a text, which is no less than they are.
fn prefix(text: &str) -> &str {
    text.char_indices().nth(LETTERS).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

/// The text, or a short one that is no less; none where there is no such text.
fn greater(text: &str) -> Option<String> {
    let kept = prefix(text);
    if kept.len() == text.len() {
        return Some(kept.to_owned());
    }
    let mut letters: Vec<char> = kept.chars().collect();
    while let Some(last) = letters.pop() {
        // The next letter; the surrogates in between are none.
        if let Some(next) = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32) {
            letters.push(next);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::arrow::array::{ArrayRef, StringArray, TimestampMicrosecondArray};
    use std::sync::Arc;

    #[test]
    fn long_texts_are_cut_so_that_they_are_still_ends() {
        let long = "z".repeat(40);
        let arrays: Vec<(&str, ArrayRef)> = vec![
            ("name", Arc::new(StringArray::from(vec![Some("a"), None, Some(long.as_str())]))),
            ("raw", Arc::new(StringArray::from(vec!["x", "y", "z"]))),
            ("time", Arc::new(TimestampMicrosecondArray::from(vec![Some(1_500_000), Some(0), None]))),
        ];
        let mut statistics = Statistics::default();
        statistics.add(&RecordBatch::try_from_iter(arrays).unwrap());
        let found: Value = serde_json::from_str(&statistics.json()).unwrap();
        assert_eq!(found["numRecords"], 3);
        assert_eq!(found["minValues"], json!({"name": "a", "time": "1970-01-01T00:00:00Z"}));
        let most = format!("{}{{", "z".repeat(31));
        assert_eq!(found["maxValues"], json!({"name": most, "time": "1970-01-01T00:00:01.5Z"}));
        assert_eq!(found["nullCount"], json!({"name": 1, "raw": 0, "time": 1}));
        assert!(most.as_str() > long.as_str());
        assert_eq!(greater(&char::MAX.to_string().repeat(33)), None);
    }
}
