use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use std::collections::HashMap;

/// The number of a key: what the events of a sequence share.
pub(super) type KeyId = u32;

/// All keys met so far.
#[derive(Debug, Default)]
pub(super) struct Keys {
    ids: HashMap<Vec<Option<String>>, KeyId>,
    /// By their numbers.
    keys: Vec<Vec<Option<String>>>,
}

impl Keys {
    /// The keys of one row: one for each way to take a value from every field, as a field may have several. None where
    /// a field has no value, unless that is a value too (`optional`).
    pub fn of_row(&mut self, fields: &[ArrayRef], optional: &[bool], row: usize) -> Result<Vec<KeyId>> {
        let mut keys: Vec<Vec<Option<String>>> = vec![Vec::with_capacity(fields.len())];
        for (index, field) in fields.iter().enumerate() {
            let mut values = values(field, row)?;
            if values.is_empty() && optional.get(index).copied().unwrap_or(false) {
                values.push(None);
            }
            let extended = keys.iter().flat_map(|key| {
                values.iter().map(move |value| key.iter().cloned().chain([value.clone()]).collect::<Vec<_>>())
            });
            keys = extended.collect();
        }
        Ok(keys.into_iter().map(|key| self.id(key)).collect())
    }

    /// The key that has the first `count` values of this one, if some row had it.
    pub fn beginning(&self, id: KeyId, count: usize) -> Option<KeyId> {
        let key = self.keys.get(id as usize)?;
        if count >= key.len() { Some(id) } else { self.ids.get(key.get(..count)?).copied() }
    }

    /// The values of a key.
    pub fn values(&self, id: KeyId) -> &[Option<String>] {
        self.keys.get(id as usize).map_or(&[], Vec::as_slice)
    }

    fn id(&mut self, key: Vec<Option<String>>) -> KeyId {
        // More keys than a number has room for would need more memory than there is.
        let next = KeyId::try_from(self.keys.len()).unwrap_or(KeyId::MAX);
        let id = *self.ids.entry(key.clone()).or_insert(next);
        if id == next {
            self.keys.push(key);
        }
        id
    }
}

/// A field's values in one row, each once.
fn values(field: &ArrayRef, row: usize) -> Result<Vec<Option<String>>> {
    if field.is_null(row) {
        return Ok(Vec::new());
    }
    match field.data_type() {
        DataType::Utf8 => Ok(vec![Some(field.as_string::<i32>().value(row).to_owned())]),
        DataType::List(_) => {
            let list = field.as_list::<i32>().value(row);
            let Some(texts) = list.as_string_opt::<i32>() else { return exec_err!("keys are texts") };
            let mut values: Vec<Option<String>> = Vec::new();
            for text in texts.iter().flatten() {
                if !values.iter().flatten().any(|known| known == text) {
                    values.push(Some(text.to_owned()));
                }
            }
            Ok(values)
        }
        DataType::Null => Ok(Vec::new()),
        other => exec_err!("keys are texts, not {other}"),
    }
}
